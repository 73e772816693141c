package localstack_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	_ "github.com/lib/pq"

	"xiaobao/casework"
	"xiaobao/localstack"
)

func TestTheWholeStackStartsSurvivesKillsAndIsForgotten(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	o := options(freePorts(t))
	o.Sample = true
	s := plan(t, h, o)
	up(t, s)
	if got, want := steps(t, h), []string{"migrate true", "setup true", "sample true"}; !slices.Equal(got, want) {
		t.Errorf("steps ran as %q, want %q", got, want)
	}
	if login, have := h.FirstLogin(); !have || login.Login != "admin" || login.Password != "first-secret" {
		t.Errorf("first login is %+v, %t", login, have)
	}
	db := open(t, h)
	if _, err := db.ExecContext(t.Context(), "CREATE TABLE kept (n int)"); err != nil {
		t.Fatal(err)
	}

	for i := range 3 {
		if _, err := db.ExecContext(t.Context(), "INSERT INTO kept VALUES ($1)", i); err != nil {
			t.Fatal(err)
		}
		killAll(t, h, "postgres", "temporal", "worker", "console")
		up(t, plan(t, h, o))
		db = open(t, h)
	}
	var n int
	if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM kept").Scan(&n); err != nil || n != 3 {
		t.Errorf("%d of 3 acknowledged rows are left (%v)", n, err)
	}
	remembered, err := localstack.Remembered(h, o)
	if err != nil {
		t.Fatal(err)
	}
	if all := remembered.Status(t.Context()); !localstack.AllUp(all) || len(all) != 4 {
		t.Errorf("status: %+v", all)
	}
	if err := localstack.Reset(t.Context(), h, nil); err != nil {
		t.Fatal(err)
	}
}

func TestAPostmasterFileThatNamesAnotherProcessDoesNotHinderTheStart(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	o := options(freePorts(t))
	up(t, plan(t, h, o))
	killAll(t, h, "postgres")
	// The killed server's id now belongs to somebody else: here, to us.
	file := filepath.Join(string(h), "postgres", "postmaster.pid")
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitN(raw, []byte("\n"), 2)
	if err := os.WriteFile(file, append(fmt.Appendf(nil, "%d\n", os.Getpid()), lines[1]...), 0o600); err != nil {
		t.Fatal(err)
	}
	up(t, plan(t, h, o))
}

func TestAHalfMadeClusterIsMadeAnew(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	if err := os.MkdirAll(filepath.Join(string(h), "postgres.new", "base"), 0o700); err != nil {
		t.Fatal(err)
	}
	s := plan(t, h, options(freePorts(t)))
	up(t, &localstack.Stack{Home: h, Stages: s.Stages[:1]})
}

func TestTheClusterIsClosedToThoseWithoutThePassword(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	s := plan(t, h, options(freePorts(t)))
	up(t, &localstack.Stack{Home: h, Stages: s.Stages[:1]})
	db, err := sql.Open("postgres", fmt.Sprintf("postgres://xiaobao:wrong@%s/xiaobao?sslmode=disable", s.Stages[0].Parts[0].Address))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.PingContext(t.Context()); err == nil || !strings.Contains(err.Error(), "password authentication failed") {
		t.Errorf("a wrong password: %v", err)
	}
	var fsync, commit string
	if err := open(t, h).QueryRowContext(t.Context(), "SELECT current_setting('fsync'), current_setting('synchronous_commit')").Scan(&fsync, &commit); err != nil || fsync != "on" || commit != "on" {
		t.Errorf("fsync %s, synchronous_commit %s (%v); want both on", fsync, commit, err)
	}
	for _, secret := range []string{"postgres_password", "database_url"} {
		info, err := os.Stat(filepath.Join(string(h), "secrets", secret))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("secret %s: %v, %v; want mode 0600", secret, info, err)
		}
	}
}

func TestATakenPortNamesItsHolderAndTheWayOut(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	ports := freePorts(t)
	l, err := net.Listen("tcp", "127.0.0.1:"+ports["XIAOBAO_PORT_CONSOLE"])
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	o := options(ports)
	_, err = localstack.Plan(h, o)
	if casework.KindOf(err) != casework.Conflict {
		t.Fatalf("got %v, want a conflict", err)
	}
	for _, want := range []string{
		"port " + ports["XIAOBAO_PORT_CONSOLE"] + " for the console is taken by process " + fmt.Sprint(os.Getpid()),
		"localstack.test", "XIAOBAO_PORT_CONSOLE=", "make up PORTS=auto",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}

	o.FreePorts = true
	s := plan(t, h, o)
	up(t, s)
	state, err := h.State()
	if err != nil {
		t.Fatal(err)
	}
	moved := fmt.Sprint(state.Ports["console"])
	if moved == ports["XIAOBAO_PORT_CONSOLE"] || status(t, "http://"+state.Console) != http.StatusOK {
		t.Errorf("the console is at %s", state.Console)
	}
	delete(ports, "XIAOBAO_PORT_CONSOLE") // the next start says nothing of ports
	if again := plan(t, h, options(ports)); again.Stages[2].Parts[1].Address != state.Console {
		t.Errorf("the chosen port %s is forgotten: %s", state.Console, again.Stages[2].Parts[1].Address)
	}
}

