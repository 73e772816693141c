package store

import (
	"context"

	"xiaobao/casework"
)

// AddNote keeps a note. Notes never change: the same id again keeps the first.
func (s *Store) AddNote(ctx context.Context, n casework.Note) error {
	_, err := s.db.ExecContext(ctx, `
		INSERT INTO notes (id, case_id, by, at, text) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (id) DO NOTHING`, n.ID, n.Case, string(n.By), n.At, n.Text)
	return describe(err, "note "+n.ID)
}

// Note is one note.
func (s *Store) Note(ctx context.Context, id string) (casework.Note, error) {
	var n casework.Note
	err := s.db.GetContext(ctx, &n, `SELECT id, case_id AS "case", by, at, text FROM notes WHERE id = $1`, id)
	return n, describe(err, "note "+id)
}
