package activities_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"
	sdk "go.temporal.io/sdk/worker"

	"xiaobao/activities"
	"xiaobao/casework"
	"xiaobao/rulebook"
	"xiaobao/worker"
	"xiaobao/workflows"
)

var (
	_ activities.Rules       = (*rulebook.Book)(nil)
	_ activities.Inspections = (*memory)(nil)
)

// hash is of the rulebook in these tests.
const hash = "5f0c1d2e3f"

// rules is a rulebook of two indicators and one checklist.
type rules struct{}

func (rules) Version() string { return "2026.11.1#5f0c1d2e" }

func (rules) Indicator(id string) (*rulebook.Indicator, bool) {
	switch id {
	case "threat":
		return &rulebook.Indicator{ID: id, Channels: []casework.Channel{casework.CollectionCall}}, true
	case "insult":
		return &rulebook.Indicator{ID: id}, true
	}
	return nil, false
}

func (rules) Checklist(id string) (*rulebook.Checklist, bool) {
	ask := rulebook.Text{Zh: "是否有制度？"}
	return &rulebook.Checklist{
		ID: "annual", Title: rulebook.Text{Zh: "年度自查"}, Pack: &rulebook.Pack{ID: "checklist", Version: "2026.11.1", Hash: "aabbccddee"},
		Elements: []rulebook.EvalElement{{ID: "CO", Weight: 25}},
		Items: []rulebook.ChecklistItem{
			{ID: "I-1", Element: "CO", Method: casework.ByIndicators, Indicators: []string{"threat"}, Weight: 2},
			{ID: "I-2", Element: "CO", Method: casework.ByIndicators, Indicators: []string{"insult", "threat"}, Weight: 1},
			{ID: "I-3", Element: "CO", Method: casework.ByIndicators, Indicators: []string{"unknown"}},
			{ID: "I-4", Element: "CO", Method: casework.ByQuery, Query: "late_replies"},
			{ID: "I-5", Element: "CO", Method: casework.ByQuery, Query: "no_such_query"},
			{ID: "I-6", Element: "CO", Method: casework.ByAsking, Question: ask, Respondent: "collection"},
			{ID: "I-7", Element: "CO", Method: casework.ByAsking, Respondent: "collection"},
			{ID: "I-8", Element: "CO", Method: casework.ByIndicators, Indicators: []string{"threat", "unknown"}},
		},
	}, id == "annual"
}

// A plainScreener sees an indicator in a text that names it.
type plainScreener struct{ only []string }

func (s *plainScreener) Only(indicators []string) { s.only = indicators }

func (s *plainScreener) Screen(t *casework.Touchpoint) []casework.Signal {
	var signals []casework.Signal
	for _, id := range s.only {
		if strings.Contains(t.Text, id) {
			signals = append(signals, casework.Signal{
				Indicator: id, Level: casework.Red, Engine: casework.ByRule, Version: "v", Certainty: 0.9,
				Evidence: []casework.Evidence{{Start: 0, End: 3, Quote: t.Text[:3]}}, Basis: []string{"R02 23(四)"}, Facts: map[string]any{"calls_today": 4.0},
			})
		}
	}
	if strings.Contains(t.Text, "poison") {
		panic("cannot read: " + t.Text)
	}
	return signals
}

type report string

func (r report) Canonical(context.Context, string) ([]byte, error) { return []byte(r), nil }

// An env runs one activity after another as a worker would.
type env struct {
	*testsuite.TestActivityEnvironment
	*memory
	t *testing.T
}

func newEnv(t *testing.T) env {
	t.Helper()
	suite := new(testsuite.WorkflowTestSuite)
	quiet := slog.New(slog.DiscardHandler)
	suite.SetLogger(log.NewStructuredLogger(quiet))
	e := env{suite.NewTestActivityEnvironment(), newMemory(), t}
	e.SetWorkerOptions(sdk.Options{Interceptors: []interceptor.WorkerInterceptor{worker.Errors()}})
	e.queries["late_replies"] = []casework.QueryHit{}
	acts := &activities.Activities{
		Inspections: e.memory, Reports: report(`{"id":"i-1"}`), Rules: rules{}, RulesHash: hash, Log: quiet,
		NewScreener: func() activities.Screener { return new(plainScreener) },
	}
	acts.Register(e)
	return e
}

// perform does an activity and decodes what it gives.
func perform[In, Out any](e env, a workflows.Activity[In, Out], in In) (Out, error) {
	var out Out
	value, err := e.ExecuteActivity(a.Name, in)
	if err != nil {
		return out, err
	}
	return out, value.Get(&out)
}

