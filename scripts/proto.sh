#!/bin/sh
# Generates the wire types from provider-proto/*.proto. With --check, fails when the committed ones are not current.
set -eu
cd "$(dirname "$0")/.."
out=provider-proto/generated
target=$out
[ "${1:-}" = --check ] && target=$(mktemp -d)
npx pbjs -t static-module -w es6 --es6 --no-create --no-verify --no-delimited --no-typeurl --no-service \
  --dependency protobufjs/minimal.js -p provider-proto -o "$target/messages.js" service.proto health.proto
# Node finds no names in this CommonJS package, only its default export; a bundler would take both.
sed 's/^import \* as \$protobuf/import $protobuf/' "$target/messages.js" > "$target/messages.tmp"
mv "$target/messages.tmp" "$target/messages.js"
npx pbts -o "$target/messages.d.ts" "$target/messages.js"
if [ "$target" != "$out" ]; then
  diff -r "$target" "$out" || { echo "provider-proto/generated is not current: run npm run proto" >&2; exit 1; }
  rm -r "$target"
fi
