# shellcheck shell=bash
# The cluster's authority, the certificates of its parts, and a kubeconfig for each client.

PKI=$STATE/pki

make_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$PKI/$1.key"; }

make_authority() {
  [ ! -e "$PKI/ca.crt" ] || return 0
  mkdir -p "$PKI"
  chmod 700 "$PKI"
  make_key ca
  openssl genrsa -out "$PKI/service-accounts.key" 2048 2>/dev/null
  openssl req -x509 -new -key "$PKI/ca.key" -subj "/CN=$CGROUP" -days 365 -out "$PKI/ca.crt"
}

# make_certificate NAME SUBJECT [NAMES]: for both sides of TLS.
make_certificate() {
  [ ! -e "$PKI/$1.crt" ] || return 0
  make_key "$1"
  {
    printf 'keyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth,clientAuth\n'
    [ -z "${3:-}" ] || echo "subjectAltName=$3"
  } >"$PKI/$1.ext"
  openssl req -new -key "$PKI/$1.key" -subj "$2" |
    openssl x509 -req -CA "$PKI/ca.crt" -CAkey "$PKI/ca.key" -CAcreateserial -days 365 -extfile "$PKI/$1.ext" \
      -out "$PKI/$1.crt" 2>/dev/null
}

# make_client NAME SUBJECT [FILE]: a certificate and a kubeconfig of it.
make_client() {
  local file=${3:-$PKI/$1.kubeconfig}
  make_certificate "$1" "$2"
  (
    umask 077
    cat >"$file" <<KUBECONFIG
apiVersion: v1
kind: Config
current-context: node
contexts: [{name: node, context: {cluster: node, user: $1}}]
clusters: [{name: node, cluster: {server: "https://$NODE_IP:6443", certificate-authority-data: $(base64 -w0 "$PKI/ca.crt")}}]
users: [{name: $1, user: {client-certificate-data: $(base64 -w0 "$PKI/$1.crt"), client-key-data: $(base64 -w0 "$PKI/$1.key")}}]
KUBECONFIG
  )
}

make_keys() {
  make_authority
  local service=kubernetes.default.svc
  make_certificate kube-apiserver /CN=kube-apiserver \
    "IP:$NODE_IP,IP:127.0.0.1,IP:$SERVICE_IP,DNS:kubernetes,DNS:kubernetes.default,DNS:$service,DNS:$service.cluster.local"
  make_certificate apiserver-kubelet-client /O=system:masters/CN=apiserver-kubelet-client
  make_certificate kubelet "/O=system:nodes/CN=system:node:$NODE_NAME" "IP:$NODE_IP,DNS:$NODE_NAME"
  make_client kubelet "/O=system:nodes/CN=system:node:$NODE_NAME"
  make_client kube-controller-manager /CN=system:kube-controller-manager
  make_client kube-scheduler /CN=system:kube-scheduler
  make_client kube-proxy /CN=system:kube-proxy
  make_client admin /O=system:masters/CN=admin "$KUBECONFIG_FILE"
}
