package store

import (
	"context"
	"fmt"
	"time"

	"xiaobao/casework"
)

// AddEvaluation puts on record how well an engine did. The same id again
// changes nothing.
func (s *Store) AddEvaluation(ctx context.Context, e casework.Evaluation) error {
	_, err := s.db.ExecContext(ctx, `
		INSERT INTO evaluations (id, set, engine, version, figures, by, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO NOTHING`, e.ID, e.Set, string(e.Engine), e.Version, string(e.Figures), string(e.By), e.At)
	return describe(err, "evaluation "+e.ID)
}

var evaluationOrders = map[string]order{"": {keys: []key{{"at", "timestamptz"}, {"id", "text"}}, desc: true}}

// Evaluations is a page of the evaluations, the latest first; of one version
// if one is named.
func (s *Store) Evaluations(ctx context.Context, version string, request casework.PageRequest) (casework.Listing[casework.Evaluation], error) {
	var c conditions
	if version != "" {
		c.and("version = ?", version)
	}
	p, err := paged(&c, request, evaluationOrders)
	if err != nil {
		return casework.Listing[casework.Evaluation]{}, err
	}
	var rows []casework.Evaluation
	if err := s.db.SelectContext(ctx, &rows, `SELECT id, set, engine, version, figures, by, at FROM evaluations`+c.where()+p.orderLimit(), c.args...); err != nil {
		return casework.Listing[casework.Evaluation]{}, describe(err, "evaluations")
	}
	return listing(p, request, rows,
		func(e *casework.Evaluation) string {
			return fmt.Sprintf(`["%s", %q]`, e.At.UTC().Format("2006-01-02 15:04:05.999999Z07"), e.ID)
		},
		func(e *casework.Evaluation) (casework.Evaluation, error) {
			e.At = e.At.In(casework.Beijing).Truncate(time.Microsecond)
			return *e, nil
		})
}
