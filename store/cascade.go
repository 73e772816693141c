package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"xiaobao/casework"
)

// Cascade counts which engine decided how many touchpoints of an inspection;
// nil if the inspection goes by rules alone, as those before the cascade do.
func (s *Store) Cascade(ctx context.Context, inspection string) (*casework.CascadeCount, error) {
	what := "cascade of inspection " + inspection
	var plan []byte
	err := s.db.GetContext(ctx, &plan, `SELECT plan FROM inspection_cascades WHERE inspection = $1 AND plan <> 'null'`, inspection)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, describe(err, what)
	}
	var count casework.CascadeCount
	if err := json.Unmarshal(plan, &count.Plan); err != nil {
		return nil, describe(err, what)
	}
	if err := s.countCascade(ctx, inspection, &count); err != nil {
		return nil, describe(err, what)
	}
	return &count, nil
}

func (s *Store) countCascade(ctx context.Context, inspection string, count *casework.CascadeCount) error {
	err := s.db.QueryRowxContext(ctx, `
		SELECT count(*) FILTER (WHERE rules), count(*) FILTER (WHERE NOT rules AND NOT undecided)
		FROM (SELECT f.touchpoint, bool_or(f.engine = 'rule') AS rules,
				bool_or(EXISTS (SELECT FROM undecided u WHERE u.inspection = f.inspection AND u.touchpoint = f.touchpoint)) AS undecided
			FROM findings f WHERE f.inspection = $1 AND f.touchpoint <> '' AND f.engine IN ('rule', 'local')
			GROUP BY f.touchpoint) seen`, inspection).Scan(&count.Rules, &count.Local)
	if err != nil {
		return err
	}
	if err := s.db.QueryRowxContext(ctx, `
		SELECT count(*), count(*) FILTER (WHERE asked), count(*) FILTER (WHERE outcome = 'shown'), count(*) FILTER (WHERE outcome = 'cleared'),
			count(*) FILTER (WHERE outcome = 'people'), count(*) FILTER (WHERE outcome = 'left')
		FROM undecided WHERE inspection = $1`, inspection).
		Scan(&count.Undecided, &count.Asked, &count.Shown, &count.Cleared, &count.People, &count.Left); err != nil {
		return err
	}
	var troubles []struct {
		Why casework.ModelTrouble
		N   int
	}
	if err := s.db.SelectContext(ctx, &troubles, `
		SELECT why, count(*) AS n FROM undecided WHERE inspection = $1 AND why <> '' GROUP BY why ORDER BY why`, inspection); err != nil {
		return err
	}
	for _, t := range troubles {
		if count.Troubles == nil {
			count.Troubles = map[casework.ModelTrouble]int{}
		}
		count.Troubles[t.Why] = t.N
	}
	return nil
}
