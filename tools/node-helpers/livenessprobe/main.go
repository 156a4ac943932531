// Command livenessprobe stands in for the sidecar of that name, whose module not every proxy serves: `/healthz` over
// HTTP becomes a CSI Probe. It has the flags that the driver's own manifest passes, and no metrics.
package main

import (
	"context"
	"log"
	"net/http"
	"os"
	"time"

	csi "github.com/container-storage-interface/spec/lib/go/csi"

	"azure-provider-tools/node-helpers/internal/csisocket"
)

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	flags, address := csisocket.Flags("livenessprobe")
	limit := flags.Duration("probe-timeout", time.Second, "how long the driver may take")
	endpoint := flags.String("http-endpoint", "0.0.0.0:9808", "address and port to listen on")
	if err := flags.Parse(os.Args[1:]); err != nil {
		return err
	}
	client, err := csisocket.Identity(*address)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(writer http.ResponseWriter, request *http.Request) {
		ctx, cancel := context.WithTimeout(request.Context(), *limit)
		defer cancel()
		answer, err := client.Probe(ctx, &csi.ProbeRequest{})
		switch {
		case err != nil:
			http.Error(writer, err.Error(), http.StatusInternalServerError)
		case answer.GetReady() != nil && !answer.GetReady().GetValue():
			http.Error(writer, "the driver is not ready", http.StatusInternalServerError)
		default:
			_, _ = writer.Write([]byte("ok"))
		}
	})
	server := &http.Server{Addr: *endpoint, Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	return server.ListenAndServe()
}
