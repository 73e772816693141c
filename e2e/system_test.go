package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// the system under test, brought up once for all tests.
var the *system

// A system is one local system in a home of its own.
type system struct {
	home     string
	bin      string
	password string
	console  string // "127.0.0.1:…"
	temporal string
	ui       string
	settings []string // of language models, as the environment of every command; empty: none
}

func TestMain(m *testing.M) {
	code, err := withSystem(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		os.Exit(1)
	}
	os.Exit(code)
}

// withSystem builds the program with the race detector, brings it up with the
// sample institution, runs the tests and takes it down.
func withSystem(m *testing.M) (code int, err error) {
	root, err := filepath.Abs("..")
	if err != nil {
		return 0, err
	}
	dir, err := os.MkdirTemp("", "xiaobao-e2e-")
	if err != nil {
		return 0, err
	}
	if err := os.Chmod(dir, 0o755); err != nil { // PostgreSQL's own user must get in
		return 0, err
	}
	if running := os.Getenv("XIAOBAO_E2E_HOME"); running != "" { // to try one test again and again
		the = &system{home: running, bin: filepath.Join(root, "bin", "xiaobao")}
		if err := the.learn(); err != nil {
			return 0, err
		}
		return m.Run(), os.RemoveAll(dir)
	}
	s := &system{home: filepath.Join(dir, "home"), bin: filepath.Join(dir, "bin", "xiaobao")}
	build := exec.Command("go", "build", "-race", "-buildvcs=false", "-o", s.bin, "./cmd/xiaobao")
	build.Dir, build.Stderr = root, os.Stderr
	if err := build.Run(); err != nil {
		return 0, fmt.Errorf("build: %w", err)
	}
	// The Temporal Server is looked for beside the program.
	if err := os.Symlink(filepath.Join(root, "bin", "devstack"), filepath.Join(dir, "bin", "devstack")); err != nil {
		return 0, err
	}
	defer func() {
		_, down := s.try("reset", "--yes")
		if code == 0 {
			err = errors.Join(err, down, os.RemoveAll(dir))
		}
	}()
	if out, err := s.try("up", "--sample", "--free-ports"); err != nil {
		return 0, fmt.Errorf("up: %w\n%s", err, out)
	}
	if err := s.learn(); err != nil {
		return 0, err
	}
	the = s
	return m.Run(), nil
}

// learn reads where the system is and how to get in.
func (s *system) learn() error {
	var state struct {
		Console         string `json:"console"`
		TemporalAddress string `json:"temporal_address"`
		TemporalUI      string `json:"temporal_ui"`
	}
	var login struct{ Login, Password string }
	for name, into := range map[string]any{"stack.json": &state, "secrets/first_login.json": &login} {
		text, err := os.ReadFile(filepath.Join(s.home, name))
		if err != nil {
			return err
		}
		if err := json.Unmarshal(text, into); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	s.console, s.temporal, s.ui, s.password = state.Console, state.TemporalAddress, state.TemporalUI, login.Password
	return nil
}

// environ is what commands run with: this home and nothing of the caller's.
func (s *system) environ(extra ...string) []string {
	var env []string
	for _, line := range os.Environ() {
		if !strings.HasPrefix(line, "XIAOBAO_") && !strings.HasPrefix(line, "TEMPORAL_") {
			env = append(env, line)
		}
	}
	env = append(append(env, "XIAOBAO_HOME="+s.home, "GORACE=halt_on_error=1"), s.settings...)
	return append(env, extra...)
}

// set gives the system other settings of language models, and starts again
// what goes by them.
func (s *system) set(t *testing.T, settings ...string) {
	t.Helper()
	s.settings = settings
	s.up(t)
}

// up starts what is down or has other settings.
func (s *system) up(t *testing.T) {
	t.Helper()
	if out, err := s.try("up"); err != nil {
		t.Fatalf("up: %v\n%s", err, out)
	}
}

func (s *system) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, s.bin, args...)
	cmd.Env = s.environ()
	return cmd
}

func (s *system) try(args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	out, err := s.command(ctx, args...).CombinedOutput()
	return string(out), err
}

// login gives a token for one of the first accounts.
func (s *system) login(t *testing.T, user string) string {
	t.Helper()
	home := t.TempDir() // a home of its own keeps the tokens apart
	for _, name := range []string{"stack.json", "secrets/database_url"} {
		text, err := os.ReadFile(filepath.Join(s.home, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Dir(filepath.Join(home, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(home, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), s.bin, "login", "--user", user)
	cmd.Env = append(s.environ(), "XIAOBAO_HOME="+home)
	cmd.Stdin = strings.NewReader(s.password + "\n")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("login %s: %v\n%s", user, err, out)
	}
	token, err := os.ReadFile(filepath.Join(home, "secrets", "cli_token"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(token))
}

// A person runs commands as one user.
type person struct {
	*system
	t     *testing.T
	token string
}

func (s *system) as(t *testing.T, user string) person {
	t.Helper()
	return person{s, t, s.login(t, user)}
}

// run runs a command that must succeed.
func (p person) run(args ...string) string {
	p.t.Helper()
	out, errs, status := p.exec(args...)
	if status != 0 {
		p.t.Fatalf("xiaobao %s: status %d\n%s%s", strings.Join(args, " "), status, out, errs)
	}
	return out
}

// refused runs a command that must end with the given status, and gives what
// it says.
func (p person) refused(status int, args ...string) string {
	p.t.Helper()
	out, errs, got := p.exec(args...)
	if got != status {
		p.t.Errorf("xiaobao %s: status %d, want %d\n%s%s", strings.Join(args, " "), got, status, out, errs)
	}
	return out + errs
}

// ask runs a command with --json that must succeed, and reads what it prints.
func (p person) ask(into any, args ...string) {
	p.t.Helper()
	out := p.run(append(args, "--json")...)
	if err := json.Unmarshal([]byte(out), into); err != nil {
		p.t.Fatalf("xiaobao %s: %v in %s", strings.Join(args, " "), err, out)
	}
}

func (p person) exec(args ...string) (out, errs string, status int) {
	p.t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(p.t.Context(), p.bin, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = p.environ("XIAOBAO_TOKEN="+p.token), &stdout, &stderr
	err := cmd.Run()
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
		p.t.Fatalf("xiaobao %s: %v", strings.Join(args, " "), err)
	}
	return stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()
}

// pids are the processes of the parts that run.
func (s *system) pids(t *testing.T) map[string]int {
	t.Helper()
	out, err := s.try("status", "--json")
	var parts []struct {
		Name string `json:"name"`
		PID  int    `json:"pid"`
	}
	if failed := json.Unmarshal([]byte(out), &parts); failed != nil {
		t.Fatalf("status: %v, %v in %s", err, failed, out)
	}
	pids := map[string]int{}
	for _, p := range parts {
		pids[p.Name] = p.PID
	}
	return pids
}

// kill kills a part as a power cut would: at once, with all its processes.
func (s *system) kill(t *testing.T, part string) {
	t.Helper()
	pid := s.pids(t)[part]
	if pid == 0 {
		t.Fatalf("%s does not run", part)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatalf("kill %s: %v", part, err)
	}
}

// until waits for something to come true, asking again and again.
func until(t *testing.T, what string, within time.Duration, holds func() bool) {
	t.Helper()
	deadline := time.NewTimer(within)
	defer deadline.Stop()
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for !holds() {
		select {
		case <-deadline.C:
			t.Fatalf("%s: not within %v", what, within)
		case <-t.Context().Done():
			t.Fatalf("%s: %v", what, t.Context().Err())
		case <-tick.C:
		}
	}
}
