package workflows_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	sdkpb "go.temporal.io/api/sdk/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"

	"xiaobao/casework"
	"xiaobao/workflows"
)

func TestInspectRefusesInAnOfficersWords(t *testing.T) {
	t.Parallel()
	confirm := workflows.FindingsVerdict{By: "u-li", Verdict: casework.Confirm, Findings: []string{"f-1"}}
	for name, test := range map[string]struct {
		before []happening
		does   func(env)
	}{
		"a submission with findings undecided": {nil, func(e env) {
			refused(e, workflows.SubmitReport, workflows.Submission{By: "u-li"}, "candidates_left")
		}},
		"a submission while answers may still come": {[]happening{{day, decideAll}}, func(e env) {
			refused(e, workflows.SubmitReport, workflows.Submission{By: "u-li"}, "questions_open")
		}},
		"a confirmation of nothing": {nil, func(e env) {
			refused(e, workflows.ConfirmReport, workflows.Confirmation{By: "u-wang", Accept: true}, "not_submitted")
		}},
		"a confirmation by who submitted": {[]happening{{day, decideAll}, {day, answerIt}, {2 * day, submit}}, func(e env) {
			refused(e, workflows.ConfirmReport, workflows.Confirmation{By: "u-li", Accept: true}, "four_eyes")
		}},
		"a return by who submitted": {[]happening{{day, decideAll}, {day, answerIt}, {2 * day, submit}}, func(e env) {
			refused(e, workflows.ConfirmReport, workflows.Confirmation{By: "u-li", NoteRef: "n-1"}, "four_eyes")
		}},
		"a return without a reason": {[]happening{{day, decideAll}, {day, answerIt}, {2 * day, submit}}, func(e env) {
			refused(e, workflows.ConfirmReport, workflows.Confirmation{By: "u-wang"}, "field:note")
		}},
		"a verdict on a submitted report": {[]happening{{day, decideAll}, {day, answerIt}, {2 * day, submit}}, func(e env) {
			refused(e, workflows.DecideFindings, confirm, "submitted")
		}},
		"an answer to a submitted report": {[]happening{{day, decideAll}, {day, answerIt}, {2 * day, submit}}, func(e env) {
			refused(e, workflows.AnswerQuestion, workflows.QuestionAnswer{By: "u-zhao", Question: "q-1", Outcome: casework.ItemPassed}, "submitted")
		}},
		"a second submission": {[]happening{{day, decideAll}, {day, answerIt}, {2 * day, submit}}, func(e env) {
			refused(e, workflows.SubmitReport, workflows.Submission{By: "u-chen"}, "submitted")
		}},
		"a verdict on no finding": {nil, func(e env) {
			refused(e, workflows.DecideFindings, workflows.FindingsVerdict{By: "u-li", Verdict: casework.Confirm}, "field:findings")
		}},
		"a dismissal without a reason": {nil, func(e env) {
			refused(e, workflows.DecideFindings, workflows.FindingsVerdict{By: "u-li", Verdict: casework.Dismiss, Findings: []string{"f-1"}}, "field:reason")
		}},
		"an answer without its note": {nil, func(e env) {
			refused(e, workflows.AnswerQuestion, workflows.QuestionAnswer{By: "u-zhao", Question: "q-1", Outcome: casework.ItemFailed}, "field:note")
		}},
		"a cancellation without a reason": {nil, func(e env) {
			refused(e, workflows.CancelInspection, workflows.Cancellation{By: "u-li"}, "field:note")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, r := newEnv(t), newRegistry()
			r.serves(e)
			for _, h := range test.before {
				e.on(h.on, h.do)
			}
			e.on(3*day, test.does)
			e.on(4*day, cancel)

			e.ExecuteWorkflow(workflows.InspectName, order())

			if got := r.step(casework.EventConfirmed); got.Event != "" {
				t.Errorf("confirmed by %s nevertheless", got.By)
			}
		})
	}
}

func TestInspectTakesVerdictsOnlyWhenTestingIsDone(t *testing.T) {
	t.Parallel()
	e, r := newEnv(t), newRegistry()
	r.serves(e)
	e.during(workflows.TestTouchpoints.Name, func(e env) {
		refused(e, workflows.DecideFindings, workflows.FindingsVerdict{By: "u-li", Verdict: casework.Confirm, Findings: []string{"f-1"}}, "not_open")
		refused(e, workflows.SubmitReport, workflows.Submission{By: "u-li"}, "not_open")
	})
	e.on(day, cancel)

	e.ExecuteWorkflow(workflows.InspectName, order())

	if len(r.decided) > 0 {
		t.Error("a verdict was recorded nevertheless")
	}
}

