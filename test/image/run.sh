#!/bin/sh
# Builds the images of this checkout and tests them: what is in them, that they run and mount, that a second build from
# another folder gives the same. The one for arm64 is built and looked at, not run.
#
# Needs Linux on amd64, root, buildah and runc (Debian, Ubuntu: buildah, runc), and what scripts/image/base.sh needs. Where
# something is missing it says what, and counts the tests as skipped; with CI=true that is a failure.
set -eu
cd "$(dirname "$0")/../.."

missing() {
  echo "test:image cannot run here: $1" >&2
  count=$(cat test/image/*.test.ts | grep -cE '^ *it\(')
  if [ "${CI-}" = true ]; then
    echo "0 passed, $count failed, 0 skipped"
    exit 1
  fi
  echo "0 passed, 0 failed, $count skipped"
  exit 0
}
for tool in buildah runc; do
  command -v "$tool" >/dev/null || missing "there is no '$tool' (Debian, Ubuntu: $tool)"
done
[ "$(id -u)" = 0 ] || missing "it has to be root, for the file systems that a build and a container mount"
[ "$(uname -m)" = x86_64 ] || missing "the image that is run is the one for amd64, and this is $(uname -m)"

IMAGE_FOLDER=$(mktemp -d "${TMPDIR:-/tmp}/azure-provider-image.XXXXXX")
export IMAGE_FOLDER
first='' second=''
clean_up() {
  for build in $first $second; do kill "$build" 2>/dev/null && wait "$build" 2>/dev/null; done
  for container in "$IMAGE_FOLDER"/runc/*/; do
    [ ! -d "$container" ] || runc --root "$IMAGE_FOLDER/runc" delete --force "$(basename "$container")" || true
  done
  rm -rf "$IMAGE_FOLDER"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

# Two checkouts, in folders whose names differ in length, with files of other dates.
one=$IMAGE_FOLDER/one two=$IMAGE_FOLDER/another-checkout
mkdir "$one" "$two"
cp -R package.json package-lock.json .npmrc tsconfig.json .dockerignore Dockerfile scripts provider-proto src emulator "$one"
cp -R "$one/." "$two"
SOURCE_DATE_EPOCH=1767225600
BUILD_VERSION=1.2.3-test
export SOURCE_DATE_EPOCH BUILD_VERSION

# build CHECKOUT DOCKERFILE ARCH NAME
build() {
  "$1/scripts/image/build.sh" --file "$2" --platform "linux/$3" --tag "localhost/$4:test" --output "$IMAGE_FOLDER/$4.tar"
}
# The base images once, before two builds want them.
for kind in build node runtime; do scripts/image/base.sh $kind amd64 >/dev/null || missing "see above"; done
for kind in node runtime; do scripts/image/base.sh $kind arm64 >/dev/null || missing "see above"; done
echo "building: the provider twice, the provider for arm64, the embedded vault"
(build "$one" Dockerfile amd64 provider && build "$one" emulator/Dockerfile amd64 vault) >"$IMAGE_FOLDER/first.log" 2>&1 &
first=$!
(build "$two" Dockerfile amd64 provider-again && build "$two" Dockerfile arm64 provider-arm64) >"$IMAGE_FOLDER/second.log" 2>&1 &
second=$!
is_built=true
wait "$first" || is_built=false
wait "$second" || is_built=false
first='' second=''
if [ $is_built = false ]; then
  cat "$IMAGE_FOLDER/first.log" "$IMAGE_FOLDER/second.log" >&2
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
fi

[ $# -gt 0 ] || set -- 'test/image/*.test.ts'
node_modules/.bin/mocha --no-config --import=tsx --reporter=test/support/reporter.cjs --forbid-only --timeout=60000 "$@"
