package localstack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"xiaobao/casework"
)

// Home is the folder that everything of one local system lives in.
type Home string

// FindHome gives the absolute path of a home, which need not exist; empty
// means ./var.
func FindHome(dir string) (Home, error) {
	if dir == "" {
		dir = "var"
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("home %s: %w", dir, err)
	}
	return Home(abs), nil
}

// OpenHome makes the folder when it is missing.
func OpenHome(dir string) (Home, error) {
	h, err := FindHome(dir)
	if err != nil {
		return "", err
	}
	abs := string(h)
	for _, d := range []struct {
		path string
		mode fs.FileMode
	}{{abs, 0o755}, {h.path("run"), 0o755}, {h.path("log"), 0o750}, {h.path("secrets"), 0o700}} {
		if err := os.MkdirAll(d.path, d.mode); err != nil {
			return "", casework.Errorf(casework.Invalid, "the home %s cannot be used; set XIAOBAO_HOME to a folder that you may write", abs).
				InChinese("无法使用目录 %s；请把 XIAOBAO_HOME 设为可写的目录。", abs).Because(err)
		}
	}
	return h, nil
}

func (h Home) path(elem ...string) string {
	return filepath.Join(append([]string{string(h)}, elem...)...)
}

func (h Home) logFile(name string) string    { return h.path("log", name+".log") }
func (h Home) recordFile(name string) string { return h.path("run", name+".json") }

// tag is what every process of this home carries in its environment, so that
// one whose record was never written can still be found.
func (h Home) tag(part string) string { return "XIAOBAO_PART=" + string(h) + ":" + part }

// State is what is remembered between commands. It holds no secret.
type State struct {
	Ports           map[string]int `json:"ports"`
	Temporal        string         `json:"temporal"` // devstack, cli or elsewhere
	TemporalAddress string         `json:"temporal_address"`
	TemporalUI      string         `json:"temporal_ui,omitempty"`
	Namespace       string         `json:"namespace"`
	Console         string         `json:"console"`
	Postgres        string         `json:"postgres"`                // private or elsewhere
	PostgresData    string         `json:"postgres_data,omitempty"` // outside the home when the home cannot be reached
}

// State reads what is remembered; the zero State when nothing is.
func (h Home) State() (State, error) {
	s := State{Ports: map[string]int{}}
	raw, err := os.ReadFile(h.path("stack.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return s, fmt.Errorf("read stack.json: %w", err)
	}
	if err := json.Unmarshal(raw, &s); err != nil {
		return s, casework.Errorf(casework.Invalid, "%s is not readable; remove it to start from the usual ports", h.path("stack.json")).Because(err)
	}
	if s.Ports == nil {
		s.Ports = map[string]int{}
	}
	return s, nil
}

func (h Home) remember(s State) error {
	raw, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return fmt.Errorf("write stack.json: %w", err)
	}
	return writeFile(h.path("stack.json"), append(raw, '\n'), 0o644)
}

// Secret reads a kept secret; empty when there is none.
func (h Home) Secret(name string) (string, error) {
	raw, err := os.ReadFile(h.path("secrets", name))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read secret %s: %w", name, err)
	}
	return strings.TrimSpace(string(raw)), nil
}

func (h Home) keepSecret(name, value string) error {
	return writeFile(h.path("secrets", name), []byte(value+"\n"), 0o600)
}

// Environment is what a command needs to talk to the running system of this
// home, as NAME=value. It holds the database password: pass it to processes,
// never print it.
func (h Home) Environment() ([]string, error) {
	s, err := h.State()
	if err != nil {
		return nil, err
	}
	database, err := h.Secret("database_url")
	if err != nil {
		return nil, err
	}
	if database == "" || s.TemporalAddress == "" {
		return nil, casework.Errorf(casework.NotFound, "no local system in %s; start one with `xiaobao up`", string(h)).
			InChinese("%s 中没有本地系统；请先运行 xiaobao up。", string(h))
	}
	return []string{
		"XIAOBAO_HOME=" + string(h),
		"XIAOBAO_DATABASE_URL=" + database,
		"TEMPORAL_ADDRESS=" + s.TemporalAddress,
		"TEMPORAL_NAMESPACE=" + s.Namespace,
		"XIAOBAO_LISTEN=" + s.Console,
		"XIAOBAO_TEMPORAL_UI=" + s.TemporalUI,
	}, nil
}

// Lock makes this command the only one that changes the home. It waits for
// another, telling whom it waits for, until ctx ends.
func (h Home) Lock(ctx context.Context, waiting func(pid string)) (release func(), err error) {
	told := false
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		release, holder, err := h.tryLock()
		if err != nil || release != nil {
			return release, err
		}
		if !told {
			waiting(holder)
			told = true
		}
		select {
		case <-ctx.Done():
			return nil, casework.Errorf(casework.Busy, "another xiaobao (process %s) is starting or stopping %s", holder, string(h)).Because(ctx.Err())
		case <-tick.C:
		}
	}
}

// tryLock gives neither a release nor an error when another holds the lock.
func (h Home) tryLock() (release func(), holder string, err error) {
	if err := os.MkdirAll(string(h), 0o755); err != nil {
		return nil, "", fmt.Errorf("lock: %w", err)
	}
	f, err := os.OpenFile(h.path("lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, "", fmt.Errorf("lock: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		raw, _ := os.ReadFile(f.Name()) // only for the message
		_ = f.Close()
		return nil, strings.TrimSpace(string(raw)), nil
	}
	if err == nil && !sameFile(f) {
		// A reset removed the folder between open and lock; the lock of a
		// removed file keeps nobody out.
		_ = f.Close()
		return nil, "of a reset", nil
	}
	if err == nil {
		err = errors.Join(f.Truncate(0), writeAt(f, fmt.Sprintln(os.Getpid())))
	}
	if err != nil {
		_ = f.Close()
		return nil, "", fmt.Errorf("lock: %w", err)
	}
	return func() { _ = f.Close() }, "", nil
}

func writeAt(f *os.File, s string) error {
	_, err := f.WriteAt([]byte(s), 0)
	return err
}

func sameFile(f *os.File) bool {
	a, err1 := f.Stat()
	b, err2 := os.Stat(f.Name())
	return err1 == nil && err2 == nil && os.SameFile(a, b)
}

// writeFile replaces a file whole, so that a crash leaves the old or the new.
func writeFile(path string, content []byte, mode fs.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return fmt.Errorf("write %s: %w", filepath.Base(path), err)
	}
	return nil
}
