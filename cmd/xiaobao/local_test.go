package main

import (
	"bytes"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xiaobao/localstack"
)

// local runs one command line against a home of its own.
func local(t *testing.T, home string, args ...string) (out, words string, status int) {
	t.Helper()
	t.Setenv("XIAOBAO_HOME", home)
	root := rootCommand()
	var buffer bytes.Buffer
	root.SetOut(&buffer)
	root.SetErr(&buffer)
	root.SetArgs(args)
	if err := root.ExecuteContext(t.Context()); err != nil {
		return buffer.String(), complaint(err), exitStatus(err)
	}
	return buffer.String(), "", 0
}

func TestStatusOfNothingSaysHowToStartAndLeavesNothing(t *testing.T) {
	home := filepath.Join(t.TempDir(), "var")
	_, words, status := local(t, home, "status")
	if status != 3 || !strings.Contains(words, "start it with `xiaobao up`") {
		t.Errorf("status: %d %s", status, words)
	}
	if _, err := os.Stat(home); err == nil {
		t.Error("looking made a folder")
	}
}

func TestDownOfNothingIsDone(t *testing.T) {
	out, words, status := local(t, filepath.Join(t.TempDir(), "var"), "down")
	if status != 0 || !strings.Contains(out, "nothing runs here") {
		t.Errorf("down: %d %s %s", status, out, words)
	}
}

func TestResetAsksForAYes(t *testing.T) {
	home := filepath.Join(t.TempDir(), "var")
	if err := os.MkdirAll(filepath.Join(home, "postgres"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, words, status := local(t, home, "reset"); status != 2 || !strings.Contains(words, "say --yes") {
		t.Errorf("reset: %d %s", status, words)
	}
	if _, err := os.Stat(filepath.Join(home, "postgres")); err != nil {
		t.Error("reset without a yes deleted something")
	}
	if _, words, status := local(t, home, "reset", "--yes"); status != 0 {
		t.Errorf("reset --yes: %d %s", status, words)
	}
	if _, err := os.Stat(home); err == nil {
		t.Error("reset --yes left the folder")
	}
}

func TestUpRefusesATakenPortBeforeItStartsAnything(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("XIAOBAO_DATABASE_URL", "")
	t.Setenv("XIAOBAO_PORT_POSTGRES", port)
	home := filepath.Join(t.TempDir(), "var")
	_, words, status := local(t, home, "up")
	if status != 4 || !strings.Contains(words, "port "+port+" for PostgreSQL is taken by process") {
		t.Errorf("up: %d %s", status, words)
	}
	if logs, err := os.ReadDir(filepath.Join(home, "log")); err != nil || len(logs) > 0 {
		t.Errorf("something was started: %v, %v", logs, err)
	}
}

func TestStatusIsZeroOnlyWhenAllIsUp(t *testing.T) {
	t.Parallel()
	since := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	up := localstack.PartStatus{Name: "console", State: localstack.StateUp, PID: 7, Address: "127.0.0.1:8080", URL: "http://127.0.0.1:8080", Since: since}
	down := localstack.PartStatus{Name: "worker", State: localstack.StateDown}

	var out bytes.Buffer
	if err := showStatus(&out, []localstack.PartStatus{up}, false); err != nil || !strings.Contains(out.String(), "http://127.0.0.1:8080") {
		t.Errorf("all up: %v\n%s", err, &out)
	}
	out.Reset()
	err := showStatus(&out, []localstack.PartStatus{up, down}, true)
	if exitStatus(err) != 1 || !strings.Contains(complaint(err), "worker is down") {
		t.Errorf("one down: %v", err)
	}
	var back []localstack.PartStatus
	if err := json.Unmarshal(out.Bytes(), &back); err != nil || len(back) != 2 || back[0] != up || back[1] != down {
		t.Errorf("as data: %v %+v", err, back)
	}
	if strings.Contains(out.String(), "0001-01-01") {
		t.Errorf("a part that is down has no time: %s", &out)
	}
}

func TestTheFirstPasswordIsShownOnce(t *testing.T) {
	t.Parallel()
	home, err := localstack.OpenHome(filepath.Join(t.TempDir(), "var"))
	if err != nil {
		t.Fatal(err)
	}
	note := `{"login":"admin","password":"first-secret"}`
	if err := os.WriteFile(filepath.Join(string(home), "secrets", "first_login.json"), []byte(note), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, known := range []bool{false, true} {
		var out bytes.Buffer
		if err := greet(&out, home, known, time.Second); err != nil {
			t.Fatal(err)
		}
		if shown := strings.Contains(out.String(), "first-secret"); shown == known || !strings.Contains(out.String(), "admin") {
			t.Errorf("known before: %t\n%s", known, &out)
		}
	}
}
