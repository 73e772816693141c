package console

import (
	"net/url"
	"slices"

	"xiaobao/casework"
)

type findingPage struct {
	Base
	Finding    findingView
	Form       fields
	Lines      []line
	Unreadable string // why the text is not shown
	Inspection casework.Inspection
	Before     string
	After      string
	Facts      []attributeView
	Reasons    []casework.DismissReason
	Advice     string
	MayDecide  bool
	MayCorrect bool               // it is decided, and may be decided anew
	Others     []casework.Finding // candidates it could be merged into
}

// finding shows one finding with its proof.
func (c *Console) finding(v *visit) (reply, error) {
	ctx := v.Context()
	f, err := c.Desk.Finding(ctx, v.User, v.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	page := findingPage{Finding: c.findingView(f, v.Lang), Reasons: casework.DismissReasons()}
	page.Facts = page.Finding.Seen
	if page.Inspection, err = c.Desk.Inspection(ctx, v.User, f.Inspection); err != nil {
		return reply{}, err
	}
	if page.Before, page.After, err = c.Desk.Neighbours(ctx, v.User, f.ID); err != nil {
		return reply{}, err
	}
	if err := c.readInto(&page, v, f); err != nil {
		return reply{}, err
	}
	if i, ok := c.Book.Indicator(f.Indicator); ok {
		page.Advice = i.Advice.In(v.Lang)
	}
	if v.User.May(casework.DecideFindings) && page.Inspection.Status == casework.InspectionAdjudicating {
		page.MayDecide = f.Status == casework.FindingCandidate
		page.MayCorrect = !page.MayDecide
		if page.Others, err = c.mergersFor(v, f); err != nil {
			return reply{}, err
		}
	}
	page.Form = v.fields(nil)
	page.Base = v.base(v.t("finding.title", page.Finding.Name))
	return show("finding", page)
}

// mergersFor are the findings that a finding may be merged into.
func (c *Console) mergersFor(v *visit, f casework.Finding) ([]casework.Finding, error) {
	list, err := c.Desk.Findings(v.Context(), v.User, casework.FindingFilter{
		Inspection: f.Inspection, Agent: f.AgentID,
		Status: []casework.FindingStatus{casework.FindingCandidate, casework.FindingConfirmed},
	}, casework.PageRequest{Limit: 500})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list.Rows, func(other casework.Finding) bool { return other.ID == f.ID || !other.SameMatter(f) }), nil
}

// readInto adds the text of the finding's touchpoint, or says why it is not
// there: not everyone who sees findings may read conversations.
func (c *Console) readInto(page *findingPage, v *visit, f casework.Finding) error {
	if f.Touchpoint == "" || !v.User.May(casework.ViewTouchpoints) {
		return nil
	}
	t, err := c.Desk.Touchpoint(v.Context(), v.User, f.Touchpoint)
	switch {
	case err == nil:
	case casework.KindOf(err) == casework.Internal:
		return err
	default:
		page.Unreadable = v.words(err)
		return nil
	}
	marks := make([]mark, len(f.Evidence))
	for i, e := range f.Evidence {
		marks[i] = mark{start: e.Start, end: e.End, level: f.Level, note: page.Finding.Name}
	}
	page.Lines = conversation(&t, marks)
	return nil
}

// decideFinding decides one finding and goes on to the next that waits.
func (c *Console) decideFinding(v *visit) (reply, error) {
	id, inspection := v.PathValue("id"), v.text("inspection")
	request := v.verdict()
	request.Findings = []string{id}
	if err := casework.CheckVerdict(request.Verdict, request.Findings, request.Reason, request.MergeInto, request.Note != ""); err != nil {
		return v.refused(err, c.finding)
	}
	before, after, err := c.Desk.Neighbours(v.Context(), v.User, id)
	if err != nil {
		return reply{}, err
	}
	result, err := c.Desk.Decide(v.Context(), v.User, inspection, request)
	if err != nil {
		return v.refused(err, c.finding)
	}
	v.tell(result)
	switch {
	case request.Overrule: // who corrects wants to see it corrected
		return goTo("/findings/" + url.PathEscape(id))
	case after != "":
		return goTo("/findings/" + url.PathEscape(after))
	case before != "":
		return goTo("/findings/" + url.PathEscape(before))
	}
	return goTo("/inspections/" + url.PathEscape(inspection))
}
