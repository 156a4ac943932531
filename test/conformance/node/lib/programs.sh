# shellcheck shell=bash disable=SC2034 # the other files use the folders
# The Go programs, from the modules below tools/.

build_programs() {
  API_SERVER=$(build api-server) # etcd, as `server`, and kube-apiserver
  KUBERNETES=$(build kubernetes)
  DNS=$(build dns)
  HELPERS=$(build node-helpers)
  DRIVER=$(build driver)
  KUBECTL=$KUBERNETES/kubectl
}
build() { nice -n 10 "$CHECKOUT/tools/build.sh" "$1" || exit; }

# k ARGUMENT…: kubectl as the cluster's administrator, past any proxy of this machine.
k() { env -u HTTPS_PROXY -u https_proxy -u ALL_PROXY -u all_proxy "$KUBECTL" --kubeconfig "$KUBECONFIG_FILE" "$@"; }
