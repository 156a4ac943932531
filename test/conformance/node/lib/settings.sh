# shellcheck shell=bash disable=SC2034 # the other files use these
# Names and folders of this checkout's node. Reading the file starts nothing.

NODE_HOME=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
CHECKOUT=$(cd "$NODE_HOME/../../.." && pwd)

# Each checkout has a node of its own, and so has each NODE_STATE: none may take another's processes for its own. What is
# built is common to all of them.
[ -z "${NODE_STATE:-}" ] || NODE_STATE=$(readlink -m "$NODE_STATE")
NODE_ID=$(printf %s "${NODE_STATE:-$CHECKOUT}" | sha256sum | cut -c1-8)
CACHE=${NODE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/azure-provider-node}
STATE=${NODE_STATE:-$CACHE/$NODE_ID} # the life of one cluster; `down` removes it

CGROUP=azure-provider-node-$NODE_ID # of everything that `up` starts, in every hierarchy
NODE_NAME=conformance-node
KUBECONFIG_FILE=$STATE/admin.kubeconfig

# Debian keeps some of what is needed here out of a user's PATH.
PATH=$PATH:/usr/sbin:/sbin

log() { printf '%s %s\n' "$(date +%T)" "$*" >&2; }
die() {
  log "$*"
  exit 1
}

# need PROGRAM…: ends with 77, as the suites do where something is missing.
need() {
  local program missing=()
  for program in "$@"; do command -v "$program" >/dev/null || missing+=("$program"); done
  [ ${#missing[@]} -eq 0 ] || cannot "not in PATH: ${missing[*]}"
}
cannot() {
  log "no node can be made here: $*"
  exit 77
}
need_root() {
  [ "$(id -u)" = 0 ] || cannot "it needs root, for namespaces, mounts and cgroups"
  unshare --mount --net --pid --uts --ipc --fork true 2>/dev/null ||
    cannot "root may not make namespaces here (a container needs CAP_SYS_ADMIN and CAP_NET_ADMIN)"
}

# need_own_state: NODE_STATE may name any folder, and `down` removes it: one that holds something else it does not touch.
need_own_state() {
  [ ! -e "$STATE/made" ] && [ ! -e "$STATE/log/init.log" ] && [ -n "$(ls -A "$STATE" 2>/dev/null)" ] || return 0
  [ "$(ls -A "$STATE")" != log ] || return 0 # what KEEP_LOGS, or an `up` that failed at once, has left
  die "NODE_STATE=$STATE holds something that is no node's; name a folder that is empty or not there"
}

# one_at_a_time: waits until no other `up` or `down` of this node runs. File 9 is closed in what is started.
one_at_a_time() {
  exec 9<"$NODE_HOME"
  flock 9
}
