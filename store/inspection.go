package store

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"xiaobao/casework"
)

// CreateInspection puts a new inspection on file as ordered. The same id
// again changes nothing.
func (s *Store) CreateInspection(ctx context.Context, i casework.Inspection) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error { return describe(createInspection(ctx, tx, i), "inspection "+i.ID) })
}

// OpenInspection saves the inspection unless there is one of its id; of one
// that is there it sets only the run id. One that a schedule starts is named
// for the schedule and its period.
func (s *Store) OpenInspection(ctx context.Context, i casework.Inspection) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		var schedule []string
		if err := tx.SelectContext(ctx, &schedule, `SELECT name FROM schedules WHERE id = $1`, i.Schedule); err != nil {
			return describe(err, "schedule "+i.Schedule)
		}
		if len(schedule) == 1 {
			last := casework.DayOf(i.Scope.To.Add(-1))
			i.Name = schedule[0] + " " + string(casework.DayOf(i.Scope.From)) + "—" + string(last)
		}
		if err := createInspection(ctx, tx, i); err != nil {
			return describe(err, "inspection "+i.ID)
		}
		_, err := tx.ExecContext(ctx, `UPDATE inspections SET run_id = $2 WHERE id = $1`, i.ID, i.RunID)
		return describe(err, "inspection "+i.ID)
	})
}

func createInspection(ctx context.Context, tx *sqlx.Tx, i casework.Inspection) error {
	scope, err := json.Marshal(i.Scope)
	if err != nil {
		return err
	}
	created, err := tx.ExecContext(ctx, `
		INSERT INTO inspections (id, name, checklist, checklist_version, items, scope, status, org_id, ordered_by, ordered_at,
			due, schedule, workflow_id, adjudicate_seconds, answer_seconds)
		VALUES ($1, $2, $3, $4, $5, $6, 'ordered', $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT (id) DO NOTHING`,
		i.ID, i.Name, i.Checklist, i.ChecklistVersion, textArray(i.Items), string(scope), i.OrgID, string(i.OrderedBy), i.OrderedAt,
		i.Due, i.Schedule, i.WorkflowID, i.AdjudicateWithin.Seconds(), i.AnswerWithin.Seconds())
	if err != nil {
		return err
	}
	if n, err := created.RowsAffected(); n == 0 || err != nil {
		return err
	}
	_, err = addOccurrence(ctx, tx, i.ID, occurrence{At: i.OrderedAt, By: i.OrderedBy, What: casework.EventOrdered, Key: i.ID + " ordered"})
	return err
}

// comesFrom are the statuses that an inspection may have had before.
var comesFrom = map[casework.InspectionStatus][]casework.InspectionStatus{
	casework.InspectionDrawing:      {casework.InspectionOrdered},
	casework.InspectionTesting:      {casework.InspectionOrdered, casework.InspectionDrawing},
	casework.InspectionAdjudicating: {casework.InspectionOrdered, casework.InspectionDrawing, casework.InspectionTesting, casework.InspectionConfirming},
	casework.InspectionConfirming:   {casework.InspectionAdjudicating},
	casework.InspectionReported:     {casework.InspectionConfirming},
	casework.InspectionVoid:         {casework.InspectionOrdered, casework.InspectionDrawing, casework.InspectionTesting},
	casework.InspectionCancelled: {
		casework.InspectionOrdered, casework.InspectionDrawing, casework.InspectionTesting, casework.InspectionAdjudicating,
		casework.InspectionConfirming,
	},
}

// RecordInspection sets the status with what belongs to it and adds a line to
// the timeline, each step once only, and tells what still waits for people.
// Only the inspection's workflow calls this; see CloseFailedInspection for the
// one exception to that.
func (s *Store) RecordInspection(ctx context.Context, r casework.InspectionRecord) (casework.Remaining, error) {
	var left casework.Remaining
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		status, err := lockInspection(ctx, tx, r.ID)
		if err != nil {
			return err
		}
		first, err := addOccurrence(ctx, tx, r.ID, occurrence{At: r.At, By: r.By, What: r.Event, Detail: r.Why, NoteID: r.NoteRef, Key: r.ID + " " + r.Step()})
		if err != nil {
			return err
		}
		if first {
			if r.Status != status && !slices.Contains(comesFrom[r.Status], status) {
				return casework.Errorf(casework.Conflict, "inspection %s is %s and cannot become %s", r.ID, status, r.Status).
					InChinese("检查 %s 当前为“%s”，不能变为“%s”", r.ID, status.Chinese(), r.Status.Chinese()).WithCode("inspection_status")
			}
			if err := writeStep(ctx, tx, r); err != nil {
				return err
			}
		}
		return tx.GetContext(ctx, &left, `
			SELECT (SELECT count(*) FROM findings WHERE inspection = $1 AND status = 'candidate') AS candidates,
				(SELECT count(*) FROM questions WHERE inspection = $1 AND answer = 'waiting') AS unanswered`, r.ID)
	})
	return left, describe(err, "inspection "+r.ID)
}

