#!/bin/sh
# Runs the tests of this folder, or those named: the stock driver's own program with a real API server and etcd, the built
# provider and the embedded vault. The tests play the kubelet. For the inner loop: no node and no image is needed.
#
# Needs Linux, Go and the Go module proxy, unshare and mount (Debian: util-linux, mount), and root or unprivileged user
# namespaces: the driver mounts, in a mount namespace of its own. Where something is missing it says what, and counts the
# tests as skipped; with CI=true that is a failure.
#   CONFORMANCE_REPORT=1       writes what a whole run found into docs/conformance.md, in the column "driver only"
set -eu

missing() {
  echo "test:driver cannot run here: $1" >&2
  count=$(cat test/driver/*.test.ts | grep -cE '^ *it\(')
  echo "0 passed, 0 failed, $count skipped"
  [ "${CI:-}" != true ] || exit 1
  exit 0
}

if [ "${1-}" != "--inside" ]; then
  cd "$(dirname "$0")/../.."
  command -v go >/dev/null || missing "API server and driver are built from their Go modules; install Go from https://go.dev/dl"
  for tool in unshare mount; do
    command -v "$tool" >/dev/null || missing "there is no '$tool' (Debian: util-linux, mount)"
  done
  # With the last process of the PID namespace ends whatever a test has left.
  own="--mount --pid --fork --kill-child --mount-proc --propagation private"
  namespaces=
  for flags in "$own" "--user --map-root-user $own"; do
    # shellcheck disable=SC2086 # each flag is an argument
    if unshare $flags mount -t tmpfs tmpfs /mnt 2>/dev/null; then
      namespaces=$flags
      break
    fi
  done
  [ -n "$namespaces" ] ||
    missing "this user may not mount in a namespace (unshare --user --mount); be root, in a container with CAP_SYS_ADMIN, or allow unprivileged user namespaces"

  api_server=$(tools/build.sh api-server) || missing "the API server could not be built"
  driver=$(tools/build.sh driver) || missing "the driver could not be built"
  manifests=$(cd tools/driver && go list -m -f '{{.Dir}}' sigs.k8s.io/secrets-store-csi-driver)/deploy
  export ETCD_PROGRAM="$api_server/server" KUBE_APISERVER_PROGRAM="$api_server/kube-apiserver"
  export DRIVER_PROGRAM="$driver/secrets-store-csi-driver" DRIVER_MANIFESTS="$manifests"
  export CONFORMANCE_CLUSTER=driver
  CONFORMANCE_DRIVER_VERSION=$(cd tools/driver && go list -m -f '{{.Version}}' sigs.k8s.io/secrets-store-csi-driver)
  CONFORMANCE_KUBERNETES_VERSION=$(cd tools/api-server && go list -m -f '{{.Version}}' k8s.io/kubernetes)
  export CONFORMANCE_DRIVER_VERSION CONFORMANCE_KUBERNETES_VERSION
  # A part of the tests would take the others out of the page.
  if [ $# -gt 0 ] && [ "${CONFORMANCE_REPORT:-}" = 1 ]; then
    echo "docs/conformance.md is left as it was: not every test is run" >&2
    unset CONFORMANCE_REPORT
  fi
  npm run -s build
  # shellcheck disable=SC2086 # each flag is an argument
  exec unshare $namespaces sh "test/driver/$(basename "$0")" --inside "$@"
fi
shift

[ $# -gt 0 ] || set -- 'test/driver/*.test.ts'
exec node_modules/.bin/mocha --no-config --import=tsx --reporter=test/conformance/support/reporter.cjs --forbid-only \
  --timeout=60000 "$@"
