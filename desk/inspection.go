package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"xiaobao/casework"
	"xiaobao/rulebook"
	"xiaobao/workflows"
)

// How long people have by default, and the longest they may be given.
const (
	adjudicateWithin = 10 * 24 * time.Hour
	answerWithin     = 5 * 24 * time.Hour
	longestPatience  = 366 * 24 * time.Hour
)

// An InspectionRequest is what an officer asks to be inspected.
type InspectionRequest struct {
	RequestID        string // sent twice, ordered once
	Name             string
	Checklist        string
	Items            []string // empty: the whole checklist
	Scope            casework.Scope
	AdjudicateWithin time.Duration // 0: ten days
	AnswerWithin     time.Duration // 0: five days
}

// StartInspection orders an inspection and gives it as it stands at once.
func (d *Desk) StartInspection(ctx context.Context, u casework.User, r InspectionRequest) (casework.Inspection, error) {
	if err := u.Permit(casework.StartInspection); err != nil {
		return casework.Inspection{}, err
	}
	i, err := d.inspectionFrom(ctx, u, r)
	if err != nil {
		return i, err
	}
	if err := d.mustHoldSomething(ctx, i); err != nil {
		return i, err
	}
	if err := d.audit(ctx, u, "inspection.start", "inspection/"+i.ID, map[string]any{
		"checklist": i.Checklist, "items": len(i.Items), "from": i.Scope.From, "to": i.Scope.To,
		"sample": i.Scope.Sample, "seed": i.Scope.Seed,
	}); err != nil {
		return i, err
	}
	if err := d.Records.CreateInspection(ctx, i); err != nil {
		return i, err
	}
	kept, err := d.Records.Inspection(ctx, i.ID)
	if err != nil {
		return i, err
	}
	if !sameOrder(kept, i) {
		return casework.Inspection{}, casework.Errorf(casework.Conflict, "this request id asked for another inspection before; use a new one").
			InChinese("该请求编号此前用于另一项检查，请重新提交").WithCode("request_reused")
	}
	return kept, d.begin(ctx, kept)
}

// sameOrder reports whether two inspections come of the same request.
func sameOrder(a, b casework.Inspection) bool {
	return a.OrderedBy == b.OrderedBy && a.Name == b.Name && a.Checklist == b.Checklist && slices.Equal(a.Items, b.Items) &&
		orElse(a.AdjudicateWithin, adjudicateWithin) == orElse(b.AdjudicateWithin, adjudicateWithin) &&
		orElse(a.AnswerWithin, answerWithin) == orElse(b.AnswerWithin, answerWithin) && sameScope(a.Scope, b.Scope)
}

func sameScope(a, b casework.Scope) bool {
	return a.From.Equal(b.From) && a.To.Equal(b.To) && slices.Equal(a.Channels, b.Channels) && slices.Equal(a.Orgs, b.Orgs) &&
		slices.Equal(a.Products, b.Products) && slices.Equal(a.Agents, b.Agents) && a.Sample == b.Sample && a.Seed == b.Seed
}

// inspectionFrom checks a request and writes it out as an inspection.
func (d *Desk) inspectionFrom(ctx context.Context, u casework.User, r InspectionRequest) (casework.Inspection, error) {
	none := casework.Inspection{}
	name := strings.TrimSpace(r.Name)
	switch {
	case name == "":
		return none, casework.Errorf(casework.Invalid, "an inspection needs a name").InChinese("请填写检查名称").WithCode("field:name")
	case utf8.RuneCountInString(name) > 100:
		return none, casework.Errorf(casework.Invalid, "a name has at most 100 characters").InChinese("检查名称最多 100 字").WithCode("field:name")
	case r.AdjudicateWithin < 0 || r.AdjudicateWithin > longestPatience || r.AnswerWithin < 0 || r.AnswerWithin > longestPatience:
		return none, casework.Errorf(casework.Invalid, "people get between an hour and a year").InChinese("期限应在一小时到一年之间").WithCode("field:within")
	}
	if err := r.Scope.Check(); err != nil {
		return none, err
	}
	list, items, err := d.itemsOf(r.Checklist, r.Items)
	if err != nil {
		return none, err
	}
	scope := r.Scope
	if scope.Orgs, err = d.narrow(ctx, u, scope.Orgs); err != nil {
		return none, err
	}
	if scope.Sample > 0 && scope.Seed == 0 {
		scope.Seed = 1 // said on every page of the inspection, so that it can be drawn again
	}
	request, err := requestID(r.RequestID)
	if err != nil {
		return none, err
	}
	id := "i-" + request
	return casework.Inspection{
		ID: id, Name: name, Checklist: list.ID, ChecklistVersion: list.Pack.Stamp(), Items: items, Scope: scope,
		Status: casework.InspectionOrdered, OrgID: u.OrgID, OrderedBy: u.ID, OrderedAt: d.now(),
		WorkflowID:       workflows.InspectionWorkflowID(id),
		AdjudicateWithin: orElse(r.AdjudicateWithin, adjudicateWithin), AnswerWithin: orElse(r.AnswerWithin, answerWithin),
	}, nil
}

