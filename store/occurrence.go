package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"xiaobao/casework"
)

// An occurrence is a line of a timeline as it is written. Key makes a
// repeated attempt write it once.
type occurrence struct {
	At     time.Time
	By     casework.Actor
	What   string
	Detail string
	NoteID string
	Key    string
}

// addOccurrence writes a line and says whether it was not there yet.
func addOccurrence(ctx context.Context, tx *sqlx.Tx, about string, o occurrence) (bool, error) {
	added, err := tx.ExecContext(ctx, `
		INSERT INTO occurrences (case_id, at, by, what, detail, note_id, key) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (key) DO NOTHING`, about, o.At, string(o.By), o.What, o.Detail, o.NoteID, o.Key)
	if err != nil {
		return false, describe(err, "timeline of "+about)
	}
	n, err := added.RowsAffected()
	return n == 1, err
}

// Occurrences are the timeline of a case, in order. The detail of a step with
// a note is the note's text.
func (s *Store) Occurrences(ctx context.Context, about string) ([]casework.Occurrence, error) {
	lines := []casework.Occurrence{}
	err := s.db.SelectContext(ctx, &lines, `
		SELECT o.at, o.by, o.what, coalesce(n.text, o.detail) AS detail
		FROM occurrences o LEFT JOIN notes n ON n.id = o.note_id
		WHERE o.case_id = $1 ORDER BY o.at, o.id`, about)
	return lines, describe(err, "timeline of "+about)
}
