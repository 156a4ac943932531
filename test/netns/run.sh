#!/bin/sh
# Runs the tests of this folder, or those named, in a network and a mount namespace of their own. There the services of a
# node and of a cluster stand at their real addresses (169.254.169.254:80, localhost:2579, the API server's name, the
# service account's folder); every other address leads back to this machine, and nothing leaves it.
#
# Needs Linux, unshare and mount (Debian: util-linux, mount), ip (iproute2), and root or unprivileged user namespaces.
# Ends with 77 where it cannot run, and says what is missing.
set -eu

missing() {
  echo "test:netns cannot run here: $1" >&2
  exit 77
}

if [ "${1-}" != "--inside" ]; then
  cd "$(dirname "$0")/../.."
  for tool in unshare mount ip; do
    command -v "$tool" >/dev/null || missing "there is no '$tool' (Debian: util-linux, mount, iproute2)"
  done
  for flags in "--net --mount" "--user --map-root-user --net --mount"; do
    # shellcheck disable=SC2086 # two flags or four
    if unshare $flags true 2>/dev/null; then
      # shellcheck disable=SC2086
      exec unshare $flags sh "test/netns/$(basename "$0")" --inside "$@"
    fi
  done
  missing "this user may not make namespaces (unshare --user --net --mount); be root, in a container with CAP_SYS_ADMIN, or allow unprivileged user namespaces"
fi
shift

step() {
  "$@" || missing "in the namespace, '$*' is not permitted"
}

# The network: every address is this machine's own, so that each connection is made, counted, and goes nowhere.
step ip link set lo up
step ip address add 169.254.169.254/32 dev lo
step ip route add local default dev lo
step ip -6 route add local default dev lo

# /run of its own: nothing of the host's services, and room for a pod's service account in /var/run/secrets.
run=$(readlink -m /var/run)
hosts=$(readlink -m /etc/hosts)
resolver=$(readlink -m /etc/resolv.conf)
switch=$(readlink -m /etc/nsswitch.conf)
step mount -t tmpfs tmpfs "$run"
mkdir -p "$run/namespace"

# put TEXT FILE: the file holds the text, in this namespace only. One that the host does not have is left out.
put() {
  source=$run/namespace/$(basename "$2")
  printf '%b' "$1" >"$source"
  case $2 in "$run"/*) mkdir -p "$(dirname "$2")" && : >"$2" ;; esac
  [ ! -e "$2" ] || step mount --bind "$source" "$2"
}
put '127.0.0.1 localhost\n::1 localhost\n' "$hosts"
put 'nameserver 127.0.0.1\noptions timeout:2 attempts:1\n' "$resolver"
put 'hosts: files dns\n' "$switch"

[ $# -gt 0 ] || set -- 'test/netns/*.test.ts'
exec node_modules/.bin/mocha --no-config --import=tsx --reporter=test/support/reporter.cjs --forbid-only \
  --timeout=60000 "$@"
