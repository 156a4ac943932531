# shellcheck shell=bash
# What `node/up` and `kind-up` share once a cluster stands: the stock driver, and the lines that they print.
# Wants `k` (kubectl for the cluster), `log` and `die`.

# Settings of both, from the environment.
DRIVER_ROTATION=${DRIVER_ROTATION:-true}                  # the driver's --enable-secret-rotation; stock: false
DRIVER_ROTATION_INTERVAL=${DRIVER_ROTATION_INTERVAL:-5s}  # its --rotation-poll-interval; stock: 2m
DRIVER_SYNC=${DRIVER_SYNC:-true}                          # the role for synced Secrets; stock: false
DRIVER_TOKEN_AUDIENCES=${DRIVER_TOKEN_AUDIENCES-api://AzureADTokenExchange api://AKSIdentityBinding} # stock: none
KUBELET_SYNC=${KUBELET_SYNC:-10s}                         # how often the kubelet asks for a volume again; stock: 1m
DRIVER_INSTALL=${DRIVER_INSTALL:-true}                    # false: only the cluster

STEPS_HOME=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# driver_manifests: prints the folder with the driver's own manifests, from its Go module.
driver_manifests() {
  cd "$STEPS_HOME/../../tools/driver" || return
  go mod download sigs.k8s.io/secrets-store-csi-driver >&2 || return
  echo "$(go list -m -f '{{.Dir}}' sigs.k8s.io/secrets-store-csi-driver)/deploy"
}

# install_driver FOLDER: its manifests as they are, but for the settings above.
install_driver() {
  local name
  for name in rbac-secretproviderclass role-secretproviderclasses-admin role-secretproviderclasses-viewer \
    role-secretproviderclasspodstatuses-viewer secrets-store.csi.x-k8s.io_secretproviderclasses \
    secrets-store.csi.x-k8s.io_secretproviderclasspodstatuses; do
    k apply -f "$1/$name.yaml" >&2
  done
  if [ "$DRIVER_SYNC" = true ]; then
    k apply -f "$1/rbac-secretprovidersyncing.yaml" >&2
  else
    k delete --ignore-not-found -f "$1/rbac-secretprovidersyncing.yaml" >&2
  fi
  { cat "$1/csidriver.yaml" && token_requests; } | k apply -f - >&2
  sed -e "s/--enable-secret-rotation=false/--enable-secret-rotation=$DRIVER_ROTATION/" \
    -e "s/--rotation-poll-interval=2m/--rotation-poll-interval=$DRIVER_ROTATION_INTERVAL/" \
    "$1/secrets-store-csi-driver.yaml" | k apply -f - >&2
  k -n kube-system rollout status daemonset/csi-secrets-store --timeout=180s >&2
  wait_for_registration
}

# token_requests: the last lines of the CSIDriver's spec.
token_requests() {
  local audience
  echo "  tokenRequests:"
  [ -n "$DRIVER_TOKEN_AUDIENCES" ] || echo "    []"
  for audience in $DRIVER_TOKEN_AUDIENCES; do echo "    - audience: \"$audience\""; done
}

# wait_for_registration: until the kubelet of some node knows the driver.
wait_for_registration() {
  local n
  for ((n = 0; n < 150; n++)); do
    case $(k get csinodes -o jsonpath='{.items[*].spec.drivers[*].name}') in
      *secrets-store.csi.k8s.io*) return ;;
    esac
    sleep 0.4
  done
  die "the kubelet does not know the driver after a minute"
}

# print_cluster KIND KUBECONFIG KUBECTL LOAD ENTER: lines to eval, of what stands here.
print_cluster() {
  local names=(CONFORMANCE_CLUSTER KUBECONFIG KUBECTL CONFORMANCE_LOAD CONFORMANCE_ENTER) name
  for name in "${names[@]}"; do
    printf 'export %s=%q\n' "$name" "$1"
    shift
  done
}
