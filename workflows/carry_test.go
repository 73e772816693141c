package workflows_test

import (
	"slices"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/workflows"
)

// goOn runs the inspection on in a new run, with the same registry.
func goOn(t *testing.T, r *registry, next workflows.InspectionOrder, happens ...happening) env {
	t.Helper()
	e := newEnv(t)
	e.SetStartTime(start.Add(3 * day))
	r.serves(e)
	for _, h := range happens {
		e.on(h.on, h.do)
	}
	e.ExecuteWorkflow(workflows.InspectName, next)
	return e
}

// grow has Temporal say that the history has grown long.
func grow(e env) { e.SetContinueAsNewSuggested(true) }

func TestInspectGoesOnInANewRun(t *testing.T) {
	t.Parallel()
	e, r := newEnv(t), newRegistry()
	r.serves(e)
	for _, h := range []happening{{day, decideAll}, {3 * day, grow}} {
		e.on(h.on, h.do)
	}
	e.ExecuteWorkflow(workflows.InspectName, order())

	next := carriedOver[workflows.InspectionOrder](e)
	if next.Carried == nil || next.Carried.Candidates != 0 || next.Carried.Unanswered != 1 || next.Carried.Tested != 3000 {
		t.Fatalf("carried %+v", next.Carried)
	}
	if !next.Carried.Due.Equal(start.Add(10 * day)) {
		t.Errorf("the due time moved to %v", next.Carried.Due)
	}

	e = goOn(t, r, next, happening{day, answerIt}, happening{2 * day, submit}, happening{3 * day, accept})
	if got := result[workflows.InspectionClosing](e); got.Status != casework.InspectionReported || got.Inspection != "i-1" {
		t.Errorf("ended %+v", got)
	}
	if got, want := r.events(), []string{"drawing", "testing", "adjudicating", "submitted", "confirmed", "reported"}; !slices.Equal(got, want) {
		t.Errorf("recorded %v, want %v: nothing is done twice", got, want)
	}
}

func TestInspectKeepsItsDeadlineInANewRun(t *testing.T) {
	t.Parallel()
	e, r := newEnv(t), newRegistry()
	r.serves(e)
	for _, h := range []happening{{day, decideAll}, {3 * day, grow}} {
		e.on(h.on, h.do)
	}
	e.ExecuteWorkflow(workflows.InspectName, order())

	e = goOn(t, r, carriedOver[workflows.InspectionOrder](e), happening{8 * day, cancel})
	result[workflows.InspectionClosing](e)
	if got := r.step(casework.EventOverdue).At; !got.Equal(start.Add(10 * day)) {
		t.Errorf("overdue at %v", got)
	}
}

func TestInspectWaitsForTheSecondPersonInANewRun(t *testing.T) {
	t.Parallel()
	e, r := newEnv(t), newRegistry()
	r.serves(e)
	for _, h := range []happening{{day, decideAll}, {day, answerIt}, {2 * day, submit}, {3 * day, grow}} {
		e.on(h.on, h.do)
	}
	e.ExecuteWorkflow(workflows.InspectName, order())

	next := carriedOver[workflows.InspectionOrder](e)
	if next.Carried.Status != casework.InspectionConfirming {
		t.Errorf("carried %+v", next.Carried)
	}
	e = goOn(t, r, next, happening{day, func(e env) {
		refused(e, workflows.ConfirmReport, workflows.Confirmation{By: "u-li", Accept: true}, "four_eyes")
	}}, happening{2 * day, giveBack}, happening{3 * day, submit}, happening{4 * day, accept})
	if got := result[workflows.InspectionClosing](e); got.Status != casework.InspectionReported {
		t.Errorf("ended %+v", got)
	}
	if r.scored != 2 {
		t.Errorf("scored %d times", r.scored)
	}
}

