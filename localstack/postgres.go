package localstack

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/lib/pq"

	"xiaobao/casework"
)

const (
	databaseUser = "xiaobao"
	databaseName = "xiaobao"

	// farData keeps clusters whose home the database account cannot reach,
	// such as one below /root.
	farData = "/var/lib/xiaobao"
)

// postgres is the private cluster of a home: loopback only, password wanted,
// everything synchronised to disk as PostgreSQL does by default.
type postgres struct {
	home    Home
	bin     string // folder of initdb and postgres
	data    string
	port    int
	account *Account
	secret  string
}

// newPostgres finds the programs, the account, the place and the password.
func newPostgres(h Home, s *State, getenv func(string) string) (*postgres, error) {
	bin, err := findPostgres(getenv)
	if err != nil {
		return nil, err
	}
	account, err := databaseAccount()
	if err != nil {
		return nil, err
	}
	secret, err := h.Secret("postgres_password")
	if err != nil {
		return nil, err
	}
	if secret == "" {
		secret = rand.Text()
		if err := h.keepSecret("postgres_password", secret); err != nil {
			return nil, err
		}
	}
	if s.PostgresData == "" {
		s.PostgresData = placeData(h, account)
	}
	return &postgres{home: h, bin: bin, data: s.PostgresData, port: s.Ports["postgres"], account: account, secret: secret}, nil
}

// placeData is in the home, unless the account cannot get there.
func placeData(h Home, account *Account) string {
	if account.reaches(string(h)) {
		return h.path("postgres")
	}
	sum := sha256.Sum256([]byte(h))
	return filepath.Join(farData, hex.EncodeToString(sum[:6]), "postgres")
}

// findPostgres looks where a person said, on the PATH, and where Debian puts
// it, newest version first.
func findPostgres(getenv func(string) string) (string, error) {
	var dirs []string
	if dir := getenv("XIAOBAO_POSTGRES_BIN"); dir != "" {
		dirs = append(dirs, dir)
	} else {
		if path, err := exec.LookPath("initdb"); err == nil {
			if real, err := filepath.EvalSymlinks(path); err == nil {
				dirs = append(dirs, filepath.Dir(real))
			}
		}
		for version := 30; version >= 15; version-- {
			dirs = append(dirs, fmt.Sprintf("/usr/lib/postgresql/%d/bin", version))
		}
	}
	for _, dir := range dirs {
		if executable(filepath.Join(dir, "initdb")) && executable(filepath.Join(dir, "postgres")) {
			return dir, nil
		}
	}
	return "", casework.Errorf(casework.NotFound, "PostgreSQL 15 or newer is not installed; install it (Debian: apt-get install postgresql), "+
		"name its folder in XIAOBAO_POSTGRES_BIN, or set XIAOBAO_DATABASE_URL to a server elsewhere").
		InChinese("没有找到 PostgreSQL 15 或更新版本；请安装，或用 XIAOBAO_DATABASE_URL 指定已有的数据库。")
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

func (p *postgres) part() Part {
	return Part{
		Name: "postgres",
		Command: Command{
			Path: filepath.Join(p.bin, "postgres"),
			Args: []string{
				"-D", p.data, "-p", strconv.Itoa(p.port),
				"-c", "listen_addresses=" + loopback,
				"-c", "unix_socket_directories=", // their paths have a length limit that a home may exceed
				"-c", "max_connections=200",
				"-c", "shared_buffers=256MB",
				"-c", "max_wal_size=2GB",
				"-c", "log_min_messages=warning",
				"-c", "log_statement=none", // statements may hold consumers' words
				"-c", "log_min_error_statement=panic",
				"-c", "log_parameter_max_length_on_error=0",
				"-c", "log_error_verbosity=terse", // details may quote values
				"-c", "timezone=UTC",
			},
			Dir: "/", User: p.account,
		},
		Address:    address(p.port),
		Prepare:    p.prepare,
		Ready:      func(ctx context.Context, _ Record) error { return p.ping(ctx) },
		Settle:     p.createDatabase,
		Within:     2 * time.Minute, // recovery after a crash takes its time
		StopSignal: syscall.SIGINT,  // fast: ends connections, loses nothing
	}
}

// prepare makes the cluster when there is none, and clears what a kill left.
func (p *postgres) prepare(ctx context.Context) error {
	if _, err := os.Stat(filepath.Join(p.data, "PG_VERSION")); err == nil {
		return p.clearStale(ctx)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("postgres: %w", err)
	}
	return p.initCluster(ctx)
}

// initCluster makes it beside its place and moves it there when whole: killed
// half way, the next start begins anew.
func (p *postgres) initCluster(ctx context.Context) error {
	draft := p.data + ".new"
	if err := os.RemoveAll(draft); err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(p.data), 0o755); err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	if err := os.Mkdir(draft, 0o700); err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	password := filepath.Join(filepath.Dir(draft), "."+filepath.Base(draft)+".password")
	if err := writeFile(password, []byte(p.secret+"\n"), 0o600); err != nil {
		return err
	}
	defer func() { _ = os.Remove(password) }()
	if err := errors.Join(p.account.own(draft), p.account.own(password)); err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	_, err := p.home.execute(ctx, Step{Name: "postgres", Command: Command{
		Path: filepath.Join(p.bin, "initdb"),
		Args: []string{"-D", draft, "-U", databaseUser, "--pwfile", password, "--auth=scram-sha-256",
			"--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"},
		Dir: "/", User: p.account,
	}})
	if err != nil {
		log := p.home.logFile("postgres")
		return casework.Errorf(casework.Internal, "postgres: initdb did not work (%s); its log is %s and ends:\n%s", err, log, indent(tail(log, 0, lastLines)))
	}
	if err := os.Rename(draft, p.data); err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	return nil
}

