#!/bin/sh
# Runs a command inside the limits that a container would have: limited.sh <cpu> <memory> <command...>
# <cpu> in Kubernetes' millicores (50m), <memory> in Mi (100Mi). Needs root and a writable cgroup tree, version 1 or 2.
# The command takes this script's place and keeps its pid. An empty group of an earlier run is removed first.
set -eu
millicores=${1%m}
bytes=$((${2%Mi} * 1024 * 1024))
shift 2
period=100000
quota=$((millicores * period / 1000))
name=azure-provider-bench

# make <tree>: a new group for this process below it, printed.
make() {
  for old in "$1/$name"-*; do rmdir "$old" 2>/dev/null || true; done
  mkdir "$1/$name-$$" && echo "$1/$name-$$"
}

if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  group=$(make /sys/fs/cgroup)
  echo "$quota $period" > "$group/cpu.max"
  echo "$bytes" > "$group/memory.max"
  echo $$ > "$group/cgroup.procs"
else
  cpu=$(make /sys/fs/cgroup/cpu)
  echo "$period" > "$cpu/cpu.cfs_period_us"
  echo "$quota" > "$cpu/cpu.cfs_quota_us"
  memory=$(make /sys/fs/cgroup/memory)
  echo "$bytes" > "$memory/memory.limit_in_bytes"
  echo $$ > "$memory/cgroup.procs"
  echo $$ > "$cpu/cgroup.procs"
fi
exec "$@"
