package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/importing"
	"xiaobao/sample"
	"xiaobao/store"
	"xiaobao/store/storetest"
)

// execute runs a command line in this process and gives what it printed.
func execute(t *testing.T, args ...string) string {
	t.Helper()
	root, out := rootCommand(), new(bytes.Buffer)
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(new(bytes.Buffer))
	if err := root.ExecuteContext(t.Context()); err != nil {
		t.Fatalf("xiaobao %s: %v", strings.Join(args, " "), err)
	}
	return out.String()
}

func TestTheSampleLoadsOnceAndItsBranchAccountsHaveTheFirstPassword(t *testing.T) {
	database, home := storetest.URL(t), t.TempDir()
	t.Setenv("XIAOBAO_DATABASE_URL", database)
	t.Setenv("XIAOBAO_HOME", home)
	if err := os.MkdirAll(filepath.Join(home, "secrets"), 0o700); err != nil {
		t.Fatal(err)
	}
	login := []byte(`{"login":"officer","password":"abcd-efgh-ijkl-mnop"}`)
	if err := os.WriteFile(filepath.Join(home, "secrets", "first_login.json"), login, 0o600); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if out := execute(t, "sample", "load"); !strings.Contains(out, "6200 touchpoints") {
		t.Errorf("the first load printed %q", out)
	}
	t.Logf("loaded in %s", time.Since(began).Round(time.Millisecond))
	if out := execute(t, "sample", "load", "--json"); out != "" {
		t.Errorf("the second load printed %q", out)
	}

	s, err := store.Open(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	if n, err := s.CountTouchpoints(t.Context(), casework.Scope{}); err != nil || n != 6200 {
		t.Errorf("%d touchpoints are there: %v", n, err)
	}
	users, err := s.Users(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	orgs := map[string]string{}
	for _, u := range users {
		orgs[u.Login] = u.OrgID
	}
	if len(orgs) != 3 || orgs["officer-east"] != "BR-EAST" || orgs["business-east"] != "BR-EAST" || orgs["business-south"] != "BR-SOUTH" {
		t.Errorf("accounts by unit: %v", orgs)
	}
}

func TestALoadThatWasCutOffGoesOnWithTheDaysItBeganWith(t *testing.T) {
	database, dir := storetest.URL(t), t.TempDir()
	t.Setenv("XIAOBAO_DATABASE_URL", database)
	t.Setenv("XIAOBAO_HOME", t.TempDir())
	s, err := store.Open(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	before, err := sample.Compose(time.Now().AddDate(0, 0, -3), sampleSeed)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, sampleFile+before.Anchor.Format(sampleDay)+"-orgs.jsonl")
	if err := before.File("orgs", name); err != nil {
		t.Fatal(err)
	}
	if _, err := importing.Run(t.Context(), s, importing.Request{Kind: "orgs", File: name, By: "system"}, time.Now); err != nil {
		t.Fatal(err)
	}
	want := "until " + before.Anchor.AddDate(0, 0, -1).Format(sampleDay)
	if out := execute(t, "sample", "load"); !strings.Contains(out, want) {
		t.Errorf("the load that went on printed %q, not %s", out, want)
	}
}

func TestFilesOfTheSampleAreToldFromOthers(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"sample-2026-11-23-touchpoints.jsonl": "touchpoints",
		"sample-2026-11-23-orgs.jsonl":        "orgs",
		"sample-calls.csv":                    "",
		"touchpoints.jsonl":                   "",
		"sample-2026-11-23":                   "",
	} {
		if _, kind, ok := sampleRun(file); ok != (want != "") || ok && kind != want {
			t.Errorf("%s is read as %q, %v", file, kind, ok)
		}
	}
}