func TestInspectAnswersTheSameVerdictOnce(t *testing.T) {
	t.Parallel()
	e, r := newEnv(t), newRegistry()
	r.serves(e)
	verdict := workflows.FindingsVerdict{By: "u-li", Verdict: casework.Confirm, Findings: []string{"f-1", "f-2"}}
	var first, again *answer[workflows.VerdictResult]
	e.on(day, func(e env) { first = send(e, workflows.DecideFindings, "click-1", verdict) })
	e.on(2*day, func(e env) { again = send(e, workflows.DecideFindings, "click-1", verdict) })
	e.on(3*day, cancel)

	e.ExecuteWorkflow(workflows.InspectName, order())

	if len(r.decided) != 1 || r.decided[0].ID != "click-1" {
		t.Errorf("recorded %d verdicts", len(r.decided))
	}
	if !again.done || fmt.Sprint(first.out) != fmt.Sprint(again.out) || first.out.Left != 2 {
		t.Errorf("answered %+v, then %+v", first.out, again.out)
	}
}

func TestInspectTellsWhoDecidedAFindingBefore(t *testing.T) {
	t.Parallel()
	e, r := newEnv(t), newRegistry()
	r.serves(e)
	late := workflows.FindingsVerdict{By: "u-li", Verdict: casework.Confirm, Findings: []string{"f-1", "decided"}}
	overruling := late
	overruling.Overrule = true
	var refusing, overruled *answer[workflows.VerdictResult]
	e.on(day, func(e env) { refusing = tell(e, workflows.DecideFindings, late) })
	e.on(2*day, func(e env) { overruled = tell(e, workflows.DecideFindings, overruling) })
	e.on(3*day, cancel)

	e.ExecuteWorkflow(workflows.InspectName, order())

	want := workflows.RefusedFinding{ID: "decided", Why: "decided", By: "u-chen"}
	if got := refusing.out; got.Decided != 1 || len(got.Refused) != 1 || got.Refused[0] != want {
		t.Errorf("answered %+v", got)
	}
	if got := overruled.out; got.Decided != 2 || len(got.Refused) != 0 {
		t.Errorf("overruling was answered %+v", got)
	}
}

// Verdicts that come at the same moment are put on file one by one, so the
// last one's count of what is left holds.
func TestInspectCountsVerdictsThatComeTogether(t *testing.T) {
	t.Parallel()
	e, r := newEnv(t), newRegistry()
	r.found = 10 // 40 candidates
	r.serves(e)
	together, most := 0, 0
	e.SetOnActivityStartedListener(func(info *activity.Info, _ context.Context, _ converter.EncodedValues) {
		if info.ActivityType.Name == workflows.RecordVerdict.Name {
			together++
			most = max(most, together)
		}
	})
	e.SetOnActivityCompletedListener(func(info *activity.Info, _ converter.EncodedValue, _ error) {
		if info.ActivityType.Name == workflows.RecordVerdict.Name {
			together--
		}
	})
	e.on(day, func(e env) {
		for n := range 40 {
			tell(e, workflows.DecideFindings, workflows.FindingsVerdict{By: "u-li", Verdict: casework.Confirm, Findings: []string{fmt.Sprint("f-", n)}})
		}
		answerIt(e)
	})
	e.on(2*day, submit)
	e.on(3*day, accept)

	e.ExecuteWorkflow(workflows.InspectName, order())

	if got := result[workflows.InspectionClosing](e); got.Status != casework.InspectionReported || len(r.decided) != 40 {
		t.Errorf("ended %q after %d verdicts", got.Status, len(r.decided))
	}
	if most != 1 {
		t.Errorf("%d verdicts were put on file at once", most)
	}
}