// A person who clicks again because the first answer was lost may meet a new
// run, which does not know the update: its state does.
func TestInspectAnswersARepeatedUpdateInANewRun(t *testing.T) {
	t.Parallel()
	e, r := newEnv(t), newRegistry()
	r.serves(e)
	e.on(day, decideAll)
	e.on(day, answerIt)
	e.on(2*day, func(e env) { send(e, workflows.SubmitReport, "click-7", workflows.Submission{By: "u-li"}) })
	e.on(2*day+time.Hour, func(e env) {
		send(e, workflows.ConfirmReport, "click-8", workflows.Confirmation{By: "u-wang", NoteRef: "n-1"})
	})
	e.on(3*day, grow)
	e.ExecuteWorkflow(workflows.InspectName, order())
	next := carriedOver[workflows.InspectionOrder](e)

	var submitted, returned *answer[workflows.InspectionStanding]
	e = goOn(t, r, next, happening{day, func(e env) {
		submitted = send(e, workflows.SubmitReport, "click-7", workflows.Submission{By: "u-li"})
		returned = send(e, workflows.ConfirmReport, "click-8", workflows.Confirmation{By: "u-wang", NoteRef: "n-1"})
	}}, happening{2 * day, submit}, happening{3 * day, accept})

	result[workflows.InspectionClosing](e)
	for name, a := range map[string]*answer[workflows.InspectionStanding]{"submission": submitted, "return": returned} {
		if !a.done || a.err != nil || a.out.Status != casework.InspectionAdjudicating {
			t.Errorf("the repeated %s was answered %+v", name, *a)
		}
	}
	if got, want := r.events(), []string{"drawing", "testing", "adjudicating", "submitted", "returned", "submitted", "confirmed", "reported"}; !slices.Equal(got, want) {
		t.Errorf("recorded %v, want %v", got, want)
	}
}

func TestInspectMovesToANewerWorker(t *testing.T) {
	t.Parallel()
	e, r := newEnv(t), newRegistry()
	r.serves(e)
	e.on(day, answerIt)
	e.on(2*day, func(e env) { e.SetTargetWorkerDeploymentVersionChanged(true) })
	e.ExecuteWorkflow(workflows.InspectName, order())

	if next := carriedOver[workflows.InspectionOrder](e); next.Carried == nil || next.Carried.Unanswered != 0 {
		t.Errorf("carried %+v", next.Carried)
	}
}

// A verdict on its way to the file when the run ends is answered first, and
// what it left is carried over.
func TestInspectFinishesAVerdictBeforeANewRun(t *testing.T) {
	t.Parallel()
	e, r := newEnv(t), newRegistry()
	r.serves(e)
	var told *answer[workflows.VerdictResult]
	e.on(day, func(e env) {
		told = tell(e, workflows.DecideFindings, workflows.FindingsVerdict{By: "u-li", Verdict: casework.Confirm, Findings: []string{"f-1"}})
	})
	e.during(workflows.RecordVerdict.Name, func(e env) {
		grow(e)
		refused(e, workflows.SubmitReport, workflows.Submission{By: "u-li"}, "candidates_left") // wakes the run up
	})
	e.ExecuteWorkflow(workflows.InspectName, order())

	if next := carriedOver[workflows.InspectionOrder](e); next.Carried.Candidates != 3 || told.out.Left != 3 {
		t.Errorf("answered %+v, carried %+v", told.out, next.Carried)
	}
}

// A submission that meets a run about to end is carried out by the next one.
func TestInspectCarriesASubmissionOver(t *testing.T) {
	t.Parallel()
	e, r := newEnv(t), newRegistry()
	r.serves(e)
	e.on(day, answerIt)
	e.on(2*day, decideAll)
	e.during(workflows.RecordVerdict.Name, grow)
	e.ExecuteWorkflow(workflows.InspectName, order())

	next := carriedOver[workflows.InspectionOrder](e)
	next.Carried.Submission = &workflows.Submission{By: "u-li"}
	next.Carried.Answered = []string{"click-7"}
	e = goOn(t, r, next, happening{day, accept})
	if got := result[workflows.InspectionClosing](e); got.Status != casework.InspectionReported || r.scored != 1 {
		t.Errorf("ended %+v after %d scores", got, r.scored)
	}
}

func TestInspectIsCancelledInANewRun(t *testing.T) {
	t.Parallel()
	e, r := newEnv(t), newRegistry()
	r.serves(e)
	for _, h := range []happening{{day, decideAll}, {3 * day, grow}} {
		e.on(h.on, h.do)
	}
	e.ExecuteWorkflow(workflows.InspectName, order())

	e = goOn(t, r, carriedOver[workflows.InspectionOrder](e), happening{day, cancel})
	if got := result[workflows.InspectionClosing](e); got.Status != casework.InspectionCancelled {
		t.Errorf("ended %+v", got)
	}
}
