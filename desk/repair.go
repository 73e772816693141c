package desk

import (
	"context"
	"errors"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"

	"xiaobao/casework"
)

// StartOrdered starts the inspections that are on record but whose procedure
// never started, because the machine went down between the two. Workers call
// it now and then.
func (d *Desk) StartOrdered(ctx context.Context) error {
	waiting, err := d.Records.OrderedBefore(ctx, d.now().Add(-30*time.Second))
	if err != nil {
		return err
	}
	var failed []error
	for _, i := range waiting {
		failed = append(failed, d.begin(ctx, i)) // one that fails must not hold the others up
	}
	return errors.Join(failed...)
}

// underWay are the statuses of inspections whose procedure has begun and must
// still be running.
var underWay = []casework.InspectionStatus{
	casework.InspectionDrawing, casework.InspectionTesting, casework.InspectionAdjudicating, casework.InspectionConfirming,
}

// CloseFailed closes the inspections whose procedure was ended past itself
// (terminated, failed, timed out), so that they do not seem to be under way
// for ever. Workers call it now and then.
//
// A procedure that Temporal does not know at all is left alone here: that is
// also what a worker sees that was sent to the wrong server or namespace, and
// it must not close every inspection of the house. A person who cancels such
// an inspection closes it.
func (d *Desk) CloseFailed(ctx context.Context) error {
	var failed []error
	for i, err := range paged(func(p casework.PageRequest) (casework.Listing[casework.Inspection], error) {
		return d.Records.Inspections(ctx, casework.InspectionFilter{Status: underWay}, p)
	}) {
		if err != nil {
			return errors.Join(append(failed, err)...)
		}
		standing, err := d.procedureOf(ctx, i.WorkflowID)
		if err == nil && standing == procedureEnded {
			_, err = d.closeFailed(ctx, casework.User{Via: "worker"}, i.ID, "")
		}
		failed = append(failed, err) // one that fails must not hold the others up
	}
	return errors.Join(failed...)
}

// closeFailed writes down that an inspection has ended with its procedure. It
// reports whether there was anything to close.
func (d *Desk) closeFailed(ctx context.Context, u casework.User, inspection, noteRef string) (bool, error) {
	i, err := d.Records.Inspection(ctx, inspection)
	if err != nil || i.Status.Final() {
		return false, err // it may have ended properly while Temporal was asked
	}
	if err := d.audit(ctx, u, "inspection.close_failed", "inspection/"+inspection, nil); err != nil {
		return false, err
	}
	return d.Records.CloseFailedInspection(ctx, inspection, u.ID, d.now(), noteRef)
}

// A procedure is how a workflow stands as far as Temporal knows.
type procedure int

const (
	procedureRuns procedure = iota
	procedureEnded
	procedureUnknown // never started, or forgotten since it ended
)

// procedureOf asks Temporal how the last run of a workflow stands.
func (d *Desk) procedureOf(ctx context.Context, workflowID string) (procedure, error) {
	described, err := d.Temporal.DescribeWorkflowExecution(ctx, workflowID, "")
	if _, missing := errors.AsType[*serviceerror.NotFound](err); missing {
		return procedureUnknown, nil
	}
	if err != nil {
		return procedureRuns, err
	}
	switch described.GetWorkflowExecutionInfo().GetStatus() {
	case enums.WORKFLOW_EXECUTION_STATUS_TERMINATED, enums.WORKFLOW_EXECUTION_STATUS_FAILED, enums.WORKFLOW_EXECUTION_STATUS_TIMED_OUT,
		enums.WORKFLOW_EXECUTION_STATUS_CANCELED, enums.WORKFLOW_EXECUTION_STATUS_COMPLETED:
		return procedureEnded, nil
	}
	return procedureRuns, nil
}
