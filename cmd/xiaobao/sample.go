package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"xiaobao/casework"
	"xiaobao/importing"
	"xiaobao/localstack"
	"xiaobao/sample"
)

// sampleSeed makes the sample institution the same everywhere.
const sampleSeed = 20261101

// sampleCommand makes the sample institution.
func sampleCommand() *cobra.Command {
	cmd := group("sample", "A sample institution that does not exist, to learn and test with",
		"  xiaobao sample load\n  xiaobao sample write ./sample-data", sampleLoadCommand(), sampleWriteCommand())
	cmd.GroupID = "system"
	return cmd
}

func sampleLoadCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "load",
		Short: "Import the sample institution into this system",
		Long: "Import units, staff, customers and three months of contacts that end yesterday. What an interrupted\n" +
			"load left undone, the next one does; when all is there, nothing happens and nothing is printed.",
		Example: "  xiaobao sample load\n  xiaobao sample load --json",
		Args:    noArgs,
	}
	asJSON := jsonFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) (err error) {
		s, err := connect(cmd.Context(), "system")
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.close()) }()
		done, err := s.loadSample(cmd.Context(), cmd.ErrOrStderr())
		if err != nil || done == nil {
			return err
		}
		if *asJSON {
			return printJSON(cmd.OutOrStdout(), done)
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "sample institution loaded: %d units, %d staff, %d customers, %d touchpoints until %s\n",
			done.Orgs, done.Staff, done.Customers, done.Touchpoints, done.Until)
		return err
	}
	return cmd
}

func sampleWriteCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "write DIR",
		Short: "Write the sample institution to files, with the truth about it",
		Long: "Write orgs, staff, customers and touchpoints as JSON Lines that \"xiaobao import\" reads, and truth.jsonl:\n" +
			"for each touchpoint, the indicators that are true of it. No server is needed.",
		Example: "  xiaobao sample write ./sample-data",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return casework.Errorf(casework.Invalid, "name the directory to write to, such as \"xiaobao sample write ./sample-data\"")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			made, err := sample.Compose(time.Now(), sampleSeed)
			if err != nil {
				return err
			}
			return made.Write(args[0])
		},
	}
}

// A sampleLoaded counts what was loaded.
type sampleLoaded struct {
	Until       string   `json:"until"` // the last day with contacts
	Orgs        int      `json:"orgs"`
	Staff       int      `json:"staff"`
	Customers   int      `json:"customers"`
	Touchpoints int      `json:"touchpoints"`
	Logins      []string `json:"logins"`
}

// Imports of the sample are named after its anchor, so that a load that was
// cut off goes on with the same files on another day.
const (
	sampleFile = "sample-"
	sampleDay  = time.DateOnly
)

// loadSample imports the sample institution; nil when it is there already.
func (s *system) loadSample(ctx context.Context, log io.Writer) (*sampleLoaded, error) {
	anchor, done, err := s.sampleAnchor(ctx)
	if err != nil || done {
		return nil, err
	}
	made, err := sample.Compose(anchor, sampleSeed)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "xiaobao-sample-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := os.Chmod(dir, 0o700); err != nil {
		return nil, err
	}
	logins, err := s.importSample(ctx, made, dir, log)
	if err != nil {
		return nil, err
	}
	return &sampleLoaded{
		Until: made.Anchor.AddDate(0, 0, -1).Format(sampleDay), Orgs: len(made.Orgs), Staff: len(made.Staff),
		Customers: len(made.Customers), Touchpoints: len(made.Touchpoints), Logins: logins,
	}, nil
}

// importSample takes the kinds in one after another; touchpoints come last,
// so that when they are there, all is.
func (s *system) importSample(ctx context.Context, made *sample.Institution, dir string, log io.Writer) (logins []string, err error) {
	for _, kind := range sample.Kinds() {
		if kind == "touchpoints" {
			if logins, err = s.branchAccounts(ctx); err != nil {
				return nil, err
			}
		}
		name := filepath.Join(dir, sampleFile+made.Anchor.Format(sampleDay)+"-"+kind+".jsonl")
		if err := made.File(kind, name); err != nil {
			return nil, err
		}
		bar := newProgress(log, "loading "+kind)
		run, err := importing.Run(ctx, s.store, importing.Request{
			Kind: kind, File: name, By: "system", Progress: func(_ string, rows, of int) { bar.set(rows, of) },
		}, time.Now)
		bar.done()
		if err != nil {
			return nil, err
		}
		if run.Conflicts > 0 {
			return nil, casework.Errorf(casework.Conflict, "%d %s of the sample have the id of a record with other content", run.Conflicts, kind)
		}
	}
	return logins, nil
}

// sampleAnchor is the anchor of the sample that was begun here, or now; and
// whether that sample is complete.
func (s *system) sampleAnchor(ctx context.Context) (anchor time.Time, done bool, err error) {
	anchor = time.Now()
	page := casework.PageRequest{Limit: 500}
	for {
		runs, err := s.store.Imports(ctx, page)
		if err != nil {
			return anchor, false, err
		}
		for _, run := range runs.Rows {
			day, kind, ok := sampleRun(run.File)
			if !ok {
				continue
			}
			anchor, done = day, done || kind == "touchpoints" && run.Status == "done"
		}
		if page.After = runs.Next; runs.Next == "" {
			return anchor, done, nil
		}
	}
}

// sampleRun reads the name of an imported file as one of the sample's.
func sampleRun(file string) (day time.Time, kind string, ok bool) {
	rest, ok := strings.CutPrefix(file, sampleFile)
	if !ok || len(rest) <= len(sampleDay) {
		return day, "", false
	}
	day, err := time.ParseInLocation(sampleDay, rest[:len(sampleDay)], casework.Beijing)
	return day, strings.TrimSuffix(rest[len(sampleDay)+1:], ".jsonl"), err == nil
}

// branchAccounts makes accounts that see one branch, with the first password
// of this home. Where that is not known here, there are none.
func (s *system) branchAccounts(ctx context.Context) ([]string, error) {
	logins := []string{}
	home, err := localstack.OpenHome(s.home)
	if err != nil {
		return nil, err
	}
	first, ok := home.FirstLogin()
	if !ok {
		return logins, nil
	}
	for _, u := range []casework.User{
		{Login: "officer-east", Name: "华东消保专员", Role: casework.Officer, OrgID: "BR-EAST"},
		{Login: "business-east", Name: "华东业务经办", Role: casework.Business, OrgID: "BR-EAST"},
		{Login: "business-south", Name: "华南业务经办", Role: casework.Business, OrgID: "BR-SOUTH"},
	} {
		if _, err := s.desk.FirstUser(ctx, u, first.Password); err != nil && casework.KindOf(err) != casework.Conflict {
			return nil, err
		}
		logins = append(logins, u.Login)
	}
	return logins, nil
}
