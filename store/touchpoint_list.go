package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/lib/pq"

	"xiaobao/casework"
)

// A touchpointRow is a touchpoint as its columns hold it.
type touchpointRow struct {
	Seq        int64
	ID         string
	OccurredAt time.Time
	Channel    casework.Channel
	CustomerID string
	AgentID    string
	OrgID      string
	Product    string
	Speaker    casework.Speaker
	Text       string
	Turns      []byte
	Attributes []byte
	Cursor     string
}

func (r *touchpointRow) touchpoint() (casework.Touchpoint, error) {
	t := casework.Touchpoint{
		ID: r.ID, Channel: r.Channel, OccurredAt: r.OccurredAt.In(casework.Beijing), CustomerID: r.CustomerID, AgentID: r.AgentID,
		OrgID: r.OrgID, Product: r.Product, Speaker: r.Speaker, Text: r.Text,
	}
	if r.Turns != nil {
		turns, err := divide(r.Text, r.Turns)
		if err != nil {
			return t, fmt.Errorf("touchpoint %s: %w", r.ID, err)
		}
		t.Turns, t.Text = turns, ""
	}
	if r.Attributes != nil {
		if err := json.Unmarshal(r.Attributes, &t.Attributes); err != nil {
			return t, fmt.Errorf("attributes of touchpoint %s: %w", r.ID, err)
		}
	}
	return t, nil
}

// Touchpoint is one touchpoint in full.
func (s *Store) Touchpoint(ctx context.Context, id string) (casework.Touchpoint, error) {
	var row touchpointRow
	err := s.db.GetContext(ctx, &row, `
		SELECT t.seq, t.id, t.occurred_at, t.channel, t.customer_id, t.agent_id, t.org_id, t.product, t.speaker,
			t.text, t.turns, t.attributes
		FROM touchpoints t
		WHERE t.id = $1 AND t.occurred_at = (SELECT k.occurred_at FROM touchpoint_keys k WHERE k.id = $1)`, id)
	if err != nil {
		return casework.Touchpoint{}, describe(err, "touchpoint "+id)
	}
	return row.touchpoint()
}

// TouchpointsOf gives whole touchpoints by their ids. Those that are not on
// record are left out.
func (s *Store) TouchpointsOf(ctx context.Context, ids []string) (map[string]casework.Touchpoint, error) {
	var rows []touchpointRow
	if err := s.db.SelectContext(ctx, &rows, `
		SELECT t.seq, t.id, t.occurred_at, t.channel, t.customer_id, t.agent_id, t.org_id, t.product, t.speaker,
			t.text, t.turns, t.attributes
		FROM touchpoint_keys k JOIN touchpoints t ON t.occurred_at = k.occurred_at AND t.id = k.id
		WHERE k.id = ANY($1)`, pq.StringArray(ids)); err != nil {
		return nil, describe(err, "touchpoints")
	}
	all := make(map[string]casework.Touchpoint, len(rows))
	for n := range rows {
		t, err := rows[n].touchpoint()
		if err != nil {
			return nil, err
		}
		all[t.ID] = t
	}
	return all, nil
}

var touchpointOrders = map[string]order{
	"":            {keys: []key{{"t.occurred_at", "timestamptz"}, {"t.id", "text"}}, desc: true},
	"occurred_at": {keys: []key{{"t.occurred_at", "timestamptz"}, {"t.id", "text"}}},
}

// previewRunes is how much of a text a list shows.
const previewRunes = 200

// countUpTo bounds the counting of long lists; what is longer has Total -1.
const countUpTo = 20_000

