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
	scope, err := json.Marshal(i.Scope)
	if err != nil {
		return describe(err, "inspection "+i.ID)
	}
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		created, err := tx.ExecContext(ctx, `
			INSERT INTO inspections (id, name, checklist, checklist_version, items, scope, status, org_id, ordered_by, ordered_at,
				due, schedule, workflow_id, run_id)
			VALUES ($1, $2, $3, $4, $5, $6, 'ordered', $7, $8, $9, $10, $11, $12, $13)
			ON CONFLICT (id) DO NOTHING`,
			i.ID, i.Name, i.Checklist, i.ChecklistVersion, textArray(i.Items), string(scope), i.OrgID, string(i.OrderedBy), i.OrderedAt,
			i.Due, i.Schedule, i.WorkflowID, i.RunID)
		if err != nil {
			return describe(err, "inspection "+i.ID)
		}
		if n, err := created.RowsAffected(); n == 0 || err != nil {
			return err
		}
		return addOccurrence(ctx, tx, i.ID, "", casework.Occurrence{At: i.OrderedAt, By: i.OrderedBy, What: "inspection.ordered"})
	})
}

// comesFrom are the statuses that an inspection may have had before.
var comesFrom = map[casework.InspectionStatus][]casework.InspectionStatus{
	casework.InspectionDrawing:      {casework.InspectionOrdered},
	casework.InspectionTesting:      {casework.InspectionOrdered, casework.InspectionDrawing},
	casework.InspectionAdjudicating: {casework.InspectionOrdered, casework.InspectionDrawing, casework.InspectionTesting},
	casework.InspectionConfirming:   {casework.InspectionAdjudicating},
	casework.InspectionReported:     {casework.InspectionConfirming},
	casework.InspectionVoid:         {casework.InspectionOrdered, casework.InspectionDrawing},
	casework.InspectionCancelled: {
		casework.InspectionOrdered, casework.InspectionDrawing, casework.InspectionTesting, casework.InspectionAdjudicating,
		casework.InspectionConfirming,
	},
}

// SetInspection records a step of an inspection's life, with a line in its
// timeline. Only its workflow calls this. A step that is behind the inspection
// already, such as that of a late attempt, changes nothing; one that skips
// ahead is a conflict.
func (s *Store) SetInspection(ctx context.Context, id string, change casework.InspectionChange) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		status, err := lockInspection(ctx, tx, id)
		if err != nil {
			return err
		}
		moves := change.Status != "" && change.Status != status
		if moves && !mayMove(status, change) {
			if behind(status, change.Status) {
				return nil
			}
			return casework.Errorf(casework.Conflict, "inspection %s is %s and cannot become %s", id, status, change.Status).
				InChinese("检查 %s 当前为“%s”，不能变为“%s”", id, status.Chinese(), change.Status.Chinese()).WithCode("inspection_status")
		}
		if err := writeChange(ctx, tx, id, change); err != nil || !moves {
			return err
		}
		what := "inspection." + string(change.Status)
		if change.Returned {
			what = "inspection.returned"
		}
		return addOccurrence(ctx, tx, id, "", casework.Occurrence{At: change.At, By: change.By, What: what})
	})
}

func mayMove(from casework.InspectionStatus, change casework.InspectionChange) bool {
	if change.Returned {
		return from == casework.InspectionConfirming && change.Status == casework.InspectionAdjudicating
	}
	return slices.Contains(comesFrom[change.Status], from)
}

// behind reports whether an inspection that stands at now was at then before.
func behind(now, then casework.InspectionStatus) bool {
	order := casework.InspectionStatuses()
	return !then.Final() && slices.Index(order, then) < slices.Index(order, now)
}

func writeChange(ctx context.Context, tx *sqlx.Tx, id string, change casework.InspectionChange) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE inspections
		SET status = coalesce(nullif($2, ''), status), due = coalesce($3, due),
			submitted_by = CASE WHEN $4 THEN '' ELSE coalesce(nullif($5, ''), submitted_by) END,
			confirmed_by = coalesce(nullif($6, ''), confirmed_by), note_id = coalesce(nullif($7, ''), note_id),
			ended_at = coalesce($8, ended_at), seconds = coalesce(nullif($9::double precision, 0), seconds), run_id = coalesce(nullif($10, ''), run_id)
		WHERE id = $1`,
		id, string(change.Status), change.Due, change.Returned, string(change.SubmittedBy), string(change.ConfirmedBy), change.NoteID,
		change.EndedAt, change.Seconds, change.RunID)
	return describe(err, "inspection "+id)
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
	ID               string
	Name             string
	Checklist        string
	ChecklistVersion string
	Items            pq.StringArray
	Scope            []byte
	Status           casework.InspectionStatus
	OrgID            string
	OrderedBy        casework.Actor
	OrderedAt        time.Time
	Due              *time.Time
	SubmittedBy      casework.Actor
	ConfirmedBy      casework.Actor
	EndedAt          *time.Time
	Schedule         string
	WorkflowID       string
	RunID            string
	Note             string
	Seconds          float64
	Score            []byte
	ReportHash       string
	Touchpoints      int
	Digest           string
	Tested           int
	ItemCount        int
	ItemsDone        int
	Questions        int
	Answered         int
	casework.FindingCounts
	Cursor string
}

// inspectionQuery reads inspections with their figures, which are counted
// when they are read and so never disagree with what they count.
const inspectionQuery = `
	SELECT i.id, i.name, i.checklist, i.checklist_version, i.items, i.scope, i.status, i.org_id, i.ordered_by, i.ordered_at,
		i.due, i.submitted_by, i.confirmed_by, i.ended_at, i.schedule, i.workflow_id, i.run_id, i.seconds, i.score,
		coalesce((SELECT n.text FROM notes n WHERE n.id = i.note_id), '') AS note,
		coalesce((SELECT r.sha256 FROM reports r WHERE r.inspection = i.id), '') AS report_hash,
		coalesce(d.touchpoints, 0) AS touchpoints, coalesce(d.digest, '') AS digest,
		(SELECT coalesce(sum(k.tested), 0) FROM inspection_chunks k WHERE k.inspection = i.id) AS tested,
		t.item_count, t.items_done, q.questions, q.answered, f.candidate, f.confirmed, f.dismissed, f.merged%s
	FROM inspections i
	LEFT JOIN inspection_draws d ON d.inspection = i.id
	CROSS JOIN LATERAL (
		SELECT count(*) AS item_count, count(*) FILTER (WHERE outcome <> 'waiting') AS items_done
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
		Counts: r.FindingCounts,
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
