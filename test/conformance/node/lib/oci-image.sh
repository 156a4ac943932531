# shellcheck shell=bash
# An image of one layer from a folder, without a builder: an OCI layout in a tar file.

# oci_image NAME ROOT FILE.tar ENTRYPOINT
oci_image() {
  local name=$1 root=$2 file=$3 entry=$4 layout layer config manifest platform
  layout=$(mktemp -d "$file.XXXXXX")
  mkdir -p "$layout/blobs/sha256"
  tar -C "$root" --owner=0 --group=0 --numeric-owner --sort=name --mtime=@0 -cf "$layout/blob" .
  layer=$(add_blob "$layout" application/vnd.oci.image.layer.v1.tar)
  platform="\"architecture\": \"$(oci_architecture)\", \"os\": \"linux\""
  cat >"$layout/blob" <<JSON
{$platform, "rootfs": {"type": "layers", "diff_ids": ["$(digest_of "$layer")"]}, "config": {
  "Entrypoint": ["$entry"], "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]}}
JSON
  config=$(add_blob "$layout" application/vnd.oci.image.config.v1+json)
  cat >"$layout/blob" <<JSON
{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": $config, "layers": [$layer]}
JSON
  manifest=$(add_blob "$layout" application/vnd.oci.image.manifest.v1+json)
  cat >"$layout/index.json" <<JSON
{"schemaVersion": 2, "manifests": [${manifest%\}}, "annotations": {"io.containerd.image.name": "$name"}}]}
JSON
  echo '{"imageLayoutVersion": "1.0.0"}' >"$layout/oci-layout"
  tar -C "$layout" -cf "$file" oci-layout index.json blobs
  rm -r "$layout"
}

# add_blob LAYOUT MEDIA_TYPE: files LAYOUT/blob by its digest, and prints the descriptor.
add_blob() {
  local digest size
  digest=$(sha256sum "$1/blob" | cut -d' ' -f1)
  size=$(stat -c %s "$1/blob")
  mv "$1/blob" "$1/blobs/sha256/$digest"
  printf '{"mediaType": "%s", "digest": "sha256:%s", "size": %s}' "$2" "$digest" "$size"
}
digest_of() { echo "$1" | grep -o 'sha256:[0-9a-f]*'; }

oci_architecture() {
  case $(uname -m) in
    x86_64) echo amd64 ;;
    aarch64) echo arm64 ;;
    *) uname -m ;;
  esac
}
