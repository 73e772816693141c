package workflows

import (
	"errors"
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"xiaobao/casework"
)

// Inspect (检查) looks at a scope by a checklist. What machines can test is
// tested, models are asked about what that leaves undecided, people about the
// rest, and officers decide every finding; nobody's silence confirms one. The report is confirmed by a second person
// or returned, and ends the inspection once it is on file.
func Inspect(ctx workflow.Context, order InspectionOrder) (InspectionClosing, error) {
	ctx, stop := workflow.WithCancel(ctx)
	i, err := newInspection(ctx, order, stop)
	if err != nil {
		return i.closing(), err
	}
	if order.Carried == nil {
		if err := i.draw(ctx); err != nil || i.Status == casework.InspectionVoid {
			return i.end(ctx, err)
		}
		if err := i.test(ctx); err != nil {
			return i.end(ctx, err)
		}
	}
	if order.Carried == nil || i.Judging != nil {
		if err := i.judge(ctx); err != nil {
			return i.end(ctx, err)
		}
		if err := i.ask(ctx); err != nil {
			return i.end(ctx, err)
		}
	}
	for !i.accepted() {
		if err := i.awaitSubmission(ctx); err != nil {
			return i.end(ctx, err)
		}
		if err := i.score(ctx); err != nil {
			return i.end(ctx, err)
		}
		if err := i.awaitConfirmation(ctx); err != nil {
			return i.end(ctx, err)
		}
	}
	return i.end(ctx, i.file(ctx))
}

// How long people have where the order does not say.
const (
	adjudicateWithin = 15 * 24 * time.Hour
	answerWithin     = 10 * 24 * time.Hour
)

// whyBroken is noted on an inspection that ends because a step cannot be
// done, and whyStopped on one that was cancelled past the console.
const (
	whyEmpty   = "empty_scope"
	whyBroken  = casework.WhyProcedureFailed
	whyStopped = "cancelled_outside"
)

// inspection is one run of Inspect.
type inspection struct {
	InspectionState
	order   InspectionOrder
	plan    Draw
	desk    workflow.Mutex      // one decision at a time, and none while the report is scored
	stop    workflow.CancelFunc // lets go of the work under way
	leaving bool                // the run ends; handlers that wait must not
	judging *judging            // while models are asked
}

// newInspection makes the run ready to be spoken to before it does anything.
func newInspection(ctx workflow.Context, order InspectionOrder, stop workflow.CancelFunc) (*inspection, error) {
	i := &inspection{order: order, desk: workflow.NewMutex(ctx), stop: stop}
	i.Status = casework.InspectionOrdered
	if order.Carried != nil {
		i.InspectionState, i.order.Carried = *order.Carried, nil
	} else if err := i.settle(ctx); err != nil {
		return i, err
	}
	err := errors.Join(
		DecideFindings.Handle(ctx, i.mayDecide, i.decide),
		AnswerQuestion.Handle(ctx, i.mayAnswer, i.answerQuestion),
		SubmitReport.Handle(ctx, i.maySubmit, i.submit),
		ConfirmReport.Handle(ctx, i.mayConfirm, i.confirm),
		CancelInspection.Handle(ctx, i.mayCancel, i.cancel),
		InspectionStatus.Handle(ctx, func() (InspectionStanding, error) { return i.standing(i.order.ID), nil }),
	)
	if err == nil {
		i.describe(ctx)
	}
	return i, err
}

// settle fills in what a schedule leaves open.
func (i *inspection) settle(ctx workflow.Context) error {
	o := &i.order
	if o.ID == "" {
		o.ID = InspectionOf(workflow.GetInfo(ctx).WorkflowExecution.ID)
	}
	if o.AdjudicateWithin <= 0 {
		o.AdjudicateWithin = adjudicateWithin
	}
	if o.AnswerWithin <= 0 {
		o.AnswerWithin = answerWithin
	}
	o.AnswerWithin = min(o.AnswerWithin, o.AdjudicateWithin)
	if o.Window == "" {
		return nil
	}
	from, to, err := casework.Window(o.Window, dueStart(ctx))
	o.Scope.From, o.Scope.To = from, to
	return ToTemporal(err)
}

// draw fixes what is looked at. Where that is nothing, and there is nobody to
// ask, the inspection is void.
func (i *inspection) draw(ctx workflow.Context) error {
	if _, err := OpenInspection.Do(ctx, i.order); err != nil {
		return err
	}
	if err := i.record(ctx, casework.EventDrawing, casework.InspectionDrawing, casework.InspectionRecord{}); err != nil {
		return err
	}
	plan, err := DrawScope.Do(ctx, i.order)
	if err != nil {
		return err
	}
	i.plan, i.Touchpoints = plan, plan.Touchpoints
	if plan.Touchpoints == 0 && !plan.has(casework.ByAsking) {
		return i.record(ctx, casework.EventVoid, casework.InspectionVoid, casework.InspectionRecord{Why: whyEmpty})
	}
	return nil
}

// has reports whether an item is to be tested by a method.
func (d Draw) has(m casework.Method) bool {
	return slices.ContainsFunc(d.Items, func(p PlannedItem) bool { return p.waitsFor(m) })
}

// waitsFor reports whether the item is to be tested by a method.
func (p PlannedItem) waitsFor(m casework.Method) bool {
	return p.Method == m && p.Outcome != casework.ItemNotRun
}

// ask puts the questions to people and opens the findings to verdicts.
func (i *inspection) ask(ctx workflow.Context) error {
	now := workflow.Now(ctx)
	if i.plan.has(casework.ByAsking) {
		order := AskOrder{
			Inspection: i.order.ID, OrgID: i.order.OrgID,
			OrderedBy: i.order.OrderedBy, Due: now.Add(i.order.AnswerWithin),
		}
		if _, err := AskPeople.Do(ctx, order); err != nil {
			return err
		}
	}
	i.Due = now.Add(i.order.AdjudicateWithin)
	return i.record(ctx, casework.EventOpened, casework.InspectionAdjudicating, casework.InspectionRecord{})
}

