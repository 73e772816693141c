package store

import (
	"context"
	"database/sql"
	"errors"

	"xiaobao/casework"
)

// SetRespondent names who answers for a kind of work in a unit; nobody if the
// user is empty.
func (s *Store) SetRespondent(ctx context.Context, org, kind string, user casework.Actor) error {
	what := "respondent of unit " + org
	if user == "" {
		_, err := s.db.ExecContext(ctx, `DELETE FROM respondents WHERE org_id = $1 AND kind = $2`, org, kind)
		return describe(err, what)
	}
	_, err := s.db.ExecContext(ctx, `
		INSERT INTO respondents (org_id, kind, user_id) VALUES ($1, $2, $3)
		ON CONFLICT (org_id, kind) DO UPDATE SET user_id = excluded.user_id`, org, kind, string(user))
	return describe(err, what)
}

// Respondent is who answers for a kind of work at, above or below a unit, the
// nearest first and the active only; empty if nobody is named.
func (s *Store) Respondent(ctx context.Context, org, kind string) (casework.Actor, error) {
	var user casework.Actor
	err := s.db.GetContext(ctx, &user, `
		SELECT r.user_id
		FROM respondents r
		JOIN users u ON u.id = r.user_id AND u.active
		JOIN orgs o ON o.id = r.org_id
		LEFT JOIN orgs asked ON asked.id = $1
		WHERE r.kind = $2 AND ($1 = '' OR o.path @> ARRAY[$1] OR asked.path @> ARRAY[o.id])
		ORDER BY coalesce(asked.path @> ARRAY[o.id], false) DESC, abs(cardinality(o.path) - coalesce(cardinality(asked.path), 0)), o.id
		LIMIT 1`, org, kind)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return user, describe(err, "respondent of unit "+org)
}
