package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/lib/pq"

	"xiaobao/casework"
)

// A findingRow is a finding as its columns hold it.
type findingRow struct {
	ID         string
	Inspection string
	Item       string
	Indicator  string
	Title      string
	Touchpoint string
	Channel    casework.Channel
	OccurredAt time.Time
	OrgID      string
	AgentID    string
	CustomerID string
	Product    string
	Level      string
	Engine     casework.Engine
	Version    string
	Certainty  float64
	Basis      pq.StringArray
	Evidence   []byte
	Facts      []byte
	Status     casework.FindingStatus
	DecidedBy  casework.Actor
	DecidedAt  *time.Time
	Reason     casework.DismissReason
	Note       string
	MergedInto string
	Cursor     string
}

const findingColumns = `f.id, f.inspection, f.item, f.indicator, f.title, f.touchpoint, f.channel, f.occurred_at, f.org_id, f.agent_id,
	f.customer_id, f.product, f.level, f.engine, f.version, f.certainty, f.basis, f.evidence, f.facts, f.status, f.decided_by, f.decided_at,
	f.reason, coalesce((SELECT n.text FROM notes n WHERE n.id = f.note_id), '') AS note, f.merged_into`

func (r *findingRow) finding() (casework.Finding, error) {
	f := casework.Finding{
		ID: r.ID, Inspection: r.Inspection, Item: r.Item, Indicator: r.Indicator, Title: r.Title, Touchpoint: r.Touchpoint, Channel: r.Channel,
		OccurredAt: r.OccurredAt.In(casework.Beijing), OrgID: r.OrgID, AgentID: r.AgentID, CustomerID: r.CustomerID, Product: r.Product,
		Engine: r.Engine, Version: r.Version, Certainty: r.Certainty, Basis: r.Basis, Status: r.Status, DecidedBy: r.DecidedBy,
		DecidedAt: r.DecidedAt, Reason: r.Reason, Note: r.Note, MergedInto: r.MergedInto,
	}
	var err error
	if f.Level, err = casework.ParseLevel(r.Level); err != nil {
		return f, err
	}
	if err := json.Unmarshal(r.Evidence, &f.Evidence); err != nil {
		return f, describe(err, "evidence of finding "+r.ID)
	}
	if r.Facts != nil {
		err = json.Unmarshal(r.Facts, &f.Facts)
	}
	return f, describe(err, "facts of finding "+r.ID)
}

// Finding is one finding.
func (s *Store) Finding(ctx context.Context, id string) (casework.Finding, error) {
	var row findingRow
	if err := s.db.GetContext(ctx, &row, `SELECT `+findingColumns+` FROM findings f WHERE f.id = $1`, id); err != nil {
		return casework.Finding{}, describe(err, "finding "+id)
	}
	return row.finding()
}

// bySeverity is the natural order: the worst first, of those the latest.
var bySeverity = []key{{"f.level", "level"}, {"f.occurred_at", "timestamptz"}, {"f.id", "text"}}

var findingOrders = map[string]order{
	"":            {keys: bySeverity, desc: true},
	"level":       {keys: bySeverity},
	"occurred_at": {keys: []key{{"f.occurred_at", "timestamptz"}, {"f.id", "text"}}},
	"certainty":   {keys: []key{{"f.certainty", "double precision"}, {"f.id", "text"}}},
	"indicator":   {keys: []key{{"f.indicator", "text"}, {"f.id", "text"}}},
}