func writeStep(ctx context.Context, tx *sqlx.Tx, r casework.InspectionRecord) error {
	if _, err := tx.ExecContext(ctx, `
		UPDATE inspections i
		SET status = $2, due = coalesce($3, due), run_id = coalesce(nullif($4, ''), run_id),
			note_id = CASE WHEN ($5 <> '' OR $6 <> '') AND $7 <> 'inspection.judged' THEN $5 ELSE note_id END,
			why = CASE WHEN ($5 <> '' OR $6 <> '') AND $7 <> 'inspection.judged' THEN $6 ELSE why END,
			submitted_by = CASE $7 WHEN 'inspection.submitted' THEN $8 WHEN 'inspection.returned' THEN '' ELSE submitted_by END,
			confirmed_by = CASE $7 WHEN 'inspection.confirmed' THEN $8 ELSE confirmed_by END,
			ended_at = CASE WHEN $9 THEN $10 ELSE ended_at END,
			seconds = CASE $7 WHEN 'inspection.adjudicating' THEN extract(epoch FROM $10 - coalesce(
				(SELECT min(o.at) FROM occurrences o WHERE o.case_id = i.id AND o.what = 'inspection.drawing'), ordered_at)) ELSE seconds END
		WHERE id = $1`,
		r.ID, string(r.Status), r.Due, r.RunID, r.NoteRef, r.Why, r.Event, string(r.By), r.Status.Final(), r.At); err != nil {
		return err
	}
	if !r.Overdue {
		return nil
	}
	if _, err := tx.ExecContext(ctx, `
		UPDATE inspection_items SET outcome = 'unanswered'
		WHERE inspection = $1 AND item IN (SELECT item FROM questions WHERE inspection = $1 AND answer = 'waiting')`, r.ID); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE questions SET answer = 'unanswered' WHERE inspection = $1 AND answer = 'waiting'`, r.ID)
	return err
}

// lockInspection holds an inspection for the rest of the transaction and says
// where it stands.
func lockInspection(ctx context.Context, tx *sqlx.Tx, id string) (casework.InspectionStatus, error) {
	var status casework.InspectionStatus
	err := tx.GetContext(ctx, &status, `SELECT status FROM inspections WHERE id = $1 FOR NO KEY UPDATE`, id)
	return status, describe(err, "inspection "+id)
}

// openInspection refuses what would change an inspection that has ended.
func openInspection(ctx context.Context, tx *sqlx.Tx, id string) error {
	var status casework.InspectionStatus
	if err := tx.GetContext(ctx, &status, `SELECT status FROM inspections WHERE id = $1 FOR SHARE`, id); err != nil {
		return describe(err, "inspection "+id)
	}
	if status.Final() {
		return casework.Errorf(casework.Conflict, "inspection %s has ended: %s", id, status).
			InChinese("检查 %s 已经结束：%s", id, status.Chinese()).WithCode("inspection_ended")
	}
	return nil
}

// An inspectionRow is an inspection as the query reads it.
type inspectionRow struct {
	ID                string
	Name              string
	Checklist         string
	ChecklistVersion  string
	Items             pq.StringArray
	Scope             []byte
	Status            casework.InspectionStatus
	OrgID             string
	OrderedBy         casework.Actor
	OrderedAt         time.Time
	Due               *time.Time
	AdjudicateSeconds float64
	AnswerSeconds     float64
	SubmittedBy       casework.Actor
	ConfirmedBy       casework.Actor
	EndedAt           *time.Time
	Schedule          string
	WorkflowID        string
	RunID             string
	Note              string
	Seconds           float64
	Score             []byte
	ReportHash        string
	Touchpoints       int
	Digest            string
	Tested            int
	ItemCount         int
	ItemsDone         int
	Questions         int
	Answered          int
	casework.FindingCounts
	Cursor string
}

// inspectionQuery reads inspections with their figures, which are counted
// when they are read and so never disagree with what they count. An item is
// done when it is tested, though its outcome waits for verdicts. A query that
// had no records to see leaves no figure, hence the look at the status.
const inspectionQuery = `
	SELECT i.id, i.name, i.checklist, i.checklist_version, i.items, i.scope, i.status, i.org_id, i.ordered_by, i.ordered_at,
		i.due, i.adjudicate_seconds, i.answer_seconds, i.submitted_by, i.confirmed_by, i.ended_at, i.schedule, i.workflow_id, i.run_id, i.seconds, i.score,
		coalesce((SELECT n.text FROM notes n WHERE n.id = i.note_id), i.why) AS note,
		coalesce((SELECT r.sha256 FROM reports r WHERE r.inspection = i.id), '') AS report_hash,
		coalesce(d.touchpoints, 0) AS touchpoints, coalesce(d.digest, '') AS digest,
		(SELECT coalesce(sum(k.tested), 0) FROM inspection_chunks k WHERE k.inspection = i.id) AS tested,
		t.item_count, t.items_done, q.questions, q.answered, f.candidate, f.confirmed, f.dismissed, f.merged%s
	FROM inspections i
	LEFT JOIN inspection_draws d ON d.inspection = i.id
	CROSS JOIN LATERAL (
		SELECT count(*) AS item_count, count(*) FILTER (WHERE outcome <> 'waiting'
			OR method <> 'ask' AND i.status IN ('adjudicating', 'confirming', 'reported')
			OR method = 'query' AND tested > 0
			OR method = 'rule' AND d.inspection IS NOT NULL
				AND NOT EXISTS (SELECT FROM inspection_chunks k WHERE k.inspection = i.id AND NOT k.done)) AS items_done
		FROM inspection_items WHERE inspection = i.id) t
	CROSS JOIN LATERAL (
		SELECT count(*) AS questions, count(*) FILTER (WHERE answer NOT IN ('waiting', 'unanswered')) AS answered
		FROM questions WHERE inspection = i.id) q
	CROSS JOIN LATERAL (
		SELECT count(*) FILTER (WHERE status = 'candidate') AS candidate, count(*) FILTER (WHERE status = 'confirmed') AS confirmed,
			count(*) FILTER (WHERE status = 'dismissed') AS dismissed, count(*) FILTER (WHERE status = 'merged') AS merged
		FROM findings WHERE inspection = i.id) f`

func (r *inspectionRow) inspection() (casework.Inspection, error) {
	i := casework.Inspection{
		ID: r.ID, Name: r.Name, Checklist: r.Checklist, ChecklistVersion: r.ChecklistVersion, Items: r.Items, Status: r.Status,
		OrgID: r.OrgID, OrderedBy: r.OrderedBy, OrderedAt: r.OrderedAt, Due: r.Due, SubmittedBy: r.SubmittedBy, ConfirmedBy: r.ConfirmedBy,
		EndedAt: r.EndedAt, Schedule: r.Schedule, WorkflowID: r.WorkflowID, RunID: r.RunID, Note: r.Note, ReportHash: r.ReportHash,
		Counts:           r.FindingCounts,
		AdjudicateWithin: time.Duration(r.AdjudicateSeconds * float64(time.Second)), AnswerWithin: time.Duration(r.AnswerSeconds * float64(time.Second)),
		Progress: casework.Progress{
			Touchpoints: r.Touchpoints, Tested: r.Tested, Items: r.ItemCount, ItemsDone: r.ItemsDone, Questions: r.Questions,
			Answered: r.Answered, Digest: r.Digest, Seconds: r.Seconds,
		},
	}
	if err := json.Unmarshal(r.Scope, &i.Scope); err != nil {
		return i, describe(err, "scope of inspection "+r.ID)
	}
	if r.Score != nil {
		if err := json.Unmarshal(r.Score, &i.Score); err != nil {
			return i, describe(err, "score of inspection "+r.ID)
		}
	}
	return i, nil
}