func TestInspectTellsWhereItStands(t *testing.T) {
	t.Parallel()
	e, r := newEnv(t), newRegistry()
	r.serves(e)
	standing := func(e env) (s workflows.InspectionStanding) {
		e.t.Helper()
		value, err := e.QueryWorkflow(workflows.InspectionStatus.Name)
		if err == nil {
			err = value.Get(&s)
		}
		if err != nil {
			e.t.Error(err)
		}
		return s
	}
	details := func(e env) string {
		e.t.Helper()
		var shown sdkpb.WorkflowMetadata
		value, err := e.QueryWorkflow("__temporal_workflow_metadata")
		if err == nil {
			err = value.Get(&shown)
		}
		if err != nil {
			e.t.Error(err)
		}
		return shown.CurrentDetails
	}
	due := start.Add(10 * day)
	e.on(day, func(e env) {
		if got := details(e); got != "without a verdict: 4 findings; without an answer: 1 question; due 2026-03-12" {
			t.Errorf("the Temporal UI shows %q", got)
		}
		got := standing(e)
		if got.Due == nil || !got.Due.Equal(due) {
			t.Errorf("due %v", got.Due)
		}
		got.Due = nil
		want := workflows.InspectionStanding{
			Inspection: "i-1", Status: casework.InspectionAdjudicating,
			Touchpoints: 3000, Tested: 3000, Found: 4, Candidates: 4, Unanswered: 1,
		}
		if got != want {
			t.Errorf("stands at %+v,\nwant %+v", got, want)
		}
	})
	e.on(11*day, func(e env) {
		if got := standing(e); !got.Overdue || got.Status != casework.InspectionAdjudicating || got.Candidates != 4 {
			t.Errorf("past the deadline it stands at %+v", got)
		}
	})
	e.on(12*day, cancel)

	e.ExecuteWorkflow(workflows.InspectName, order())

	if got := standing(e); got.Status != casework.InspectionCancelled {
		t.Errorf("ended at %+v", got)
	}
	if got := r.step(casework.EventOverdue); !got.Overdue || got.By != "" {
		t.Errorf("recorded %+v", got)
	}
}

func TestInspectAnswersWhoCancelledWhenItIsOnFile(t *testing.T) {
	t.Parallel()
	e, r := newEnv(t), newRegistry()
	r.serves(e)
	var told *answer[workflows.InspectionStanding]
	e.on(day, func(e env) {
		told = tell(e, workflows.CancelInspection, workflows.Cancellation{By: "u-li", NoteRef: "n-2"})
	})

	e.ExecuteWorkflow(workflows.InspectName, order())

	if told.out.Status != casework.InspectionCancelled {
		t.Errorf("answered %+v", told.out)
	}
}

func TestHistoriesHoldNoMoreThanAThousandEvents(t *testing.T) {
	t.Parallel()
	t.Run("by rules", func(t *testing.T) {
		t.Parallel()
		r := newRegistry()
		holdsAThousandEvents(t, r, 80, r.serves)
	})
	t.Run("by two models", func(t *testing.T) {
		t.Parallel()
		r := newRegistry()
		m := withModels(r, slices.Repeat([]int{139}, 36)...) // a share of 100,000, all of it disputed
		m.plan.Second, m.disputes = "m2", 45
		holdsAThousandEvents(t, r, 40, m.serves)
	})
}

// holdsAThousandEvents runs an inspection of the whole checklist with the most
// chunks that a draw is cut into.
func holdsAThousandEvents(t *testing.T, r *registry, chunks int, serves func(env)) {
	t.Helper()
	e := newEnv(t)
	r.draw.Chunks, r.draw.Items = nil, nil
	for n := range chunks {
		r.draw.Chunks = append(r.draw.Chunks, casework.Chunk{No: n + 1, Count: 100_000 / chunks})
	}
	methods := []casework.Method{casework.ByIndicators, casework.ByQuery, casework.ByAsking}
	for n := range 68 {
		r.draw.Items = append(r.draw.Items, workflows.PlannedItem{Item: fmt.Sprintf("I-%03d", n+1), Method: methods[n%3], Outcome: casework.ItemWaiting})
	}
	r.found, r.questions = 20, 22
	serves(e)
	for n := range 10 { // with 500 findings in each
		e.on(time.Duration(n+1)*time.Hour, func(e env) {
			findings := strings.Split(strings.Repeat("f-0123456789abcdef0123 ", casework.MaxFindingsAtOnce-1)+"f-1", " ")
			tell(e, workflows.DecideFindings, workflows.FindingsVerdict{By: "u-li", Verdict: casework.Confirm, Findings: findings})
		})
	}
	e.on(11*day, submit)
	e.on(12*day, accept)

	e.ExecuteWorkflow(workflows.InspectName, order())
	result[workflows.InspectionClosing](e)

	// Each event that needs the workflow costs a workflow task of three more,
	// at most. An activity is scheduled, started and completed; a timer is
	// started and fired; an update is accepted and completed; a record sets
	// the search attributes.
	activities := 0
	for _, calls := range r.calls {
		activities += calls
	}
	updates := len(r.decided) + 2
	events := 2 + 6*activities + 5*1 + 5*updates + len(r.records)
	t.Logf("%d activities, %d updates: at most %d events", activities, updates, events)
	if events > 1000 {
		t.Errorf("the history may hold %d events", events)
	}
}
