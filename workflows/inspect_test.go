package workflows_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/temporal"

	"xiaobao/casework"
	"xiaobao/workflows"
)

// order is an inspection of February, with ten days for verdicts and five for
// answers.
func order() workflows.InspectionOrder {
	return workflows.InspectionOrder{
		ID: "i-1", Checklist: "annual", RulebookHash: "5f0c",
		Scope:     casework.Scope{From: start.AddDate(0, -1, 0), To: start},
		OrderedBy: "u-li", OrgID: "head",
		AdjudicateWithin: 10 * day, AnswerWithin: 5 * day,
	}
}

// What people do in these tests.
func decideAll(e env) {
	tell(e, workflows.DecideFindings, workflows.FindingsVerdict{By: "u-li", Verdict: casework.Confirm, Findings: []string{"f-1", "f-2", "f-3", "f-4"}})
}

func answerIt(e env) {
	tell(e, workflows.AnswerQuestion, workflows.QuestionAnswer{By: "u-zhao", Question: "q-1", Outcome: casework.ItemPassed})
}

func submit(e env) { tell(e, workflows.SubmitReport, workflows.Submission{By: "u-li"}) }

func accept(e env) {
	tell(e, workflows.ConfirmReport, workflows.Confirmation{By: "u-wang", Accept: true})
}

func giveBack(e env) {
	tell(e, workflows.ConfirmReport, workflows.Confirmation{By: "u-wang", NoteRef: "n-1"})
}

func cancel(e env) {
	tell(e, workflows.CancelInspection, workflows.Cancellation{By: "u-li", NoteRef: "n-2"})
}

// A happening is what someone does some time into the inspection.
type happening struct {
	on time.Duration
	do func(env)
}

func TestInspectFates(t *testing.T) {
	t.Parallel()
	begun := []string{"drawing", "testing", "adjudicating"}
	for name, test := range map[string]struct {
		happens []happening
		events  []string
		status  casework.InspectionStatus
		ends    time.Duration
	}{
		"undisturbed": {
			[]happening{{day, decideAll}, {2 * day, answerIt}, {3 * day, submit}, {4 * day, accept}},
			append(begun[:3:3], "submitted", "confirmed", "reported"), casework.InspectionReported, 4 * day,
		},
		"returned and submitted again": {
			[]happening{{day, decideAll}, {2 * day, answerIt}, {3 * day, submit}, {4 * day, giveBack}, {5 * day, submit}, {6 * day, accept}},
			append(begun[:3:3], "submitted", "returned", "submitted", "confirmed", "reported"), casework.InspectionReported, 6 * day,
		},
		"nobody answers in time": {
			[]happening{{day, decideAll}, {11 * day, submit}, {12 * day, accept}},
			append(begun[:3:3], "overdue", "submitted", "confirmed", "reported"), casework.InspectionReported, 12 * day,
		},
		"answered and decided late": {
			[]happening{{11 * day, answerIt}, {12 * day, decideAll}, {13 * day, submit}, {14 * day, accept}},
			append(begun[:3:3], "overdue", "submitted", "confirmed", "reported"), casework.InspectionReported, 14 * day,
		},
		"cancelled while findings are open": {
			[]happening{{day, cancel}}, append(begun[:3:3], "cancelled"), casework.InspectionCancelled, day,
		},
		"cancelled while overdue": {
			[]happening{{12 * day, cancel}}, append(begun[:3:3], "overdue", "cancelled"), casework.InspectionCancelled, 12 * day,
		},
		"cancelled while it waits for the second person": {
			[]happening{{day, decideAll}, {2 * day, answerIt}, {3 * day, submit}, {4 * day, cancel}},
			append(begun[:3:3], "submitted", "cancelled"), casework.InspectionCancelled, 4 * day,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, r := newEnv(t), newRegistry()
			r.serves(e)
			for _, h := range test.happens {
				e.on(h.on, h.do)
			}

			e.ExecuteWorkflow(workflows.InspectName, order())

			if got := result[workflows.InspectionClosing](e); got.Status != test.status {
				t.Errorf("ended %q, want %q", got.Status, test.status)
			}
			if got := r.events(); !slices.Equal(got, test.events) {
				t.Errorf("recorded %v,\nwant %v", got, test.events)
			}
			if got := e.Now().Sub(start).Round(time.Minute); got != test.ends {
				t.Errorf("ended after %v, want %v", got, test.ends)
			}
			if got := r.last().Status; got != test.status {
				t.Errorf("last record says %q, want %q", got, test.status)
			}
		})
	}
}

