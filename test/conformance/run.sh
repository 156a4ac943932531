#!/bin/sh
# npm run test:conformance: the suite against the cluster that kubectl points at. README.md says how to get one.
#   npm run test:conformance -- [mocha's arguments, for example --grep rotation]
#   CONFORMANCE_INSTALL=1      runs install.sh first
#   CONFORMANCE_REPORT=1       writes what it found into docs/conformance.md
#   CONFORMANCE_POD_IMAGE      the image of the suite's pods, with a shell and busybox's programs
set -eu
cd "$(dirname "$0")/../.."
run_mocha() {
  npx mocha --no-config --import=tsx --forbid-only --timeout 300000 --slow 60000 \
    --reporter test/conformance/support/reporter.cjs "$@"
}
if ! problem=$(${KUBECTL:-kubectl} version --request-timeout=10s 2>&1 >/dev/null); then
  cat <<EOT
There is no cluster that kubectl reaches: $(printf '%s' "$problem" | tail -n 1)
Get one by one of these, then run this again:
  eval "\$(test/conformance/node/up)"    a node on this machine, without Docker or a registry (Linux, root, Go)
  eval "\$(test/conformance/kind-up)"    a kind cluster (Docker)
  export KUBECONFIG=…                   your own, one that holds nothing real
and put the driver, the provider and the embedded vault into it: test/conformance/install.sh
EOT
  CONFORMANCE_SKIP=1 run_mocha --dry-run 'test/conformance/**/*.test.ts'
  if [ "${CI:-}" = true ]; then exit 1; fi
  exit 0
fi
if [ "${CONFORMANCE_INSTALL:-}" = 1 ]; then test/conformance/install.sh; fi
run_mocha --require test/conformance/support/hooks.ts "$@" 'test/conformance/**/*.test.ts'
