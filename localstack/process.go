package localstack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

const (
	stopWithin = 30 * time.Second
	killWithin = 5 * time.Second
	lookEvery  = 50 * time.Millisecond
)

// spawn starts a command in the background: in a session of its own, so that
// neither Ctrl-C nor the end of the terminal reaches it, with its output in
// the log. The channel closes when it ends.
func (h Home) spawn(name string, c Command) (pid int, ended <-chan struct{}, err error) {
	log, err := os.OpenFile(h.logFile(name), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o640)
	if err != nil {
		return 0, nil, fmt.Errorf("log of %s: %w", name, err)
	}
	defer func() { _ = log.Close() }()
	_, _ = fmt.Fprintf(log, "--- %s started %s\n", name, time.Now().Format(time.RFC3339))

	cmd := c.exec(context.Background(), h.tag(name))
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return 0, nil, fmt.Errorf("start %s: %w", name, err)
	}
	done := make(chan struct{})
	go func() {
		_ = cmd.Wait() // why it ended is in its log
		close(done)
	}()
	return cmd.Process.Pid, done, nil
}

// exec builds the process, detached and under the right account.
func (c Command) exec(ctx context.Context, env ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, c.Path, c.Args...)
	cmd.Env = append(append(withoutTag(os.Environ()), c.Env...), env...)
	cmd.Dir = c.Dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if c.User != nil {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: c.User.UID, Gid: c.User.GID}
		cmd.Env = append(cmd.Env, "HOME=/", "USER="+c.User.Name, "LOGNAME="+c.User.Name)
	}
	return cmd
}

func withoutTag(env []string) []string {
	kept := env[:0:0]
	for _, e := range env {
		if !strings.HasPrefix(e, "XIAOBAO_PART=") {
			kept = append(kept, e)
		}
	}
	return kept
}

// end stops a recorded process: politely, then not. It is never sent to a
// process that merely has the same id.
func end(ctx context.Context, r Record) error {
	polite, patience := r.StopSignal, r.StopWithin
	if polite == 0 {
		polite = syscall.SIGTERM
	}
	if patience == 0 {
		patience = stopWithin
	}
	for _, try := range []struct {
		signal syscall.Signal
		within time.Duration
	}{{polite, patience}, {syscall.SIGKILL, killWithin}} {
		if !r.alive() {
			return nil
		}
		if err := syscall.Kill(r.PID, try.signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("stop %s (process %d): %w", r.Name, r.PID, err)
		}
		gone := waitUntil(ctx, try.within, func() bool { return !r.alive() })
		if gone {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("stop %s (process %d): %w", r.Name, r.PID, ctx.Err())
		}
	}
	return fmt.Errorf("stop %s: process %d does not end", r.Name, r.PID)
}

// waitUntil looks again and again; false when the time is over first.
func waitUntil(ctx context.Context, within time.Duration, so func() bool) bool {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for !so() {
		select {
		case <-ctx.Done():
			return so()
		case <-tick.C:
		}
	}
	return true
}

// tail gives the last lines of a log, of what was written after offset.
func tail(path string, offset int64, lines int) string {
	const enough = 16 << 10
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer func() { _ = f.Close() }()
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return ""
	}
	raw, err := io.ReadAll(io.NewSectionReader(f, max(offset, size-enough), enough))
	if err != nil {
		return ""
	}
	all := strings.Split(strings.TrimRight(string(raw), "\n"), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}

// rotate keeps one older log beside a log that has grown big.
func rotate(log string) error {
	const big = 64 << 20
	if sizeOf(log) < big {
		return nil
	}
	if err := os.Rename(log, log+".1"); err != nil {
		return fmt.Errorf("put the old log aside: %w", err)
	}
	return nil
}

func sizeOf(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// execute runs a step to its end. What it prints is kept from the log when
// somebody wants it, because it may be a password.
func (h Home) execute(ctx context.Context, step Step) ([]byte, error) {
	log, err := os.OpenFile(h.logFile(step.Name), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o640)
	if err != nil {
		return nil, fmt.Errorf("log of %s: %w", step.Name, err)
	}
	defer func() { _ = log.Close() }()
	_, _ = fmt.Fprintf(log, "--- %s %s\n", step.Name, time.Now().Format(time.RFC3339))
	cmd := step.Command.exec(ctx, h.tag(step.Name))
	cmd.Stderr = log
	if step.Keep != nil {
		return cmd.Output()
	}
	cmd.Stdout = log
	return nil, cmd.Run()
}
