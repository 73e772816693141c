package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"go.temporal.io/sdk/client"

	"xiaobao/casework"
	"xiaobao/desk"
	"xiaobao/screening"
	"xiaobao/store"
	"xiaobao/worker"
)

// A system is a connection to everything that runs.
type system struct {
	config
	store    *store.Store
	temporal client.Client
	desk     *desk.Desk
	engine   func() (*screening.Engine, error) // compiled when it is first asked for
	log      *slog.Logger
}

// connect opens the database and Temporal. Via is where requests come from,
// for the audit trail.
func connect(ctx context.Context, via string) (*system, error) {
	c, err := readConfig()
	if err != nil {
		return nil, err
	}
	book, err := openBook(nil)
	if err != nil {
		return nil, err
	}
	compile := sync.OnceValues(func() (*screening.Engine, error) { return screening.Compile(book) })
	s := &system{config: c, engine: compile, log: slog.New(slog.NewJSONHandler(os.Stderr, nil))}
	if s.store, err = store.Open(ctx, c.database); err != nil {
		return nil, casework.Errorf(casework.Busy, "the database does not answer; is the system up? (xiaobao status)").Because(err)
	}
	if err := s.store.CheckSchema(ctx); err != nil {
		return nil, errors.Join(err, s.store.Close())
	}
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	quiet := slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	s.temporal, err = client.NewLazyClient(client.Options{
		HostPort: c.temporal, Namespace: c.namespace, Identity: "xiaobao-" + via + "@" + host, Logger: worker.Logger(quiet),
	})
	if err != nil {
		return nil, errors.Join(err, s.store.Close())
	}
	s.desk = &desk.Desk{
		Temporal: s.temporal, Records: s.store, Book: book, Log: s.log, Home: c.home,
	}
	bench := newTrialBench(s)
	s.desk.Try, s.desk.Mask = bench.try, bench.mask
	if s.desk.Settings, err = s.settings(os.Getenv); err != nil {
		return nil, errors.Join(err, s.close())
	}
	return s, nil
}

func (s *system) close() error {
	s.temporal.Close()
	return s.store.Close()
}

// asUser runs a command's work as whoever is logged in on this machine.
func asUser(work func(ctx context.Context, s *system, u casework.User, cmd *cobra.Command, args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) (err error) {
		s, err := connect(cmd.Context(), "cli")
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.close()) }()
		token, err := readToken(s.home)
		if err != nil {
			return err
		}
		u, err := s.desk.TokenUser(cmd.Context(), token)
		if err != nil {
			return err
		}
		return work(cmd.Context(), s, u, cmd, args)
	}
}

// tokenFile is where "xiaobao login" keeps the token of this system.
func tokenFile(home string) string { return filepath.Join(home, "secrets", "cli_token") }

func readToken(home string) (string, error) {
	if token := os.Getenv("XIAOBAO_TOKEN"); token != "" {
		return token, nil
	}
	text, err := os.ReadFile(tokenFile(home))
	if err != nil {
		return "", casework.Errorf(casework.Denied, "you are not logged in; run \"xiaobao login\" or set XIAOBAO_TOKEN")
	}
	return strings.TrimSpace(string(text)), nil
}

// jsonFlag gives a command the flag --json.
func jsonFlag(cmd *cobra.Command) *bool {
	return cmd.Flags().Bool("json", false, "print JSON")
}

// pageFlags give a list command --limit and --after.
func pageFlags(cmd *cobra.Command) *casework.PageRequest {
	p := new(casework.PageRequest)
	cmd.Flags().IntVar(&p.Limit, "limit", 50, "rows to show, at most 500")
	cmd.Flags().StringVar(&p.After, "after", "", "cursor of the next page, as the page before gave it")
	return p
}

// more tells how to see the next page.
func more(w io.Writer, next string) error {
	if next == "" {
		return nil
	}
	_, err := fmt.Fprintf(w, "… more with --after %s\n", next)
	return err
}

// group is a command that only holds others.
func group(use, short, example string, children ...*cobra.Command) *cobra.Command {
	cmd := &cobra.Command{
		Use: use, Short: short, GroupID: "online", Example: example, Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(children...)
	return cmd
}
