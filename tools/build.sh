#!/bin/sh
# tools/build.sh NAME: builds the Go programs that tools/NAME/go.mod pins, unless this machine has them, and prints the
# folder they are in. They are kept by what was pinned, so a second checkout uses the same ones.
#
# Needs Go (https://go.dev/dl, or Debian's golang-go with GOTOOLCHAIN=auto) and the Go module proxy. Ends with 77 without Go.
set -eu
name=$1
module=$(cd "$(dirname "$0")/$name" && pwd)
command -v go >/dev/null || {
  echo "'$name' is built from its Go module: there is no 'go' here; install it from https://go.dev/dl" >&2
  exit 77
}
# option FILE: what the module's file of that name says, if it has one, without its comments.
option() { sed 's/#.*//' "$module/$1" 2>/dev/null | tr '\n' ' '; }
ldflags=$(option ldflags) # versions that a program is stamped with
tags=$(option tags)       # build tags: parts that are left out
stamp=$( (cd "$module" && find . -type f | LC_ALL=C sort | xargs sha256sum) | sha256sum | cut -c1-16)
folder=${TOOLS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/azure-provider-tools}/$name-$stamp
if [ ! -d "$folder" ]; then
  echo "building $name from its Go module; the first time takes a while" >&2
  mkdir -p "$(dirname "$folder")"
  new=$(mktemp -d "$folder.XXXXXX")
  trap 'rm -rf "$new"' EXIT
  trap 'exit 1' INT TERM
  (cd "$module" && CGO_ENABLED=0 GOFLAGS='' go build -trimpath -buildvcs=false -tags "$tags" -ldflags "-s -w $ldflags" -o "$new/" tool) >&2
  # Another checkout may have been quicker; what it left is the same.
  mv -T "$new" "$folder" 2>/dev/null || [ -d "$folder" ]
fi
echo "$folder"
