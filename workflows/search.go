package workflows

import (
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// What every procedure can be found by in the Temporal UI. The keys are
// registered with the server once, by the setup command.
var (
	CaseKey   = temporal.NewSearchAttributeKeyKeyword("XiaobaoCase")   // the id of the case
	StatusKey = temporal.NewSearchAttributeKeyKeyword("XiaobaoStatus") // where it stands
	DueKey    = temporal.NewSearchAttributeKeyTime("XiaobaoDue")       // what it waits for next is due
)

// scheduledStart is what a schedule sets on the runs it starts: the moment
// they were due, which may lie before the moment they began.
var scheduledStart = temporal.NewSearchAttributeKeyTime("TemporalScheduledStartTime")

// SearchAttributes are the keys a server must know before a worker starts,
// with their types.
func SearchAttributes() map[string]enums.IndexedValueType {
	return map[string]enums.IndexedValueType{
		CaseKey.GetName():   CaseKey.GetValueType(),
		StatusKey.GetName(): StatusKey.GetValueType(),
		DueKey.GetName():    DueKey.GetValueType(),
	}
}

// show makes a case findable by where it stands. A zero due time means that
// nothing is due.
func show(ctx workflow.Context, id, status string, due time.Time) error {
	dueBy := DueKey.ValueUnset()
	if !due.IsZero() {
		dueBy = DueKey.ValueSet(due)
	}
	return workflow.UpsertTypedSearchAttributes(ctx, CaseKey.ValueSet(id), StatusKey.ValueSet(status), dueBy)
}

// dueStart is when the workflow was to start: by its schedule, or when it did.
func dueStart(ctx workflow.Context) time.Time {
	attributes := workflow.GetTypedSearchAttributes(ctx)
	if at, ok := attributes.GetTime(scheduledStart); ok {
		return at
	}
	return workflow.GetInfo(ctx).WorkflowStartTime
}