// must is perform for what has to succeed.
func must[In, Out any](e env, a workflows.Activity[In, Out], in In) Out {
	e.t.Helper()
	out, err := perform(e, a, in)
	if err != nil {
		e.t.Fatal(err)
	}
	return out
}

func order() workflows.InspectionOrder {
	from := time.Date(2026, 2, 1, 0, 0, 0, 0, casework.Beijing)
	return workflows.InspectionOrder{
		ID: "i-1", Checklist: "annual", RulebookHash: hash, OrderedBy: "u-li", OrgID: "head",
		Scope: casework.Scope{From: from, To: from.AddDate(0, 1, 0)},
	}
}

func TestDrawScopePlansHowEachItemIsTested(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.drawing = casework.Drawing{Touchpoints: 10, Digest: "d1"}
	o := order()
	o.Items = []string{"I-1", "I-2", "I-3", "I-4", "I-5", "I-6", "I-7", "I-8", "I-99", "I-1"}

	draw := must(e, workflows.DrawScope, o)

	want := map[string]casework.ItemOutcome{
		"I-1": casework.ItemWaiting, "I-2": casework.ItemWaiting, "I-3": casework.ItemNotRun, "I-4": casework.ItemWaiting,
		"I-5": casework.ItemNotRun, "I-6": casework.ItemWaiting, "I-7": casework.ItemNotRun, "I-8": casework.ItemWaiting, "I-99": casework.ItemNotRun,
	}
	if len(draw.Items) != len(want) || draw.Digest != "d1" || draw.RulebookHash != hash {
		t.Errorf("drew %+v", draw)
	}
	for _, item := range draw.Items {
		if item.Outcome != want[item.Item] {
			t.Errorf("%s is planned as %s, want %s", item.Item, item.Outcome, want[item.Item])
		}
	}
	for _, item := range e.plan {
		if (item.Outcome == casework.ItemNotRun || item.Item == "I-8") != (item.Why != "") {
			t.Errorf("%s says why: %q", item.Item, item.Why)
		}
	}
	if p := e.plan[0]; p.ElementWeight != 25 || p.Weight != 2 || !slices.Equal(p.Channels, []casework.Channel{casework.CollectionCall}) {
		t.Errorf("planned %+v", p)
	}
	if p := e.plan[1]; len(p.Channels) != 0 {
		t.Errorf("an item with an indicator for all channels looks at %v", p.Channels)
	}
}

func TestDrawScopeTakesTheWholeChecklistByDefault(t *testing.T) {
	t.Parallel()
	if draw := must(newEnv(t), workflows.DrawScope, order()); len(draw.Items) != 8 {
		t.Errorf("planned %d items", len(draw.Items))
	}
}

func TestDrawScopeAgainKeepsTheFirstPlan(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	e.plan = []casework.PlannedItem{{Item: "I-2", Method: casework.ByIndicators, Outcome: casework.ItemWaiting}}
	if draw := must(e, workflows.DrawScope, order()); len(draw.Items) != 1 {
		t.Errorf("drew %+v", draw.Items)
	}
}

func TestDrawScopeRefusesWhatCannotBeDrawn(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*workflows.InspectionOrder)
		want   casework.Kind
	}{
		"by another rulebook":   {func(o *workflows.InspectionOrder) { o.RulebookHash = "deadbeef00" }, casework.Busy},
		"by no checklist":       {func(o *workflows.InspectionOrder) { o.Checklist = "none" }, casework.NotFound},
		"over no period at all": {func(o *workflows.InspectionOrder) { o.Scope.To = time.Time{} }, casework.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := order()
			test.change(&o)
			_, err := perform(newEnv(t), workflows.DrawScope, o)
			if got := kindOf(err); got != test.want {
				t.Errorf("met %v, want %s", err, test.want)
			}
		})
	}
}

// kindOf is the kind of error that the workflow would see.
func kindOf(err error) casework.Kind { return casework.KindOf(workflows.FromTemporal(err)) }

func TestOpenInspectionNamesWhatAScheduleStarts(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	must(e, workflows.OpenInspection, order())
	got := e.opened[0]
	if got.Name != "年度自查 2026-02-01—2026-02-28" || got.ChecklistVersion != "checklist@2026.11.1#aabbccdd" || len(got.Items) != 8 {
		t.Errorf("opened %+v", got)
	}
}

