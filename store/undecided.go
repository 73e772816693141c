package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"xiaobao/casework"
)

// FixCascade puts on file what an inspection goes by beyond rules, and gives
// what is on file: of two attempts, the first one's. No plan is kept as none.
func (s *Store) FixCascade(ctx context.Context, inspection string, plan *casework.CascadePlan) (*casework.CascadePlan, error) {
	what := "cascade of inspection " + inspection
	data, err := json.Marshal(plan)
	if err != nil {
		return nil, describe(err, what)
	}
	var kept *casework.CascadePlan
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := openInspection(ctx, tx, inspection); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO inspection_cascades (inspection, plan) VALUES ($1, $2) ON CONFLICT (inspection) DO NOTHING`, inspection, string(data)); err != nil {
			return err
		}
		var plan []byte
		if err := tx.GetContext(ctx, &plan, `SELECT plan FROM inspection_cascades WHERE inspection = $1`, inspection); err != nil {
			return err
		}
		return json.Unmarshal(plan, &kept)
	})
	return kept, describe(err, what)
}

// insertUndecided writes what is not there yet.
func insertUndecided(ctx context.Context, tx *sqlx.Tx, inspection string, all []casework.Undecided) error {
	if len(all) == 0 {
		return nil
	}
	type row struct {
		Touchpoint string               `json:"touchpoint"`
		Suspicions []casework.Suspicion `json:"suspicions"`
		Likelihood float64              `json:"likelihood"`
	}
	rows := make([]row, len(all))
	for n, u := range all {
		rows[n] = row{u.Touchpoint, u.Suspicions, u.Likelihood()}
	}
	data, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO undecided (inspection, touchpoint, occurred_at, suspicions, likelihood)
		SELECT $1, u.touchpoint, k.occurred_at, u.suspicions, u.likelihood
		FROM jsonb_to_recordset($2::jsonb) AS u (touchpoint text, suspicions jsonb, likelihood double precision)
		JOIN touchpoint_keys k ON k.id = u.touchpoint
		ORDER BY u.touchpoint
		ON CONFLICT (inspection, touchpoint) DO NOTHING`, inspection, string(data))
	return err
}

