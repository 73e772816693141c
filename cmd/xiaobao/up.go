package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"xiaobao/localstack"
)

// upCommand starts the whole system on this machine.
func upCommand() *cobra.Command {
	var sample, freePorts bool
	cmd := &cobra.Command{
		Use:   "up",
		Short: "Start the whole system on this machine, or what is down of it",
		Long: `Start PostgreSQL, Temporal with its web interface, the worker and the console in
the background, and wait until all are ready. What is up stays as it is, unless its
program was built anew.

Everything lives in XIAOBAO_HOME (./var). XIAOBAO_DATABASE_URL and TEMPORAL_ADDRESS
name servers elsewhere; then none is started here. Ports are chosen with
XIAOBAO_PORT_CONSOLE, XIAOBAO_PORT_TEMPORAL, XIAOBAO_PORT_TEMPORAL_UI and
XIAOBAO_PORT_POSTGRES, and remembered.

Settings of language models (XIAOBAO_LLM_…, XIAOBAO_LLM2_…) are passed on and not kept:
when they have changed since, worker and console are started again with the new ones.`,
		GroupID: "system",
		Args:    cobra.NoArgs,
		Example: "  xiaobao up --sample\n  XIAOBAO_PORT_CONSOLE=9090 xiaobao up",
		RunE: func(cmd *cobra.Command, _ []string) error {
			program, err := os.Executable()
			if err != nil {
				return fmt.Errorf("find our own program: %w", err)
			}
			return up(cmd.Context(), localstack.Options{
				Program: program, Getenv: os.Getenv, FreePorts: freePorts, Sample: sample, Out: cmd.OutOrStdout(),
			})
		},
	}
	cmd.Flags().BoolVar(&sample, "sample", false, "load the sample institution, if it is not there yet")
	cmd.Flags().BoolVar(&freePorts, "free-ports", false, "take the next free port where one is taken")
	return cmd
}

func up(ctx context.Context, o localstack.Options) error {
	began := time.Now()
	home, err := localstack.OpenHome(o.Getenv("XIAOBAO_HOME"))
	if err != nil {
		return err
	}
	release, err := lock(ctx, home, o.Out)
	if err != nil {
		return err
	}
	defer release()
	_, known := home.FirstLogin()
	stack, err := localstack.Plan(home, o)
	if err != nil {
		return err
	}
	if err := stack.Up(ctx); err != nil {
		return err
	}
	return greet(o.Out, home, known, time.Since(began))
}

// lock waits for another xiaobao that starts or stops the same home, and says
// for whom.
func lock(ctx context.Context, home localstack.Home, out io.Writer) (release func(), err error) {
	return home.Lock(ctx, func(pid string) {
		_, _ = fmt.Fprintf(out, "waiting for another xiaobao (process %s) that is starting or stopping this system …\n", pid)
	})
}

// greet prints where to go. The first password is shown once; afterwards only
// where it is kept.
func greet(out io.Writer, home localstack.Home, known bool, took time.Duration) error {
	state, err := home.State()
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "\nAll up after %.1f s.\n  Console      http://%s\n", took.Seconds(), state.Console)
	if state.TemporalUI != "" {
		_, _ = fmt.Fprintf(out, "  Temporal UI  %s\n", state.TemporalUI)
	}
	login, have := home.FirstLogin()
	switch {
	case have && !known:
		_, _ = fmt.Fprintf(out, "  First login  %s   password  %s\n", login.Login, login.Password)
		_, _ = fmt.Fprintf(out, "               also in %s/secrets/first_login.json; change it after logging in\n", home)
	case have:
		_, _ = fmt.Fprintf(out, "  First login  %s, its first password in %s/secrets/first_login.json\n", login.Login, home)
	}
	_, err = fmt.Fprintf(out, "  Logs         %s/log\n", home)
	return err
}
