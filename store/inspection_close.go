package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"xiaobao/casework"
)

// CloseFailedInspection records as cancelled, with the code procedure_failed,
// an inspection whose workflow has ended without recording its last step, and
// reports whether there was anything to close: one that has ended stays as it
// is.
//
// This is the one exception to the rule that only its workflow moves an
// inspection's status. A workflow that was terminated, or deleted with its
// history, can write nothing any more, and its id never serves again; without
// this the inspection would stay under way for ever. Callers must have heard
// from Temporal that no run of the workflow is open.
func (s *Store) CloseFailedInspection(ctx context.Context, id string, by casework.Actor, at time.Time, noteRef string) (closed bool, err error) {
	r := casework.InspectionRecord{
		ID: id, Event: casework.EventCancelled, Status: casework.InspectionCancelled, At: at, By: by, NoteRef: noteRef, Why: casework.WhyProcedureFailed,
	}
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		status, err := lockInspection(ctx, tx, id)
		if err != nil || status.Final() {
			return err
		}
		closed = true
		if _, err := addOccurrence(ctx, tx, id, occurrence{At: at, By: by, What: r.Event, Detail: r.Why, NoteID: noteRef, Key: id + " " + r.Step()}); err != nil {
			return err
		}
		return writeStep(ctx, tx, r)
	})
	return closed && err == nil, describe(err, "inspection "+id)
}