// GatherUndecided shares out what is undecided: the likeliest, up to most of
// them, into batches of that size. Gathered before, it stays.
func (s *Store) GatherUndecided(ctx context.Context, inspection string, most, size int) (casework.Gathering, error) {
	var g casework.Gathering
	what := "undecided touchpoints of inspection " + inspection
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := openInspection(ctx, tx, inspection); err != nil {
			return err
		}
		var gathered []byte
		if err := tx.GetContext(ctx, &gathered, `SELECT gathered FROM inspection_cascades WHERE inspection = $1 FOR UPDATE`, inspection); err != nil {
			return err
		}
		if gathered != nil {
			return json.Unmarshal(gathered, &g)
		}
		if err := shareOut(ctx, tx, inspection, most, size, &g); err != nil {
			return err
		}
		data, err := json.Marshal(g)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE inspection_cascades SET gathered = $2 WHERE inspection = $1`, inspection, string(data))
		return err
	})
	return g, describe(err, what)
}

func shareOut(ctx context.Context, tx *sqlx.Tx, inspection string, most, size int, g *casework.Gathering) error {
	if _, err := tx.ExecContext(ctx, `
		UPDATE undecided u SET batch = 1 + (best.n - 1) / $3::int
		FROM (SELECT touchpoint, row_number() OVER (ORDER BY likelihood DESC, touchpoint) AS n
			FROM undecided WHERE inspection = $1 ORDER BY n LIMIT $2) best
		WHERE u.inspection = $1 AND u.touchpoint = best.touchpoint`, inspection, most, max(1, size)); err != nil {
		return err
	}
	if err := tx.GetContext(ctx, &g.Undecided, `SELECT count(*) FROM undecided WHERE inspection = $1`, inspection); err != nil {
		return err
	}
	return tx.SelectContext(ctx, &g.Batches, `
		SELECT count(*) FROM undecided WHERE inspection = $1 AND batch > 0 GROUP BY batch ORDER BY batch`, inspection)
}

// An undecidedRow is an undecided touchpoint with its text as columns hold it.
type undecidedRow struct {
	touchpointRow
	Suspicions []byte
	Batch      int
	Outcome    casework.JudgeOutcome
	Opinion    []byte
	By         string
	Name       string // of the customer
	Agent      string // name of the agent
}

func (r *undecidedRow) undecided(inspection string) (casework.UndecidedTouchpoint, error) {
	u := casework.UndecidedTouchpoint{
		Undecided: casework.Undecided{Inspection: inspection, Touchpoint: r.ID, Batch: r.Batch, Outcome: r.Outcome}, By: r.By,
	}
	for _, name := range []string{r.Name, r.Agent} {
		if name != "" {
			u.Known = append(u.Known, name)
		}
	}
	touchpoint, err := r.touchpoint()
	if err != nil {
		return u, err
	}
	u.Touchpoint = touchpoint
	if err := json.Unmarshal(r.Suspicions, &u.Suspicions); err != nil || r.Opinion == nil {
		return u, err
	}
	return u, json.Unmarshal(r.Opinion, &u.Opinion)
}

// Undecided gives undecided touchpoints of some batches that stand at an
// outcome, the likeliest first, with all their text.
func (s *Store) Undecided(ctx context.Context, inspection string, batches []int, outcome casework.JudgeOutcome, limit int) ([]casework.UndecidedTouchpoint, error) {
	what := "undecided touchpoints of inspection " + inspection
	var rows []undecidedRow
	err := s.db.SelectContext(ctx, &rows, `
		SELECT t.seq, t.id, t.occurred_at, t.channel, t.customer_id, t.agent_id, t.org_id, t.product, t.speaker, t.text, t.turns, t.attributes,
			u.suspicions, u.batch, u.outcome, u.opinion, u.by, coalesce(c.name, '') AS name, coalesce(a.name, '') AS agent
		FROM undecided u
		JOIN touchpoints t ON t.occurred_at = u.occurred_at AND t.id = u.touchpoint
		LEFT JOIN customers c ON c.id = t.customer_id
		LEFT JOIN staff a ON a.id = t.agent_id
		WHERE u.inspection = $1 AND u.batch = ANY($2) AND u.outcome = $3
		ORDER BY u.batch, u.likelihood DESC, u.touchpoint LIMIT $4`, inspection, batchArray(batches), string(outcome), limit)
	if err != nil {
		return nil, describe(err, what)
	}
	all := make([]casework.UndecidedTouchpoint, len(rows))
	for n := range rows {
		if all[n], err = rows[n].undecided(inspection); err != nil {
			return nil, describe(err, what)
		}
	}
	return all, nil
}

// LeaveUnlikely counts out what is too unlikely for officers and about which
// no model can be asked.
func (s *Store) LeaveUnlikely(ctx context.Context, inspection string, batches []int, why casework.ModelTrouble) (left int, err error) {
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := openInspection(ctx, tx, inspection); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `
			UPDATE undecided SET outcome = 'left', why = $3
			WHERE inspection = $1 AND batch = ANY($2) AND outcome = 'waiting' AND likelihood < $4`,
			inspection, batchArray(batches), string(why), casework.SureEnough); err != nil {
			return err
		}
		return tx.GetContext(ctx, &left, `
			SELECT count(*) FROM undecided WHERE inspection = $1 AND batch = ANY($2) AND outcome = 'left'`, inspection, batchArray(batches))
	})
	return left, describe(err, "undecided touchpoints of inspection "+inspection)
}

// SaveJudged saves what became of undecided touchpoints, with the findings
// that are new. What another attempt has brought further stays as it is, and
// its findings too.
func (s *Store) SaveJudged(ctx context.Context, inspection string, all []casework.Judged) (found int, err error) {
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, func(a, b casework.Judged) int { return strings.Compare(a.Touchpoint, b.Touchpoint) })
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := openInspection(ctx, tx, inspection); err != nil {
			return err
		}
		for _, j := range sorted {
			n, err := saveJudged(ctx, tx, inspection, j)
			if err != nil {
				return err
			}
			found += n
		}
		return nil
	})
	return found, describe(err, "undecided touchpoints of inspection "+inspection)
}

func saveJudged(ctx context.Context, tx *sqlx.Tx, inspection string, j casework.Judged) (found int, err error) {
	var opinion sql.NullString
	if j.Opinion != nil {
		data, err := json.Marshal(j.Opinion)
		if err != nil {
			return 0, err
		}
		opinion = sql.NullString{String: string(data), Valid: true}
	}
	var batch int
	err = tx.GetContext(ctx, &batch, `
		UPDATE undecided
		SET outcome = $3, why = $4, asked = asked OR $5, opinion = coalesce($6::jsonb, opinion), by = coalesce(nullif($7, ''), by)
		WHERE inspection = $1 AND touchpoint = $2
			AND (outcome = 'waiting' OR outcome = 'disputed' AND $3 <> 'disputed') AND ($8 = '' OR outcome = $8)
		RETURNING batch`, inspection, j.Touchpoint, string(j.Outcome), string(j.Why), j.Asked, opinion, j.By, string(j.From))
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return insertFindings(ctx, tx, inspection, j.Findings)
}

// JudgeProgress counts how some batches of an inspection stand, and the
// findings that came of them.
func (s *Store) JudgeProgress(ctx context.Context, inspection string, batches []int) (casework.JudgeResult, error) {
	var result casework.JudgeResult
	err := s.db.GetContext(ctx, &result, `
		SELECT count(*) FILTER (WHERE asked) AS asked, count(*) FILTER (WHERE outcome = 'shown') AS shown,
			count(*) FILTER (WHERE outcome = 'cleared') AS cleared, count(*) FILTER (WHERE outcome = 'disputed') AS disputed,
			count(*) FILTER (WHERE outcome = 'people') AS people, count(*) FILTER (WHERE outcome = 'waiting') AS waiting,
			coalesce(sum(f.n) FILTER (WHERE outcome IN ('shown', 'people')), 0) AS found
		FROM undecided u
		CROSS JOIN LATERAL (SELECT count(*) AS n FROM findings f
			WHERE f.touchpoint = u.touchpoint AND f.inspection = u.inspection AND f.engine IN ('local', 'llm')) f
		WHERE u.inspection = $1 AND u.batch = ANY($2)`, inspection, batchArray(batches))
	return result, describe(err, "undecided touchpoints of inspection "+inspection)
}

func batchArray(batches []int) pq.Int64Array {
	numbers := make(pq.Int64Array, len(batches))
	for n, batch := range batches {
		numbers[n] = int64(batch)
	}
	return numbers
}
