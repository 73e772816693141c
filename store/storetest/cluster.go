package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// A cluster is a private PostgreSQL server with its data in a folder of its own.
type cluster struct {
	folder string
	port   int
	server *exec.Cmd
	ended  chan error
	log    *bytes.Buffer
}

// startWithin bounds the start of a server.
const startWithin = 30 * time.Second

func startCluster() (*cluster, error) {
	programs, err := findPrograms()
	if err != nil {
		return nil, err
	}
	sweep()
	c := &cluster{ended: make(chan error, 1), log: new(bytes.Buffer)}
	if c.folder, err = os.MkdirTemp("", fmt.Sprintf("%s%d-", folderPrefix, os.Getpid())); err != nil {
		return nil, err
	}
	who, err := ordinaryUser()
	if err != nil {
		return nil, err
	}
	if who != nil {
		if err := os.Chown(c.folder, int(who.Uid), int(who.Gid)); err != nil {
			return nil, err
		}
	}
	initdb := exec.Command(filepath.Join(programs, "initdb"), "--pgdata", c.data(), "--username", "xiaobao",
		"--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync", "--no-instructions")
	initdb.SysProcAttr = &syscall.SysProcAttr{Credential: who}
	initdb.Dir = c.folder
	if output, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, output)
	}
	if c.port, err = freePort(); err != nil {
		return nil, err
	}
	return c, c.run(programs, who)
}

func (c *cluster) data() string { return filepath.Join(c.folder, "data") }

func (c *cluster) url() string {
	query := url.Values{"host": {c.folder}, "port": {strconv.Itoa(c.port)}, "user": {"xiaobao"}, "sslmode": {"disable"}}
	return "postgres:///postgres?" + query.Encode()
}

// run starts the server and waits until its socket is there. The server gets
// a signal to quit when this process dies, however it dies. That signal is
// bound to the thread which started it, so the thread is kept.
func (c *cluster) run(programs string, who *syscall.Credential) error {
	c.server = exec.Command(filepath.Join(programs, "postgres"), "-D", c.data(), "-k", c.folder, "-p", strconv.Itoa(c.port),
		"-c", "listen_addresses=", "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off",
		"-c", "max_connections=200", "-c", "shared_buffers=64MB", "-c", "max_wal_size=2GB")
	c.server.Dir = c.folder
	c.server.Stdout, c.server.Stderr = c.log, c.log
	c.server.SysProcAttr = &syscall.SysProcAttr{Credential: who, Pdeathsig: syscall.SIGQUIT}
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		err := c.server.Start()
		started <- err
		if err == nil {
			c.ended <- c.server.Wait()
		}
	}()
	if err := <-started; err != nil {
		return fmt.Errorf("start PostgreSQL: %w", err)
	}
	return c.await()
}

// await polls the server's own lock file, which says "ready" in its last line.
func (c *cluster) await() error {
	deadline, tick := time.After(startWithin), time.NewTicker(10*time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case err := <-c.ended:
			return fmt.Errorf("PostgreSQL ended at once: %w: %s", err, c.log)
		case <-deadline:
			return errors.Join(fmt.Errorf("PostgreSQL was not ready within %s", startWithin), c.stop())
		case <-tick.C:
			status, err := os.ReadFile(filepath.Join(c.data(), "postmaster.pid"))
			if err == nil && strings.HasSuffix(strings.TrimSpace(string(status)), "ready") {
				return nil
			}
		}
	}
}

// stop ends the server at once and removes its folder: nothing in it is kept.
func (c *cluster) stop() error {
	if err := c.server.Process.Signal(syscall.SIGQUIT); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	<-c.ended // an immediate shutdown has an exit status of its own, which says nothing
	return os.RemoveAll(c.folder)
}

const folderPrefix = "xiaobao-test-pg-"

// sweep removes the folders of test processes that died without a chance to.
func sweep() {
	folders, err := filepath.Glob(filepath.Join(os.TempDir(), folderPrefix+"*"))
	if err != nil {
		return // only a malformed pattern
	}
	for _, folder := range folders {
		owner, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(folder), folderPrefix), "-")
		pid, err := strconv.Atoi(owner)
		if err != nil || syscall.Kill(pid, 0) == nil || pid == os.Getpid() {
			continue
		}
		if err := os.RemoveAll(folder); err != nil {
			fmt.Fprintln(os.Stderr, "storetest: an old folder stays:", err)
		}
	}
}

// findPrograms is the folder of the newest PostgreSQL on this machine.
func findPrograms() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", errors.New("there is no initdb on PATH or under /usr/lib/postgresql")
	}
	slices.SortFunc(found, func(a, b string) int { return release(a) - release(b) })
	return filepath.Dir(found[len(found)-1]), nil
}

// release is the major release in a path like /usr/lib/postgresql/15/bin/initdb.
func release(path string) int {
	n, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
	if err != nil {
		return 0
	}
	return n
}

// ordinaryUser is who the server runs as, for PostgreSQL refuses root: nil
// where this process is no root already.
func ordinaryUser() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(u.Uid, 10, 32)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.ParseUint(u.Gid, 10, 32)
		if err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")
}

// freePort names the socket file only: the server listens on no network.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
