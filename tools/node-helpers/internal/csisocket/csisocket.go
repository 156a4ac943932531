// Package csisocket is what both sidecars do with the driver's socket.
package csisocket

import (
	"flag"
	"strings"

	csi "github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// Flags makes a flag set with the flags that both sidecars have: the socket's path, and `-v`, which changes nothing.
func Flags(name string) (flags *flag.FlagSet, address *string) {
	flags = flag.NewFlagSet(name, flag.ExitOnError)
	flags.Int("v", 0, "accepted; changes nothing")
	return flags, flags.String("csi-address", "/run/csi/socket", "the driver's socket")
}

// Identity is a client of the driver's identity service; it connects when it is first used.
func Identity(address string) (csi.IdentityClient, error) {
	target := "unix://" + strings.TrimPrefix(address, "unix://")
	connection, err := grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, err
	}
	return csi.NewIdentityClient(connection), nil
}
