package store

import (
	"context"
	"encoding/json"

	"github.com/jmoiron/sqlx"

	"xiaobao/casework"
)

// Ask saves the questions that are new.
func (s *Store) Ask(ctx context.Context, questions []casework.Question) error {
	data, err := json.Marshal(append([]casework.Question{}, questions...))
	if err != nil {
		return describe(err, "questions")
	}
	_, err = s.db.ExecContext(ctx, `
		INSERT INTO questions (id, inspection, item, title, text, respondent, due)
		SELECT q.id, q.inspection, q.item, q.title, q.text, q.respondent, q.due
		FROM jsonb_to_recordset($1::jsonb) AS q (id text, inspection text, item text, title text, text text, respondent text, due timestamptz)
		ORDER BY q.id
		ON CONFLICT DO NOTHING`, string(data))
	return describe(err, "questions")
}

// RecordAnswer keeps an answer, and with it the outcome of the item. The same
// order again gets the same result; a question is answered once.
func (s *Store) RecordAnswer(ctx context.Context, o casework.AnswerOrder) (casework.AnswerResult, error) {
	var result casework.AnswerResult
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		known, err := startDecision(ctx, tx, o.ID, o.Inspection, "answer", o, &result)
		if err != nil {
			return err
		}
		if !known {
			if err := answer(ctx, tx, o); err != nil {
				return err
			}
			if err := keepDecision(ctx, tx, o.ID, o.Inspection, "answer", o.By, o.At, o, result); err != nil {
				return err
			}
		}
		return tx.GetContext(ctx, &result.Left, `
			SELECT count(*) FROM questions WHERE inspection = $1 AND answer = 'waiting'`, o.Inspection)
	})
	if err != nil {
		return casework.AnswerResult{}, describe(err, "answer to question "+o.Question)
	}
	return result, nil
}

func answer(ctx context.Context, tx *sqlx.Tx, o casework.AnswerOrder) error {
	if err := casework.CheckAnswer(o.Question, o.Outcome, o.NoteRef != ""); err != nil {
		return err
	}
	var q struct {
		Item   string
		Answer casework.ItemOutcome
	}
	if err := tx.GetContext(ctx, &q, `SELECT item, answer FROM questions WHERE id = $1 AND inspection = $2`, o.Question, o.Inspection); err != nil {
		return describe(err, "question "+o.Question+" in this inspection")
	}
	if q.Answer != casework.ItemWaiting {
		return casework.Errorf(casework.Conflict, "question %s is %s already", o.Question, q.Answer).
			InChinese("该问题已经答复或已过答复期限（%s）", q.Answer.Chinese()).WithCode("question_answered")
	}
	if _, err := tx.ExecContext(ctx, `
		UPDATE questions SET answer = $2, note_id = $3, answered_by = $4, answered_at = $5 WHERE id = $1`,
		o.Question, string(o.Outcome), o.NoteRef, string(o.By), o.At); err != nil {
		return err
	}
	return setOutcome(ctx, tx, o.Inspection, casework.ItemVerdict{Item: q.Item, Outcome: o.Outcome})
}

const questionColumns = `q.id, q.inspection, q.item, q.title, q.text, q.respondent, q.due, q.answer,
	coalesce((SELECT n.text FROM notes n WHERE n.id = q.note_id), '') AS note, q.answered_by, q.answered_at`

// Question is one question.
func (s *Store) Question(ctx context.Context, id string) (casework.Question, error) {
	var q casework.Question
	err := s.db.GetContext(ctx, &q, `SELECT `+questionColumns+` FROM questions q WHERE q.id = $1`, id)
	return q, describe(err, "question "+id)
}

type questionRow struct {
	casework.Question
	Cursor string
}

var questionOrders = map[string]order{
	"": {keys: []key{{"q.due", "timestamptz"}, {"q.id", "text"}}},
}

// Questions is a page of questions, the most urgent first.
func (s *Store) Questions(ctx context.Context, filter casework.QuestionFilter, request casework.PageRequest) (casework.Listing[casework.Question], error) {
	var c conditions
	if filter.Inspection != "" {
		c.and("q.inspection = ?", filter.Inspection)
	}
	if filter.Respondent != "" {
		c.and("q.respondent = ?", string(filter.Respondent))
	}
	if filter.Waiting {
		c.and("q.answer = 'waiting'")
	}
	c.below("i.org_id", filter.Within)
	const from = ` FROM questions q JOIN inspections i ON i.id = q.inspection`
	var total int
	if err := s.db.GetContext(ctx, &total, `SELECT count(*)`+from+c.where(), c.args...); err != nil {
		return casework.Listing[casework.Question]{}, describe(err, "questions")
	}
	p, err := paged(&c, request, questionOrders)
	if err != nil {
		return casework.Listing[casework.Question]{}, err
	}
	var rows []questionRow
	if err := s.db.SelectContext(ctx, &rows, `SELECT `+questionColumns+`, `+p.cursorColumn()+from+c.where()+p.orderLimit(), c.args...); err != nil {
		return casework.Listing[casework.Question]{}, describe(err, "questions")
	}
	page, err := listing(p, request, rows, func(r *questionRow) string { return r.Cursor },
		func(r *questionRow) (casework.Question, error) { return r.Question, nil })
	page.Total = total
	return page, err
}
