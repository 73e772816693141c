package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"xiaobao/casework"
)

// RecordVerdict changes the findings and keeps what it decided and refused
// under the order's id, for the same order that comes again; what is left is
// counted anew each time. Findings that somebody decided in the meantime are
// refused one by one, unless the order overrules; the others are decided.
// Each decision is a label.
func (s *Store) RecordVerdict(ctx context.Context, o casework.VerdictOrder) (casework.VerdictResult, error) {
	var result casework.VerdictResult
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		known, err := startDecision(ctx, tx, o.ID, o.Inspection, "verdict", o, &result)
		if err != nil {
			return err
		}
		if !known {
			if result, err = decideAndLabel(ctx, tx, o); err != nil {
				return err
			}
		}
		return tx.GetContext(ctx, &result.Left, `
			SELECT count(*) FROM findings WHERE inspection = $1 AND status = 'candidate'`, o.Inspection)
	})
	if err != nil {
		return casework.VerdictResult{}, describe(err, "verdict on inspection "+o.Inspection)
	}
	return result, nil
}

func decideAndLabel(ctx context.Context, tx *sqlx.Tx, o casework.VerdictOrder) (casework.VerdictResult, error) {
	decided, why, err := decide(ctx, tx, o)
	if err != nil {
		return casework.VerdictResult{}, err
	}
	result := casework.VerdictResult{Decided: len(decided)}
	if result.Refused, err = refusals(ctx, tx, o, decided, why); err != nil {
		return result, err
	}
	if err := label(ctx, tx, o, decided); err != nil {
		return result, err
	}
	return result, keepDecision(ctx, tx, o.ID, o.Inspection, "verdict", o.By, o.At, o, result)
}

// startDecision holds the inspection, so that decisions on it come one after
// the other and of two on the same finding one finds it decided. It gives the
// outcome that the same request had, and refuses new decisions out of their
// time.
func startDecision(ctx context.Context, tx *sqlx.Tx, id, inspection, kind string, asked, outcome any) (known bool, err error) {
	status, err := lockInspection(ctx, tx, inspection)
	if err != nil {
		return false, err
	}
	if known, err = decidedBefore(ctx, tx, id, kind, asked, outcome); err != nil || known {
		return known, err
	}
	if status != casework.InspectionTesting && status != casework.InspectionAdjudicating {
		return false, casework.Errorf(casework.Conflict, "inspection %s is %s; decisions are taken while it is adjudicated", inspection, status).
			InChinese("检查 %s 当前为“%s”，不能认定或答复", inspection, status.Chinese()).WithCode("inspection_status")
	}
	return false, nil
}

// decidedBefore gives the answer that the same request got. The same id with
// another request is a conflict.
func decidedBefore(ctx context.Context, tx *sqlx.Tx, id, kind string, asked, outcome any) (bool, error) {
	data, err := json.Marshal(asked)
	if err != nil {
		return false, err
	}
	var row struct {
		Same    bool
		Outcome []byte
	}
	// The time of a repeated request is its own.
	err = tx.GetContext(ctx, &row, `
		SELECT kind = $2 AND asked - 'at' = $3::jsonb - 'at' AS same, outcome FROM decisions WHERE request_id = $1`, id, kind, string(data))
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case err != nil:
		return false, err
	case !row.Same:
		return false, casework.Errorf(casework.Conflict, "request %s asked for something else before", id).
			InChinese("请求 %s 此前的内容与本次不同", id).WithCode("request_reused")
	}
	return true, json.Unmarshal(row.Outcome, outcome)
}

func keepDecision(ctx context.Context, tx *sqlx.Tx, id, inspection, kind string, by casework.Actor, at time.Time, asked, outcome any) error {
	request, err := json.Marshal(asked)
	if err != nil {
		return err
	}
	answer, err := json.Marshal(outcome)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO decisions (request_id, inspection, by, at, kind, asked, outcome) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		id, inspection, string(by), at, kind, string(request), string(answer))
	return err
}

var verdictStatus = map[casework.Verdict]casework.FindingStatus{
	casework.Confirm: casework.FindingConfirmed, casework.Dismiss: casework.FindingDismissed, casework.Merge: casework.FindingMerged,
}

// decide changes what may be changed and gives the ids, and the code of why
// it did not change the others.
func decide(ctx context.Context, tx *sqlx.Tx, o casework.VerdictOrder) (decided []string, why string, err error) {
	if err := casework.CheckVerdict(o.Verdict, o.Findings, o.Reason, o.MergeInto, o.NoteRef != ""); err != nil {
		return nil, "", err
	}
	reason, into := "", ""
	switch o.Verdict {
	case casework.Dismiss:
		reason = string(o.Reason)
	case casework.Merge:
		into = o.MergeInto
		if stands, err := mayTakeIn(ctx, tx, o); err != nil || !stands {
			return nil, "merge_target", err
		}
	}
	err = tx.SelectContext(ctx, &decided, `
		UPDATE findings
		SET status = $3, decided_by = $4, decided_at = $5, reason = $6, note_id = $7, merged_into = $8
		WHERE inspection = $1 AND id = ANY($2) AND (status = 'candidate' OR $9) AND ($8 = '' OR `+sameMatter+`)
		RETURNING id`,
		o.Inspection, pq.StringArray(o.Findings), string(verdictStatus[o.Verdict]), string(o.By), o.At, reason, o.NoteRef, into, o.Overrule)
	if err != nil {
		return nil, "", err
	}
	switch o.Verdict {
	case casework.Merge: // what was merged into these goes where they go
		_, err = tx.ExecContext(ctx, `UPDATE findings SET merged_into = $3 WHERE inspection = $1 AND merged_into = ANY($2)`,
			o.Inspection, pq.StringArray(decided), into)
	case casework.Dismiss:
		err = reopenMerged(ctx, tx, o, decided)
	}
	return decided, "decided", err
}

