module azure-provider-tools/node-helpers

go 1.25.9

require (
	github.com/container-storage-interface/spec v1.9.0
	google.golang.org/grpc v1.79.3
	k8s.io/kubelet v0.34.4
)

require (
	github.com/golang/protobuf v1.5.4 // indirect
	golang.org/x/net v0.48.0 // indirect
	golang.org/x/sys v0.39.0 // indirect
	golang.org/x/text v0.32.0 // indirect
	google.golang.org/genproto/googleapis/rpc v0.0.0-20251202230838-ff82c1b0f217 // indirect
	google.golang.org/protobuf v1.36.10 // indirect
)

tool (
	azure-provider-tools/node-helpers/csi-node-driver-registrar
	azure-provider-tools/node-helpers/livenessprobe
	azure-provider-tools/node-helpers/pause
)