// clearStale removes the traces of a killed server. PostgreSQL sees by itself
// that the process in postmaster.pid is gone, but not that its id belongs to
// another program now; and the children of a killed server may live a moment
// longer, during which a new one would refuse to start.
func (p *postgres) clearStale(ctx context.Context) error {
	const patience = 10 * time.Second
	if !waitUntil(ctx, patience, func() bool { return len(p.leftovers()) == 0 }) {
		for _, r := range p.leftovers() {
			if err := end(ctx, r); err != nil {
				return err
			}
		}
	}
	if err := os.Remove(filepath.Join(p.data, "postmaster.pid")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("postgres: %w", err)
	}
	return nil
}

// leftovers are PostgreSQL processes at work in our data folder.
func (p *postgres) leftovers() []Record {
	var found []Record
	for _, pid := range processes() {
		if workingDir(pid) != p.data || !strings.HasPrefix(processName(pid), "postgres") {
			continue
		}
		if r, alive := identify(pid); alive {
			r.Name, r.StopSignal = "postgres", syscall.SIGQUIT
			found = append(found, r)
		}
	}
	return found
}

// url is how programs reach a database of the cluster.
func (p *postgres) url(database string) string {
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(databaseUser, p.secret),
		Host: address(p.port), Path: "/" + database, RawQuery: "sslmode=disable",
	}
	return u.String()
}

func (p *postgres) ping(ctx context.Context) error { return pingDatabase(ctx, p.url("postgres")) }

func pingDatabase(ctx context.Context, url string) error {
	db, err := sql.Open("postgres", url)
	if err != nil {
		return errors.New("the address of the database is not valid") // the cause would quote the password
	}
	defer func() { _ = db.Close() }()
	if err := db.PingContext(ctx); err != nil {
		return fmt.Errorf("the database does not answer: %w", err)
	}
	return nil
}

// createDatabase makes our database in the cluster when it is missing.
func (p *postgres) createDatabase(ctx context.Context) error {
	db, err := sql.Open("postgres", p.url("postgres"))
	if err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	defer func() { _ = db.Close() }()
	var found bool
	err = db.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", databaseName).Scan(&found)
	if err == nil && !found {
		_, err = db.ExecContext(ctx, "CREATE DATABASE "+pq.QuoteIdentifier(databaseName))
	}
	if err != nil {
		return fmt.Errorf("postgres: create database: %w", err)
	}
	return nil
}

// elsewherePostgres is a database that XIAOBAO_DATABASE_URL names.
func elsewherePostgres(address string) Part {
	shown := "XIAOBAO_DATABASE_URL"
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		shown = u.Host
	}
	return Part{
		Name: "postgres", Address: shown, Elsewhere: true,
		Ready: func(ctx context.Context, _ Record) error { return pingDatabase(ctx, address) },
	}
}