// sameMatter holds of findings that may go into finding $8: what was seen in
// the same touchpoint, or done to the same customer by the same agent. Any
// other merger would hide a breach behind one that has nothing to do with it.
const sameMatter = `EXISTS (SELECT FROM findings into_ WHERE into_.inspection = $1 AND into_.id = $8 AND (
			into_.touchpoint <> '' AND into_.touchpoint = findings.touchpoint OR
			into_.customer_id <> '' AND into_.agent_id <> '' AND
			into_.customer_id = findings.customer_id AND into_.agent_id = findings.agent_id))`

// reopenMerged makes candidates again of what was merged into dismissed
// findings: nobody has said of them that they are none. What was decided of
// them stays among the labels.
func reopenMerged(ctx context.Context, tx *sqlx.Tx, o casework.VerdictOrder, dismissed []string) error {
	var again []string
	err := tx.SelectContext(ctx, &again, `
		UPDATE findings
		SET status = 'candidate', decided_by = '', decided_at = NULL, reason = '', note_id = '', merged_into = ''
		WHERE inspection = $1 AND status = 'merged' AND merged_into = ANY($2)
		RETURNING id`, o.Inspection, pq.StringArray(dismissed))
	if err != nil {
		return err
	}
	slices.Sort(again)
	for _, id := range again {
		if _, err := addOccurrence(ctx, tx, o.Inspection, occurrence{
			At: o.At, By: o.By, What: casework.EventReopened, Detail: id, Key: o.Inspection + " reopened " + id + " " + o.ID,
		}); err != nil {
			return err
		}
	}
	return nil
}

// mayTakeIn reports whether a merger goes into a finding of this inspection
// that stands.
func mayTakeIn(ctx context.Context, tx *sqlx.Tx, o casework.VerdictOrder) (bool, error) {
	var stands bool
	err := tx.GetContext(ctx, &stands, `
		SELECT EXISTS (SELECT FROM findings WHERE inspection = $1 AND id = $2 AND status IN ('candidate', 'confirmed'))`, o.Inspection, o.MergeInto)
	return stands, err
}

// refusals say why the other findings of the order were not decided.
func refusals(ctx context.Context, tx *sqlx.Tx, o casework.VerdictOrder, decided []string, why string) ([]casework.RefusedFinding, error) {
	var others []string
	for _, id := range o.Findings {
		if !slices.Contains(decided, id) && !slices.Contains(others, id) {
			others = append(others, id)
		}
	}
	if len(others) == 0 {
		return nil, nil
	}
	var known []struct {
		ID        string
		Status    casework.FindingStatus
		DecidedBy casework.Actor
	}
	if err := tx.SelectContext(ctx, &known, `
		SELECT id, status, decided_by FROM findings WHERE inspection = $1 AND id = ANY($2)`, o.Inspection, pq.StringArray(others)); err != nil {
		return nil, err
	}
	reasons := map[string]casework.RefusedFinding{}
	for _, k := range known {
		reasons[k.ID] = casework.RefusedFinding{ID: k.ID, Why: why, By: k.DecidedBy}
		if why == "decided" && (k.Status == casework.FindingCandidate || o.Overrule) { // it was free to be merged, but not there
			reasons[k.ID] = casework.RefusedFinding{ID: k.ID, Why: "merge_other_matter"}
		}
	}
	refused := make([]casework.RefusedFinding, len(others))
	for i, id := range others {
		refused[i] = casework.RefusedFinding{ID: id, Why: "unknown"}
		if r, ok := reasons[id]; ok {
			refused[i] = r
		}
	}
	return refused, nil
}

// label writes what the officer made of the machine's conclusions.
func label(ctx context.Context, tx *sqlx.Tx, o casework.VerdictOrder, decided []string) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO labels (finding, indicator, version, engine, level, certainty, verdict, reason, by, at, request)
		SELECT id, indicator, version, engine, level, certainty, $2, reason, decided_by, decided_at, $3
		FROM findings WHERE id = ANY($1) ORDER BY id`, pq.StringArray(decided), string(o.Verdict), o.ID)
	return err
}

// Labels hands on the labels of an indicator, or of all, in the order they
// were given.
func (s *Store) Labels(ctx context.Context, indicator string, each func(casework.Label) error) error {
	rows, err := s.db.QueryxContext(ctx, `
		SELECT finding, indicator, version, engine, level, certainty, verdict, reason, by, at
		FROM labels WHERE $1 = '' OR indicator = $1 ORDER BY id`, indicator)
	if err != nil {
		return describe(err, "labels")
	}
	defer rows.Close()
	for rows.Next() {
		var row struct {
			casework.Label
			Level string
		}
		if err := rows.StructScan(&row); err != nil {
			return describe(err, "labels")
		}
		if row.Label.Level, err = casework.ParseLevel(row.Level); err != nil {
			return err
		}
		if err := each(row.Label); err != nil {
			return err
		}
	}
	return describe(rows.Err(), "labels")
}
