package consoletest

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"xiaobao/casework"
)

// Touchpoints lists touchpoints.
func (d *Desk) Touchpoints(_ context.Context, u casework.User, f casework.TouchpointFilter, p casework.PageRequest) (casework.Listing[casework.Touchpoint], error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var rows []casework.Touchpoint
	for _, t := range d.touchpoints {
		if inScope(t, f.Scope) && (f.Customer == "" || t.CustomerID == f.Customer) && strings.Contains(t.Content(), f.Search) {
			t.Text, t.Turns = masked(t.Content()), nil
			rows = append(rows, t)
		}
	}
	if p.Sort == "occurred_at" && !p.Desc {
		slices.Reverse(rows)
	}
	return page(rows, p), u.Permit(casework.ViewTouchpoints)
}

func inScope(t casework.Touchpoint, s casework.Scope) bool {
	has := func(list []string, one string) bool { return len(list) == 0 || slices.Contains(list, one) }
	return (len(s.Channels) == 0 || slices.Contains(s.Channels, t.Channel)) && has(s.Orgs, t.OrgID) && has(s.Products, t.Product) &&
		has(s.Agents, t.AgentID) && (s.From.IsZero() || !t.OccurredAt.Before(s.From)) && (s.To.IsZero() || t.OccurredAt.Before(s.To))
}

var phone = regexp.MustCompile(`\b1\d{10}\b`)

func masked(s string) string {
	return phone.ReplaceAllStringFunc(s, func(n string) string { return n[:3] + "****" + n[7:] })
}

// Touchpoint is one touchpoint, masked.
func (d *Desk) Touchpoint(_ context.Context, u casework.User, id string) (casework.Touchpoint, error) {
	t, err := d.touchpoint(u, id)
	t.Text, t.Turns = masked(t.Text), slices.Clone(t.Turns)
	for i := range t.Turns {
		t.Turns[i].Text = masked(t.Turns[i].Text)
	}
	return t, err
}

// RevealTouchpoint is one touchpoint as it came.
func (d *Desk) RevealTouchpoint(_ context.Context, u casework.User, id string) (casework.Touchpoint, error) {
	if err := u.Permit(casework.RevealPersonal); err != nil {
		return casework.Touchpoint{}, err
	}
	t, err := d.touchpoint(u, id)
	if err == nil {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.audit(u, "touchpoint.reveal", "touchpoint/"+id)
	}
	return t, err
}