// Touchpoints is a page of touchpoints, the latest first. Rows carry only the
// first 200 characters of the text, and no turns.
func (s *Store) Touchpoints(ctx context.Context, filter casework.TouchpointFilter, request casework.PageRequest) (casework.Listing[casework.Touchpoint], error) {
	var c conditions
	filtered(&c, filter)
	total, err := s.countSome(ctx, c, filter.Search != "")
	if err != nil {
		return casework.Listing[casework.Touchpoint]{}, err
	}
	p, err := paged(&c, request, touchpointOrders)
	if err != nil {
		return casework.Listing[casework.Touchpoint]{}, err
	}
	var rows []touchpointRow
	err = s.db.SelectContext(ctx, &rows, fmt.Sprintf(`
		SELECT t.seq, t.id, t.occurred_at, t.channel, t.customer_id, t.agent_id, t.org_id, t.product, t.speaker,
			left(t.text, %d) AS text, t.attributes, %s
		FROM touchpoints t%s%s`, previewRunes, p.cursorColumn(), c.where(), p.orderLimit()), c.args...)
	if err != nil {
		return casework.Listing[casework.Touchpoint]{}, describe(err, "touchpoints")
	}
	page, err := listing(p, request, rows, func(r *touchpointRow) string { return r.Cursor }, (*touchpointRow).touchpoint)
	page.Total = total
	return page, err
}

// countSome counts what matches unless that is more than anyone pages
// through. A search in texts is not counted at all: it reads every row.
func (s *Store) countSome(ctx context.Context, c conditions, searching bool) (int, error) {
	if searching {
		return -1, nil
	}
	var n int
	err := s.db.GetContext(ctx, &n, fmt.Sprintf(`
		SELECT count(*) FROM (SELECT 1 FROM touchpoints t%s LIMIT %d) AS matching`, c.where(), countUpTo+1), c.args...)
	if err != nil {
		return 0, describe(err, "touchpoints")
	}
	if n > countUpTo {
		return -1, nil
	}
	return n, nil
}

// CountTouchpoints counts what a scope holds, its sample size aside.
func (s *Store) CountTouchpoints(ctx context.Context, scope casework.Scope) (int, error) {
	var c conditions
	scoped(&c, scope)
	var n int
	err := s.db.GetContext(ctx, &n, `SELECT count(*) FROM touchpoints t`+c.where(), c.args...)
	return n, describe(err, "touchpoints")
}

// filtered adds what a filter of the list says.
func filtered(c *conditions, filter casework.TouchpointFilter) {
	scoped(c, filter.Scope)
	c.below("t.org_id", filter.Within)
	if filter.Customer != "" {
		c.and("t.customer_id = ?", filter.Customer)
	}
	if filter.Import != "" {
		c.and("t.import_id = ? AND t.import_id <> ''", filter.Import)
	}
	c.containing(filter.Search, "t.text")
}

// scoped adds what a scope says.
func scoped(c *conditions, scope casework.Scope) {
	if !scope.From.IsZero() {
		c.and("t.occurred_at >= ?", scope.From)
	}
	if !scope.To.IsZero() {
		c.and("t.occurred_at < ?", scope.To)
	}
	anyOf(c, "t.channel", scope.Channels)
	c.below("t.org_id", scope.Orgs)
	if len(scope.Products) > 0 {
		c.and("t.product = ANY(?)", pq.StringArray(scope.Products))
	}
	if len(scope.Agents) > 0 {
		c.and("t.agent_id = ANY(?)", pq.StringArray(scope.Agents))
	}
}

// Products are the product codes on record, sorted.
func (s *Store) Products(ctx context.Context) ([]string, error) {
	products := []string{}
	err := s.db.SelectContext(ctx, &products, `SELECT product FROM products ORDER BY product`)
	return products, describe(err, "products")
}

// TouchpointSpan gives when the first and the last touchpoint happened; zero
// times if there are none.
func (s *Store) TouchpointSpan(ctx context.Context) (first, last time.Time, err error) {
	var span struct{ First, Last *time.Time }
	err = s.db.GetContext(ctx, &span, `SELECT min(occurred_at) AS first, max(occurred_at) AS last FROM touchpoints`)
	if err != nil || span.First == nil {
		return first, last, describe(err, "touchpoints")
	}
	return span.First.In(casework.Beijing), span.Last.In(casework.Beijing), nil
}
