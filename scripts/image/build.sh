#!/bin/sh
# Builds an image of this project with buildah, on a machine that has neither Docker nor a registry to pull base images
# from: they are made here (base.sh). With Docker, see docs/releasing.md; the Dockerfile is the same.
#
#   scripts/image/build.sh --file Dockerfile --tag localhost/secrets-store-csi-provider-azure:dev --output FILE.tar
#                          [--platform linux/amd64|linux/arm64]
#
# FILE.tar is what `docker load`, `ctr -n k8s.io images import` and `podman load` take. The last line on standard output
# is the image's id. From the same sources, version and date comes the same file.
#
# BUILD_VERSION      the version that the program and the labels name; package.json's by default
# SOURCE_DATE_EPOCH  the date of everything in the image, in seconds since 1970; the last commit's by default
#
# Needs root, buildah, and what base.sh needs. Ends with 77 where something is missing, and says what. Nothing of this
# machine's images and containers is read or changed; what is fetched is kept beside the base images.
set -eu

usage() {
  sed -n '5,6s/^#   //p' "$0" >&2
  exit 2
}
file='' tag='' output='' platform=''
while [ $# -gt 0 ]; do
  [ $# -gt 1 ] || usage
  case $1 in
    --file) file=$2 ;;
    --tag) tag=$2 ;;
    --output) output=$(readlink -m "$2") ;;
    --platform) platform=$2 ;;
    *) usage ;;
  esac
  shift 2
done
if [ -z "$file" ] || [ -z "$tag" ] || [ -z "$output" ]; then usage; fi

missing() {
  echo "build.sh cannot run here: $1" >&2
  exit 77
}
command -v buildah >/dev/null || missing "there is no 'buildah' (Debian, Ubuntu: buildah)"
[ "$(id -u)" = 0 ] || missing "it has to be root, for the file systems that a build mounts"

case $(uname -m) in
  x86_64) build_arch=amd64 ;;
  aarch64) build_arch=arm64 ;;
  *) missing "there is no base image for $(uname -m)" ;;
esac
arch=${platform:-linux/$build_arch}
arch=${arch#linux/}

here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
version=${BUILD_VERSION:-$(sed -n 's/^  "version": "\(.*\)",$/\1/p' package.json)}
epoch=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}

build_base=$("$here/base.sh" build "$build_arch")
node_base=$("$here/base.sh" node "$arch")
runtime_base=$("$here/base.sh" runtime "$arch")
npm_cache=$(dirname "$(dirname "$build_base")")/npm
mkdir -p "$npm_cache" "$(dirname "$output")"

# A store of its own, gone at the end.
store=$(mktemp -d "${TMPDIR:-/tmp}/image-store.XXXXXX")
in_store() {
  buildah --root "$store/root" --runroot "$store/run" --storage-driver "$driver" "$@"
}
clean_up() {
  in_store umount --all >/dev/null 2>&1 || true
  umount "$store/root/$driver" 2>/dev/null || true
  rm -rf "$store"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

# overlay is quick, vfs works everywhere, inside containers too.
driver=overlay
in_store info >/dev/null 2>&1 || {
  rm -rf "$store/root" "$store/run"
  driver=vfs
}

for base in "$build_base" "$node_base" "$runtime_base"; do
  in_store pull --quiet "docker-archive:$base" >/dev/null 2>&1
done
in_store build --quiet --isolation chroot --network host --pull-never --volume "$npm_cache:/root/.npm" \
  --platform "linux/$arch" --build-arg "BUILDPLATFORM=linux/$build_arch" --build-arg "BUILDARCH=$build_arch" \
  --build-arg "BUILD_IMAGE=localhost/build-base:$build_arch" --build-arg "NODE_IMAGE=localhost/node-base:$arch" \
  --build-arg "RUNTIME_IMAGE=localhost/runtime-base:$arch" --build-arg "BUILD_VERSION=$version" \
  --build-arg "BUILD_DATE=$(date -u -d "@$epoch" +%Y-%m-%dT%H:%M:%SZ)" --timestamp "$epoch" \
  --identity-label=false --file "$file" --tag "$tag" . >/dev/null

rm -f "$output"
in_store push --quiet "$tag" "docker-archive:$output:$tag" >&2
in_store images --quiet --no-trunc "$tag"
