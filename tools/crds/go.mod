// Modules whose custom resource definitions the manifests' test installs; nothing is built from them.
module tools/crds

go 1.26.0

require (
	github.com/Azure/aad-pod-identity v1.8.17
	github.com/openshift/api v0.0.0-20251020135558-286504b695bc
	github.com/prometheus-operator/prometheus-operator v0.85.0
	sigs.k8s.io/secrets-store-csi-driver v1.6.0
)