func TestInspectRecordsWhoDidWhat(t *testing.T) {
	t.Parallel()
	e, r := newEnv(t), newRegistry()
	r.serves(e)
	for _, h := range []happening{{day, decideAll}, {2 * day, answerIt}, {3 * day, submit}, {4 * day, giveBack}, {5 * day, submit}, {6 * day, accept}} {
		e.on(h.on, h.do)
	}

	e.ExecuteWorkflow(workflows.InspectName, order())

	if got := result[workflows.InspectionClosing](e); got.Report != "abc123" || r.filed != 1 {
		t.Errorf("closed with %+v after filing %d reports", got, r.filed)
	}
	if r.scored != 2 {
		t.Errorf("scored %d times, want once for each submission", r.scored)
	}
	if by := r.step(casework.EventSubmitted).By; by != "u-li" {
		t.Errorf("submitted by %q", by)
	}
	returned := r.step(casework.EventReturned)
	if returned.By != "u-wang" || returned.NoteRef != "n-1" {
		t.Errorf("returned by %q with note %q", returned.By, returned.NoteRef)
	}
	if want := start.Add(14 * day); returned.Due == nil || !returned.Due.Equal(want) {
		t.Errorf("after the return it is due %v, want %v", returned.Due, want)
	}
	if by := r.step(casework.EventConfirmed).By; by != "u-wang" {
		t.Errorf("confirmed by %q", by)
	}
	if due := r.asked[0].Due; !due.Equal(start.Add(5 * day)) {
		t.Errorf("answers are due %v", due)
	}
	if len(r.queries) != 1 || r.queries[0].Item != "I-002" {
		t.Errorf("tested by query: %+v, want I-002 only: I-004 cannot be tested", r.queries)
	}
}

func TestInspectVoidsAnEmptyScopeWithNobodyToAsk(t *testing.T) {
	t.Parallel()
	e, r := newEnv(t), newRegistry()
	r.draw.Drawing, r.draw.Items = casework.Drawing{}, r.draw.Items[:2]
	r.serves(e)

	e.ExecuteWorkflow(workflows.InspectName, order())

	if got := result[workflows.InspectionClosing](e); got.Status != casework.InspectionVoid {
		t.Errorf("ended %q", got.Status)
	}
	if got := r.last(); got.Event != casework.EventVoid || got.Why != "empty_scope" {
		t.Errorf("recorded %+v", got)
	}
	if r.calls[workflows.TestTouchpoints.Name]+r.calls[workflows.TestByQuery.Name] > 0 {
		t.Error("something was tested nevertheless")
	}
}

func TestInspectAsksPeopleEvenIfThereIsNothingToTest(t *testing.T) {
	t.Parallel()
	e, r := newEnv(t), newRegistry()
	r.draw.Drawing, r.draw.Items = casework.Drawing{}, r.draw.Items[2:3]
	r.serves(e)
	for _, h := range []happening{{day, answerIt}, {2 * day, submit}, {3 * day, accept}} {
		e.on(h.on, h.do)
	}

	e.ExecuteWorkflow(workflows.InspectName, order())

	if got := result[workflows.InspectionClosing](e); got.Status != casework.InspectionReported {
		t.Errorf("ended %q", got.Status)
	}
}

func TestInspectOutlastsAnOutageInEveryStep(t *testing.T) {
	t.Parallel()
	for _, activity := range []string{
		"OpenInspection", "RecordInspection", "DrawScope", "TestTouchpoints", "TestByQuery",
		"AskPeople", "RecordVerdict", "RecordAnswer", "ScoreInspection", "FileReport",
	} {
		t.Run(activity, func(t *testing.T) {
			t.Parallel()
			e, r := newEnv(t), newRegistry()
			r.failing[activity] = 7
			r.serves(e)
			for _, h := range []happening{{day, decideAll}, {2 * day, answerIt}, {3 * day, submit}, {4 * day, accept}} {
				e.on(h.on, h.do)
			}

			e.ExecuteWorkflow(workflows.InspectName, order())

			if got := result[workflows.InspectionClosing](e); got.Status != casework.InspectionReported {
				t.Errorf("ended %q", got.Status)
			}
			if r.candidates != 0 || len(r.tests) != 3 {
				t.Errorf("%d candidates left of %d chunks", r.candidates, len(r.tests))
			}
		})
	}
}

