# shellcheck shell=bash
# Everything that `up` starts is in the cgroup $CGROUP, a part of the node each in a folder of its own, the pods in
# `kubepods` beside them. So who belongs to it needs no file of process ids, which may be someone else's after a while.
# Version 1 (several hierarchies) and version 2 (one).

hierarchies() {
  local folder
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
    echo /sys/fs/cgroup
  else
    for folder in /sys/fs/cgroup/*/; do [ ! -e "$folder/cgroup.procs" ] || echo "${folder%/}"; done
  fi
}

# make_cgroups: the node's own, in every hierarchy, with every controller that there is.
make_cgroups() {
  local root
  for root in $(hierarchies); do
    mkdir -p "$root/$CGROUP"
    give_controllers "$root" "$root/$CGROUP"
    copy_cpuset "$root" "$root/$CGROUP"
  done
}

# give_controllers FOLDER…: of version 2, where a folder's children have only what it hands down.
give_controllers() {
  local folder controller
  for folder in "$@"; do
    [ -e "$folder/cgroup.subtree_control" ] || continue
    tr ' ' '\n' <"$folder/cgroup.controllers" | while read -r controller; do
      # One that can't be had here is missed by the kubelet, which says so.
      echo "+$controller" >"$folder/cgroup.subtree_control" 2>/dev/null || true
    done
  done
}

# copy_cpuset FROM TO: of version 1, where a process can't go into a folder that names no CPU.
copy_cpuset() {
  local file
  for file in cpuset.cpus cpuset.mems; do
    [ ! -e "$1/tasks" ] || [ ! -e "$1/$file" ] || cat "$1/$file" >"$2/$file"
  done
}

# join_cgroup PART: this very shell goes there, and with it what it becomes.
join_cgroup() {
  local root
  for root in $(hierarchies); do
    mkdir -p "$root/$CGROUP/$1"
    copy_cpuset "$root/$CGROUP" "$root/$CGROUP/$1"
    echo "$BASHPID" >"$root/$CGROUP/$1/cgroup.procs"
  done
}

# processes_of PART: its process ids, as this machine counts them.
processes_of() {
  local root
  root=$(hierarchies | head -n 1)
  cat "$root/$CGROUP/$1/cgroup.procs" 2>/dev/null || true
}

# all_processes: of the node, its pods among them.
all_processes() {
  local root
  for root in $(hierarchies); do
    find "$root/$CGROUP" -name cgroup.procs -exec cat {} + 2>/dev/null || true
  done | sort -un
}

# remove_cgroups: once nothing is in them. Fails if one stays.
remove_cgroups() {
  local root try
  for try in 1 2 3 4 5 6 7 8 9 10; do
    local left=
    for root in $(hierarchies); do
      [ -d "$root/$CGROUP" ] || continue
      find "$root/$CGROUP" -depth -type d -exec rmdir {} + 2>/dev/null || true
      [ ! -d "$root/$CGROUP" ] || left=$root/$CGROUP
    done
    [ -n "$left" ] || return 0
    sleep 0.2
  done
  log "could not remove $left (try $try)"
  return 1
}
