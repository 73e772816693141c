package store

import (
	"context"
	"encoding/json"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"xiaobao/casework"
)

// SavePlan saves the items as they stand now, in the order given. Those saved
// before stay as they were.
func (s *Store) SavePlan(ctx context.Context, inspection string, items []casework.PlannedItem) error {
	data, err := json.Marshal(append([]casework.PlannedItem{}, items...))
	if err != nil {
		return describe(err, "plan of inspection "+inspection)
	}
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := openInspection(ctx, tx, inspection); err != nil {
			return err
		}
		var planned bool
		if err := tx.GetContext(ctx, &planned, `SELECT EXISTS (SELECT FROM inspection_items WHERE inspection = $1)`, inspection); err != nil || planned {
			return describe(err, "plan of inspection "+inspection)
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO inspection_items (inspection, item, ordinal, element, title, weight, method, outcome, basis, why, plan)
			SELECT $1, j.row->>'item', j.ordinal, j.row->>'element', j.row->>'title', (j.row->>'weight')::double precision, j.row->>'method',
				coalesce(nullif(j.row->>'outcome', ''), 'waiting'),
				ARRAY(SELECT jsonb_array_elements_text(coalesce(nullif(j.row->'basis', 'null'), '[]'))), coalesce(j.row->>'why', ''), j.row
			FROM jsonb_array_elements($2::jsonb) WITH ORDINALITY AS j (row, ordinal)
			ON CONFLICT (inspection, item) DO NOTHING`, inspection, string(data))
		return describe(err, "plan of inspection "+inspection)
	})
}

// Plan gives the items as they were saved, in that order.
func (s *Store) Plan(ctx context.Context, inspection string) ([]casework.PlannedItem, error) {
	var rows [][]byte
	if err := s.db.SelectContext(ctx, &rows, `SELECT plan FROM inspection_items WHERE inspection = $1 ORDER BY ordinal`, inspection); err != nil {
		return nil, describe(err, "plan of inspection "+inspection)
	}
	items := make([]casework.PlannedItem, len(rows))
	for i, row := range rows {
		if err := json.Unmarshal(row, &items[i]); err != nil {
			return nil, describe(err, "plan of inspection "+inspection)
		}
	}
	return items, nil
}

// SetItemOutcome saves the outcome of an item that needs no verdicts.
func (s *Store) SetItemOutcome(ctx context.Context, inspection string, v casework.ItemVerdict) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := openInspection(ctx, tx, inspection); err != nil {
			return err
		}
		return setOutcome(ctx, tx, inspection, v)
	})
}

func setOutcome(ctx context.Context, tx *sqlx.Tx, inspection string, v casework.ItemVerdict) error {
	changed, err := tx.ExecContext(ctx, `
		UPDATE inspection_items SET outcome = $3, why = $4 WHERE inspection = $1 AND item = $2`,
		inspection, v.Item, string(v.Outcome), v.Why)
	return oneRow(changed, err, "item "+v.Item+" of inspection "+inspection)
}

// SaveItemFindings saves the findings of an item that are new and how many
// records were seen, unless that is 0. It tells how many findings the item has.
func (s *Store) SaveItemFindings(ctx context.Context, inspection, item string, tested int, findings []casework.Finding) (int, error) {
	var found int
	what := "findings of item " + item + " of inspection " + inspection
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := openInspection(ctx, tx, inspection); err != nil {
			return err
		}
		if _, err := insertFindings(ctx, tx, inspection, findings); err != nil {
			return err
		}
		changed, err := tx.ExecContext(ctx, `
			UPDATE inspection_items SET tested = coalesce(nullif($3, 0), tested) WHERE inspection = $1 AND item = $2`, inspection, item, tested)
		if err := oneRow(changed, err, what); err != nil {
			return err
		}
		return tx.GetContext(ctx, &found, `SELECT count(*) FROM findings WHERE inspection = $1 AND item = $2`, inspection, item)
	})
	return found, describe(err, what)
}

// An itemRow is an item with its figures. Those of an item that is tested by
// chunks are the sum over the chunks.
type itemRow struct {
	casework.InspectionItem
	casework.FindingCounts
	Basis  pq.StringArray
	Worst  string
	Red    int
	Answer casework.ItemOutcome
	Plan   []byte
}

func (s *Store) itemRows(ctx context.Context, inspection string) ([]itemRow, error) {
	var rows []itemRow
	err := s.db.SelectContext(ctx, &rows, `
		WITH chunked AS (
			SELECT e.key AS item, sum(e.value::bigint) AS tested
			FROM inspection_chunks k CROSS JOIN LATERAL jsonb_each_text(k.item_tested) e
			WHERE k.inspection = $1 GROUP BY e.key
		), counted AS (
			SELECT item, count(*) FILTER (WHERE status = 'candidate') AS candidate, count(*) FILTER (WHERE status = 'confirmed') AS confirmed,
				count(*) FILTER (WHERE status = 'dismissed') AS dismissed, count(*) FILTER (WHERE status = 'merged') AS merged,
				max(level) FILTER (WHERE status = 'confirmed') AS worst, count(*) FILTER (WHERE status = 'confirmed' AND level = 'red') AS red
			FROM findings WHERE inspection = $1 GROUP BY item
		)
		SELECT i.item, i.element, i.title, i.weight, i.method, i.outcome, greatest(i.tested, coalesce(c.tested, 0)) AS tested, i.basis, i.why, i.plan,
			coalesce(q.id, '') AS question_id, coalesce(q.answer, 'waiting') AS answer,
			coalesce(f.candidate, 0) AS candidate, coalesce(f.confirmed, 0) AS confirmed, coalesce(f.dismissed, 0) AS dismissed,
			coalesce(f.merged, 0) AS merged, coalesce(f.worst, 'none') AS worst, coalesce(f.red, 0) AS red
		FROM inspection_items i
		LEFT JOIN chunked c ON c.item = i.item
		LEFT JOIN counted f ON f.item = i.item
		LEFT JOIN questions q ON q.inspection = i.inspection AND q.item = i.item
		WHERE i.inspection = $1 ORDER BY i.ordinal`, inspection)
	return rows, describe(err, "items of inspection "+inspection)
}

// InspectionItems are the items of an inspection in their order.
func (s *Store) InspectionItems(ctx context.Context, inspection string) ([]casework.InspectionItem, error) {
	rows, err := s.itemRows(ctx, inspection)
	if err != nil {
		return nil, err
	}
	items := make([]casework.InspectionItem, len(rows))
	for i, row := range rows {
		items[i] = row.InspectionItem
		items[i].Basis, items[i].Counts = row.Basis, row.FindingCounts
		if items[i].Worst, err = casework.ParseLevel(row.Worst); err != nil {
			return nil, err
		}
	}
	return items, nil
}

// Tally gives every item of an inspection with what stands against it. A
// question that nobody answered in time counts as waiting.
func (s *Store) Tally(ctx context.Context, inspection string) ([]casework.ItemTally, error) {
	rows, err := s.itemRows(ctx, inspection)
	if err != nil {
		return nil, err
	}
	tallies := make([]casework.ItemTally, len(rows))
	for i, row := range rows {
		t := &tallies[i]
		if err := json.Unmarshal(row.Plan, &t.PlannedItem); err != nil {
			return nil, describe(err, "plan of inspection "+inspection)
		}
		if row.Outcome == casework.ItemNotRun { // which may have come out only when it was to be tested
			t.Outcome, t.Why = row.Outcome, row.Why
		}
		t.Tested, t.Counts, t.Red, t.Answer = row.Tested, row.FindingCounts, row.Red, row.Answer
		if t.Answer == casework.ItemUnanswered {
			t.Answer = casework.ItemWaiting
		}
		if t.Worst, err = casework.ParseLevel(row.Worst); err != nil {
			return nil, err
		}
	}
	return tallies, nil
}
