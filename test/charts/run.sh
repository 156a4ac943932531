#!/bin/sh
# Lints, renders and packs the Helm chart with the Helm that tools/helm pins.
#
# Needs Go and the Go module proxy: Helm is built from its module, and the driver's chart is taken from the driver's.
# Without Go the tests are skipped, or, where CI=true, a failure.
set -eu
cd "$(dirname "$0")/../.."

if ! command -v go >/dev/null; then
  tests=$(cat test/charts/*.test.ts | grep -cE '^ *it\(')
  echo "test:charts cannot run here: there is no 'go' (https://go.dev/dl), which builds Helm" >&2
  if [ "${CI-}" = true ]; then
    echo "0 passed, $tests failed, 0 skipped"
    exit 1
  fi
  echo "0 passed, 0 failed, $tests skipped"
  exit 0
fi

HELM=$(tools/build.sh helm)/helm
export HELM
exec node_modules/.bin/mocha --no-config --import=tsx --reporter=test/support/reporter.cjs --forbid-only \
  --timeout=120000 "${@:-test/charts/*.test.ts}"
