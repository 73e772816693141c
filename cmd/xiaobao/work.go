package main

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/spf13/cobra"

	"xiaobao/activities"
	"xiaobao/casework"
	"xiaobao/desk"
	"xiaobao/llm"
	"xiaobao/report"
	"xiaobao/screening"
	"xiaobao/store"
	"xiaobao/unaided"
	"xiaobao/worker"
)

// workCommand runs a worker.
func workCommand() *cobra.Command {
	var build string
	cmd := &cobra.Command{
		Use:   "work",
		Short: "Run a worker: the procedures and the work behind them",
		Long: "Run one worker until it is told to stop (SIGINT, SIGTERM). Any number of them share the work.\n" +
			"What one had in hand when it is killed, another takes up where it was saved last.",
		GroupID: "system",
		Example: "  xiaobao work\n  xiaobao work --build 2026.11.1",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return work(cmd.Context(), build)
		},
	}
	cmd.Flags().StringVar(&build, "build", "", "version of the deployment this worker is; empty: unversioned")
	return cmd
}

func work(ctx context.Context, build string) (err error) {
	s, err := connect(ctx, "system")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)

	engine, err := s.engine()
	if err != nil {
		return err
	}
	acts := s.activities(engine)
	options := worker.Options{Build: build, OnFatal: stop}
	if acts.Models, options.First, options.Second, err = s.models(os.Getenv, engine); err != nil {
		return err
	}
	w := worker.New(s.temporal, acts, options)
	if err := w.Start(); err != nil {
		return err
	}
	s.log.Info("worker started", "rulebook", s.desk.Book.Version(), "temporal", s.config.temporal)
	s.repair(ctx)
	w.Stop()
	s.log.Info("worker stopped")
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

// activities are the work behind the procedures, on this system.
func (s *system) activities(engine *screening.Engine) *activities.Activities {
	return &activities.Activities{
		Inspections: s.store,
		Reports:     report.Canon{Records: s.store, Book: s.desk.Book},
		Rules:       s.desk.Book,
		RulesHash:   s.desk.Book.Hash,
		NewScreener: func() activities.Screener { return engine.NewScreener() },
		Log:         s.log,

		Cascade: s.store, Consultations: s.store,
	}
}

var _ activities.Screener = (*screening.Screener)(nil)

// sweepEvery is how often a worker looks for orders whose procedure never
// started, and for inspections whose procedure was ended past itself.
const sweepEvery = time.Minute

// repair starts orders left behind by a crash and closes what was ended past
// its procedure, until ctx ends.
func (s *system) repair(ctx context.Context) {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := s.desk.StartOrdered(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("orders left behind could not be started", "kind", casework.KindOf(err), "error", err)
		}
		if err := s.desk.StartConsultations(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("consultations left behind could not be started", "kind", casework.KindOf(err), "error", err)
		}
		if err := s.desk.CloseFailed(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("inspections whose procedure has ended could not be closed", "kind", casework.KindOf(err), "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

var (
	_ activities.Inspections   = (*store.Store)(nil)
	_ activities.Cascade       = (*store.Store)(nil)
	_ activities.Consultations = (*store.Store)(nil)
	_ activities.Unaided       = (*unaided.Reader)(nil)
	_ desk.Records             = (*store.Store)(nil)
	_ llm.Ledger               = (*store.Store)(nil)
)
