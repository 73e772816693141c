package store

import (
	"context"

	"xiaobao/casework"
)

// ToDos are what waits for a user, the most urgent first: findings to decide,
// questions to answer, reports to confirm that somebody else submitted.
func (s *Store) ToDos(ctx context.Context, u casework.User, within []string) ([]casework.ToDo, error) {
	todos := []casework.ToDo{}
	var c conditions
	inSight := func() string { // each use numbers its own parameters
		if len(within) == 0 {
			return ""
		}
		c.below("i.org_id", within)
		return " AND " + c.clauses[len(c.clauses)-1]
	}
	mine := c.numbered(`
		SELECT 'questions' AS kind, i.id AS "case", i.name, count(*) AS count, min(q.due) AS due
		FROM questions q JOIN inspections i ON i.id = q.inspection
		WHERE q.respondent = ? AND q.answer = 'waiting' AND i.status IN ('testing', 'adjudicating')
		GROUP BY i.id, i.name`, string(u.ID))
	if u.May(casework.DecideFindings) {
		mine += `
		UNION ALL
		SELECT 'findings', i.id, i.name, count(*), i.due
		FROM inspections i JOIN findings f ON f.inspection = i.id AND f.status = 'candidate'
		WHERE i.status = 'adjudicating'` + inSight() + ` GROUP BY i.id, i.name, i.due`
	}
	if u.May(casework.ConfirmReport) {
		mine += c.numbered(`
		UNION ALL
		SELECT 'confirm', i.id, i.name, 1, i.due FROM inspections i
		WHERE i.status = 'confirming' AND i.submitted_by <> ?`, string(u.ID)) + inSight()
	}
	err := s.db.SelectContext(ctx, &todos, `SELECT kind, "case", name, count, due FROM (`+mine+`) waiting ORDER BY due NULLS LAST, kind, "case"`, c.args...)
	return todos, describe(err, "what waits")
}
