#!/bin/sh
# scripts/embedded-vault.sh [PROVIDER_NAMESPACE]: puts the embedded vault into the namespace "azure" of the cluster that
# kubectl points at, and its certificate authority where the provider is to find it (kube-system by default). Run again,
# it keeps that authority. KUBECTL: how kubectl is called. VAULT_IMAGE: another image than the manifest's;
# VAULT_IMAGE_STAMP: a text that changes with it, where its name does not.
#
# It is for clusters that hold nothing real: every pod of the cluster, and whoever may create services/proxy in that
# namespace, may change what is in it and have any of its tokens.
set -eu
provider_namespace=${1:-kube-system}
kubectl=${KUBECTL:-kubectl}
image=${VAULT_IMAGE:-localhost/embedded-vault:dev}
here=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

$kubectl apply -f "$here/manifests/embedded-vault/namespace.yaml"
if ! $kubectl -n azure get secret embedded-vault-authority >/dev/null 2>&1; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 -subj "/CN=Embedded vault CA" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign \
    -keyout "$work/tls.key" -out "$work/tls.crt" 2>/dev/null
  $kubectl -n azure create secret tls embedded-vault-authority --cert="$work/tls.crt" --key="$work/tls.key"
fi
$kubectl -n azure get secret embedded-vault-authority -o 'jsonpath={.data.tls\.crt}' | base64 -d >"$work/ca.crt"
$kubectl -n "$provider_namespace" create configmap embedded-vault-authority --from-file="$work/ca.crt" \
  --dry-run=client -o yaml | $kubectl apply -f -
$kubectl kustomize "$here/manifests/embedded-vault" |
  sed -e "s|image: localhost/embedded-vault:dev|image: $image|" \
    -e "s|image-stamp: .*|image-stamp: \"${VAULT_IMAGE_STAMP:-none}\"|" | $kubectl apply -f -
$kubectl -n azure rollout status deployment/embedded-vault --timeout=180s
