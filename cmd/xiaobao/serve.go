package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"xiaobao/casework"
	"xiaobao/web/console"
)

// serveCommand serves the console.
func serveCommand() *cobra.Command {
	var secure bool
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the console",
		Long: "Serve the officers' console on XIAOBAO_LISTEN until told to stop. Behind a reverse proxy that speaks\n" +
			"https give --secure (or set XIAOBAO_SECURE=true), so that browsers send the session cookie over https only.",
		GroupID: "system",
		Example: "  XIAOBAO_LISTEN=127.0.0.1:8080 xiaobao serve",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if !cmd.Flags().Changed("secure") {
				var err error
				if secure, err = secureByEnvironment(); err != nil {
					return err
				}
			}
			return serve(cmd.Context(), secure)
		},
	}
	cmd.Flags().BoolVar(&secure, "secure", false, "send the session cookie over https only (default $XIAOBAO_SECURE)")
	return cmd
}

// secureByEnvironment reads XIAOBAO_SECURE. What is neither true nor false is
// refused: a misspelt switch must not leave the cookie open.
func secureByEnvironment() (bool, error) {
	given := os.Getenv("XIAOBAO_SECURE")
	if given == "" {
		return false, nil
	}
	secure, err := strconv.ParseBool(given)
	if err != nil {
		return false, casework.Errorf(casework.Invalid, "XIAOBAO_SECURE is %q; set it to true or false", given)
	}
	return secure, nil
}

// shutdownWithin is how long open requests get when the server stops.
const shutdownWithin = 10 * time.Second

func serve(ctx context.Context, secure bool) (err error) {
	s, err := connect(ctx, "console")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	engine, err := s.engine()
	if err != nil {
		return err
	}
	c := &console.Console{
		Desk: s.desk, Book: s.desk.Book,
		Screener:   func() console.Screener { return engine.NewScreener() },
		Sessions:   console.NewSessions(s.store.Sessions(), secure),
		Log:        s.log,
		TemporalUI: s.temporalUI, Namespace: s.namespace, Version: buildVersion(),
		AssetsDir: filepath.Join(s.home, "assets"),
	}
	handler, err := c.Handler()
	if err != nil {
		return err
	}
	if err := s.desk.ResumeImports(ctx); err != nil {
		s.log.Warn("imports left behind could not be resumed", "error", err)
	}
	go s.sweepSessions(ctx)
	server := &http.Server{
		Addr: s.listen, Handler: handler,
		ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		BaseContext: func(net.Listener) context.Context { return ctx },
		ErrorLog:    slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownWithin)
		defer cancel()
		stopped <- server.Shutdown(late)
	}()
	s.log.Info("console started", "listen", s.listen, "rulebook", s.desk.Book.Version())
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return casework.Errorf(casework.Conflict, "the console cannot listen on %s; set XIAOBAO_LISTEN to another address", s.listen).Because(err)
	}
	if err := <-stopped; err != nil && !errors.Is(err, os.ErrDeadlineExceeded) && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// sweepSessions forgets expired sessions now and then, until ctx ends.
func (s *system) sweepSessions(ctx context.Context) {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if _, err := s.store.Sessions().RemoveExpired(ctx); err != nil && ctx.Err() == nil {
				s.log.Warn("expired sessions could not be removed", "error", err)
			}
		}
	}
}
