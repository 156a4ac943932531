# shellcheck shell=bash
# etcd, kube-apiserver, kube-controller-manager and kube-scheduler: as any small cluster has them.

start_api_server() {
  mkdir -p "$STATE/etcd"
  chmod 700 "$STATE/etcd"
  # A test cluster need not outlive a power cut: without fsync it does not wait for the disk.
  start etcd "$API_SERVER/server" --data-dir="$STATE/etcd" --unsafe-no-fsync --log-level=warn \
    --listen-client-urls=http://127.0.0.1:2379 --advertise-client-urls=http://127.0.0.1:2379 \
    --listen-peer-urls=http://127.0.0.1:2380
  start kube-apiserver "$API_SERVER/kube-apiserver" --etcd-servers=http://127.0.0.1:2379 \
    --advertise-address="$NODE_IP" --secure-port=6443 --service-cluster-ip-range="$SERVICE_CIDR" \
    --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction --allow-privileged=true \
    --client-ca-file="$PKI/ca.crt" \
    --tls-cert-file="$PKI/kube-apiserver.crt" --tls-private-key-file="$PKI/kube-apiserver.key" \
    --kubelet-certificate-authority="$PKI/ca.crt" --kubelet-preferred-address-types=InternalIP \
    --kubelet-client-certificate="$PKI/apiserver-kubelet-client.crt" \
    --kubelet-client-key="$PKI/apiserver-kubelet-client.key" \
    --service-account-issuer=https://kubernetes.default.svc.cluster.local \
    --service-account-key-file="$PKI/service-accounts.key" \
    --service-account-signing-key-file="$PKI/service-accounts.key"
}

start_controllers() {
  wait_for 60 kube-apiserver k get --raw /readyz
  start kube-controller-manager "$KUBERNETES/kube-controller-manager" --leader-elect=false --bind-address=127.0.0.1 \
    --kubeconfig="$PKI/kube-controller-manager.kubeconfig" --use-service-account-credentials \
    --root-ca-file="$PKI/ca.crt" --service-account-private-key-file="$PKI/service-accounts.key" \
    --flex-volume-plugin-dir="$STATE/flexvolume"
  start kube-scheduler "$KUBERNETES/kube-scheduler" --leader-elect=false --bind-address=127.0.0.1 \
    --kubeconfig="$PKI/kube-scheduler.kubeconfig"
}
