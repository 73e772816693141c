package e2e_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"xiaobao/casework"
)

// How long things may take on a loaded machine, with the race detector on.
const (
	reportWithin  = time.Minute
	restartWithin = 5 * time.Minute
	inspectWithin = 15 * time.Minute
)

// killed is how many touchpoints the inspection looks at that is killed.
const killed = 50_000

// TestNothingIsLostWhenPartsAreKilled kills the worker, the console, Temporal
// and PostgreSQL in turn while an inspection of many touchpoints runs, brings
// them up again, and compares the findings with those of an undisturbed run.
func TestNothingIsLostWhenPartsAreKilled(t *testing.T) {
	officer := the.as(t, "officer")
	load(t, officer)
	scope := []string{"--from", "2019-01-01", "--to", "2019-03-31", "--items", "I-030,I-057,I-060"}
	begin := func(name string) casework.Inspection {
		var i casework.Inspection
		officer.ask(&i, append([]string{"inspect", "start", "--name", name}, scope...)...)
		return i
	}
	disturbed := begin("disturbed")
	for n, part := range []string{"worker", "console", "temporal", "postgres"} {
		share := killed * (n + 1) / 6
		until(t, fmt.Sprintf("%d tested", share), inspectWithin, func() bool {
			var now casework.Inspection
			officer.ask(&now, "inspect", "show", disturbed.ID)
			return now.Progress.Tested >= share
		})
		the.kill(t, part)
		if out, err := the.try("up"); err != nil {
			t.Fatalf("up after kill -9 of %s: %v\n%s", part, err, out)
		}
	}
	officer.ask(&disturbed, "inspect", "watch", disturbed.ID)
	if disturbed.Progress.Tested != killed {
		t.Errorf("tested %d of %d", disturbed.Progress.Tested, killed)
	}
	calm := begin("undisturbed")
	officer.ask(&calm, "inspect", "watch", calm.ID)

	got, want := substance(officer, disturbed.ID), substance(officer, calm.ID)
	if len(want) < killed/100 {
		t.Fatalf("the undisturbed run found only %d", len(want))
	}
	if !slices.Equal(got, want) {
		t.Errorf("the disturbed run found %d, the undisturbed one %d, and they differ", len(got), len(want))
	}
}

// substance is what the findings say, apart from which inspection says it.
func substance(p person, inspection string) []string {
	p.t.Helper()
	var all []string
	for _, f := range findings(p, inspection, "candidate") {
		all = append(all, fmt.Sprint(f.Item, f.Indicator, f.Touchpoint, f.Level, f.Evidence, f.Basis, f.Version))
	}
	slices.SortFunc(all, cmp.Compare[string])
	return all
}

// load imports the touchpoints to inspect, in a period of their own.
func load(t *testing.T, officer person) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "many.jsonl")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	out := json.NewEncoder(f)
	lines := []string{
		"坐席：您好，请问是本人吗？\n客户：是的。\n坐席：您尾号的账单本周到期，请留意还款日期。\n客户：好的，谢谢。",
		"坐席：您好，请问这笔款什么时候方便处理？\n客户：下周发工资。\n坐席：好的，给您备注了，如有困难可以申请延期。",
		"坐席：再不还我就叫人去你家坐着，让你在村里抬不起头。\n客户：你别这样。",
		"坐席：您好，这里是客户服务中心，本次通话将被录音，请问有什么可以帮您？\n客户：想查一下还款计划。",
	}
	first := time.Date(2019, 1, 1, 9, 0, 0, 0, casework.Beijing)
	for i := range killed {
		at := first.AddDate(0, 0, i%90).Add(time.Duration(i%1000) * time.Second)
		line := lines[i%2]
		switch {
		case i%40 == 0:
			line = lines[2]
		case i%97 == 0:
			at = casework.DayOf(at).Midnight().Add(23 * time.Hour) // at night
		case i%5 == 0:
			line = lines[3]
		}
		if err := out.Encode(casework.Touchpoint{
			ID: fmt.Sprintf("many-%06d", i), Channel: casework.CollectionCall, OccurredAt: at, OrgID: "HQ",
			CustomerID: fmt.Sprintf("many-c-%05d", i%9000), AgentID: fmt.Sprintf("many-a-%02d", i%50), Text: line,
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	var run casework.ImportRun
	officer.ask(&run, "import", "touchpoints", name)
	if run.Added+run.Unchanged != killed {
		t.Fatalf("import came to %+v", run)
	}
	officer.ask(&run, "import", "touchpoints", name)
	if run.Added != 0 || run.Unchanged != killed {
		t.Errorf("the same file again came to %+v", run)
	}
}
