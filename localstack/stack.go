package localstack

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"

	"golang.org/x/sync/errgroup"

	"xiaobao/casework"
)

// A Stack is what to run in one home.
type Stack struct {
	Home   Home
	Stages []Stage
	Out    io.Writer // what is happening, for a person

	mu sync.Mutex
}

// Up starts what is down, stage by stage. Steps run only when a part behind
// them has to be started: what is up needed them already.
func (s *Stack) Up(ctx context.Context) error {
	order := 0
	for i, stage := range s.Stages {
		for _, step := range stage.Steps {
			if !s.needed(s.Stages[i:]) {
				continue
			}
			if err := s.runStep(ctx, step); err != nil {
				return err
			}
		}
		group, ctx := errgroup.WithContext(ctx)
		for _, part := range stage.Parts {
			order++
			place := order
			group.Go(func() error { return s.startPart(ctx, part, place) })
		}
		if err := group.Wait(); err != nil {
			return err
		}
	}
	return nil
}

// needed reports whether a part of these stages is down or out of date.
func (s *Stack) needed(stages []Stage) bool {
	for _, stage := range stages {
		for _, part := range stage.Parts {
			r, up := s.Home.running(part.Name)
			if !part.Elsewhere && (!up || r.Fingerprint != part.Command.fingerprint()) {
				return true
			}
		}
	}
	return false
}

// Down stops all that runs in the home, last started first, whatever started
// it: also parts that a later version no longer knows.
func Down(ctx context.Context, h Home, out io.Writer) error {
	s := &Stack{Home: h, Out: out}
	running := h.allRunning()
	if len(running) == 0 {
		s.say("", "nothing runs here")
	}
	var problems error
	for _, r := range running {
		if err := end(ctx, r); err != nil {
			problems = errors.Join(problems, err)
			continue
		}
		problems = errors.Join(problems, h.dropRecord(r.Name))
		s.say(r.Name, "stopped")
	}
	return problems
}

// Reset stops everything and forgets it. It removes only a folder that is
// recognisably ours.
func Reset(ctx context.Context, h Home, out io.Writer) error {
	state, err := h.State()
	if err != nil {
		return err
	}
	if err := ours(h); err != nil {
		return err
	}
	if err := Down(ctx, h, out); err != nil {
		return err
	}
	if state.PostgresData != "" && filepath.Dir(filepath.Dir(state.PostgresData)) == farData {
		if err := os.RemoveAll(filepath.Dir(state.PostgresData)); err != nil {
			return casework.Errorf(casework.Internal, "the database in %s could not be removed", state.PostgresData).Because(err)
		}
	}
	if err := os.RemoveAll(string(h)); err != nil {
		return casework.Errorf(casework.Internal, "%s could not be removed whole", string(h)).Because(err)
	}
	(&Stack{Home: h, Out: out}).say("", "forgot %s", string(h))
	return nil
}

// ours refuses to remove a folder that holds anything we do not put there.
func ours(h Home) error {
	known := map[string]bool{
		"run": true, "log": true, "secrets": true, "lock": true, "stack.json": true,
		"postgres": true, "postgres.new": true, "temporal": true, "token": true, "cache": true, "imports": true, "assets": true,
	}
	entries, err := os.ReadDir(string(h))
	if err != nil {
		return casework.Errorf(casework.Invalid, "%s cannot be read", string(h)).Because(err)
	}
	for _, e := range entries {
		if !known[e.Name()] {
			return casework.Errorf(casework.Conflict, "%s holds %q, which is not ours; move it away and reset again", string(h), e.Name()).
				InChinese("%s 中有不属于本系统的 %q，请先移走再重置。", string(h), e.Name())
		}
	}
	return nil
}
