package store

import (
	"context"
	"encoding/json"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"xiaobao/casework"
)

// CreateItems puts the items of an inspection on file, in the order given, as
// waiting. Items that are there already stay as they are.
func (s *Store) CreateItems(ctx context.Context, inspection string, items []casework.InspectionItem) error {
	data, err := json.Marshal(append([]casework.InspectionItem{}, items...))
	if err != nil {
		return describe(err, "items of inspection "+inspection)
	}
	_, err = s.db.ExecContext(ctx, `
		INSERT INTO inspection_items (inspection, item, ordinal, element, title, weight, method, outcome, basis, why)
		SELECT $1, j.row->>'item', j.ordinal, j.row->>'element', j.row->>'title', (j.row->>'weight')::double precision, j.row->>'method',
			coalesce(nullif(j.row->>'outcome', ''), 'waiting'), ARRAY(SELECT jsonb_array_elements_text(coalesce(nullif(j.row->'basis', 'null'), '[]'))),
			coalesce(j.row->>'why', '')
		FROM jsonb_array_elements($2::jsonb) WITH ORDINALITY AS j (row, ordinal)
		ON CONFLICT (inspection, item) DO NOTHING`, inspection, string(data))
	return describe(err, "items of inspection "+inspection)
}

// SetItem records what came of an item: the outcome, how many records were
// looked at (0 leaves the figure), and why it was not run. An outcome may be
// recorded anew as officers decide findings, until the inspection ends.
func (s *Store) SetItem(ctx context.Context, inspection, item string, outcome casework.ItemOutcome, tested int, why string) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := openInspection(ctx, tx, inspection); err != nil {
			return err
		}
		return setItem(ctx, tx, inspection, item, outcome, tested, why)
	})
}

func setItem(ctx context.Context, tx *sqlx.Tx, inspection, item string, outcome casework.ItemOutcome, tested int, why string) error {
	what := "item " + item + " of inspection " + inspection
	changed, err := tx.ExecContext(ctx, `
		UPDATE inspection_items SET outcome = $3, tested = coalesce(nullif($4, 0), tested), why = $5
		WHERE inspection = $1 AND item = $2`, inspection, item, string(outcome), tested, why)
	if err != nil {
		return describe(err, what)
	}
	if n, err := changed.RowsAffected(); err != nil || n == 0 {
		return casework.Errorf(casework.NotFound, "there is no %s", what).InChinese("检查 %s 没有检查项 %s", inspection, item).Because(err)
	}
	return nil
}

// InspectionItems are the items of an inspection in their order, with their
// figures.
func (s *Store) InspectionItems(ctx context.Context, inspection string) ([]casework.InspectionItem, error) {
	var rows []struct {
		casework.InspectionItem
		casework.FindingCounts
		Basis pq.StringArray
		Worst string
	}
	err := s.db.SelectContext(ctx, &rows, `
		WITH chunked AS (
			SELECT e.key AS item, sum(e.value::bigint) AS tested
			FROM inspection_chunks k CROSS JOIN LATERAL jsonb_each_text(k.item_tested) e
			WHERE k.inspection = $1 GROUP BY e.key
		), counted AS (
			SELECT item, count(*) FILTER (WHERE status = 'candidate') AS candidate, count(*) FILTER (WHERE status = 'confirmed') AS confirmed,
				count(*) FILTER (WHERE status = 'dismissed') AS dismissed, count(*) FILTER (WHERE status = 'merged') AS merged,
				max(level) FILTER (WHERE status = 'confirmed') AS worst
			FROM findings WHERE inspection = $1 GROUP BY item
		)
		SELECT i.item, i.element, i.title, i.weight, i.method, i.outcome, greatest(i.tested, coalesce(c.tested, 0)) AS tested, i.basis, i.why,
			i.question_id, coalesce(f.candidate, 0) AS candidate, coalesce(f.confirmed, 0) AS confirmed, coalesce(f.dismissed, 0) AS dismissed,
			coalesce(f.merged, 0) AS merged, coalesce(f.worst, 'none') AS worst
		FROM inspection_items i
		LEFT JOIN chunked c ON c.item = i.item
		LEFT JOIN counted f ON f.item = i.item
		WHERE i.inspection = $1 ORDER BY i.ordinal, i.item`, inspection)
	if err != nil {
		return nil, describe(err, "items of inspection "+inspection)
	}
	items := make([]casework.InspectionItem, len(rows))
	for i, row := range rows {
		items[i] = row.InspectionItem
		items[i].Basis, items[i].Counts = row.Basis, row.FindingCounts
		if items[i].Worst, err = casework.ParseLevel(row.Worst); err != nil {
			return nil, describe(err, "items of inspection "+inspection)
		}
	}
	return items, nil
}

// ConfirmedLevels counts the confirmed findings of each item by level, which
// is what pass rules look at.
func (s *Store) ConfirmedLevels(ctx context.Context, inspection string) (map[string]map[casework.Level]int, error) {
	var rows []struct {
		Item, Level string
		N           int
	}
	err := s.db.SelectContext(ctx, &rows, `
		SELECT item, level, count(*) AS n FROM findings
		WHERE inspection = $1 AND status = 'confirmed' GROUP BY item, level`, inspection)
	if err != nil {
		return nil, describe(err, "findings of inspection "+inspection)
	}
	counts := map[string]map[casework.Level]int{}
	for _, row := range rows {
		level, err := casework.ParseLevel(row.Level)
		if err != nil {
			return nil, err
		}
		if counts[row.Item] == nil {
			counts[row.Item] = map[casework.Level]int{}
		}
		counts[row.Item][level] = row.N
	}
	return counts, nil
}