// itemsOf checks a checklist and the chosen items, and gives them in the
// checklist's order.
func (d *Desk) itemsOf(checklist string, chosen []string) (*rulebook.Checklist, []string, error) {
	list, ok := d.Book.Checklist(checklist)
	if !ok {
		return nil, nil, casework.Errorf(casework.Invalid, "there is no checklist %q", checklist).
			InChinese("没有编号为“%s”的检查清单", checklist).WithCode("field:checklist")
	}
	for _, id := range chosen {
		if _, ok := d.Book.Item(checklist, id); !ok {
			return nil, nil, casework.Errorf(casework.Invalid, "checklist %s has no item %q", checklist, id).
				InChinese("检查清单中没有条目“%s”", id).WithCode("field:items")
		}
	}
	var items []string
	for _, item := range list.Items {
		if len(chosen) == 0 || slices.Contains(chosen, item.ID) {
			items = append(items, item.ID)
		}
	}
	return list, items, nil
}

// mustHoldSomething refuses an inspection that would look at nothing: no
// touchpoints, and no item that a person answers.
func (d *Desk) mustHoldSomething(ctx context.Context, i casework.Inspection) error {
	for _, id := range i.Items {
		if item, ok := d.Book.Item(i.Checklist, id); ok && item.Method == casework.ByAsking {
			return nil
		}
	}
	n, err := d.Records.CountTouchpoints(ctx, i.Scope)
	if err != nil || n > 0 {
		return err
	}
	first, last, err := d.Records.TouchpointSpan(ctx)
	if err != nil {
		return err
	}
	if first.IsZero() {
		return casework.Errorf(casework.Invalid, "there are no touchpoints at all yet; import some first").
			InChinese("系统中还没有任何触点数据，请先导入").WithCode("empty_scope")
	}
	return casework.Errorf(casework.Invalid, "this scope holds no touchpoints; there are some from %s to %s",
		casework.DayOf(first), casework.DayOf(last)).
		InChinese("所选范围内没有触点数据；现有数据的日期为 %s 至 %s，请调整期间、渠道或机构", casework.DayOf(first), casework.DayOf(last)).
		WithCode("empty_scope")
}

// PreviewScope counts what a scope would draw today.
func (d *Desk) PreviewScope(ctx context.Context, u casework.User, s casework.Scope) (int, error) {
	if err := u.Permit(casework.StartInspection); err != nil {
		return 0, err
	}
	if err := s.Check(); err != nil {
		return 0, err
	}
	orgs, err := d.narrow(ctx, u, s.Orgs)
	if err != nil {
		return 0, err
	}
	s.Orgs = orgs
	n, err := d.Records.CountTouchpoints(ctx, s)
	if s.Sample > 0 {
		n = min(n, s.Sample)
	}
	return n, err
}

// begin starts the procedure of an inspection on record.
func (d *Desk) begin(ctx context.Context, i casework.Inspection) error {
	// The order names no rulebook: it is drawn by the one in force where the
	// work is done, and tested by that one to its end.
	order := workflows.InspectionOrder{
		ID: i.ID, Checklist: i.Checklist, Items: i.Items, Scope: i.Scope,
		OrderedBy: i.OrderedBy, OrgID: i.OrgID,
		AdjudicateWithin: orElse(i.AdjudicateWithin, adjudicateWithin), AnswerWithin: orElse(i.AnswerWithin, answerWithin),
	}
	_, err := d.Temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID:        i.WorkflowID,
		TaskQueue: workflows.TaskQueue,
		// An inspection happens once: its id never serves again.
		WorkflowIDReusePolicy:                    enums.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		WorkflowExecutionErrorWhenAlreadyStarted: true,
		StaticSummary:                            summaryOf(i),
		Priority:                                 temporal.Priority{PriorityKey: 4}, // bulk work waits for people's
	}, workflows.InspectName, order)
	if temporal.IsWorkflowExecutionAlreadyStartedError(err) {
		return nil // the same request came twice
	}
	return workflows.FromTemporal(err)
}

