package desk_test

import (
	"strings"
	"testing"

	"go.temporal.io/api/enums/v1"

	"xiaobao/casework"
)

// adjudicating is an inspection that the record has at its findings.
func (o *office) adjudicating(t *testing.T, u casework.User, request string) casework.Inspection {
	t.Helper()
	i := o.inspection(t, u, request)
	_, err := o.store.RecordInspection(t.Context(), casework.InspectionRecord{ID: i.ID, Status: casework.InspectionAdjudicating, Event: casework.EventOpened, At: noon, RunID: "r"})
	must(t, err)
	return i
}

func (o *office) status(t *testing.T, id string) casework.Inspection {
	t.Helper()
	i, err := o.store.Inspection(t.Context(), id)
	must(t, err)
	return i
}

func TestCancellingClosesAnInspectionWhoseProcedureIsGone(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.touchpoints(t)
	u := o.user("HQ", casework.Officer)
	terminated, forgotten, running := o.adjudicating(t, u, "a"), o.adjudicating(t, u, "b"), o.adjudicating(t, u, "c")
	fresh := o.inspection(t, u, "d")
	o.temporal.procedures = map[string]enums.WorkflowExecutionStatus{
		terminated.WorkflowID: enums.WORKFLOW_EXECUTION_STATUS_TERMINATED, running.WorkflowID: enums.WORKFLOW_EXECUTION_STATUS_RUNNING,
	}
	for _, i := range []casework.Inspection{terminated, forgotten} {
		must(t, o.CancelInspection(t.Context(), u, i.ID, "1", "运维已终止"))
		got := o.status(t, i.ID)
		if got.Status != casework.InspectionCancelled || got.Note != "运维已终止" || got.EndedAt == nil {
			t.Errorf("%+v", got)
		}
		kind(t, o.CancelInspection(t.Context(), u, i.ID, "1", "运维已终止"), casework.NotFound) // it has ended now
		lines, err := o.Timeline(t.Context(), u, i.ID)
		must(t, err)
		if last := lines[len(lines)-1]; last.What != casework.EventCancelled || last.By != u.ID || len(lines) != 3 {
			t.Errorf("timeline %+v", lines)
		}
	}
	must(t, o.CancelInspection(t.Context(), u, running.ID, "1", "不查了"))
	if got := o.status(t, running.ID); got.Status != casework.InspectionAdjudicating { // its procedure says so itself
		t.Errorf("%+v", got)
	}
	kind(t, o.CancelInspection(t.Context(), u, fresh.ID, "1", "不查了"), casework.NotFound)
	if got := o.status(t, fresh.ID); got.Status != casework.InspectionOrdered { // it is still to start
		t.Errorf("%+v", got)
	}
	closed := 0
	for _, e := range o.trail(t) {
		silent(t, text(e))
		if e.Action == "inspection.close_failed" && e.By == u.ID {
			closed++
		}
	}
	if closed != 2 {
		t.Errorf("%d closings are on the trail", closed)
	}
}

func TestInspectionsWhoseProcedureWasTerminatedAreClosed(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.touchpoints(t)
	u := o.user("HQ", casework.Officer)
	o.temporal.procedures = map[string]enums.WorkflowExecutionStatus{}
	want := map[string]casework.InspectionStatus{}
	for name, s := range map[string]enums.WorkflowExecutionStatus{
		"terminated": enums.WORKFLOW_EXECUTION_STATUS_TERMINATED, "failed": enums.WORKFLOW_EXECUTION_STATUS_FAILED,
		"late": enums.WORKFLOW_EXECUTION_STATUS_TIMED_OUT, "running": enums.WORKFLOW_EXECUTION_STATUS_RUNNING, "unknown": 0,
	} {
		i := o.adjudicating(t, u, name)
		want[i.ID] = casework.InspectionCancelled
		if s == enums.WORKFLOW_EXECUTION_STATUS_RUNNING || s == 0 {
			want[i.ID] = casework.InspectionAdjudicating
		}
		if s != 0 { // one that Temporal does not know may be on another server
			o.temporal.procedures[i.WorkflowID] = s
		}
	}
	fresh := o.inspection(t, u, "fresh")
	o.temporal.procedures[fresh.WorkflowID] = enums.WORKFLOW_EXECUTION_STATUS_RUNNING
	want[fresh.ID] = casework.InspectionOrdered
	for range 2 {
		must(t, o.CloseFailed(t.Context()))
	}
	for id, status := range want {
		got := o.status(t, id)
		if got.Status != status || (status == casework.InspectionCancelled) != (got.Note == casework.WhyProcedureFailed) {
			t.Errorf("%s is %s: %s", id, got.Status, got.Note)
		}
	}
	closed := 0
	for _, e := range o.trail(t) {
		if strings.HasPrefix(e.Action, "inspection.close") {
			closed++
		}
	}
	if closed != 3 {
		t.Errorf("%d closings are on the trail", closed)
	}
}
