package localstack_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"xiaobao/localstack"
)

func TestUpStartsWhatIsDownAndLeavesTheRest(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	s := stack(t, h, listener("one", freeAddress(t)), listener("two", freeAddress(t)))
	up(t, s)
	one, two := pid(t, h, "one"), pid(t, h, "two")
	if err := syscall.Kill(one, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	await(t, "status sees the kill", func() bool { return state(s, "one") == localstack.StateDown })
	if localstack.AllUp(s.Status(t.Context())) {
		t.Error("status says that all is up while one is down")
	}

	up(t, s)
	if pid(t, h, "one") == one {
		t.Error("the killed part was not started again")
	}
	if got := pid(t, h, "two"); got != two {
		t.Errorf("the part that was up runs as %d now, as %d before", got, two)
	}
	if !localstack.AllUp(s.Status(t.Context())) {
		t.Errorf("not all is up: %+v", s.Status(t.Context()))
	}
}

func TestDownStopsEverythingOnce(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	s := stack(t, h, listener("one", freeAddress(t)))
	up(t, s)
	one := pid(t, h, "one")
	for range 2 {
		if err := localstack.Down(t.Context(), h, nil); err != nil {
			t.Fatal(err)
		}
	}
	if alive(one) {
		t.Error("the part outlived down")
	}
}

func TestAPartThatDiesTellsItsLastWordsAndWhereTheRestIs(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	err := stack(t, h, part("one", freeAddress(t), "die")).Up(t.Context())
	for _, want := range []string{"one ended while starting", "the reason why it died", "giving up", filepath.Join(string(h), "log", "one.log")} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want it to say %q", err, want)
		}
	}
}

func TestABigLogIsPutAside(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	log := filepath.Join(string(h), "log", "one.log")
	if err := errors.Join(os.WriteFile(log, nil, 0o600), os.Truncate(log, 64<<20)); err != nil {
		t.Fatal(err)
	}
	up(t, stack(t, h, listener("one", freeAddress(t))))
	now, err1 := os.Stat(log)
	old, err2 := os.Stat(log + ".1")
	if err := errors.Join(err1, err2); err != nil || now.Size() > 1<<10 || old.Size() != 64<<20 {
		t.Errorf("log %v, older log %v, %v", now, old, err)
	}
}

func TestAPartThatNeverBecomesReadyIsGivenUp(t *testing.T) {
	t.Parallel()
	p := listener("one", freeAddress(t))
	p.Within = 300 * time.Millisecond
	p.Ready = func(context.Context, localstack.Record) error { return errors.New("not yet") }
	err := stack(t, newHome(t), p).Up(t.Context())
	if err == nil || !strings.Contains(err.Error(), "one was not ready within 300ms: not yet") {
		t.Errorf("got %v", err)
	}
}

func TestAnInterruptedUpSaysHowToGoOn(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	p := listener("one", freeAddress(t))
	p.Ready = func(context.Context, localstack.Record) error { cancel(); return errors.New("not yet") }
	err := stack(t, newHome(t), p).Up(ctx)
	if err == nil || !strings.Contains(err.Error(), "interrupted while one was starting") {
		t.Errorf("got %v", err)
	}
}

func TestAPartThatIgnoresThePoliteSignalIsKilled(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	p := part("one", freeAddress(t), "deaf")
	p.StopWithin = 200 * time.Millisecond
	up(t, stack(t, h, p))
	one := pid(t, h, "one")
	if err := localstack.Down(t.Context(), h, nil); err != nil {
		t.Fatal(err)
	}
	if alive(one) {
		t.Error("the deaf part lives on")
	}
}