func TestTwoPartsOnOnePortAreTold(t *testing.T) {
	t.Parallel()
	ports := freePorts(t)
	ports["XIAOBAO_PORT_TEMPORAL"] = ports["XIAOBAO_PORT_CONSOLE"]
	_, err := localstack.Plan(newHome(t), options(ports))
	if casework.KindOf(err) != casework.Conflict || !strings.Contains(err.Error(), "taken by another part of this system") {
		t.Errorf("got %v", err)
	}
}

func TestAPortThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"eighty", "0", "65536"} {
		ports := freePorts(t)
		ports["XIAOBAO_PORT_TEMPORAL"] = bad
		if _, err := localstack.Plan(newHome(t), options(ports)); casework.KindOf(err) != casework.Invalid {
			t.Errorf("port %q: %v, want it invalid", bad, err)
		}
	}
}

func TestServersElsewhereAreUsedAndNeverStarted(t *testing.T) {
	t.Parallel()
	first := newHome(t)
	up(t, plan(t, first, options(freePorts(t))))
	env, err := first.Environment()
	if err != nil {
		t.Fatal(err)
	}

	second := newHome(t)
	variables := freePorts(t)
	for _, e := range env {
		name, value, _ := strings.Cut(e, "=")
		if name == "TEMPORAL_ADDRESS" || name == "XIAOBAO_DATABASE_URL" {
			variables[name] = value
		}
	}
	s := plan(t, second, options(variables))
	up(t, s)
	for _, name := range []string{"postgres", "temporal"} {
		if _, err := os.Stat(filepath.Join(string(second), "run", name+".json")); err == nil {
			t.Errorf("%s was started although there is one elsewhere", name)
		}
	}
	if err := localstack.Down(t.Context(), second, nil); err != nil {
		t.Fatal(err)
	}
	open(t, first)
	if p := s.Stages[0].Parts[0]; strings.Contains(p.Address, "@") {
		t.Error("the address for people holds the password")
	}
}

func TestNothingToLookAtIsSaidSo(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	if _, err := localstack.Remembered(h, options(nil)); casework.KindOf(err) != casework.NotFound {
		t.Errorf("status of an empty home: %v", err)
	}
	if _, err := h.Environment(); casework.KindOf(err) != casework.NotFound {
		t.Errorf("environment of an empty home: %v", err)
	}
}

func TestAMissingProgramIsNamedWithItsRemedy(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ variable, want string }{
		{"XIAOBAO_DEVSTACK", "make build-devstack"},
		{"XIAOBAO_POSTGRES_BIN", "apt-get install postgresql"},
	} {
		variables := freePorts(t)
		variables[test.variable] = "/nowhere"
		_, err := localstack.Plan(newHome(t), options(variables))
		if casework.KindOf(err) != casework.NotFound || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want it to say %q", test.variable, err, test.want)
		}
	}
}

// options use the test binary for every program but PostgreSQL.
func options(variables map[string]string) localstack.Options {
	return localstack.Options{Program: os.Args[0], Getenv: func(name string) string {
		if value, ok := variables[name]; ok || name != "XIAOBAO_DEVSTACK" {
			return value
		}
		return os.Args[0]
	}}
}

func plan(t *testing.T, h localstack.Home, o localstack.Options) *localstack.Stack {
	t.Helper()
	s, err := localstack.Plan(h, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func steps(t *testing.T, h localstack.Home) []string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(string(h), "log", "steps"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(raw)), "\n")
}

// open connects to the cluster of a home as its programs do.
func open(t *testing.T, h localstack.Home) *sql.DB {
	t.Helper()
	url, err := h.Secret("database_url")
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := db.PingContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}

func killAll(t *testing.T, h localstack.Home, names ...string) {
	t.Helper()
	for _, name := range names {
		id := pid(t, h, name)
		if err := syscall.Kill(id, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		await(t, name+" is dead", func() bool { return !alive(id) })
	}
}

func status(t *testing.T, url string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}