func TestAskPeopleFindsSomeoneForEveryQuestion(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	must(e, workflows.DrawScope, order())
	ask := workflows.AskOrder{Inspection: "i-1", OrgID: "head", OrderedBy: "u-li", Due: order().Scope.To}
	for _, want := range []casework.Actor{"u-li", "u-zhao"} {
		asked := must(e, workflows.AskPeople, ask)
		q := e.questions[casework.QuestionID("i-1", "I-6")]
		if asked.Questions != 1 || len(e.questions) != 1 || q.Respondent != want || q.Answer != casework.ItemWaiting {
			t.Errorf("asked %d: %+v, want %s", asked.Questions, q, want)
		}
		e.people["collection"] = "u-zhao"
	}
}

func TestTestByQueryMakesFindingsOfWhatItHolds(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	for n := range 1203 {
		e.queries["late_replies"] = append(e.queries["late_replies"], casework.QueryHit{Touchpoint: fmt.Sprint("t-", n), Facts: map[string]any{"days_open": 20}})
	}
	must(e, workflows.DrawScope, order())

	for range 2 { // the second finds the same
		result := must(e, workflows.TestByQuery, workflows.QueryTest{Inspection: "i-1", RulebookHash: hash, Item: "I-4"})
		if result.Found != 1203 || result.Tested != 5000 || e.items["I-4"] != 5000 {
			t.Errorf("came to %+v", result)
		}
	}
	if e.most > 500 {
		t.Errorf("%d findings were in memory at once", e.most)
	}
	f := e.findings[casework.FindingID("i-1", "I-4", "late_replies", "t-7")]
	if f.Level != casework.Blue || f.Status != casework.FindingCandidate || f.Facts["days_open"] == nil {
		t.Errorf("found %+v", f)
	}
}

func TestTestByQueryDoesNotPassWhatItCannotRun(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	must(e, workflows.DrawScope, order())
	delete(e.queries, "late_replies")
	result := must(e, workflows.TestByQuery, workflows.QueryTest{Inspection: "i-1", RulebookHash: hash, Item: "I-4"})
	if result.Outcome != casework.ItemNotRun || e.outcomes["I-4"].Why == "" {
		t.Errorf("came to %+v, because %q", result, e.outcomes["I-4"].Why)
	}
}

func TestScoreInspectionGoesByTheRulesOfThePlan(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	planned := func(item string) casework.PlannedItem {
		return casework.PlannedItem{Item: item, Element: "CO", ElementWeight: 25, Weight: 1, Method: casework.ByIndicators, Outcome: casework.ItemWaiting}
	}
	e.tallies = []casework.ItemTally{
		{PlannedItem: planned("I-1"), Tested: 100},
		{PlannedItem: planned("I-2"), Tested: 100, Counts: casework.FindingCounts{Confirmed: 1}, Worst: casework.Yellow},
		{PlannedItem: planned("I-3")},
	}
	score := must(e, workflows.ScoreInspection, "i-1")
	if score.Points != 75 || score.Tested != 2 || score.Total != 3 || e.score.Points != 75 {
		t.Errorf("scored %+v", score)
	}
	if e.outcomes["I-1"].Outcome != casework.ItemPassed || e.outcomes["I-2"].Outcome != casework.ItemFailed || e.outcomes["I-3"].Outcome != casework.ItemNotRun {
		t.Errorf("concluded %+v", e.outcomes)
	}
}

func TestFileReportFreezesTheFirstReport(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	first := must(e, workflows.FileReport, "i-1")
	if len(first.SHA256) != 64 {
		t.Errorf("filed %+v", first)
	}
	e.report = "0123"
	if again := must(e, workflows.FileReport, "i-1"); again.SHA256 != "0123" {
		t.Errorf("filed again as %+v", again)
	}
}

func TestDecisionsReachTheFile(t *testing.T) {
	t.Parallel()
	e := newEnv(t)
	if got := must(e, workflows.RecordVerdict, casework.VerdictOrder{Findings: []string{"f-1", "f-2"}}); got.Decided != 2 {
		t.Errorf("decided %+v", got)
	}
	if got := must(e, workflows.RecordAnswer, casework.AnswerOrder{}); got.Left != 4 {
		t.Errorf("answered %+v", got)
	}
	if got := must(e, workflows.RecordInspection, casework.InspectionRecord{}); got.Candidates != 2 || got.Unanswered != 1 {
		t.Errorf("recorded %+v", got)
	}
}
