package store

import (
	"context"
	"encoding/json"

	"xiaobao/casework"
)

// FileEvaluation puts on file how well an engine did. The same id again
// changes nothing.
func (s *Store) FileEvaluation(ctx context.Context, e casework.FiledEvaluation) error {
	what := "evaluation " + e.ID
	body, err := json.Marshal(e.Body)
	if err != nil {
		return describe(err, what)
	}
	_, err = s.db.ExecContext(ctx, `
		INSERT INTO evaluations (id, name, task, engine, data_hash, body, by, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (id) DO NOTHING`, e.ID, e.Name, e.Body.Task, e.Body.Engine, e.Body.DataHash, string(body), string(e.By), e.At)
	return describe(err, what)
}

const evaluationColumns = `id, name, by, at, body`

// An evaluationRow is an evaluation as its columns hold it.
type evaluationRow struct {
	casework.FiledEvaluation
	Body   []byte
	Cursor string
}

func (r *evaluationRow) evaluation() (casework.FiledEvaluation, error) {
	e := r.FiledEvaluation
	e.At = e.At.In(casework.Beijing)
	return e, describe(json.Unmarshal(r.Body, &e.Body), "evaluation "+r.ID)
}

// Evaluation is one evaluation on file.
func (s *Store) Evaluation(ctx context.Context, id string) (casework.FiledEvaluation, error) {
	var row evaluationRow
	if err := s.db.GetContext(ctx, &row, `SELECT `+evaluationColumns+` FROM evaluations WHERE id = $1`, id); err != nil {
		return casework.FiledEvaluation{}, describe(err, "evaluation "+id)
	}
	return row.evaluation()
}

var evaluationOrders = map[string]order{"": {keys: []key{{"at", "timestamptz"}, {"id", "text"}}, desc: true}}

// Evaluations is a page of the evaluations on file, the latest first.
func (s *Store) Evaluations(ctx context.Context, request casework.PageRequest) (casework.Listing[casework.FiledEvaluation], error) {
	var c conditions
	p, err := paged(&c, request, evaluationOrders)
	if err != nil {
		return casework.Listing[casework.FiledEvaluation]{}, err
	}
	var rows []evaluationRow
	if err := s.db.SelectContext(ctx, &rows, `SELECT `+evaluationColumns+`, `+p.cursorColumn()+` FROM evaluations`+c.where()+p.orderLimit(), c.args...); err != nil {
		return casework.Listing[casework.FiledEvaluation]{}, describe(err, "evaluations")
	}
	return listing(p, request, rows, func(r *evaluationRow) string { return r.Cursor }, (*evaluationRow).evaluation)
}
