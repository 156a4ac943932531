#!/bin/sh
# scripts/image/base.sh KIND ARCH: makes a base image, unless this machine has it, and prints its file, which `docker load`
# and `buildah pull docker-archive:` take; its name is localhost/KIND-base:ARCH. ARCH is amd64 or arm64. KIND:
#
#   build    Node, npm, a shell and the few tools that the Dockerfile calls
#   node     Node with its licence and the library that it links against, as they stand in the official image
#   runtime  what gcr.io/distroless/cc-debian12 has: C and C++ runtimes, CA certificates, time zones; no program
#
# For a machine without a registry to pull from. All of it comes from Debian's archive and from npm, both checked by the
# program that fetches it (apt by signature, npm by hash). Kept under ${XDG_CACHE_HOME:-~/.cache}/azure-provider-tools;
# remove it there to have newer packages.
#
# DEBIAN_MIRROR, DEBIAN_SECURITY_MIRROR: other places of Debian's archive.
set -eu
kind=$1
arch=$2
NODE=26.10.0
NPM=11.21.2
SUITE=bookworm

case $arch in
  amd64) npm_arch=x64 triplet=x86_64-linux-gnu ;;
  arm64) npm_arch=arm64 triplet=aarch64-linux-gnu ;;
  *) echo "base.sh: amd64 or arm64, not '$arch'" >&2 && exit 2 ;;
esac
stamp=$(sha256sum "$0" | cut -c1-16)
cache=${TOOLS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/azure-provider-tools}/image-base-$stamp
tar_file=$cache/$kind-$arch.tar
if [ -e "$tar_file" ]; then
  echo "$tar_file"
  exit
fi

keyring=/usr/share/keyrings/debian-archive-keyring.gpg
for tool in apt-get dpkg-deb npm tar; do
  command -v "$tool" >/dev/null || {
    echo "base.sh: there is no '$tool'; a Debian or Ubuntu with npm is needed" >&2
    exit 77
  }
done
[ -e "$keyring" ] || {
  echo "base.sh: there is no $keyring (Debian, Ubuntu: debian-archive-keyring)" >&2
  exit 77
}

