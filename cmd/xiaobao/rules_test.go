package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// rules runs one command line and gives what it printed and its exit status.
func rules(args ...string) (out string, words string, status int) {
	root := rootCommand()
	var buffer bytes.Buffer
	root.SetOut(&buffer)
	root.SetErr(&buffer)
	root.SetArgs(append([]string{"rules"}, args...))
	if err := root.Execute(); err != nil {
		return buffer.String(), complaint(err), exitStatus(err)
	}
	return buffer.String(), "", 0
}

// ownRules is a directory with one pack.
func ownRules(t *testing.T, content string) string {
	t.Helper()
	dir := t.TempDir()
	head := "pack: ours\nversion: \"2027.1\"\ntitle: {zh: 本行, en: Ours}\n"
	if err := os.WriteFile(filepath.Join(dir, "ours.yaml"), []byte(head+content), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestRulesCheckPraisesGoodPacksAndPointsAtBadLines(t *testing.T) {
	t.Parallel()
	if out, words, status := rules("check"); status != 0 || !strings.Contains(out, "all good, version 2026.11.1#") {
		t.Errorf("built in: %d %s %s", status, out, words)
	}
	good := ownRules(t, "lexicons:\n  - {name: ours, doc: d, words: [w]}\n")
	if out, words, status := rules("check", good); status != 0 || !strings.Contains(out, "version 2027.1#") {
		t.Errorf("good: %d %s %s", status, out, words)
	}
	bad := ownRules(t, "lexicons:\n  - {name: ours, doc: d}\n  - {name: more, doc: d, word: [w]}\n")
	out, words, status := rules("check", bad)
	want := filepath.Join(bad, "ours.yaml") + ":5: ours: the lexicon has no words\n" +
		filepath.Join(bad, "ours.yaml") + ":6: more: unknown field \"word\"; did you mean \"words\"?\n"
	if status != 2 || out != want || words != "problems in the packs: 2" {
		t.Errorf("bad: %d\n%swant\n%s%s", status, out, want, words)
	}
	if out, _, status := rules("check", filepath.Join(bad, "nowhere")); status != 2 || !strings.Contains(out, "nowhere: cannot be read") {
		t.Errorf("no directory: %d %s", status, out)
	}
}

func TestRulesDirectoryComesFromFlagOrEnvironment(t *testing.T) {
	t.Setenv("XIAOBAO_RULES_DIR", ownRules(t, "lexicons:\n  - {name: of_env, doc: d, words: [w]}\n"))
	if out, _, status := rules("show", "$of_env"); status != 0 || !strings.Contains(out, "name: of_env") {
		t.Errorf("environment: %d %s", status, out)
	}
	flag := ownRules(t, "lexicons:\n  - {name: of_flag, doc: d, words: [w]}\n")
	if out, _, status := rules("show", "of_flag", "--rules", flag); status != 0 || !strings.Contains(out, "name: of_flag") {
		t.Errorf("flag: %d %s", status, out)
	}
	if _, _, status := rules("show", "of_env", "--rules", flag); status != 3 {
		t.Errorf("the flag should replace the environment: %d", status)
	}
}

func TestRulesListTakesEveryKind(t *testing.T) {
	t.Parallel()
	out, _, status := rules("list", "--kind", "deadlines")
	if status != 0 || !strings.Contains(out, "C-01  complaint 15 calendar_day") {
		t.Errorf("%d %s", status, out)
	}
	out, _, status = rules("list", "--kind", "regulations", "--json")
	var entries []struct{ Kind, ID, File string }
	if err := json.Unmarshal([]byte(out), &entries); err != nil || status != 0 || len(entries) < 22 || entries[0].Kind != "regulations" {
		t.Errorf("%d %v %.200s", status, err, out)
	}
	for _, kind := range []string{"indicators", "marketing", "codes", "checklists", "clues", "lexicons", "phrases", "items"} {
		out, _, status := rules("list", "--kind", kind, "--json")
		if err := json.Unmarshal([]byte(out), &entries); err != nil || status != 0 || entries == nil {
			t.Errorf("%s: %d %v %.80s", kind, status, err, out)
		}
	}
	if _, words, status := rules("list", "--kind", "wishes"); status != 2 || !strings.Contains(words, "indicators, marketing") {
		t.Errorf("%d %s", status, words)
	}
	if _, _, status := rules("list", "indicators"); status != 2 {
		t.Errorf("an argument it does not take: %d", status)
	}
}

func TestRulesShowFindsAnyIDOrNamesItsNeighbours(t *testing.T) {
	t.Parallel()
	if out, _, status := rules("show", "C-01"); status != 0 || !strings.Contains(out, "value: 15") || !strings.HasPrefix(out, "# deadlines, rulebook/packs/deadlines.yaml:") {
		t.Errorf("%d %s", status, out)
	}
	out, _, status := rules("show", "R03", "--json")
	var entry struct {
		Kind, ID string
		Line     int
		Entry    map[string]any
	}
	if err := json.Unmarshal([]byte(out), &entry); err != nil || status != 0 || entry.Entry["id"] != "R03" || entry.Line == 0 {
		t.Errorf("%d %v %+v", status, err, entry)
	}
	if _, words, status := rules("show", "opted_ot"); status != 3 || !strings.Contains(words, "near it: opted_out") {
		t.Errorf("%d %s", status, words)
	}
	if _, words, status := rules("show", "nothing-like-it-anywhere"); status != 3 || !strings.Contains(words, "rules list") {
		t.Errorf("%d %s", status, words)
	}
	if _, _, status := rules("show"); status != 2 {
		t.Errorf("no id: %d", status)
	}
}

func TestEachRulesCommandHasAnExample(t *testing.T) {
	t.Parallel()
	for _, cmd := range rulesCommand().Commands() {
		if !strings.Contains(cmd.Example, "xiaobao rules "+cmd.Name()) {
			t.Errorf("%s has the example %q", cmd.Name(), cmd.Example)
		}
	}
}
