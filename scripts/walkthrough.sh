#!/bin/bash
# scripts/walkthrough.sh [--install]: does what docs/walkthrough.md says, from the page itself, on a cluster without Azure,
# and compares what is printed with what the page says. Of the page it runs the blocks marked `sh` and `sh embedded`; a
# `text` block is what the block before it prints, with … for anything; a `yaml FILE` block must be that file.
#
#   --install         runs the block marked `sh install` too: the embedded vault, the driver, the provider
#   WALKTHROUGH_IMAGE image of the pods; else CONFORMANCE_POD_IMAGE, which test/conformance/node/up prints; else the files'
#                     public busybox
#   KUBECTL           what the page's kubectl is
#
# Works in the namespace "shop", which must not exist, and deletes it at the end. Ends with 1 at the first difference.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
page=docs/walkthrough.md
kinds='sh embedded'
[ "${1:-}" != --install ] || kinds='sh embedded install'
fail() { echo "walkthrough: $*" >&2; exit 1; }
# The page's own command puts it into the files.
export CONFORMANCE_POD_IMAGE=${WALKTHROUGH_IMAGE:-${CONFORMANCE_POD_IMAGE:-}}
read -ra kubectl_command <<<"${KUBECTL:-kubectl}"
kubectl() { command "${kubectl_command[@]}" "$@"; }

work=$(mktemp -d)
doing=
finish() {
  code=$?
  if [ "$code" != 0 ] && [ -n "$doing" ]; then
    sed 's/^/  /' "$work/said"
    echo "walkthrough: \"$doing\" ended with $code" >&2
  fi
  kubectl delete namespace shop --ignore-not-found --timeout=120s >/dev/null 2>&1 || true
  rm -rf "$work"
}

# The page, taken apart: NNN.title (the heading it is under), NNN.kind, NNN.body for each block.
awk -v work="$work" '
  /^#+ / && !inside { title = $0; sub(/^#+ /, "", title) }
  /^```/ && inside { inside = 0; close(body); next }
  /^```/ {
    inside = 1
    n += 1
    base = sprintf("%s/%03d", work, n)
    kind = substr($0, 4)
    print title > (base ".title")
    print kind > (base ".kind")
    body = base ".body"
    printf "" > body
    next
  }
  inside { print > body }
' "$page"

# matches FILE_OF_WHAT_WAS_SAID FILE_OF_WHAT_THE_PAGE_SAYS: as a whole, line by line
matches() {
  local pattern
  pattern=$(sed -e 's/[][?*\\]/\\&/g' -e 's/…/*/g' "$2")
  # shellcheck disable=SC2053 # it is a pattern
  [[ $(<"$1") == $pattern ]]
}

for body in "$work"/*.body; do
  case $(<"${body%body}kind") in
    'yaml '*)
      file=$(<"${body%body}kind")
      cmp -s "$body" "manifests/walkthrough/${file#yaml }" || fail "$page shows another ${file#yaml } than manifests/walkthrough has"
      ;;
  esac
done

! kubectl get namespace shop >/dev/null 2>&1 || fail "there is a namespace \"shop\" already"
trap finish EXIT

# The page names files from the project's folder, and puts the pods' image into them: here they are copies.
mkdir -p "$work/project/manifests"
cp -r manifests/walkthrough "$work/project/manifests/"
ln -s "$PWD/test" "$work/project/test"
seed=$PWD/manifests/embedded-vault/seed.yaml
cd "$work/project"

said=$work/said
: >"$said"
last_title=
is_seeded=false
for body in "$work"/*.body; do
  base=${body%.body} kind=$(<"${body%body}kind") title=$(<"${body%body}title")
  case $kind in
    sh | 'sh embedded' | 'sh install')
      case " $kinds " in *" ${kind#sh }"*) ;; *) continue ;; esac
      [ "$title" = "$last_title" ] || echo "== $title"
      last_title=$title
      if [ "$kind" != 'sh install' ] && [ "$is_seeded" = false ]; then
        # An earlier run has left other values.
        kubectl create --raw /api/v1/namespaces/azure/services/embedded-vault:control/proxy/seed -f "$seed" >/dev/null
        is_seeded=true
      fi
      sed 's/^/  $ /' "$body"
      # Not in a subshell: what a block sets, a later one uses. It ends at its first command that fails.
      doing=$title
      # shellcheck source=/dev/null
      . "$body" >"$said" 2>&1
      doing=
      awk '{ print "  " $0 }' "$said"
      ;;
    text)
      matches "$said" "$body" || {
        echo "the page says:" >&2
        sed 's/^/  /' "$body" >&2
        fail "\"$title\": something else was printed (${base##*/})"
      }
      ;;
  esac
done
echo "walkthrough: done"