// findingsLike adds what a filter says.
func findingsLike(c *conditions, filter casework.FindingFilter) {
	for _, is := range []struct{ column, value string }{
		{"f.inspection", filter.Inspection}, {"f.item", filter.Item}, {"f.indicator", filter.Indicator}, {"f.agent_id", filter.Agent}, {"f.touchpoint", filter.Touchpoint},
	} {
		if is.value != "" {
			c.and(is.column+" = ?", is.value)
		}
	}
	anyOf(c, "f.status", filter.Status)
	anyOf(c, "f.channel", filter.Channels)
	anyOf(c, "f.engine", filter.Engines)
	if len(filter.Levels) > 0 {
		names := make(pq.StringArray, len(filter.Levels))
		for i, level := range filter.Levels {
			names[i] = level.String()
		}
		c.and("f.level = ANY(?::level[])", names)
	}
	c.below("f.org_id", filter.Orgs)
	if len(filter.Within) > 0 { // both the finding and its inspection must be in sight
		c.below("f.org_id", filter.Within)
		c.and("f.inspection IN (SELECT i.id FROM inspections i WHERE i.org_id = ANY(ARRAY(SELECT o.id FROM orgs o WHERE o.path && ?) || ?))",
			pq.StringArray(filter.Within), pq.StringArray(filter.Within))
	}
	c.containing(filter.Search, "f.title", "f.touchpoint", "f.evidence::text")
}

// Findings is a page of findings, the worst first.
func (s *Store) Findings(ctx context.Context, filter casework.FindingFilter, request casework.PageRequest) (casework.Listing[casework.Finding], error) {
	var c conditions
	findingsLike(&c, filter)
	var total int
	if err := s.db.GetContext(ctx, &total, `SELECT count(*) FROM findings f`+c.where(), c.args...); err != nil {
		return casework.Listing[casework.Finding]{}, describe(err, "findings")
	}
	p, err := paged(&c, request, findingOrders)
	if err != nil {
		return casework.Listing[casework.Finding]{}, err
	}
	var rows []findingRow
	query := `SELECT ` + findingColumns + `, ` + p.cursorColumn() + ` FROM findings f` + c.where() + p.orderLimit()
	if err := s.db.SelectContext(ctx, &rows, query, c.args...); err != nil {
		return casework.Listing[casework.Finding]{}, describe(err, "findings")
	}
	page, err := listing(p, request, rows, func(r *findingRow) string { return r.Cursor }, (*findingRow).finding)
	page.Total = total
	return page, err
}

// CountFindings counts the findings that match, by level and status.
func (s *Store) CountFindings(ctx context.Context, filter casework.FindingFilter) (map[casework.Level]casework.FindingCounts, error) {
	var c conditions
	findingsLike(&c, filter)
	var rows []struct {
		Level string
		casework.FindingCounts
	}
	err := s.db.SelectContext(ctx, &rows, `
		SELECT f.level, count(*) FILTER (WHERE f.status = 'candidate') AS candidate, count(*) FILTER (WHERE f.status = 'confirmed') AS confirmed,
			count(*) FILTER (WHERE f.status = 'dismissed') AS dismissed, count(*) FILTER (WHERE f.status = 'merged') AS merged
		FROM findings f`+c.where()+` GROUP BY f.level`, c.args...)
	if err != nil {
		return nil, describe(err, "findings")
	}
	counts := map[casework.Level]casework.FindingCounts{}
	for _, row := range rows {
		level, err := casework.ParseLevel(row.Level)
		if err != nil {
			return nil, err
		}
		counts[level] = row.FindingCounts
	}
	return counts, nil
}

// Neighbours are the candidates before and after a finding in the natural
// order of its inspection; empty at the ends.
func (s *Store) Neighbours(ctx context.Context, finding string) (before, after string, err error) {
	find := func(sign, direction string) (string, error) {
		var id string
		err := s.db.GetContext(ctx, &id, `
			SELECT f.id FROM findings f JOIN findings this ON this.id = $1 AND f.inspection = this.inspection
			WHERE f.status = 'candidate' AND (f.level, f.occurred_at, f.id) `+sign+` (this.level, this.occurred_at, this.id)
			ORDER BY f.level `+direction+`, f.occurred_at `+direction+`, f.id `+direction+` LIMIT 1`, finding)
		if errors.Is(err, sql.ErrNoRows) {
			return "", nil
		}
		return id, describe(err, "finding "+finding)
	}
	if before, err = find(">", "ASC"); err != nil {
		return "", "", err
	}
	after, err = find("<", "DESC")
	return before, after, err
}
