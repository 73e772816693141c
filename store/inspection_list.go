package store

import (
	"context"
	"fmt"
	"time"

	"xiaobao/casework"
)

// Inspection is one inspection with its figures.
func (s *Store) Inspection(ctx context.Context, id string) (casework.Inspection, error) {
	var row inspectionRow
	if err := s.db.GetContext(ctx, &row, fmt.Sprintf(inspectionQuery, "")+` WHERE i.id = $1`, id); err != nil {
		return casework.Inspection{}, describe(err, "inspection "+id)
	}
	return row.inspection()
}

var inspectionOrders = map[string]order{
	"":           {keys: []key{{"i.ordered_at", "timestamptz"}, {"i.id", "text"}}, desc: true},
	"ordered_at": {keys: []key{{"i.ordered_at", "timestamptz"}, {"i.id", "text"}}},
	"name":       {keys: []key{{"i.name", "text"}, {"i.id", "text"}}},
	"status":     {keys: []key{{"i.status", "text"}, {"i.id", "text"}}},
}

// Inspections is a page of inspections, the latest first.
func (s *Store) Inspections(ctx context.Context, filter casework.InspectionFilter, request casework.PageRequest) (casework.Listing[casework.Inspection], error) {
	var c conditions
	anyOf(&c, "i.status", filter.Status)
	c.below("i.org_id", filter.Orgs)
	c.below("i.org_id", filter.Within)
	if filter.Schedule != "" {
		c.and("i.schedule = ?", filter.Schedule)
	}
	c.containing(filter.Search, "i.name")
	var total int
	if err := s.db.GetContext(ctx, &total, `SELECT count(*) FROM inspections i`+c.where(), c.args...); err != nil {
		return casework.Listing[casework.Inspection]{}, describe(err, "inspections")
	}
	p, err := paged(&c, request, inspectionOrders)
	if err != nil {
		return casework.Listing[casework.Inspection]{}, err
	}
	var rows []inspectionRow
	query := fmt.Sprintf(inspectionQuery, ", "+p.cursorColumn()) + c.where() + p.orderLimit()
	if err := s.db.SelectContext(ctx, &rows, query, c.args...); err != nil {
		return casework.Listing[casework.Inspection]{}, describe(err, "inspections")
	}
	page, err := listing(p, request, rows, func(r *inspectionRow) string { return r.Cursor }, (*inspectionRow).inspection)
	page.Total = total
	return page, err
}

// OrderedBefore lists the inspections that were ordered before t and whose
// procedure has not begun since.
func (s *Store) OrderedBefore(ctx context.Context, t time.Time) ([]casework.Inspection, error) {
	var rows []inspectionRow
	err := s.db.SelectContext(ctx, &rows, fmt.Sprintf(inspectionQuery, "")+`
		WHERE i.status = 'ordered' AND i.run_id = '' AND i.ordered_at < $1 ORDER BY i.ordered_at, i.id LIMIT 100`, t)
	if err != nil {
		return nil, describe(err, "inspections")
	}
	waiting := make([]casework.Inspection, len(rows))
	for n := range rows {
		if waiting[n], err = rows[n].inspection(); err != nil {
			return nil, err
		}
	}
	return waiting, nil
}