// summaryOf is what the Temporal UI calls an inspection.
func summaryOf(i casework.Inspection) string {
	extent := "all touchpoints"
	if i.Scope.Sample > 0 {
		extent = fmt.Sprintf("a sample of %d", i.Scope.Sample)
	}
	return fmt.Sprintf("checklist %s, %d items, %s from %s to %s", i.Checklist, len(i.Items), extent,
		casework.DayOf(i.Scope.From), casework.DayOf(i.Scope.To))
}

func orElse(d, otherwise time.Duration) time.Duration {
	if d == 0 {
		return otherwise
	}
	return d
}

// SubmitReport hands the report to a second person.
func (d *Desk) SubmitReport(ctx context.Context, u casework.User, inspection, request string) error {
	request, err := stepID(u, "submit", inspection, request)
	if err != nil {
		return err
	}
	if _, err := d.mayTouch(ctx, u, casework.SubmitReport, inspection, "inspection.submit", nil); err != nil {
		return err
	}
	_, err = workflows.SubmitReport.Send(ctx, d.Temporal, workflows.InspectionWorkflowID(inspection), request, workflows.Submission{By: u.ID})
	return err
}

// ConfirmReport accepts the report, or returns it with a reason.
func (d *Desk) ConfirmReport(ctx context.Context, u casework.User, inspection, request string, accept bool, why string) error {
	if err := u.Permit(casework.ConfirmReport); err != nil {
		return err
	}
	why, err := cleanNote(why)
	if err != nil {
		return err
	}
	if !accept && why == "" {
		return casework.Errorf(casework.Invalid, "say why the report is returned").InChinese("请填写退回原因").WithCode("field:note")
	}
	if request, err = stepID(u, "confirm", inspection, request); err != nil {
		return err
	}
	i, err := d.mayTouch(ctx, u, casework.ConfirmReport, inspection, "inspection.confirm", map[string]any{"accept": accept})
	if err != nil {
		return err
	}
	if err := casework.FourEyes(i.SubmittedBy, u.ID); err != nil {
		return err
	}
	ref, err := d.note(ctx, u, "inspection/"+inspection, request, why)
	if err != nil {
		return err
	}
	_, err = workflows.ConfirmReport.Send(ctx, d.Temporal, workflows.InspectionWorkflowID(inspection),
		request, workflows.Confirmation{By: u.ID, Accept: accept, NoteRef: ref})
	return err
}

// CancelInspection ends an inspection without a report, with a reason. Where
// the procedure has ended without saying so, it closes the record itself.
func (d *Desk) CancelInspection(ctx context.Context, u casework.User, inspection, request, why string) error {
	if err := u.Permit(casework.CancelInspection); err != nil {
		return err
	}
	why, err := cleanNote(why)
	if err != nil {
		return err
	}
	if why == "" {
		return casework.Errorf(casework.Invalid, "say why the inspection is cancelled").InChinese("请填写取消原因").WithCode("field:note")
	}
	if request, err = stepID(u, "cancel", inspection, request); err != nil {
		return err
	}
	i, err := d.mayTouch(ctx, u, casework.CancelInspection, inspection, "inspection.cancel", nil)
	if err != nil {
		return err
	}
	ref, err := d.note(ctx, u, "inspection/"+inspection, request, why)
	if err != nil {
		return err
	}
	_, err = workflows.CancelInspection.Send(ctx, d.Temporal, workflows.InspectionWorkflowID(inspection),
		request, workflows.Cancellation{By: u.ID, NoteRef: ref})
	if casework.KindOf(err) != casework.NotFound || !slices.Contains(underWay, i.Status) {
		return err
	}
	standing, asking := d.procedureOf(ctx, i.WorkflowID)
	if asking != nil || standing == procedureRuns {
		return errors.Join(err, asking)
	}
	closed, failed := d.closeFailed(ctx, u, inspection, ref)
	if failed != nil || closed {
		return failed
	}
	return err // it ended properly in the meantime
}

// mayTouch checks the permission and the scope of a step on an inspection,
// and audits it.
func (d *Desk) mayTouch(ctx context.Context, u casework.User, a casework.Action, inspection, action string, detail map[string]any) (casework.Inspection, error) {
	if err := u.Permit(a); err != nil {
		return casework.Inspection{}, err
	}
	i, err := d.inspection(ctx, u, inspection)
	if err != nil {
		return i, err
	}
	return i, d.audit(ctx, u, action, "inspection/"+inspection, detail)
}
