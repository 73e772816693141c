package desk

import (
	"context"

	"xiaobao/casework"
	"xiaobao/privacy"
)

// Inspections lists inspections in the user's part of the institution.
func (d *Desk) Inspections(ctx context.Context, u casework.User, f casework.InspectionFilter, p casework.PageRequest) (casework.Listing[casework.Inspection], error) {
	none := casework.Listing[casework.Inspection]{}
	if err := u.Permit(casework.ViewInspections); err != nil {
		return none, err
	}
	within, err := d.within(ctx, u)
	if err != nil {
		return none, err
	}
	f.Within = within
	return d.Records.Inspections(ctx, f, p)
}

// Inspection is one inspection.
func (d *Desk) Inspection(ctx context.Context, u casework.User, id string) (casework.Inspection, error) {
	if err := u.Permit(casework.ViewInspections); err != nil {
		return casework.Inspection{}, err
	}
	return d.inspection(ctx, u, id)
}

// inspection is one inspection in the user's part of the institution.
func (d *Desk) inspection(ctx context.Context, u casework.User, id string) (casework.Inspection, error) {
	i, err := d.Records.Inspection(ctx, id)
	if err != nil {
		return casework.Inspection{}, err
	}
	if err := d.seesOrg(ctx, u, i.OrgID, "inspection "+id); err != nil {
		return casework.Inspection{}, err
	}
	return i, nil
}

// InspectionItems are an inspection's checklist items and what came of them.
func (d *Desk) InspectionItems(ctx context.Context, u casework.User, id string) ([]casework.InspectionItem, error) {
	if _, err := d.Inspection(ctx, u, id); err != nil {
		return nil, err
	}
	return d.Records.InspectionItems(ctx, id)
}

// Timeline is what happened to an inspection, the oldest first.
func (d *Desk) Timeline(ctx context.Context, u casework.User, id string) ([]casework.Occurrence, error) {
	if _, err := d.Inspection(ctx, u, id); err != nil {
		return nil, err
	}
	lines, err := d.Records.Occurrences(ctx, id)
	for i := range lines {
		lines[i].Detail = privacy.Mask(lines[i].Detail)
	}
	return lines, err
}

// Findings lists findings in the user's part of the institution. Personal
// data in what they quote is masked.
func (d *Desk) Findings(ctx context.Context, u casework.User, f casework.FindingFilter, p casework.PageRequest) (casework.Listing[casework.Finding], error) {
	none := casework.Listing[casework.Finding]{}
	if err := u.Permit(casework.ViewInspections); err != nil {
		return none, err
	}
	within, err := d.within(ctx, u)
	if err != nil {
		return none, err
	}
	f.Within = within
	page, err := d.Records.Findings(ctx, f, p)
	if err == nil {
		err = d.maskFindings(ctx, page.Rows)
	}
	if err != nil {
		return none, err
	}
	return page, nil
}

// Finding is one finding.
func (d *Desk) Finding(ctx context.Context, u casework.User, id string) (casework.Finding, error) {
	if err := u.Permit(casework.ViewInspections); err != nil {
		return casework.Finding{}, err
	}
	f, err := d.Records.Finding(ctx, id)
	if err != nil {
		return casework.Finding{}, err
	}
	if _, err := d.inspection(ctx, u, f.Inspection); err != nil {
		return casework.Finding{}, err
	}
	if err := d.seesOrg(ctx, u, f.OrgID, "finding "+id); err != nil {
		return casework.Finding{}, err
	}
	one := []casework.Finding{f}
	if err := d.maskFindings(ctx, one); err != nil {
		return casework.Finding{}, err
	}
	return one[0], nil
}

// Questions lists questions: a respondent's own, or for officers all of those
// in their part of the institution.
func (d *Desk) Questions(ctx context.Context, u casework.User, f casework.QuestionFilter, p casework.PageRequest) (casework.Listing[casework.Question], error) {
	none := casework.Listing[casework.Question]{}
	if err := u.Permit(casework.ViewInspections); err != nil {
		return none, err
	}
	if u.Role == casework.Business {
		f.Respondent = u.ID
	}
	if f.Respondent != u.ID {
		within, err := d.within(ctx, u)
		if err != nil {
			return none, err
		}
		f.Within = within
	}
	page, err := d.Records.Questions(ctx, f, p)
	for i := range page.Rows {
		page.Rows[i].Note = privacy.Mask(page.Rows[i].Note)
	}
	return page, err
}

