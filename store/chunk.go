package store

import (
	"context"
	"encoding/json"

	"github.com/jmoiron/sqlx"

	"xiaobao/casework"
)

// ChunkProgress tells how far the testing of a chunk is.
func (s *Store) ChunkProgress(ctx context.Context, inspection string, chunk int) (casework.ChunkProgress, error) {
	var p casework.ChunkProgress
	err := s.db.GetContext(ctx, &p, `
		SELECT position, tested, found, done FROM inspection_chunks WHERE inspection = $1 AND no = $2`, inspection, chunk)
	return p, describe(err, "such chunk of inspection "+inspection)
}

// ReadChunk gives the touchpoints of a chunk behind a position, in order, with
// all their text; none at the end of the chunk. What belongs to the chunk is
// as recorded when it was drawn, so the scope need not be given again.
func (s *Store) ReadChunk(ctx context.Context, inspection string, _ casework.Scope, chunk casework.Chunk, after int64, limit casework.PageLimit) ([]casework.DrawnTouchpoint, error) {
	what := "chunk of inspection " + inspection
	d, err := s.recorded(ctx, inspection)
	if err != nil {
		return nil, err
	}
	query, args := d.pageQuery(max(after, chunk.After), chunk.Upto, max(1, limit.Rows))
	rows, err := s.db.QueryxContext(ctx, query, args...)
	if err != nil {
		return nil, describe(err, what)
	}
	defer rows.Close()
	var page []casework.DrawnTouchpoint
	for size := 0; rows.Next(); {
		var row touchpointRow
		if err := rows.StructScan(&row); err != nil {
			return nil, describe(err, what)
		}
		size += len(row.Text)
		if len(page) > 0 && limit.Bytes > 0 && size > limit.Bytes {
			break
		}
		touchpoint, err := row.touchpoint()
		if err != nil {
			return nil, err
		}
		page = append(page, casework.DrawnTouchpoint{Position: row.Seq, Touchpoint: touchpoint})
	}
	return page, describe(rows.Err(), what)
}

// pageQuery reads what was drawn behind one position up to another. Each
// partition has an index on seq; a sample finds its touchpoints by key.
func (d draw) pageQuery(after, upto int64, limit int) (string, []any) {
	var c conditions
	columns := `t.id, t.occurred_at, t.channel, t.customer_id, t.agent_id, t.org_id, t.product, t.speaker, t.text, t.turns, t.attributes`
	if d.sampled {
		c.and("s.inspection = ?", d.inspection)
		c.and("s.ordinal > ? AND s.ordinal <= ?", after, upto)
		return `SELECT s.ordinal AS seq, ` + columns + `
			FROM inspection_samples s JOIN touchpoints t ON t.occurred_at = s.occurred_at AND t.id = s.touchpoint` +
			c.where() + c.numbered(` ORDER BY s.ordinal LIMIT ?`, limit), c.args
	}
	d.population(&c)
	c.and("t.seq > ? AND t.seq <= ?", after, upto)
	where := c.where()
	return `SELECT t.seq, ` + columns + ` FROM touchpoints t` + where + c.numbered(` ORDER BY t.seq LIMIT ?`, limit), c.args
}

// SaveChunkPage saves the findings that are new and moves the chunk on,
// provided it stands where the page began; else that is a conflict, and
// nothing of the page is kept.
func (s *Store) SaveChunkPage(ctx context.Context, page casework.ChunkPage) (casework.ChunkProgress, error) {
	var progress casework.ChunkProgress
	what := "chunk of inspection " + page.Inspection
	if page.Items == nil {
		page.Items = map[string]int{}
	}
	items, err := json.Marshal(page.Items)
	if err != nil {
		return progress, describe(err, what)
	}
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := openInspection(ctx, tx, page.Inspection); err != nil {
			return err
		}
		var position int64
		if err := tx.GetContext(ctx, &position, `
			SELECT position FROM inspection_chunks WHERE inspection = $1 AND no = $2 FOR UPDATE`, page.Inspection, page.Chunk); err != nil {
			return err
		}
		if position != page.After {
			return casework.Errorf(casework.Conflict, "chunk %d of inspection %s is past this page already", page.Chunk, page.Inspection).
				InChinese("检查 %s 的第 %d 段已由其他进程处理", page.Inspection, page.Chunk).WithCode("chunk_moved")
		}
		found, err := insertFindings(ctx, tx, page.Inspection, page.Findings)
		if err != nil {
			return err
		}
		if err := insertUndecided(ctx, tx, page.Inspection, page.Undecided); err != nil {
			return err
		}
		return tx.GetContext(ctx, &progress, `
			UPDATE inspection_chunks
			SET position = $3, tested = tested + $4, found = found + $5, done = $6, item_tested = (
				SELECT coalesce(jsonb_object_agg(item, n), '{}') FROM (
					SELECT key AS item, sum(value::bigint) AS n
					FROM (SELECT * FROM jsonb_each_text(item_tested) UNION ALL SELECT * FROM jsonb_each_text($7::jsonb)) both_sides
					GROUP BY key) sums)
			WHERE inspection = $1 AND no = $2
			RETURNING position, tested, found, done`,
			page.Inspection, page.Chunk, page.Upto, page.Tested, found, page.Done, string(items))
	})
	return progress, describe(err, what)
}

// insertFindings writes the findings that are not there yet and counts them.
func insertFindings(ctx context.Context, tx *sqlx.Tx, inspection string, findings []casework.Finding) (int, error) {
	if len(findings) == 0 {
		return 0, nil
	}
	data, err := json.Marshal(findings)
	if err != nil {
		return 0, err
	}
	added, err := tx.ExecContext(ctx, `
		INSERT INTO findings (id, inspection, item, indicator, title, touchpoint, channel, occurred_at, org_id, agent_id, customer_id, product,
			level, engine, version, certainty, basis, evidence, facts)
		SELECT f.id, $1, f.item, f.indicator, f.title, f.touchpoint, f.channel, f.occurred_at, coalesce(f.org_id, ''), coalesce(f.agent_id, ''),
			coalesce(f.customer_id, ''), coalesce(f.product, ''), f.level, f.engine, f.version, f.certainty, coalesce(f.basis, '{}'),
			coalesce(nullif(f.evidence, 'null'), '[]'), f.facts
		FROM jsonb_to_recordset($2::jsonb) AS f (id text, item text, indicator text, title text, touchpoint text, channel text,
			occurred_at timestamptz, org_id text, agent_id text, customer_id text, product text, level level, engine text, version text,
			certainty double precision, basis text[], evidence jsonb, facts jsonb)
		ORDER BY f.id
		ON CONFLICT (id) DO NOTHING`, inspection, string(data))
	if err != nil {
		return 0, err
	}
	n, err := added.RowsAffected()
	return int(n), err
}
