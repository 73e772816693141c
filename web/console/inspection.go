package console

import (
	"net/url"

	"xiaobao/casework"
)

type inspectionPage struct {
	Base
	Inspection casework.Inspection
	Form       fields
	Checklist  string
	Steps      []step
	Items      []casework.InspectionItem
	Levels     []levelCount
	Questions  []casework.Question
	Timeline   []casework.Occurrence
	History    string // address in the Temporal UI
	Actions    inspectionActions
	Cascade    *casework.CascadeCount // nil where rules alone decided
}

// Remark is what an officer should know of the inspection as a whole. That no
// model is configured is nothing out of the way; the page says so elsewhere.
func (p inspectionPage) Remark() string {
	if p.Inspection.Note == string(casework.TroubleNone) {
		return ""
	}
	return p.Inspection.Note
}

// A step is one station on the way of an inspection.
type step struct {
	Status  casework.InspectionStatus
	Done    bool
	Current bool
}

// inspectionActions are what this user can do with this inspection now.
type inspectionActions struct {
	Decide, Submit, Confirm, Cancel bool
	FourEyes                        bool // could confirm, had they not submitted it themselves
	Report                          bool
	Wait                            string // words for whoever can only wait: for what
}

// Any reports whether there is something to say about what comes next.
func (a inspectionActions) Any() bool {
	return a.Decide || a.Submit || a.Confirm || a.Cancel || a.FourEyes || a.Wait != ""
}

var way = []casework.InspectionStatus{
	casework.InspectionOrdered, casework.InspectionDrawing, casework.InspectionTesting,
	casework.InspectionAdjudicating, casework.InspectionConfirming, casework.InspectionReported,
}

// stepsOf lays out the way and where an inspection is on it. One that ended
// early shows the end it came to.
func stepsOf(status casework.InspectionStatus) []step {
	var steps []step
	if status == casework.InspectionVoid || status == casework.InspectionCancelled {
		return []step{{Status: casework.InspectionOrdered, Done: true}, {Status: status, Done: true, Current: true}}
	}
	done := true
	for _, s := range way {
		current := s == status
		steps = append(steps, step{Status: s, Done: done && !current || s == casework.InspectionReported && current, Current: current})
		if current {
			done = false
		}
	}
	return steps
}

func actionsOf(u casework.User, i casework.Inspection) inspectionActions {
	deciding := i.Status == casework.InspectionAdjudicating
	confirming := i.Status == casework.InspectionConfirming
	own := confirming && casework.FourEyes(i.SubmittedBy, u.ID) != nil
	actions := inspectionActions{
		Decide:   deciding && u.May(casework.DecideFindings) && i.Counts.Candidate > 0,
		Submit:   deciding && u.May(casework.SubmitReport) && i.Counts.Candidate == 0,
		Confirm:  confirming && u.May(casework.ConfirmReport) && !own,
		FourEyes: own && u.May(casework.ConfirmReport),
		Cancel:   !i.Status.Final() && u.May(casework.CancelInspection),
		Report:   deciding || confirming || i.Status == casework.InspectionReported,
	}
	switch {
	case deciding && !actions.Decide && !actions.Submit:
		actions.Wait = "inspection.wait_deciding"
	case confirming && !actions.Confirm && !actions.FourEyes:
		actions.Wait = "inspection.wait_confirming"
	case !deciding && !confirming && !i.Status.Final():
		actions.Wait = "inspection.wait_testing"
	}
	return actions
}

// inspection is the case page of one inspection.
func (c *Console) inspection(v *visit) (reply, error) {
	ctx, id := v.Context(), v.PathValue("id")
	page := inspectionPage{}
	var err error
	if page.Inspection, err = c.Desk.Inspection(ctx, v.User, id); err != nil {
		return reply{}, err
	}
	if page.Items, err = c.Desk.InspectionItems(ctx, v.User, id); err != nil {
		return reply{}, err
	}
	questions, err := c.Desk.Questions(ctx, v.User, casework.QuestionFilter{Inspection: id}, casework.PageRequest{Limit: 200})
	if err != nil {
		return reply{}, err
	}
	page.Questions = questions.Rows
	if page.Timeline, err = c.Desk.Timeline(ctx, v.User, id); err != nil {
		return reply{}, err
	}
	counts, err := c.Desk.CountFindings(ctx, v.User, casework.FindingFilter{Inspection: id})
	if err != nil {
		return reply{}, err
	}
	if page.Cascade, err = c.Desk.Cascade(ctx, v.User, id); err != nil {
		return reply{}, err
	}
	for _, level := range casework.Levels() {
		page.Levels = append(page.Levels, levelCount{Inspection: id, Level: level, Counts: counts[level]})
	}
	page.Steps = stepsOf(page.Inspection.Status)
	page.Actions = actionsOf(v.User, page.Inspection)
	page.History = c.history(page.Inspection)
	page.Checklist = page.Inspection.Checklist
	if list, ok := c.Book.Checklist(page.Inspection.Checklist); ok {
		page.Checklist = list.Title.In(v.Lang)
	}
	page.Form = v.fields(nil)
	page.Base = v.base(page.Inspection.Name)
	return show("inspection", page)
}

// history is where the Temporal UI shows the procedure.
func (c *Console) history(i casework.Inspection) string {
	if c.TemporalUI == "" || i.WorkflowID == "" {
		return ""
	}
	address := c.TemporalUI + "/namespaces/" + url.PathEscape(c.Namespace) + "/workflows/" + url.PathEscape(i.WorkflowID)
	if i.RunID != "" {
		address += "/" + url.PathEscape(i.RunID) + "/history"
	}
	return address
}

// exportItems writes the items of an inspection as a file.
func (c *Console) exportItems(v *visit) (reply, error) {
	if err := v.User.Permit(casework.ViewInspections); err != nil {
		return reply{}, err
	}
	columns := []column[casework.InspectionItem]{
		{"column.item", func(i casework.InspectionItem) any { return i.Item }},
		{"column.element", func(i casework.InspectionItem) any { return i.Element }},
		{"column.title", func(i casework.InspectionItem) any { return i.Title }},
		{"column.method", func(i casework.InspectionItem) any { return wordIn(c.words, v.Lang, "method", string(i.Method)) }},
		{"column.outcome", func(i casework.InspectionItem) any { return nameIn(v.Lang, i.Outcome) }},
		{"column.tested", func(i casework.InspectionItem) any { return i.Tested }},
		{"column.candidates", func(i casework.InspectionItem) any { return i.Counts.Candidate }},
		{"column.confirmed", func(i casework.InspectionItem) any { return i.Counts.Confirmed }},
		{"column.basis", func(i casework.InspectionItem) any { return joined(i.Basis) }},
		{"column.why", func(i casework.InspectionItem) any { return i.Why }},
	}
	return export(v, "inspection-items", columns, whole(c.Desk.InspectionItems(v.Context(), v.User, v.PathValue("id"))))
}