func (d *Desk) touchpoint(u casework.User, id string) (casework.Touchpoint, error) {
	if err := u.Permit(casework.ViewTouchpoints); err != nil {
		return casework.Touchpoint{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return find(d.touchpoints, "touchpoint", func(t casework.Touchpoint) bool { return t.ID == id })
}

// Products are the product codes on record.
func (d *Desk) Products(context.Context, casework.User) ([]string, error) {
	return []string{"consumer_loan", "credit_card", "wealth"}, nil
}

// Inspections lists inspections.
func (d *Desk) Inspections(_ context.Context, u casework.User, f casework.InspectionFilter, p casework.PageRequest) (casework.Listing[casework.Inspection], error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.Broken {
		return casework.Listing[casework.Inspection]{}, fmt.Errorf("dial tcp 10.0.0.5:5433: connection refused")
	}
	var rows []casework.Inspection
	for _, i := range d.inspections {
		if (len(f.Status) == 0 || slices.Contains(f.Status, i.Status)) && strings.Contains(i.Name, f.Search) {
			rows = append(rows, d.counted(i))
		}
	}
	return page(rows, p), u.Permit(casework.ViewInspections)
}

func (d *Desk) counted(i casework.Inspection) casework.Inspection {
	i.Counts = casework.FindingCounts{}
	for _, f := range d.findings {
		if f.Inspection == i.ID {
			count(&i.Counts, f.Status)
		}
	}
	return i
}

func count(c *casework.FindingCounts, s casework.FindingStatus) {
	switch s {
	case casework.FindingCandidate:
		c.Candidate++
	case casework.FindingConfirmed:
		c.Confirmed++
	case casework.FindingDismissed:
		c.Dismissed++
	case casework.FindingMerged:
		c.Merged++
	}
}

// Inspection is one inspection.
func (d *Desk) Inspection(_ context.Context, u casework.User, id string) (casework.Inspection, error) {
	if err := u.Permit(casework.ViewInspections); err != nil {
		return casework.Inspection{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	i, err := find(d.inspections, "inspection", func(i casework.Inspection) bool { return i.ID == id })
	return d.counted(i), err
}

// InspectionItems are the items of an inspection.
func (d *Desk) InspectionItems(_ context.Context, _ casework.User, id string) ([]casework.InspectionItem, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	list, _ := d.book.Checklist("annual")
	var items []casework.InspectionItem
	for _, entry := range list.Items {
		item := casework.InspectionItem{
			Item: entry.ID, Element: entry.Element, Title: entry.Title.Zh, Weight: entry.Weight, Method: entry.Method, Outcome: casework.ItemWaiting, Tested: 186,
		}
		for _, b := range entry.Basis {
			item.Basis = append(item.Basis, b.String())
		}
		for _, f := range d.findings {
			if f.Inspection == id && f.Item == entry.ID {
				count(&item.Counts, f.Status)
			}
		}
		if id == "i-02b9" {
			item.Outcome = casework.ItemPassed
			if item.Counts.Confirmed > 0 {
				item.Outcome, item.Worst = casework.ItemFailed, casework.Red
			}
		}
		items = append(items, item)
	}
	return items, nil
}

// Timeline is what happened to an inspection.
func (d *Desk) Timeline(context.Context, casework.User, string) ([]casework.Occurrence, error) {
	at := Now.AddDate(0, 0, -4)
	return []casework.Occurrence{
		{At: at, By: "u-li", What: "inspection.ordered"}, {At: at.Add(2e9), What: "inspection.drawing"},
		{At: at.Add(5e9), What: "inspection.testing", Detail: "186"}, {At: at.Add(80e9), What: casework.EventJudging},
		{At: at.Add(85e9), What: casework.EventJudged, Detail: string(casework.TroubleAway)}, {At: at.Add(90e9), What: "inspection.adjudicating"},
	}, nil
}

// ReportXLSX writes something in place of a workbook.
func (d *Desk) ReportXLSX(_ context.Context, u casework.User, id string, w io.Writer) error {
	if err := u.Permit(casework.ExportData); err != nil {
		return err
	}
	_, err := io.WriteString(w, "PK report of "+id)
	return err
}

// ToDos is what waits for the user.
func (d *Desk) ToDos(_ context.Context, u casework.User) ([]casework.ToDo, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var todos []casework.ToDo
	for _, i := range d.inspections {
		c := d.counted(i).Counts
		if i.Status == casework.InspectionAdjudicating && c.Candidate > 0 && u.May(casework.DecideFindings) {
			todos = append(todos, casework.ToDo{Kind: "findings", Case: i.ID, Name: i.Name, Count: c.Candidate, Due: i.Due})
		}
		if i.Status == casework.InspectionConfirming && u.May(casework.ConfirmReport) && i.SubmittedBy != u.ID {
			todos = append(todos, casework.ToDo{Kind: "confirm", Case: i.ID, Name: i.Name, Count: 1})
		}
	}
	for _, q := range d.questions {
		if q.Respondent == u.ID && q.Answer == casework.ItemWaiting {
			todos = append(todos, casework.ToDo{Kind: "questions", Case: q.Inspection, Name: q.Title, Count: 1, Due: &q.Due})
		}
	}
	return todos, nil
}

// Findings lists findings, the most serious first.
func (d *Desk) Findings(_ context.Context, u casework.User, f casework.FindingFilter, p casework.PageRequest) (casework.Listing[casework.Finding], error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return page(d.matching(f), p), u.Permit(casework.ViewInspections)
}

func (d *Desk) matching(f casework.FindingFilter) []casework.Finding {
	var rows []casework.Finding
	for _, one := range d.findings {
		if (f.Inspection == "" || one.Inspection == f.Inspection) && (f.Item == "" || one.Item == f.Item) &&
			(f.Indicator == "" || one.Indicator == f.Indicator) && (len(f.Status) == 0 || slices.Contains(f.Status, one.Status)) &&
			(len(f.Levels) == 0 || slices.Contains(f.Levels, one.Level)) && (len(f.Channels) == 0 || slices.Contains(f.Channels, one.Channel)) &&
			(len(f.Engines) == 0 || slices.Contains(f.Engines, one.Engine)) && (f.Touchpoint == "" || f.Touchpoint == one.Touchpoint) {
			rows = append(rows, one)
		}
	}
	slices.SortStableFunc(rows, func(a, b casework.Finding) int { return int(b.Level) - int(a.Level) })
	return rows
}

// Finding is one finding.
func (d *Desk) Finding(_ context.Context, u casework.User, id string) (casework.Finding, error) {
	if err := u.Permit(casework.ViewInspections); err != nil {
		return casework.Finding{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return find(d.findings, "finding", func(f casework.Finding) bool { return f.ID == id })
}

// Neighbours are the candidates around a finding.
func (d *Desk) Neighbours(_ context.Context, _ casework.User, id string) (before, after string, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	this, err := find(d.findings, "finding", func(f casework.Finding) bool { return f.ID == id })
	passed := false
	for _, f := range d.matching(casework.FindingFilter{Inspection: this.Inspection}) {
		switch {
		case f.ID == id:
			passed = true
		case f.Status == casework.FindingCandidate && !passed:
			before = f.ID
		case f.Status == casework.FindingCandidate && after == "":
			after = f.ID
		}
	}
	return before, after, err
}

// CountFindings counts findings by level.
func (d *Desk) CountFindings(_ context.Context, _ casework.User, f casework.FindingFilter) (map[casework.Level]casework.FindingCounts, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	counts := map[casework.Level]casework.FindingCounts{}
	for _, one := range d.matching(f) {
		c := counts[one.Level]
		count(&c, one.Status)
		counts[one.Level] = c
	}
	return counts, nil
}
