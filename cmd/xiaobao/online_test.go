package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/desk"
	"xiaobao/rulebook"
	"xiaobao/store/storetest"
)

// loggedIn sets the environment of somebody who is logged in to a system with
// a database of its own. Procedures are out of reach.
func loggedIn(t *testing.T, role casework.Role) {
	t.Helper()
	address := storetest.URL(t)
	t.Setenv("XIAOBAO_HOME", t.TempDir())
	t.Setenv("XIAOBAO_DATABASE_URL", address)
	c, err := connect(t.Context(), "cli")
	if err != nil {
		t.Fatal(err)
	}
	defer c.close()
	book, err := rulebook.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	d := &desk.Desk{Records: c.store, Book: book}
	if _, err := c.store.AddOrgs(t.Context(), []casework.Org{{ID: "HQ", Name: "总部", Kind: "head_office"}}); err != nil {
		t.Fatal(err)
	}
	u, err := d.FirstUser(t.Context(), casework.User{Login: "me", Name: "我", Role: role, OrgID: "HQ"}, "long enough")
	if err != nil {
		t.Fatal(err)
	}
	token, err := d.IssueToken(t.Context(), u)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("XIAOBAO_TOKEN", token)
}

// command runs one command line and gives its output and exit status.
func command(t *testing.T, args ...string) (out, complaints string, status int) {
	t.Helper()
	root := rootCommand()
	var stdout, stderr bytes.Buffer
	root.SetOut(&stdout)
	root.SetErr(&stderr)
	root.SetArgs(args)
	if err := root.ExecuteContext(t.Context()); err != nil {
		return stdout.String(), stderr.String() + complaint(err), exitStatus(err)
	}
	return stdout.String(), stderr.String(), 0
}

func TestTheCommandLineImportsAndListsAsJSON(t *testing.T) {
	loggedIn(t, casework.Officer)
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	day := time.Now().AddDate(0, 0, -2).Format(time.DateOnly)
	head := "id,channel,occurred_at,text\n"
	good := file("good.csv", head+"a,service_chat,"+day+",您好\nb,service_chat,"+day+",电话13912345678\n")
	mixed := file("mixed.csv", head+"c,service_chat,"+day+",x\nd,pigeon,"+day+",13912345678\n")
	clash := file("clash.csv", head+"a,service_chat,"+day+",别的\n")
	for _, c := range []struct {
		args   []string
		status int
		counts [5]int // rows, added, unchanged, invalid, conflicts
	}{
		{[]string{"touchpoints", mixed, "--dry-run"}, 2, [5]int{2, 0, 0, 1, 0}},
		{[]string{"touchpoints", mixed}, 2, [5]int{2, 0, 0, 1, 0}},
		{[]string{"touchpoints", mixed, "--skip-invalid"}, 0, [5]int{2, 1, 0, 1, 0}},
		{[]string{"touchpoints", good}, 0, [5]int{2, 2, 0, 0, 0}},
		{[]string{"touchpoints", good}, 0, [5]int{2, 0, 2, 0, 0}},
		{[]string{"touchpoints", clash}, 4, [5]int{1, 0, 0, 0, 1}},
	} {
		out, complaints, status := command(t, append(append([]string{"import"}, c.args...), "--json")...)
		var run casework.ImportRun
		if err := json.Unmarshal([]byte(out), &run); err != nil {
			t.Fatalf("%v: %v: %s %s", c.args, err, out, complaints)
		}
		if got := [5]int{run.Rows, run.Added, run.Unchanged, run.Invalid, run.Conflicts}; status != c.status || got != c.counts {
			t.Errorf("%v: status %d, counts %v, want %d, %v: %s", c.args, status, got, c.status, c.counts, complaints)
		}
		if bytes.Contains([]byte(out+complaints), []byte("13912345678")) {
			t.Errorf("%v: a value in %s%s", c.args, out, complaints)
		}
	}
	for _, args := range [][]string{
		{"touchpoint", "list", "--from", day, "--to", day}, {"touchpoint", "show", "b"}, {"inspect", "list"}, {"inspect", "questions"}, {"schedule", "list"},
	} {
		out, complaints, status := command(t, append(args, "--json")...)
		if status != 0 || !json.Valid([]byte(out)) || bytes.Contains([]byte(out), []byte("139123456")) {
			t.Errorf("%v: status %d: %s%s", args, status, out, complaints)
		}
	}
	for _, c := range []struct {
		args   []string
		status int
	}{
		{[]string{"inspect", "show", "i-none"}, 3}, {[]string{"touchpoint", "show", "none"}, 3}, {[]string{"audit", "verify"}, 5},
		{[]string{"import", "touchpoints", "/nowhere.csv"}, 3}, {[]string{"import", "orgs", good}, 5}, {[]string{"import", "pigeons", good}, 2},
		{[]string{"inspect", "start", "--name", "x", "--from", "1999-01-01", "--to", "1999-01-02", "--items", "I-057"}, 2},
	} {
		if out, complaints, status := command(t, c.args...); status != c.status || out != "" {
			t.Errorf("%v: status %d, want %d: %s%s", c.args, status, c.status, out, complaints)
		}
	}
	t.Setenv("XIAOBAO_TOKEN", "xb-wrong")
	if _, complaints, status := command(t, "inspect", "list"); status != 5 {
		t.Errorf("a wrong token: %d %s", status, complaints)
	}
}
