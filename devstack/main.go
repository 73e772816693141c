package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"
)

const (
	// frontendService is what the health service calls the frontend.
	frontendService = "temporal.api.workflowservice.v1.WorkflowService"

	startWithin = 60 * time.Second
	stopWithin  = 20 * time.Second
	askEvery    = 50 * time.Millisecond
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "devstack: "+err.Error())
		os.Exit(1)
	}
}

// run starts everything, says so on out, and stops when ctx ends.
func run(ctx context.Context, args []string, out, help io.Writer) error {
	s, err := readSettings(args, help)
	if err != nil {
		return err
	}
	release, err := lockDatabase(s.db)
	if err != nil {
		return err
	}
	defer release()
	if err := portsAreFree(s); err != nil {
		return err
	}
	syscall.Umask(0o077) // the histories are nobody else's business
	began := time.Now()
	if err := prepareDatabase(ctx, s.db); err != nil {
		return err
	}
	server, err := newServer(s)
	if err != nil {
		return fmt.Errorf("temporal server: %w", err)
	}
	if err := server.Start(); err != nil {
		return fmt.Errorf("temporal server: %w", err)
	}
	defer stopInTime(server.Stop, s.db)
	if s.uiPort != 0 {
		ui := newUI(s)
		go func() { _ = ui.Start() }() // ends the process itself when it cannot listen
		defer ui.Stop()
	}
	if err := awaitReady(ctx, s); err != nil {
		if ctx.Err() != nil { // told to stop before it was up
			return nil
		}
		return err
	}
	_, _ = fmt.Fprintf(out, "ready after %.1f s: Temporal %s, namespace %s%s, database %s\n",
		time.Since(began).Seconds(), s.frontend(), s.namespace, uiNote(s), s.db)
	<-ctx.Done()
	_, _ = fmt.Fprintln(out, "stopping")
	return nil
}

func uiNote(s settings) string {
	if s.uiPort == 0 {
		return ""
	}
	return ", web interface http://" + s.ui()
}

// portsAreFree tells of a taken port in words before the server would panic
// over it.
func portsAreFree(s settings) error {
	addresses := map[string]string{"--port": s.frontend()}
	if s.uiPort != 0 {
		addresses["--ui-port"] = s.ui()
	}
	for name, address := range addresses {
		l, err := net.Listen("tcp", address)
		if err != nil {
			return fmt.Errorf("%s: %s is not to be had (%w); choose another port", name, address, err)
		}
		_ = l.Close()
	}
	return nil
}

// awaitReady waits until the frontend says that it serves and the pages
// answer.
func awaitReady(ctx context.Context, s settings) error {
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	conn, err := grpc.NewClient(s.frontend(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return fmt.Errorf("ask the frontend: %w", err)
	}
	defer func() { _ = conn.Close() }()
	frontend := grpc_health_v1.NewHealthClient(conn)
	ready := func() bool {
		answer, err := frontend.Check(ctx, &grpc_health_v1.HealthCheckRequest{Service: frontendService})
		return err == nil && answer.GetStatus() == grpc_health_v1.HealthCheckResponse_SERVING && uiAnswers(ctx, s)
	}
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	for !ready() {
		select {
		case <-ctx.Done():
			return fmt.Errorf("not ready within %s: %w", startWithin, context.Cause(ctx))
		case <-tick.C:
		}
	}
	return nil
}

func uiAnswers(ctx context.Context, s settings) bool {
	if s.uiPort == 0 {
		return true
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.ui()+"/healthz", nil)
	if err != nil {
		return false
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	_ = answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// stopInTime stops the server, but does not wait for ever: what was
// acknowledged is on disk, so that leaving early is only untidy.
func stopInTime(stop func() error, db string) {
	done := make(chan error, 1)
	go func() { done <- stop() }()
	select {
	case err := <-done:
		if err != nil {
			fmt.Fprintln(os.Stderr, "devstack: stop: "+err.Error())
		}
	case <-time.After(stopWithin):
		fmt.Fprintln(os.Stderr, "devstack: the server did not stop in time; leaving")
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	if err := settleDatabase(ctx, db); err != nil {
		fmt.Fprintln(os.Stderr, "devstack: "+err.Error())
	}
}
