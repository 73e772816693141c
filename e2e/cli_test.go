package e2e_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"xiaobao/casework"
)

// period is the last ninety days, which the sample institution fills.
func period(t *testing.T) []string {
	t.Helper()
	var list casework.Listing[casework.Touchpoint]
	the.as(t, "officer").ask(&list, "touchpoint", "list", "--from", "2020-01-01", "--to", "2040-01-01", "--limit", "1")
	if len(list.Rows) == 0 {
		t.Fatal("the sample institution has no touchpoints")
	}
	last := list.Rows[0].OccurredAt
	return []string{"--from", string(casework.DayOf(last.AddDate(0, 0, -95))), "--to", string(casework.DayOf(last))}
}

func start(p person, name string, args ...string) casework.Inspection {
	p.t.Helper()
	var i casework.Inspection
	p.ask(&i, append(append([]string{"inspect", "start", "--name", name, "--watch"}, period(p.t)...), args...)...)
	return i
}

func findings(p person, inspection, status string) []casework.Finding {
	p.t.Helper()
	var all []casework.Finding
	after := ""
	for {
		var list casework.Listing[casework.Finding]
		p.ask(&list, "inspect", "findings", inspection, "--status", status, "--limit", "500", "--after", after)
		all = append(all, list.Rows...)
		if after = list.Next; after == "" {
			return all
		}
	}
}

func ids(all []casework.Finding) []string {
	var out []string
	for _, f := range all {
		out = append(out, f.ID)
	}
	return out
}

// decideAll decides findings by bundles of as many as are allowed at once.
func decideAll(p person, inspection string, all []string, verdict ...string) {
	p.t.Helper()
	for len(all) > 0 {
		n := min(len(all), casework.MaxFindingsAtOnce)
		p.run(append(append([]string{"inspect", "decide", inspection}, verdict...), all[:n]...)...)
		all = all[n:]
	}
}

func TestAnOfficersJourneyByCommandLine(t *testing.T) {
	officer, reviewer := the.as(t, "officer"), the.as(t, "reviewer")

	i := start(officer, "CLI journey", "--items", "I-001,I-018,I-057,I-060")
	if i.Status != casework.InspectionAdjudicating || i.Progress.Tested != i.Progress.Touchpoints || i.Progress.Touchpoints < 5000 {
		t.Fatalf("after --watch it stands at %+v", i)
	}
	candidates := findings(officer, i.ID, "candidate")
	if len(candidates) < 10 {
		t.Fatalf("%d candidates; the sample holds more", len(candidates))
	}
	for _, f := range candidates {
		if f.Touchpoint == "" || f.Version == "" || len(f.Basis) == 0 {
			t.Fatalf("finding %s lacks its touchpoint, version or basis: %+v", f.ID, f)
		}
	}

	officer.refused(4, "inspect", "submit", i.ID)                                                     // nothing is decided yet
	officer.refused(2, "inspect", "decide", i.ID, "--dismiss", "other", candidates[0].ID)             // without a note
	officer.refused(5, "inspect", "confirm", i.ID)                                                    // not an officer's to do
	officer.run("inspect", "decide", i.ID, "--dismiss", "other", "--note", "drill", candidates[0].ID) // one dismissed
	officer.refused(4, "inspect", "decide", i.ID, "--confirm", candidates[0].ID)                      // decided already
	merged, rest := 0, candidates[1:]
	if into, from, ok := oneMatter(rest); ok {
		officer.run("inspect", "decide", i.ID, "--confirm", into.ID)
		officer.run("inspect", "decide", i.ID, "--merge", into.ID, from.ID)
		merged = 1
		rest = slices.DeleteFunc(slices.Clone(rest), func(f casework.Finding) bool { return f.ID == into.ID || f.ID == from.ID })
	}
	decideAll(officer, i.ID, ids(rest), "--confirm")

	var questions casework.Listing[casework.Question]
	officer.ask(&questions, "inspect", "questions", i.ID, "--open")
	for _, q := range questions.Rows {
		officer.run("inspect", "answer", q.ID, "--outcome", "passed")
	}
	officer.run("inspect", "submit", i.ID)
	reviewer.run("inspect", "confirm", i.ID, "--return", "look again at the first")
	officer.run("inspect", "decide", i.ID, "--overrule", "--dismiss", "false_hit", candidates[0].ID) // corrected
	officer.run("inspect", "submit", i.ID)
	reviewer.ask(&i, "inspect", "confirm", i.ID)
	until(t, "the report", reportWithin, func() bool {
		officer.ask(&i, "inspect", "show", i.ID)
		return i.Status == casework.InspectionReported
	})
	if i.Score == nil || i.ReportHash == "" || i.ConfirmedBy == i.SubmittedBy {
		t.Errorf("the report lacks its score, hash or second person: %+v", i)
	}
	if i.Counts.Dismissed != 1 || i.Counts.Merged != merged || i.Counts.Confirmed != len(candidates)-1-merged || i.Counts.Candidate != 0 {
		t.Errorf("counted %+v of %d", i.Counts, len(candidates))
	}
	officer.refused(3, "inspect", "cancel", i.ID, "--why", "too late")

	checkWorkbook(t, officer, i, len(candidates))
	if out := the.as(t, "auditor").run("audit", "verify"); !strings.Contains(out, "hold") {
		t.Errorf("audit verify says %q", out)
	}
}

