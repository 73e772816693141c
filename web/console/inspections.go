package console

import (
	"xiaobao/casework"
)

type inspectionsPage struct {
	Base
	list
	Items    []casework.Inspection
	Units    []unit
	Statuses []casework.InspectionStatus
}

// inspections lists the inspections.
func (c *Console) inspections(v *visit) (reply, error) {
	page := inspectionsPage{list: v.list("/inspections"), Units: v.units(), Statuses: casework.InspectionStatuses()}
	page.Name = "inspections"
	rows, err := c.Desk.Inspections(v.Context(), v.User, page.inspectionFilter(), page.page())
	if err != nil {
		return reply{}, err
	}
	page.Items = rows.Rows
	page.filled(len(rows.Rows), rows.Total, rows.Next)
	if err := page.finish(v); err != nil {
		return reply{}, err
	}
	page.Base = v.base("inspections.title")
	return show("inspections", page)
}

func (l list) inspectionFilter() casework.InspectionFilter {
	f := casework.InspectionFilter{Orgs: l.Query["org"], Schedule: l.Get("schedule"), Search: l.Get("search")}
	for _, name := range l.Query["status"] {
		f.Status = append(f.Status, casework.InspectionStatus(name))
	}
	return f
}

func (c *Console) filterInspections(v *visit) (reply, error) {
	return v.filter("/inspections", "status", "org", "schedule", "search")
}

func (c *Console) exportInspections(v *visit) (reply, error) {
	if err := v.User.Permit(casework.ViewInspections); err != nil {
		return reply{}, err
	}
	columns := []column[casework.Inspection]{
		{"column.id", func(i casework.Inspection) any { return i.ID }},
		{"column.name", func(i casework.Inspection) any { return i.Name }},
		{"column.status", func(i casework.Inspection) any { return nameIn(v.Lang, i.Status) }},
		{"column.from", func(i casework.Inspection) any { return string(casework.DayOf(i.Scope.From)) }},
		{"column.to", func(i casework.Inspection) any { return string(casework.DayOf(i.Scope.To.Add(-1))) }},
		{"column.ordered_by", func(i casework.Inspection) any { return v.person(i.OrderedBy) }},
		{"column.ordered_at", func(i casework.Inspection) any { return i.OrderedAt }},
		{"column.due", func(i casework.Inspection) any { return i.Due }},
		{"column.touchpoints", func(i casework.Inspection) any { return i.Progress.Touchpoints }},
		{"column.candidates", func(i casework.Inspection) any { return i.Counts.Candidate }},
		{"column.confirmed", func(i casework.Inspection) any { return i.Counts.Confirmed }},
		{"column.dismissed", func(i casework.Inspection) any { return i.Counts.Dismissed }},
		{"column.score", func(i casework.Inspection) any {
			if i.Score == nil {
				return ""
			}
			return i.Score.Points
		}},
	}
	filter := v.list("/inspections").inspectionFilter()
	return export(v, "inspections", columns, func(p casework.PageRequest) (casework.Listing[casework.Inspection], error) {
		return c.Desk.Inspections(v.Context(), v.User, filter, p)
	})
}
