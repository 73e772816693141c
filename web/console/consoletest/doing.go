package consoletest

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"xiaobao/casework"
	"xiaobao/desk"
)

// PreviewScope counts what a scope would draw.
func (d *Desk) PreviewScope(_ context.Context, u casework.User, s casework.Scope) (int, error) {
	if err := s.Check(); err != nil {
		return 0, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	n := 0
	for _, t := range d.touchpoints {
		if inScope(t, s) {
			n++
		}
	}
	if s.Sample > 0 {
		n = min(n, s.Sample)
	}
	return n, u.Permit(casework.StartInspection)
}

// StartInspection orders an inspection, once for each request.
func (d *Desk) StartInspection(ctx context.Context, u casework.User, r desk.InspectionRequest) (casework.Inspection, error) {
	if n, err := d.PreviewScope(ctx, u, r.Scope); err != nil {
		return casework.Inspection{}, err
	} else if n == 0 {
		return casework.Inspection{}, casework.Errorf(casework.Invalid, "nothing is in scope").InChinese("检查范围内没有触点，请调整期间或条件").WithCode("field:period")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if i, ok := d.started[r.RequestID]; ok {
		return i, nil
	}
	i := casework.Inspection{
		ID: fmt.Sprintf("i-new%d", len(d.inspections)), Name: r.Name, Checklist: r.Checklist, Items: r.Items, Scope: r.Scope,
		Status: casework.InspectionOrdered, OrgID: u.OrgID, OrderedBy: u.ID, OrderedAt: Now,
	}
	d.inspections = append([]casework.Inspection{i}, d.inspections...)
	d.started[r.RequestID] = i
	d.audit(u, "inspection.start", "inspection/"+i.ID)
	return i, nil
}

// Decide decides findings, once for each request.
func (d *Desk) Decide(_ context.Context, u casework.User, inspection string, r desk.VerdictRequest) (casework.VerdictResult, error) {
	if err := u.Permit(casework.DecideFindings); err != nil {
		return casework.VerdictResult{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if before, ok := d.requests[r.RequestID]; ok {
		return before, nil
	}
	var result casework.VerdictResult
	for i := range d.findings {
		f := &d.findings[i]
		if f.Inspection != inspection || !slices.Contains(r.Findings, f.ID) {
			continue
		}
		if f.Status != casework.FindingCandidate && !r.Overrule {
			result.Refused = append(result.Refused, casework.RefusedFinding{ID: f.ID, Why: "decided", By: f.DecidedBy})
			continue
		}
		at := Now
		f.DecidedBy, f.DecidedAt, f.Reason, f.Note, f.MergedInto = u.ID, &at, r.Reason, r.Note, r.MergeInto
		f.Status = map[casework.Verdict]casework.FindingStatus{
			casework.Confirm: casework.FindingConfirmed, casework.Dismiss: casework.FindingDismissed, casework.Merge: casework.FindingMerged,
		}[r.Verdict]
		result.Decided++
		d.Decisions++
	}
	for _, f := range d.matching(casework.FindingFilter{Inspection: inspection}) {
		if f.Status == casework.FindingCandidate {
			result.Left++
		}
	}
	d.requests[r.RequestID] = result
	return result, nil
}

func (d *Desk) move(id string, to casework.InspectionStatus, set func(*casework.Inspection)) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.inspections {
		if d.inspections[i].ID == id {
			d.inspections[i].Status = to
			set(&d.inspections[i])
			return nil
		}
	}
	return casework.Errorf(casework.NotFound, "there is no such inspection").InChinese("没有找到该检查")
}

// SubmitReport hands an inspection to a second person.
func (d *Desk) SubmitReport(_ context.Context, u casework.User, id, _ string) error {
	return d.move(id, casework.InspectionConfirming, func(i *casework.Inspection) { i.SubmittedBy = u.ID })
}

// ConfirmReport accepts or returns a report.
func (d *Desk) ConfirmReport(_ context.Context, u casework.User, id, _ string, accept bool, why string) error {
	to := casework.InspectionReported
	if !accept {
		to = casework.InspectionAdjudicating
	}
	return d.move(id, to, func(i *casework.Inspection) { i.ConfirmedBy, i.Note = u.ID, why })
}

// CancelInspection ends an inspection.
func (d *Desk) CancelInspection(_ context.Context, _ casework.User, id, _, why string) error {
	return d.move(id, casework.InspectionCancelled, func(i *casework.Inspection) { i.Note = why })
}

// Questions lists questions.
func (d *Desk) Questions(_ context.Context, _ casework.User, f casework.QuestionFilter, p casework.PageRequest) (casework.Listing[casework.Question], error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var rows []casework.Question
	for _, q := range d.questions {
		if (f.Inspection == "" || q.Inspection == f.Inspection) && (f.Respondent == "" || q.Respondent == f.Respondent) && (!f.Waiting || q.Answer == casework.ItemWaiting) {
			rows = append(rows, q)
		}
	}
	return page(rows, p), nil
}

// Question is one question.
func (d *Desk) Question(_ context.Context, _ casework.User, id string) (casework.Question, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return find(d.questions, "question", func(q casework.Question) bool { return q.ID == id })
}

// Answer files an answer.
func (d *Desk) Answer(_ context.Context, u casework.User, r desk.AnswerRequest) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.questions {
		if q := &d.questions[i]; q.ID == r.Question {
			at := Now
			q.Answer, q.Note, q.AnsweredBy, q.AnsweredAt = r.Outcome, r.Note, u.ID, &at
		}
	}
	return nil
}

// Schedules lists schedules.
func (d *Desk) Schedules(context.Context, casework.User) ([]casework.Schedule, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.schedules), nil
}

// AddSchedule files a schedule.
func (d *Desk) AddSchedule(_ context.Context, _ casework.User, s casework.Schedule) (casework.Schedule, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s.ID = cmp.Or(s.ID, fmt.Sprintf("%d", len(d.schedules)+1))
	if s.ID = "s-" + s.ID; slices.ContainsFunc(d.schedules, func(known casework.Schedule) bool { return known.ID == s.ID }) {
		return s, nil
	}
	d.schedules = append(d.schedules, s)
	return s, nil
}

// ChangeSchedule files a schedule anew.
func (d *Desk) ChangeSchedule(_ context.Context, _ casework.User, s casework.Schedule) (casework.Schedule, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i, known := range d.schedules {
		if known.ID == s.ID {
			s.OwnedBy, s.Items, s.Paused = known.OwnedBy, known.Items, known.Paused
			d.schedules[i] = s
			return s, nil
		}
	}
	return s, casework.Errorf(casework.NotFound, "there is no such schedule").InChinese("没有找到该计划")
}

// PauseSchedule pauses or resumes a schedule.
func (d *Desk) PauseSchedule(_ context.Context, _ casework.User, id string, pause bool) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.schedules {
		if d.schedules[i].ID == id {
			d.schedules[i].Paused = pause
		}
	}
	return nil
}

// TriggerSchedule starts an inspection now.
func (d *Desk) TriggerSchedule(_ context.Context, u casework.User, id string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.audit(u, "schedule.trigger", "schedule/"+id)
	return nil
}

// DeleteSchedule forgets a schedule.
func (d *Desk) DeleteSchedule(_ context.Context, _ casework.User, id string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.schedules = slices.DeleteFunc(d.schedules, func(s casework.Schedule) bool { return s.ID == id })
	return nil
}