// oneMatter finds two findings that may be merged.
func oneMatter(all []casework.Finding) (into, from casework.Finding, ok bool) {
	for n, into := range all {
		for _, from := range all[n+1:] {
			if into.SameMatter(from) {
				return into, from, true
			}
		}
	}
	return into, from, false
}

// checkWorkbook opens the report and counts its rows.
func checkWorkbook(t *testing.T, officer person, i casework.Inspection, want int) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "report.xlsx")
	officer.run("inspect", "report", i.ID, "--xlsx", name)
	book, err := excelize.OpenFile(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := book.Close(); err != nil {
			t.Error(err)
		}
	}()
	rows, err := book.GetRows("问题明细")
	if err != nil {
		t.Fatal(err)
	}
	if len(rows)-1 != want {
		t.Errorf("the workbook has %d findings, want %d", len(rows)-1, want)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the workbook is readable by others: %v %v", info.Mode(), err)
	}
}

func TestASampleIsDrawnAgainByItsSeed(t *testing.T) {
	officer := the.as(t, "officer")
	one := start(officer, "sample one", "--items", "I-060", "--sample", "300", "--seed", "7")
	two := start(officer, "sample two", "--items", "I-060", "--sample", "300", "--seed", "7")
	other := start(officer, "sample three", "--items", "I-060", "--sample", "300", "--seed", "8")
	if one.Progress.Touchpoints != 300 || one.Progress.Digest == "" || one.Progress.Digest != two.Progress.Digest {
		t.Errorf("seed 7 drew %d with digest %q, then %q", one.Progress.Touchpoints, one.Progress.Digest, two.Progress.Digest)
	}
	if one.Progress.Digest == other.Progress.Digest {
		t.Error("seeds 7 and 8 drew the same")
	}
}

func TestAbsurdOrdersAreRefusedInWords(t *testing.T) {
	officer := the.as(t, "officer")
	for name, test := range map[string]struct {
		status int
		args   []string
		says   string
	}{
		"period without data": {2, []string{"--name", "x", "--from", "2001-01-01", "--to", "2001-02-01", "--items", "I-057"}, "holds no touchpoints"},
		"backwards":           {2, []string{"--name", "x", "--from", "2026-02-01", "--to", "2026-01-01"}, "ends before"},
		"no date":             {2, []string{"--name", "x", "--from", "yesterday", "--to", "2026-01-01"}, "as days"},
		"unknown item":        {2, []string{"--name", "x", "--from", "2026-01-01", "--to", "2026-02-01", "--items", "I-999"}, "I-999"},
		"unknown channel":     {2, []string{"--name", "x", "--from", "2026-01-01", "--to", "2026-02-01", "--channels", "pigeon"}, "pigeon"},
		"no name":             {2, []string{"--from", "2026-01-01", "--to", "2026-02-01"}, "name"},
		"negative sample":     {2, []string{"--name", "x", "--from", "2026-01-01", "--to", "2026-02-01", "--sample", "-1"}, "sample"},
		"unknown inspection":  {3, nil, "inspection"},
	} {
		t.Run(name, func(t *testing.T) {
			p := person{officer.system, t, officer.token}
			args := append([]string{"inspect", "start"}, test.args...)
			if test.args == nil {
				args = []string{"inspect", "show", "i-none"}
			}
			if out := p.refused(test.status, args...); !strings.Contains(out, test.says) {
				t.Errorf("says %q, want something about %q", out, test.says)
			}
		})
	}
	the.as(t, "auditor").refused(5, "inspect", "start", "--name", "x", "--from", "2026-01-01", "--to", "2026-02-01")
}