echo "making the $kind base for $arch; the first time takes a while" >&2
mkdir -p "$cache"
work=$(mktemp -d "$cache/.new-$kind-$arch.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
root=$work/root
mkdir -p "$root"

# An apt of its own, so that nothing of this machine's packages is read or changed.
apt() {
  apt-get -q -o Dir::State="$work/apt" -o Dir::State::status="$work/apt/status" -o Dir::Cache="$work/apt/cache" \
    -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o APT::Architecture="$arch" -o APT::Architectures="$arch" -o APT::Sandbox::User=root "$@" >&2
}
prepare_apt() {
  mkdir -p "$work/apt/lists/partial" "$work/apt/cache/archives/partial" "$work/debs"
  : >"$work/apt/status"
  cat >"$work/sources.list" <<END
deb [signed-by=$keyring] ${DEBIAN_MIRROR:-http://deb.debian.org/debian} $SUITE main
deb [signed-by=$keyring] ${DEBIAN_MIRROR:-http://deb.debian.org/debian} $SUITE-updates main
deb [signed-by=$keyring] ${DEBIAN_SECURITY_MIRROR:-http://deb.debian.org/debian-security} $SUITE-security main
END
  apt update
}

# unpack PACKAGE...: files only, no script of theirs is run.
unpack() {
  (cd "$work/debs" && apt download "$@")
  for deb in "$work"/debs/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink -C "$root"
    dpkg-deb --field "$deb" >"$work/debs/$(dpkg-deb --field "$deb" Package).control"
    rm "$deb"
  done
}

# from_npm NAME VERSION FOLDER: the contents of a package; no install script is run.
from_npm() {
  file=$(cd "$work" && npm pack --silent --ignore-scripts "$1@$2")
  mkdir -p "$3"
  tar -xzf "$work/$file" -C "$3" --strip-components=1 --no-same-owner
  rm "$work/$file"
}

node_of_npm() {
  from_npm "node-linux-$npm_arch" "$NODE" "$work/node"
  mkdir -p "$root/usr/local/bin" "$root/usr/local/include/node"
  mv "$work/node/bin/node" "$root/usr/local/bin/node"
  mv "$work/node/LICENSE" "$root/usr/local/LICENSE"
  mv "$work/node/include/node/node_version.h" "$root/usr/local/include/node/"
}

users() {
  mkdir -p "$root/etc" "$root/root" "$root/home/nonroot" "$root/tmp"
  chmod 1777 "$root/tmp"
  chown 65532:65532 "$root/home/nonroot"
  printf '%s\n' root:x:0:0:root:/root:/sbin/nologin nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin \
    nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin >"$root/etc/passwd"
  printf '%s\n' root:x:0: nobody:x:65534: tty:x:5: staff:x:50: nonroot:x:65532: >"$root/etc/group"
}

prepare_apt
case $kind in
  build)
    for folder in bin sbin lib lib64; do
      mkdir -p "$root/usr/$folder"
      ln -s "usr/$folder" "$root/$folder"
    done
    unpack base-files dash coreutils findutils grep sed gzip tar libc6 gcc-12-base libgcc-s1 libstdc++6 libatomic1 \
      libacl1 libattr1 libgmp10 libselinux1 libpcre2-8-0 ca-certificates
    ln -sf dash "$root/usr/bin/sh"
    users
    node_of_npm
    from_npm npm "$NPM" "$root/usr/local/lib/node_modules/npm"
    ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
    ln -s ../lib/node_modules/npm/bin/npx-cli.js "$root/usr/local/bin/npx"
    # npm in there trusts whom this machine trusts, and asks the registry that this machine asks; what it has had before,
    # and the lock file's hash allows, it takes from its cache.
    mkdir -p "$root/etc/ssl/certs" "$root/usr/local/etc"
    cat /etc/ssl/certs/ca-certificates.crt >"$root/etc/ssl/certs/ca-certificates.crt"
    printf '%s\n' cafile=/etc/ssl/certs/ca-certificates.crt update-notifier=false prefer-offline=true \
      "registry=$(npm config get registry)" >"$root/usr/local/etc/npmrc"
    ;;
  node)
    unpack libatomic1
    node_of_npm
    mkdir -p "$root/var/lib/dpkg"
    cat "$work/debs/libatomic1.control" >"$root/var/lib/dpkg/status"
    rm -rf "${root:?}/usr/share"
    [ -e "$root/usr/lib/$triplet/libatomic.so.1" ]
    ;;
  runtime)
    unpack base-files netbase tzdata media-types libc6 gcc-12-base libgcc-s1 libstdc++6 ca-certificates
    users
    mkdir -p "$root/etc/ssl/certs" "$root/var/lib/dpkg/status.d"
    cat "$root"/usr/share/ca-certificates/mozilla/*.crt >"$root/etc/ssl/certs/ca-certificates.crt"
    for control in "$work"/debs/*.control; do
      cat "$control" >"$root/var/lib/dpkg/status.d/$(basename "$control" .control)"
    done
    # Programs of packages that are taken for their data.
    find "$root/bin" "$root/sbin" "$root/usr/bin" "$root/usr/sbin" -mindepth 1 -delete 2>/dev/null || true
    rm -rf "$root/etc/update-motd.d"
    find "$root/usr/share" -mindepth 1 -maxdepth 1 ! -name ca-certificates ! -name doc ! -name zoneinfo \
      -exec rm -rf {} +
    find "$root/usr/share/doc" -type f ! -name copyright -delete
    ;;
  *) echo "base.sh: build, node or runtime, not '$kind'" >&2 && exit 2 ;;
esac

# The same files give the same image: one layer, and the little JSON that says so.
image=$work/image
mkdir "$image"
tar -C "$root" -cf "$image/layer.tar" --sort=name --mtime=@0 --numeric-owner --format=posix \
  --pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime .
layer=$(sha256sum "$image/layer.tar" | cut -c1-64)
cat >"$image/config.json" <<END
{"created": "1970-01-01T00:00:00Z", "architecture": "$arch", "os": "linux",
 "config": {"Env": ["PATH=/usr/local/bin:/usr/bin:/bin"]},
 "rootfs": {"type": "layers", "diff_ids": ["sha256:$layer"]},
 "history": [{"created": "1970-01-01T00:00:00Z", "created_by": "scripts/image/base.sh $kind $arch"}]}
END
cat >"$image/manifest.json" <<END
[{"Config": "config.json", "RepoTags": ["localhost/$kind-base:$arch"], "Layers": ["layer.tar"]}]
END
tar -C "$image" -cf "$work/image.tar" manifest.json config.json layer.tar
# Another checkout may have been quicker; whoever comes first stays.
mv -n "$work/image.tar" "$tar_file"
echo "$tar_file"