func TestInspectIsCancelledWhileItWorks(t *testing.T) {
	t.Parallel()
	for activity, events := range map[string][]string{
		workflows.OpenInspection.Name:  {"cancelled"},
		workflows.DrawScope.Name:       {"drawing", "cancelled"},
		workflows.TestTouchpoints.Name: {"drawing", "testing", "cancelled"},
		workflows.TestByQuery.Name:     {"drawing", "testing", "cancelled"},
		workflows.AskPeople.Name:       {"drawing", "testing", "cancelled"},
	} {
		t.Run("in "+activity, func(t *testing.T) {
			t.Parallel()
			e, r := newEnv(t), newRegistry()
			r.blocked = map[string]chan struct{}{activity: make(chan struct{})}
			t.Cleanup(func() { close(r.blocked[activity]) })
			r.serves(e)
			e.during(activity, cancel)

			e.ExecuteWorkflow(workflows.InspectName, order())

			if got := result[workflows.InspectionClosing](e); got.Status != casework.InspectionCancelled {
				t.Errorf("ended %q", got.Status)
			}
			if got := r.events(); !slices.Equal(got, events) {
				t.Errorf("recorded %v, want %v", got, events)
			}
			if got := r.last(); got.By != "u-li" || got.NoteRef != "n-2" {
				t.Errorf("cancelled by %q with note %q", got.By, got.NoteRef)
			}
		})
	}
}

func TestInspectThatIsCancelledOutsideSaysSo(t *testing.T) {
	t.Parallel()
	e, r := newEnv(t), newRegistry()
	r.serves(e)
	e.on(day, func(e env) { e.CancelWorkflow() })

	e.ExecuteWorkflow(workflows.InspectName, order())

	if err := e.GetWorkflowError(); err == nil || !strings.Contains(err.Error(), "canceled") {
		t.Errorf("ended with %v", err)
	}
	if got := r.last(); got.Status != casework.InspectionCancelled || got.Why != "cancelled_outside" {
		t.Errorf("recorded %+v", got)
	}
}

func TestInspectFilesAConfirmedReportWhateverElseHappens(t *testing.T) {
	t.Parallel()
	e, r := newEnv(t), newRegistry()
	r.serves(e)
	for _, h := range []happening{{day, decideAll}, {2 * day, answerIt}, {3 * day, submit}, {4 * day, accept}} {
		e.on(h.on, h.do)
	}
	e.during(workflows.FileReport.Name, func(e env) {
		e.CancelWorkflow()
		refused(e, workflows.CancelInspection, workflows.Cancellation{By: "u-li", NoteRef: "n-2"}, "confirmed")
	})

	e.ExecuteWorkflow(workflows.InspectName, order())

	if got := result[workflows.InspectionClosing](e); got.Status != casework.InspectionReported || got.Report == "" {
		t.Errorf("ended %+v", got)
	}
}

func TestInspectThatCannotGoOnIsNotLeftOpen(t *testing.T) {
	t.Parallel()
	e, r := newEnv(t), newRegistry()
	r.serves(e)
	gone := casework.Errorf(casework.NotFound, "there is no checklist").InChinese("没有检查清单").WithCode("field:checklist")
	r.refusing = map[string]error{workflows.DrawScope.Name: gone}

	e.ExecuteWorkflow(workflows.InspectName, order())

	if err := workflows.FromTemporal(e.GetWorkflowError()); casework.WordsZh(err) != "没有检查清单" {
		t.Errorf("ended with %v", err)
	}
	if got := r.last(); got.Status != casework.InspectionCancelled || got.Why != "procedure_failed" {
		t.Errorf("recorded %+v", got)
	}
}

// The run was due on the last day of February and began in March, because
// the server was away in between.
func TestInspectOnAScheduleLooksAtThePeriodBeforeItWasDue(t *testing.T) {
	t.Parallel()
	e, r := newEnv(t), newRegistry()
	dueAt := temporal.NewSearchAttributeKeyTime("TemporalScheduledStartTime").ValueSet(start.AddDate(0, 0, -2))
	if err := e.SetTypedSearchAttributesOnStart(temporal.NewSearchAttributes(dueAt)); err != nil {
		t.Fatal(err)
	}
	r.draw = workflows.Draw{RulebookHash: "5f0c"}
	r.serves(e)
	scheduled := order()
	scheduled.ID, scheduled.RulebookHash, scheduled.Scope = "", "", casework.Scope{}
	scheduled.Schedule, scheduled.Window = "s-1", casework.PreviousMonth

	e.ExecuteWorkflow(workflows.InspectName, scheduled)

	if got := result[workflows.InspectionClosing](e); got.Inspection == "" || got.Inspection != r.opened.ID {
		t.Errorf("inspected %q, opened %q", got.Inspection, r.opened.ID)
	}
	if from, to := casework.DayOf(r.opened.Scope.From), casework.DayOf(r.opened.Scope.To); from != "2026-01-01" || to != "2026-02-01" {
		t.Errorf("looked at %s to %s", from, to)
	}
}
