# shellcheck shell=bash disable=SC2034 # the other files use the folder and the names
# What the node has in place of a registry: pause, a busybox for the tests' pods, and the images that the driver's own
# manifest names, under those names.

PAUSE_IMAGE=localhost/pause:local
SHELL_IMAGE=localhost/busybox:local

make_images() {
  local manifest=$1 stamp new
  stamp=$( (echo "$HELPERS $DRIVER $PACKAGES" && cat "$manifest" "$NODE_HOME/lib/"*image*.sh) | sha256sum | cut -c1-16)
  IMAGES=$CACHE/images-$stamp
  [ ! -d "$IMAGES" ] || return 0
  log "making the node's images"
  new=$(mktemp -d "$IMAGES.XXXXXX")
  image_of "$new" "$PAUSE_IMAGE" "$HELPERS/pause" /pause
  make_shell_image "$new"
  make_driver_images "$new" "$manifest"
  mv -T "$new" "$IMAGES" 2>/dev/null || rm -rf "$new"
}

# image_of FOLDER NAME PROGRAM ENTRYPOINT [MORE_PROGRAMS…]: the programs and the libraries that they load.
image_of() {
  local folder=$1 name=$2 program=$3 entry=$4 root more
  shift 4
  root=$(new_root "$folder")
  install -D "$program" "$root$entry"
  for more in "$@"; do add_program "$root" "$more"; done
  finish_image "$folder" "$name" "$root" "$entry"
}

new_root() {
  local root
  root=$(mktemp -d "$1/root.XXXXXX")
  chmod 755 "$root"
  mkdir -p "$root/etc" "$root/bin"
  mkdir -m 1777 "$root/tmp"
  echo "root:x:0:0:root:/:/bin/sh" >"$root/etc/passwd"
  echo "$root"
}

finish_image() { # FOLDER NAME ROOT ENTRYPOINT
  oci_image "$2" "$3" "$1/$(echo "$2" | tr -c 'a-zA-Z0-9.\n' _).tar" "$4"
  rm -rf "$3"
}

# add_program ROOT NAME: one of this machine's, with its libraries.
add_program() {
  local program library
  program=$(readlink -f "$(command -v "$2")")
  install -D "$program" "$1/bin/$2"
  { ldd "$program" 2>/dev/null || true; } | grep -o '/[^ ]*' | while read -r library; do
    [ -e "$1$library" ] || install -D "$library" "$1$library"
  done
}

make_shell_image() {
  local root applet
  root=$(new_root "$1")
  cp "$PACKAGES/bin/busybox" "$root/bin/busybox" 2>/dev/null || cp "$PACKAGES/usr/bin/busybox" "$root/bin/busybox"
  for applet in $("$root/bin/busybox" --list); do [ -e "$root/bin/$applet" ] || ln -s busybox "$root/bin/$applet"; done
  finish_image "$1" "$SHELL_IMAGE" "$root" /bin/sh
}

# make_driver_images FOLDER MANIFEST: the driver with the `mount` that it calls, as its own image has it, and the two
# sidecars.
make_driver_images() {
  local name
  sed -n 's/^ *image: *//p' "$2" | while read -r name; do
    case $name in
      */driver:*) image_of "$1" "$name" "$DRIVER/secrets-store-csi-driver" /secrets-store-csi mount umount ;;
      */csi-node-driver-registrar:*)
        image_of "$1" "$name" "$HELPERS/csi-node-driver-registrar" /csi-node-driver-registrar
        ;;
      */livenessprobe:*) image_of "$1" "$name" "$HELPERS/livenessprobe" /livenessprobe ;;
      *) die "nobody knows how to make the image $name" ;;
    esac
  done
}