func TestAProcessThatOnlyHasTheSameIDIsNeverTouched(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	s := stack(t, h, listener("one", freeAddress(t)))
	up(t, s)
	bystander := stack(t, newHome(t), listener("other", freeAddress(t)))
	up(t, bystander)
	other := pid(t, bystander.Home, "other")

	// As if our part had died, and its id were another program's now.
	if err := syscall.Kill(pid(t, h, "one"), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	await(t, "the part is gone", func() bool { return state(s, "one") == localstack.StateDown })
	rewrite(t, h, "one", func(r map[string]any) { r["pid"] = other })
	if got := state(s, "one"); got != localstack.StateDown {
		t.Errorf("a foreign process counts as our part: %s", got)
	}
	if err := localstack.Down(t.Context(), h, nil); err != nil {
		t.Fatal(err)
	}
	if !alive(other) {
		t.Error("down ended a process that is not ours")
	}
}

func TestAPartWhoseRecordWasNeverWrittenIsFound(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	s := stack(t, h, listener("one", freeAddress(t)))
	up(t, s)
	stray := pid(t, h, "one")
	if err := os.Remove(filepath.Join(string(h), "run", "one.json")); err != nil {
		t.Fatal(err)
	}
	up(t, s) // would find its port taken, if it did not find the stray
	if alive(stray) {
		t.Error("the unrecorded process lives on beside the new one")
	}
}

func TestAProgramThatWasBuiltAnewIsStartedAgain(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	p := listener("one", freeAddress(t))
	p.Command.Path = filepath.Join(t.TempDir(), "program")
	build := func(more string) {
		t.Helper()
		if err := os.Remove(p.Command.Path); err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(os.Args[0])
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p.Command.Path, append(raw, more...), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	build("")
	s := stack(t, h, p)
	up(t, s)
	old := pid(t, h, "one")
	build("")
	up(t, s)
	if got := pid(t, h, "one"); got != old {
		t.Errorf("a build that changed nothing started it again, as %d", got)
	}
	build("changed")
	up(t, s)
	if got := pid(t, h, "one"); got == old || alive(old) {
		t.Errorf("the old program still runs as %d", got)
	}
}

func TestStepsRunOnlyBeforeAPartThatStarts(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	runs := 0
	step := localstack.Step{
		Name: "step", Within: time.Minute,
		Command: localstack.Command{Path: os.Args[0], Args: []string{"migrate"}, Env: []string{"XIAOBAO_HOME=" + string(h)}},
		Keep:    func([]byte) error { runs++; return nil },
	}
	s := &localstack.Stack{Home: h, Stages: []localstack.Stage{
		{Steps: []localstack.Step{step}}, {Parts: []localstack.Part{listener("one", freeAddress(t))}},
	}}
	up(t, s)
	up(t, s)
	if runs != 1 {
		t.Errorf("the step ran %d times, want once", runs)
	}
	s.Stages[0].Steps[0].Command.Args = []string{"die"}
	if err := localstack.Down(t.Context(), h, nil); err != nil {
		t.Fatal(err)
	}
	err := s.Up(t.Context())
	if err == nil || !strings.Contains(err.Error(), "step did not work") || !strings.Contains(err.Error(), "giving up") {
		t.Errorf("a failing step: %v", err)
	}
}

func TestResetForgetsOnlyWhatIsOurs(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	up(t, stack(t, h, listener("one", freeAddress(t))))
	one := pid(t, h, "one")
	precious := filepath.Join(string(h), "thesis.odt")
	if err := os.WriteFile(precious, []byte("years of work"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := localstack.Reset(t.Context(), h, nil)
	if err == nil || !strings.Contains(err.Error(), "thesis.odt") || !alive(one) {
		t.Fatalf("reset with a foreign file: %v; part alive: %t", err, alive(one))
	}
	if err := os.Remove(precious); err != nil {
		t.Fatal(err)
	}
	if err := localstack.Reset(t.Context(), h, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(string(h)); !errors.Is(err, os.ErrNotExist) || alive(one) {
		t.Errorf("after reset the home is still there (%v) or the part alive (%t)", err, alive(one))
	}
}

// part is a fake program that listens on address when it does what it should.
func part(name, address, word string) localstack.Part {
	return localstack.Part{
		Name: name, Address: address,
		Command: localstack.Command{Path: os.Args[0], Args: []string{word, address}},
		Ready: func(ctx context.Context, _ localstack.Record) error {
			var d net.Dialer
			c, err := d.DialContext(ctx, "tcp", address)
			if err != nil {
				return err
			}
			return c.Close()
		},
		Within: 30 * time.Second,
	}
}

func listener(name, address string) localstack.Part { return part(name, address, "listen") }

func stack(t *testing.T, h localstack.Home, parts ...localstack.Part) *localstack.Stack {
	t.Helper()
	return &localstack.Stack{Home: h, Stages: []localstack.Stage{{Parts: parts}}}
}

func up(t *testing.T, s *localstack.Stack) {
	t.Helper()
	if err := s.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// newHome is a home that any account can reach, and that leaves no process.
func newHome(t *testing.T) localstack.Home {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	h, err := localstack.OpenHome(filepath.Join(dir, "var"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := localstack.Down(context.Background(), h, nil); err != nil {
			t.Error(err)
		}
	})
	return h
}

func state(s *localstack.Stack, name string) string {
	for _, p := range s.Status(context.Background()) {
		if p.Name == name {
			return p.State
		}
	}
	return ""
}

func pid(t *testing.T, h localstack.Home, name string) int {
	t.Helper()
	var pid int
	rewrite(t, h, name, func(r map[string]any) { pid = int(r["pid"].(float64)) })
	return pid
}

// rewrite changes the record of a part.
func rewrite(t *testing.T, h localstack.Home, name string, change func(map[string]any)) {
	t.Helper()
	file := filepath.Join(string(h), "run", name+".json")
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var r map[string]any
	if err := json.Unmarshal(raw, &r); err != nil {
		t.Fatal(err)
	}
	change(r)
	if raw, err = json.Marshal(r); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

// alive counts a process that is dead but not reaped as gone.
func alive(pid int) bool {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	threads, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	return !strings.Contains(string(raw), ") Z ") || (err == nil && len(threads) > 1)
}

func await(t *testing.T, what string, so func() bool) {
	t.Helper()
	const within = 30 * time.Second
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(within); !so(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %s", within, what)
		}
	}
}