// awaitSubmission waits while officers decide and respondents answer, until
// an officer submits the report. When that is due and has not happened, the
// questions still open are marked unanswered and the inspection overdue; it
// goes on waiting for officers.
func (i *inspection) awaitSubmission(ctx workflow.Context) error {
	over := func() bool { return i.Submission != nil || timeForNewRun(ctx) }
	if !i.Overdue {
		inTime, err := await(ctx, "verdicts and answers due", i.Due, over)
		if err != nil {
			return err
		}
		if !inTime {
			i.Overdue = true
			if err := i.record(ctx, casework.EventOverdue, i.Status, casework.InspectionRecord{}); err != nil {
				return err
			}
		}
	}
	if err := workflow.Await(ctx, over); err != nil {
		return err
	}
	if i.Submission == nil {
		return errNewRun
	}
	return nil
}

// score weighs what was found and hands the report to a second person.
func (i *inspection) score(ctx workflow.Context) error {
	if i.Status == casework.InspectionConfirming { // an earlier run did
		return nil
	}
	if err := i.desk.Lock(ctx); err != nil { // a verdict may still be on its way to the file
		return err
	}
	defer i.desk.Unlock()
	if _, err := ScoreInspection.Do(ctx, i.order.ID); err != nil {
		return err
	}
	return i.record(ctx, casework.EventSubmitted, casework.InspectionConfirming, casework.InspectionRecord{By: i.Submission.By})
}

// awaitConfirmation waits for the second person. A report that is returned
// opens the findings again, with the same time to decide as before.
func (i *inspection) awaitConfirmation(ctx workflow.Context) error {
	over := func() bool { return i.Confirmation != nil || timeForNewRun(ctx) }
	if err := workflow.Await(ctx, over); err != nil {
		return err
	}
	switch {
	case i.Confirmation == nil:
		return errNewRun
	case i.Confirmation.Accept:
		return nil
	}
	i.Due, i.Overdue = workflow.Now(ctx).Add(i.order.AdjudicateWithin), false
	returned := casework.InspectionRecord{By: i.Confirmation.By, NoteRef: i.Confirmation.NoteRef}
	if err := i.record(ctx, casework.EventReturned, casework.InspectionAdjudicating, returned); err != nil {
		return err
	}
	i.Submission, i.Confirmation = nil, nil
	return nil
}

func (i *inspection) accepted() bool { return i.Confirmation != nil && i.Confirmation.Accept }

// file freezes the report. A report that has been confirmed is filed whatever
// else happens.
func (i *inspection) file(ctx workflow.Context) error {
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	confirmed := casework.InspectionRecord{By: i.Confirmation.By, NoteRef: i.Confirmation.NoteRef}
	if err := i.record(ctx, casework.EventConfirmed, casework.InspectionConfirming, confirmed); err != nil {
		return err
	}
	filed, err := FileReport.Do(ctx, i.order.ID)
	if err != nil {
		return err
	}
	i.Report, i.Due = filed.SHA256, time.Time{}
	return i.record(ctx, casework.EventReported, casework.InspectionReported, casework.InspectionRecord{})
}

// end brings the run to its end: with what it came to, cancelled, broken, or
// handed to a new run. Whoever waits for an answer gets it first.
func (i *inspection) end(ctx workflow.Context, err error) (InspectionClosing, error) {
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	if errors.Is(err, errNewRun) {
		i.leaving = true
		if err := workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) }); err != nil {
			return i.closing(), err
		}
		if i.Cancellation == nil {
			return i.closing(), i.handOn(ctx)
		}
		err = nil // cancelled at the last moment
	}
	if err != nil || !i.Status.Final() {
		if failed := i.recordEnd(ctx, err); failed != nil {
			return i.closing(), errors.Join(failed, err)
		}
	}
	i.leaving = true
	if failed := workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) }); failed != nil {
		return i.closing(), failed
	}
	if i.Cancellation != nil {
		return i.closing(), nil // on purpose, and so not a failure
	}
	return i.closing(), err
}

// recordEnd writes down that the inspection ends before its report, and why.
func (i *inspection) recordEnd(ctx workflow.Context, err error) error {
	ended := casework.InspectionRecord{Why: whyBroken}
	switch {
	case i.Cancellation != nil:
		ended = casework.InspectionRecord{By: i.Cancellation.By, NoteRef: i.Cancellation.NoteRef}
	case temporal.IsCanceledError(err):
		ended.Why = whyStopped
	}
	i.Due = time.Time{}
	return i.record(ctx, casework.EventCancelled, casework.InspectionCancelled, ended)
}

// record writes down a step and takes the status it leads to.
func (i *inspection) record(ctx workflow.Context, event string, status casework.InspectionStatus, r casework.InspectionRecord) error {
	r.ID, r.Event, r.Status, r.At = i.order.ID, event, status, workflow.Now(ctx)
	r.Overdue, r.RunID = i.Overdue, workflow.GetInfo(ctx).WorkflowExecution.RunID
	if !i.Due.IsZero() {
		due := i.Due
		r.Due = &due
	}
	left, err := RecordInspection.About(ctx, event, r)
	if err != nil {
		return err
	}
	i.Status, i.Candidates, i.Unanswered = status, left.Candidates, left.Unanswered
	i.describe(ctx)
	return show(ctx, i.order.ID, string(status), i.Due)
}

func (i *inspection) closing() InspectionClosing {
	return InspectionClosing{Inspection: i.order.ID, Status: i.Status, Report: i.Report}
}
