# shellcheck shell=bash
# containerd with runc, and pods' interfaces by the CNI plugins ptp and portmap.

# Seen only inside the node.
CONTAINERD_SOCKET=/run/containerd/containerd.sock

start_container_runtime() {
  mkdir -p "$STATE/cni"
  cat >"$STATE/cni/10-pods.conflist" <<CNI
{"cniVersion": "0.4.0", "name": "pods", "plugins": [
  {"type": "ptp", "ipMasq": false,
   "ipam": {"type": "host-local", "subnet": "$POD_CIDR", "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}, "snat": true}
]}
CNI
  # restrict_oom_score_adj: where CAP_SYS_RESOURCE is missing, no score may be lowered.
  start_with "$STATE/containerd.toml" containerd \
    "$PACKAGES/usr/bin/containerd" --config "$STATE/containerd.toml" <<TOML
version = 2
root = "$STATE/containerd"
state = "/run/containerd"
[grpc]
  address = "$CONTAINERD_SOCKET"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "$PAUSE_IMAGE"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "$PACKAGES/usr/lib/cni"
    conf_dir = "$STATE/cni"
TOML
}

# ctr ARGUMENT…: containerd's own client, where the kubelet's images are.
ctr() {
  LD_LIBRARY_PATH=$PACKAGE_LIBS inside "$PACKAGES/usr/bin/ctr" --address "$CONTAINERD_SOCKET" --namespace k8s.io "$@"
}

# import_image TAR: OCI or Docker layout; read here, so that it may lie anywhere.
import_image() {
  ctr images import - <"$1" >/dev/null 2>"$STATE/log/import.log" || die "$1: $(cat "$STATE/log/import.log")"
}

import_node_images() {
  local tar
  wait_for 60 containerd ctr version
  [ "$(cat "$STATE/imported" 2>/dev/null)" != "$IMAGES" ] || return 0
  for tar in "$IMAGES"/*.tar; do import_image "$tar"; done
  echo "$IMAGES" >"$STATE/imported"
}