// Question is one question.
func (d *Desk) Question(ctx context.Context, u casework.User, id string) (casework.Question, error) {
	if err := u.Permit(casework.ViewInspections); err != nil {
		return casework.Question{}, err
	}
	return d.question(ctx, u, id)
}

// question is a question that was put to the user, or one in their part of the
// institution; the business line sees its own only.
func (d *Desk) question(ctx context.Context, u casework.User, id string) (casework.Question, error) {
	q, err := d.Records.Question(ctx, id)
	if err != nil {
		return casework.Question{}, err
	}
	q.Note = privacy.Mask(q.Note)
	if q.Respondent == u.ID {
		return q, nil
	}
	if u.Role == casework.Business {
		return casework.Question{}, casework.Errorf(casework.NotFound, "there is no question %s for you", id).
			InChinese("没有找到由您答复的该问题").WithCode("out_of_scope")
	}
	if _, err := d.inspection(ctx, u, q.Inspection); err != nil {
		return casework.Question{}, err
	}
	return q, nil
}

// Neighbours are the candidates before and after a finding in its inspection,
// in the natural order of the list; empty at either end.
func (d *Desk) Neighbours(ctx context.Context, u casework.User, id string) (before, after string, err error) {
	if _, err := d.Finding(ctx, u, id); err != nil {
		return "", "", err
	}
	return d.Records.Neighbours(ctx, id)
}

// CountFindings counts the findings that match, by level.
func (d *Desk) CountFindings(ctx context.Context, u casework.User, f casework.FindingFilter) (map[casework.Level]casework.FindingCounts, error) {
	if err := u.Permit(casework.ViewInspections); err != nil {
		return nil, err
	}
	within, err := d.within(ctx, u)
	if err != nil {
		return nil, err
	}
	f.Within = within
	return d.Records.CountFindings(ctx, f)
}

// ToDos is what waits for the user, the most urgent first.
func (d *Desk) ToDos(ctx context.Context, u casework.User) ([]casework.ToDo, error) {
	within, err := d.within(ctx, u)
	if err != nil {
		return nil, err
	}
	return d.Records.ToDos(ctx, u, within)
}

// Audit lists the audit trail, the newest first.
func (d *Desk) Audit(ctx context.Context, u casework.User, f casework.AuditFilter, p casework.PageRequest) (casework.Listing[casework.AuditEntry], error) {
	if err := u.Permit(casework.ViewAudit); err != nil {
		return casework.Listing[casework.AuditEntry]{}, err
	}
	return d.Records.Audit(ctx, f, p)
}

// VerifyAudit walks the whole trail. It gives how many entries hold, and the
// first that does not, or 0.
func (d *Desk) VerifyAudit(ctx context.Context, u casework.User) (entries int, broken int64, err error) {
	if err := u.Permit(casework.ViewAudit); err != nil {
		return 0, 0, err
	}
	entries, at, err := d.Records.VerifyAudit(ctx)
	if at != nil {
		broken = *at
	}
	return entries, broken, err
}

// Views are the list filters a user keeps.
func (d *Desk) Views(ctx context.Context, u casework.User, list string) ([]casework.SavedView, error) {
	return d.Records.Views(ctx, u.ID, list)
}

// SaveView keeps a list filter under a name.
func (d *Desk) SaveView(ctx context.Context, u casework.User, v casework.SavedView) error {
	if v.Name == "" || len([]rune(v.Name)) > 40 || len(v.Query) > 4000 {
		return casework.Errorf(casework.Invalid, "a view needs a name of at most 40 characters").
			InChinese("请填写视图名称，最多 40 字").WithCode("field:name")
	}
	v.Owner = u.ID
	if v.ID == "" {
		v.ID = newID("v-")
	}
	return d.Records.SaveView(ctx, v)
}

// DeleteView forgets a list filter of the user's own.
func (d *Desk) DeleteView(ctx context.Context, u casework.User, id string) error {
	return d.Records.DeleteView(ctx, u.ID, id)
}
