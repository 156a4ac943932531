#!/bin/bash
# install.sh: puts what the suite needs into the cluster of KUBECONFIG: the embedded vault (namespace "azure"), the stock
# driver if there is none, and this project's chart as the release "csi" in kube-system. Run again, it upgrades.
#
# Settings, from the environment; node/up and kind-up print the first four:
#   KUBECONFIG, KUBECTL        which cluster, and how kubectl is called
#   CONFORMANCE_LOAD           command that takes image files into the cluster (node/load, kind load image-archive …)
#   CONFORMANCE_CLUSTER        what it is: node, kind, aks …; only for the report
#   CONFORMANCE_IMAGE          the provider's image; when set, it is pulled from there and nothing is built
#   CONFORMANCE_VAULT_IMAGE    the same for the embedded vault
#   CONFORMANCE_IMAGES_FOLDER  where image files are kept between two runs; those that are there are used as they are
#   CONFORMANCE_VALUES         a further file of chart values
#   HELM                       a helm of one's own; else it is built from its Go module
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
. test/conformance/steps.sh
read -ra kubectl <<<"${KUBECTL:-kubectl}"
k() { "${kubectl[@]}" "$@"; }
log() { echo "install: $*" >&2; }
die() { log "$*"; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# image SETTING DOCKERFILE NAME: prints the image's name, having built and loaded it unless SETTING names one.
image() {
  local given=${!1:-} tag=localhost/$3:dev file=${CONFORMANCE_IMAGES_FOLDER:-$work}/$3.tar
  if [ -n "$given" ]; then
    echo "$given"
    return
  fi
  [ -n "${CONFORMANCE_LOAD:-}" ] || die "set CONFORMANCE_LOAD to the command that loads images into the cluster, or $1 to an image that it can pull"
  if [ ! -e "$file" ]; then
    log "building $tag"
    mkdir -p "$(dirname "$file")"
    nice -n 10 scripts/image/build.sh --file "$2" --tag "$tag" --output "$file" >&2
  fi
  log "loading $tag"
  $CONFORMANCE_LOAD "$file" >&2
  echo "$tag"
}
# stamp IMAGE NAME: changes with what was loaded under that name, whose tag stays the same.
stamp() {
  local file=${CONFORMANCE_IMAGES_FOLDER:-$work}/$2.tar
  if [ -e "$file" ]; then sha256sum "$file" | cut -c1-16; else echo "$1" | tr -c 'a-zA-Z0-9.\n' -; fi
}
vault_image=$(image CONFORMANCE_VAULT_IMAGE emulator/Dockerfile embedded-vault)
provider_image=$(image CONFORMANCE_IMAGE Dockerfile secrets-store-csi-provider-azure)

log "the embedded vault"
KUBECTL=${kubectl[*]} VAULT_IMAGE=$vault_image VAULT_IMAGE_STAMP=$(stamp "$vault_image" embedded-vault) scripts/embedded-vault.sh kube-system >&2

if ! k get csidriver secrets-store.csi.k8s.io >/dev/null 2>&1; then
  log "the stock driver, which was not there"
  install_driver "$(driver_manifests)"
fi
audiences=$(k get csidriver secrets-store.csi.k8s.io -o 'jsonpath={.spec.tokenRequests[*].audience}')
case $audiences in
  *api://AzureADTokenExchange*) ;;
  *) die "the driver requests no token for api://AzureADTokenExchange: kubectl edit csidriver secrets-store.csi.k8s.io" ;;
esac

log "the provider's chart"
HELM=${HELM:-$(tools/build.sh helm)/helm}
export HELM
chart=$(npx tsx test/charts/package.ts "$work")
# A repository may hold a colon (its port); the tag is what follows the last one.
case ${provider_image##*/} in
  *:*) repository=${provider_image%:*} tag=${provider_image##*:} ;;
  *) repository=$provider_image tag=latest ;;
esac
values=(-f manifests/embedded-vault/provider-values.yaml)
[ -z "${CONFORMANCE_VALUES:-}" ] || values+=(-f "$CONFORMANCE_VALUES")
"$HELM" upgrade --install csi "$chart" --namespace kube-system "${values[@]}" \
  --set secrets-store-csi-driver.install=false --set windows.enabled=false \
  --set logVerbosity=5 --set logFormatJSON=true \
  --set "linux.image.repository=$repository" --set "linux.image.tag=$tag" \
  --set-string "linux.podAnnotations.image-stamp=$(stamp "$provider_image" secrets-store-csi-provider-azure)" >&2
for daemonset in $(k -n kube-system get daemonset -l app=csi-secrets-store-provider-azure -o name); do
  k -n kube-system rollout status "$daemonset" --timeout=180s >&2
done
log "done"
