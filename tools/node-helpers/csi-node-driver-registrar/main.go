// Command csi-node-driver-registrar stands in for the sidecar of that name, whose module not every proxy serves: it asks
// the driver for its name and tells the kubelet where its socket is. It has the flags that the driver's own manifest
// passes, and no health server.
package main

import (
	"context"
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	csi "github.com/container-storage-interface/spec/lib/go/csi"
	"google.golang.org/grpc"
	registration "k8s.io/kubelet/pkg/apis/pluginregistration/v1"

	"azure-provider-tools/node-helpers/internal/csisocket"
)

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	flags, address := csisocket.Flags("csi-node-driver-registrar")
	endpoint := flags.String("kubelet-registration-path", "", "the driver's socket as the kubelet sees it")
	folder := flags.String("plugin-registration-path", "/registration", "the kubelet's folder of plugins")
	if err := flags.Parse(os.Args[1:]); err != nil {
		return err
	}
	name, err := driverName(*address)
	if err != nil {
		return err
	}
	socket := filepath.Join(*folder, name+"-reg.sock")
	// The kubelet looks for new sockets: one that a container before this left there says nothing to it.
	if err := os.Remove(socket); err != nil && !os.IsNotExist(err) {
		return err
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	server := grpc.NewServer()
	refused := make(chan string, 1)
	registration.RegisterRegistrationServer(server, &plugin{name: name, endpoint: *endpoint, refused: refused})
	log.Printf("the kubelet is told of %s at %s", name, *endpoint)
	return serve(server, listener, refused)
}

// driverName waits for the driver, as long as it takes.
func driverName(address string) (string, error) {
	client, err := csisocket.Identity(address)
	if err != nil {
		return "", err
	}
	for {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		info, err := client.GetPluginInfo(ctx, &csi.GetPluginInfoRequest{}, grpc.WaitForReady(true))
		cancel()
		if err == nil && info.GetName() != "" {
			return info.GetName(), nil
		}
		log.Printf("the driver has not said its name: %v", err)
		time.Sleep(time.Second)
	}
}

// serve ends without an error when it is told to end, and with one when the kubelet has refused the driver.
func serve(server *grpc.Server, listener net.Listener, refused <-chan string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	select {
	case err := <-ended:
		return err
	case why := <-refused:
		server.Stop()
		return fmt.Errorf("the kubelet refused the driver: %s", why)
	case <-ctx.Done():
		server.GracefulStop() // removes the socket
		return nil
	}
}
