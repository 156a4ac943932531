# shellcheck shell=bash
# The kubelet, kube-proxy, and names for pods. Settings: KUBELET_SYNC (see `up`).

start_dns() {
  start_with "$STATE/Corefile" dns "$DNS/dns" -conf "$STATE/Corefile" <<COREFILE
.:53 {
  bind $NODE_IP
  errors
  kubernetes cluster.local in-addr.arpa {
    kubeconfig $KUBECONFIG_FILE
  }
}
COREFILE
}

start_kubelet() {
  echo "# names outside the cluster: none" >"$STATE/resolv.conf"
  start_with "$STATE/kubelet.yaml" kubelet \
    "$KUBERNETES/kubelet" --config="$STATE/kubelet.yaml" --kubeconfig="$PKI/kubelet.kubeconfig" \
    --hostname-override="$NODE_NAME" --node-ip="$NODE_IP" --v=2 <<KUBELET
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $NODE_IP
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: $PKI/ca.crt}}
authorization: {mode: Webhook}
tlsCertFile: $PKI/kubelet.crt
tlsPrivateKeyFile: $PKI/kubelet.key
containerRuntimeEndpoint: unix://$CONTAINERD_SOCKET
cgroupDriver: cgroupfs
cgroupRoot: /$CGROUP
clusterDomain: cluster.local
clusterDNS: [$NODE_IP]
resolvConf: $STATE/resolv.conf
syncFrequency: $KUBELET_SYNC
maxPods: 200
serializeImagePulls: false
failSwapOn: false
volumePluginDir: $STATE/flexvolume
# A machine's disk may be nearly full without the tests being at fault.
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%, nodefs.inodesFree: 1%}
KUBELET
}

start_kube_proxy() {
  start_with "$STATE/kube-proxy.yaml" kube-proxy "$KUBERNETES/kube-proxy" --config="$STATE/kube-proxy.yaml" <<PROXY
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: iptables
hostnameOverride: $NODE_NAME
clusterCIDR: $POD_CIDR
bindAddress: $NODE_IP
clientConnection: {kubeconfig: $PKI/kube-proxy.kubeconfig}
# The limits of connection tracking are the whole machine's.
conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
PROXY
}

wait_for_node() {
  wait_for 60 kubelet k get "node/$NODE_NAME"
  k wait --for=condition=Ready "node/$NODE_NAME" --timeout=120s >&2
}
