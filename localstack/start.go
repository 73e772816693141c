package localstack

import (
	"context"
	"fmt"
	"strings"
	"time"

	"xiaobao/casework"
)

const (
	// readyWithin is how long a part may take that says nothing else.
	readyWithin = 60 * time.Second
	// quiet is after how long a person is told that we still wait.
	quiet = 10 * time.Second
	// lastLines of a log are usually enough to see why a part died.
	lastLines = 15
)

// startPart brings one part from whatever it is to ready.
func (s *Stack) startPart(ctx context.Context, p Part, order int) error {
	began := time.Now()
	if p.Elsewhere {
		return s.awaitElsewhere(ctx, p)
	}
	if r, up := s.Home.running(p.Name); up {
		if r.Fingerprint == p.Command.fingerprint() && s.answers(ctx, p, r) {
			s.say(p.Name, "up already, %s", describe(r, p))
			return nil
		}
		s.say(p.Name, "changed or not answering: starting it again")
		if err := end(ctx, r); err != nil {
			return err
		}
	}
	if err := s.Home.dropRecord(p.Name); err != nil {
		return err
	}
	if p.Prepare != nil {
		if err := p.Prepare(ctx); err != nil {
			return err
		}
	}
	r, err := s.launch(ctx, p, order)
	if err != nil {
		return err
	}
	if p.Settle != nil {
		if err := p.Settle(ctx); err != nil {
			return err
		}
	}
	s.say(p.Name, "up after %s, %s", seconds(began), describe(r, p))
	return nil
}

// launch starts the process and waits until it is ready, or dead.
func (s *Stack) launch(ctx context.Context, p Part, order int) (Record, error) {
	s.say(p.Name, "starting …")
	log := s.Home.logFile(p.Name)
	if err := rotate(log); err != nil {
		return Record{}, err
	}
	offset := sizeOf(log)
	pid, ended, err := s.Home.spawn(p.Name, p.Command)
	if err != nil {
		return Record{}, err
	}
	r, alive := identify(pid)
	if !alive {
		return r, died(p.Name, log, offset)
	}
	r.Name, r.Address, r.Order = p.Name, p.Address, order
	r.Fingerprint, r.StopSignal, r.StopWithin = p.Command.fingerprint(), p.StopSignal, p.StopWithin
	if err := s.Home.keepRecord(r); err != nil {
		return r, err
	}
	return r, s.awaitReady(ctx, p, r, ended, offset)
}

func (s *Stack) awaitReady(ctx context.Context, p Part, r Record, ended <-chan struct{}, offset int64) error {
	within := p.Within
	if within == 0 {
		within = readyWithin
	}
	log := s.Home.logFile(p.Name)
	caller := ctx
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	patience := time.NewTicker(quiet)
	defer patience.Stop()
	began := time.Now()
	for {
		err := p.Ready(ctx, r)
		if err == nil {
			return nil
		}
		select {
		case <-ended:
			return died(p.Name, log, offset)
		case <-ctx.Done():
			if caller.Err() != nil {
				return casework.Errorf(casework.Internal, "interrupted while %s was starting; `xiaobao up` goes on from there, `xiaobao down` stops all", p.Name).
					InChinese("%s 启动过程中被中断；再次运行 xiaobao up 可继续。", p.Name)
			}
			return casework.Errorf(casework.Internal, "%s was not ready within %s: %s; its log is %s and ends:\n%s",
				p.Name, within, err, log, indent(tail(log, offset, lastLines)))
		case <-patience.C:
			s.say(p.Name, "still waiting after %s …", seconds(began))
		case <-tick.C:
		}
	}
}

// awaitElsewhere only looks whether a part that somebody else runs is there.
func (s *Stack) awaitElsewhere(ctx context.Context, p Part) error {
	const patience = 10 * time.Second
	var last error
	if !waitUntil(ctx, patience, func() bool { last = p.Ready(ctx, Record{}); return last == nil }) {
		return casework.Errorf(casework.Busy, "%s at %s does not answer, and is not ours to start: %s", p.Name, p.Address, last)
	}
	s.say(p.Name, "not ours, answers at %s", p.Address)
	return nil
}

// answers asks a running part for a while: one slow answer is no reason to stop
// it, and a worker needs a moment to find a server that was just started again.
func (s *Stack) answers(ctx context.Context, p Part, r Record) bool {
	const patience = 15 * time.Second
	return waitUntil(ctx, patience, func() bool { return p.Ready(ctx, r) == nil })
}

// runStep runs a command that ends by itself.
func (s *Stack) runStep(ctx context.Context, step Step) error {
	began := time.Now()
	log := s.Home.logFile(step.Name)
	offset := sizeOf(log)
	s.say(step.Name, "…")
	ctx, cancel := context.WithTimeout(ctx, step.Within)
	defer cancel()
	output, err := s.Home.execute(ctx, step)
	if err != nil {
		return casework.Errorf(casework.Internal, "%s did not work: %s; its log is %s and ends:\n%s",
			step.Name, err, log, indent(tail(log, offset, lastLines)))
	}
	if step.Keep != nil {
		if err := step.Keep(output); err != nil {
			return err
		}
	}
	s.say(step.Name, "done after %s", seconds(began))
	return nil
}

func died(name, log string, offset int64) error {
	return casework.Errorf(casework.Internal, "%s ended while starting; its log is %s and ends:\n%s", name, log, indent(tail(log, offset, lastLines))).
		InChinese("%s 启动时退出，日志见 %s。", name, log)
}

func indent(text string) string {
	return "    " + strings.ReplaceAll(text, "\n", "\n    ")
}

func describe(r Record, p Part) string {
	if p.Address == "" {
		return fmt.Sprintf("process %d", r.PID)
	}
	return fmt.Sprintf("%s (process %d)", p.Address, r.PID)
}

func seconds(since time.Time) string {
	return fmt.Sprintf("%.1f s", time.Since(since).Seconds())
}
