package store

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"xiaobao/casework"
)

// A check is a named query over touchpoints t and what is known of their
// customers. About says which records it looks at, against which of them it
// holds something against. Params have defaults; each :name in a clause is
// one of them and is sent as a parameter.
type check struct {
	params  map[string]float64
	source  string // what t is, if not all touchpoints
	join    string
	about   string
	against string
	level   string // SQL; the name of a level
	facts   string // SQL; counts and times, no words
}

// QueryNames are the names of all queries, sorted.
func QueryNames() []string { return slices.Sorted(maps.Keys(checks)) }

// KnowsQuery reports whether there is a query of that name.
func (s *Store) KnowsQuery(name string) bool {
	_, ok := checks[name]
	return ok
}

// RunQuery runs a named query over the records in scope, of which it sees all
// even where a sample is asked for, and hands on what it holds against them,
// one by one. It tells how many records it saw.
func (s *Store) RunQuery(ctx context.Context, name string, scope casework.Scope, params casework.ParamValues, hit func(casework.QueryHit) error) (int, error) {
	highWater, err := s.highWater(ctx)
	if err != nil {
		return 0, err
	}
	return s.runQuery(ctx, name, draw{scope: scope, highWater: highWater, live: true}, params, hit)
}

// RunDrawnQuery runs a named query like RunQuery, over what was drawn for an
// inspection and nothing that came in since: of a sampled draw the sample.
func (s *Store) RunDrawnQuery(ctx context.Context, name, inspection string, params casework.ParamValues, hit func(casework.QueryHit) error) (int, error) {
	d, err := s.recorded(ctx, inspection)
	if err != nil {
		return 0, err
	}
	return s.runQuery(ctx, name, d, params, hit)
}

func (s *Store) runQuery(ctx context.Context, name string, d draw, given casework.ParamValues, hit func(casework.QueryHit) error) (tested int, err error) {
	k, ok := checks[name]
	if !ok {
		return 0, casework.Errorf(casework.NotFound, "there is no query %q", name).InChinese("没有名为“%s”的查询", name)
	}
	params, err := k.values(given)
	if err != nil {
		return 0, err
	}
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		// What is counted and what is held against it are of one moment.
		if _, err := tx.ExecContext(ctx, `SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY`); err != nil {
			return err
		}
		count, args := k.count(d, params)
		if err := tx.GetContext(ctx, &tested, count, args...); err != nil {
			return err
		}
		query, args := k.hits(d, params)
		return eachHit(ctx, tx, query, args, hit)
	})
	return tested, describe(err, "query "+name)
}

// values are the parameters of a run. A name the check does not know and a
// value that is no number are mistakes in a checklist.
func (k check) values(given casework.ParamValues) (map[string]float64, error) {
	values := maps.Clone(k.params)
	for name, value := range given {
		if _, known := k.params[name]; !known {
			return nil, casework.Errorf(casework.Invalid, "the query has no parameter %q", name).InChinese("查询没有参数“%s”", name)
		}
		switch v := value.(type) {
		case float64:
			values[name] = v
		case int:
			values[name] = float64(v)
		case int64:
			values[name] = float64(v)
		default:
			return nil, casework.Errorf(casework.Invalid, "the parameter %q must be a number", name).InChinese("参数“%s”应为数字", name)
		}
	}
	return values, nil
}

func (k check) count(d draw, params map[string]float64) (string, []any) {
	b := builder{draw: d, params: params}
	from := b.from(k)
	b.narrow()
	b.and(b.bind(k.about))
	return `SELECT count(*) FROM ` + from + b.where(), b.args
}

func (k check) hits(d draw, params map[string]float64) (string, []any) {
	b := builder{draw: d, params: params}
	query := `SELECT t.id AS touchpoint, t.channel, t.occurred_at, t.org_id, t.agent_id, t.customer_id, t.product, ` +
		b.bind(k.level) + ` AS level, ` + b.bind(k.facts) + ` AS facts FROM ` + b.from(k)
	b.narrow()
	b.and(b.bind(k.about))
	b.and("(" + b.bind(k.against) + ")")
	return query + b.where() + ` ORDER BY t.occurred_at, t.id`, b.args
}

func eachHit(ctx context.Context, tx *sqlx.Tx, query string, args []any, hit func(casework.QueryHit) error) error {
	rows, err := tx.QueryxContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var row struct {
			Touchpoint, OrgID, AgentID, CustomerID, Product, Level string
			Channel                                                casework.Channel
			OccurredAt                                             time.Time
			Facts                                                  []byte
		}
		if err := rows.StructScan(&row); err != nil {
			return err
		}
		level, err := casework.ParseLevel(row.Level)
		if err != nil {
			return err
		}
		h := casework.QueryHit{
			Touchpoint: row.Touchpoint, Channel: row.Channel, OccurredAt: row.OccurredAt.In(casework.Beijing), OrgID: row.OrgID,
			AgentID: row.AgentID, CustomerID: row.CustomerID, Product: row.Product, Level: level,
		}
		if err := json.Unmarshal(row.Facts, &h.Facts); err != nil {
			return err
		}
		if err := hit(h); err != nil {
			return err
		}
	}
	return rows.Err()
}
