package store

import (
	"context"

	"xiaobao/casework"
)

// SaveView keeps a list filter of a user. A filter of the same name for the
// same list is replaced.
func (s *Store) SaveView(ctx context.Context, v casework.SavedView) error {
	_, err := s.db.ExecContext(ctx, `
		INSERT INTO saved_views (id, owner, list, name, query) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT ON CONSTRAINT saved_views_name_unique DO UPDATE SET query = excluded.query`,
		v.ID, string(v.Owner), v.List, v.Name, v.Query)
	return describe(err, "saved view "+v.ID)
}

// Views are a user's filters of a list, by name; of all lists if it is empty.
func (s *Store) Views(ctx context.Context, owner casework.Actor, list string) ([]casework.SavedView, error) {
	views := []casework.SavedView{}
	err := s.db.SelectContext(ctx, &views, `
		SELECT id, owner, list, name, query FROM saved_views
		WHERE owner = $1 AND ($2 = '' OR list = $2) ORDER BY list, name`, string(owner), list)
	return views, describe(err, "saved views")
}

// DeleteView forgets a filter of its owner.
func (s *Store) DeleteView(ctx context.Context, owner casework.Actor, id string) error {
	gone, err := s.db.ExecContext(ctx, `DELETE FROM saved_views WHERE id = $1 AND owner = $2`, id, string(owner))
	return oneRow(gone, err, "saved view "+id)
}
