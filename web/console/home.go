package console

import (
	"net/url"

	"xiaobao/casework"
)

type homePage struct {
	Base
	ToDos   []casework.ToDo
	Levels  []levelCount
	Open    int // candidates of all levels
	Recent  []casework.Inspection
	Imports []casework.ImportRun
}

// A levelCount is one line of the chart: findings of a level, each number
// with the list behind it.
type levelCount struct {
	Inspection string // empty: of all
	Level      casework.Level
	Counts     casework.FindingCounts
}

// List is the address of the findings that a number counts.
func (l levelCount) List(status string) string {
	query := url.Values{"level": {l.Level.String()}}
	if status != "" {
		query.Set("status", status)
	}
	if l.Inspection != "" {
		query.Set("inspection", l.Inspection)
	}
	return "/findings?" + query.Encode()
}

// home shows what waits for the user, and how things stand.
func (c *Console) home(v *visit) (reply, error) {
	ctx, page := v.Context(), homePage{}
	var err error
	if page.ToDos, err = c.Desk.ToDos(ctx, v.User); err != nil {
		return reply{}, err
	}
	if v.User.May(casework.ViewInspections) {
		recent, err := c.Desk.Inspections(ctx, v.User, casework.InspectionFilter{}, casework.PageRequest{Limit: 6})
		if err != nil {
			return reply{}, err
		}
		counts, err := c.Desk.CountFindings(ctx, v.User, casework.FindingFilter{})
		if err != nil {
			return reply{}, err
		}
		page.Recent = recent.Rows
		for _, level := range casework.Levels() {
			page.Levels = append(page.Levels, levelCount{Level: level, Counts: counts[level]})
			page.Open += counts[level].Candidate
		}
	}
	if v.User.May(casework.ImportData) {
		runs, err := c.Desk.Imports(ctx, v.User, casework.PageRequest{Limit: 3})
		if err != nil {
			return reply{}, err
		}
		page.Imports = runs.Rows
	}
	page.Base = v.base("home.title")
	return show("home", page)
}
