# shellcheck shell=bash
# The node is a set of namespaces with a process 1 that does nothing but reap. When it ends, the kernel ends all that
# runs in them, and with it their mounts and their network.

# node_pid: of process 1, as this machine counts it; fails when there is no node.
node_pid() {
  local pid
  for pid in $(processes_of init); do
    case $(program_of "$pid") in */pause) echo "$pid" && return ;; esac
  done
  return 1
}
node_exists() { node_pid >/dev/null; }

# inside COMMAND…: with the node's mounts, network, processes and name.
inside() { nsenter --target "$(node_pid)" --mount --net --pid --uts --ipc -- "$@"; }

make_namespaces() {
  local n
  (
    exec 9<&-
    join_cgroup init
    exec setsid unshare --mount --net --pid --uts --ipc --fork --kill-child --mount-proc --propagation private -- \
      "$HELPERS/pause" </dev/null >"$STATE/log/init.log" 2>&1
  ) &
  for ((n = 0; n < 100; n++)); do
    ! node_exists || return 0
    sleep 0.1
  done
  die "the namespaces could not be made: $(cat "$STATE/log/init.log")"
}

# What the kubelet would set for the whole machine; it only looks, when it finds them set.
KUBELET_SYSCTLS="vm/overcommit_memory=1 vm/panic_on_oom=0 kernel/panic=10 kernel/panic_on_oops=1
  kernel/keys/root_maxkeys=1000000 kernel/keys/root_maxbytes=25000000"

# make_mounts: what has a fixed path on a node lies in $STATE, and is seen only inside.
make_mounts() {
  local sysctl file
  mkdir -p "$STATE"/{kubelet,var-log,providers,containerd,sysctl} "$STATE"/{etc,var-lib}/{upper,work}
  for sysctl in $KUBELET_SYSCTLS; do
    file=$STATE/sysctl/${sysctl%%=*}
    mkdir -p "$(dirname "$file")" && echo "${sysctl##*=}" >"$file"
  done
  # shellcheck disable=SC2016 # for the shell inside
  inside bash -euc '
    mount --make-rshared /
    cd "$1/sysctl"
    find . -type f | while read -r name; do
      [ ! -e "/proc/sys/$name" ] || mount --bind "$name" "/proc/sys/$name"
    done
    for folder in etc var-lib; do
      mount -t overlay -o "lowerdir=/${folder/-//},upperdir=$1/$folder/upper,workdir=$1/$folder/work" \
        overlay "/${folder/-//}"
    done
    mount --bind "$1/var-log" /var/log
    mount -t tmpfs -o mode=755 tmpfs /run
    mkdir -p /var/lib/kubelet /etc/kubernetes /run/secrets-store-csi-providers
    mount --bind "$1/kubelet" /var/lib/kubelet
    mount --bind "$1/providers" /run/secrets-store-csi-providers
    hostname "$2"
  ' bash "$STATE" "$NODE_NAME" || die "the node's mounts could not be made; the file system of $STATE must be able to carry an overlay"
}
