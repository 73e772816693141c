package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/jmoiron/sqlx"

	"xiaobao/casework"
)

// AddConsultation puts a consultation and its document on file. The same id
// again changes nothing.
func (s *Store) AddConsultation(ctx context.Context, c casework.Consultation, d casework.Document) error {
	what := "consultation " + c.ID
	document, err := json.Marshal(d)
	if err != nil {
		return describe(err, what)
	}
	return describe(s.inTx(ctx, func(tx *sqlx.Tx) error {
		added, err := tx.ExecContext(ctx, `
			INSERT INTO consultations (id, purpose, org_id, by, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING`,
			c.ID, string(c.Purpose), c.OrgID, string(c.By), c.At)
		if err != nil {
			return err
		}
		if n, err := added.RowsAffected(); err != nil || n == 0 {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO consultation_documents (consultation, document) VALUES ($1, $2)`, c.ID, string(document))
		return err
	}), what)
}

// ConsultationDocument is what a consultation is about, unmasked.
func (s *Store) ConsultationDocument(ctx context.Context, id string) (casework.Document, error) {
	var data []byte
	var d casework.Document
	err := s.db.GetContext(ctx, &data, `SELECT document FROM consultation_documents WHERE consultation = $1`, id)
	if err == nil {
		err = json.Unmarshal(data, &d)
	}
	return d, describe(err, "document of consultation "+id)
}

// EndConsultation saves what a consultation came to, and the sealed map of
// the tokens in its answer, if there is one. One that has ended stays.
func (s *Store) EndConsultation(ctx context.Context, c casework.Consultation, sealed []byte) error {
	what := "consultation " + c.ID
	answer := sql.NullString{String: string(c.Answer), Valid: len(c.Answer) > 0}
	return describe(s.inTx(ctx, func(tx *sqlx.Tx) error {
		var at time.Time
		err := tx.GetContext(ctx, &at, `SELECT at FROM consultations WHERE id = $1 FOR UPDATE`, c.ID)
		if err != nil {
			return err
		}
		ended, err := tx.ExecContext(ctx, `
			UPDATE consultations SET status = $2, engine = $3, version = $4, trouble = $5, injected = $6, dropped = $7, answer = $8::jsonb, ended_at = $9
			WHERE id = $1 AND status = 'asked'`,
			c.ID, string(c.Status), string(c.Engine), c.Version, string(c.Trouble), c.Injected, c.Dropped, answer, c.EndedAt)
		if err != nil {
			return err
		}
		if n, err := ended.RowsAffected(); err != nil || n == 0 || sealed == nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO privacy_maps (about, sealed, at) VALUES ($1, $2, $3)
			ON CONFLICT (about) DO UPDATE SET sealed = excluded.sealed, at = excluded.at`, "consultation/"+c.ID, sealed, c.EndedAt)
		return err
	}), what)
}

const consultationColumns = `id, purpose, org_id, by, at, status, engine, version, trouble, injected, dropped, answer, ended_at`

// A consultationRow has room for an answer that is not there.
type consultationRow struct {
	casework.Consultation
	Answer []byte
	Cursor string
}

func (r *consultationRow) consultation() (casework.Consultation, error) {
	c := r.Consultation
	c.Answer = r.Answer
	c.At = c.At.In(casework.Beijing)
	return c, nil
}

// Consultation is one consultation, with tokens in its answer.
func (s *Store) Consultation(ctx context.Context, id string) (casework.Consultation, error) {
	var row consultationRow
	if err := s.db.GetContext(ctx, &row, `SELECT `+consultationColumns+` FROM consultations WHERE id = $1`, id); err != nil {
		return casework.Consultation{}, describe(err, "consultation "+id)
	}
	return row.consultation()
}

var consultationOrders = map[string]order{"": {keys: []key{{"at", "timestamptz"}, {"id", "text"}}, desc: true}}

// Consultations is a page of the consultations of some units and all below
// them, or of all; the latest first.
func (s *Store) Consultations(ctx context.Context, within []string, request casework.PageRequest) (casework.Listing[casework.Consultation], error) {
	var c conditions
	c.below("org_id", within)
	p, err := paged(&c, request, consultationOrders)
	if err != nil {
		return casework.Listing[casework.Consultation]{}, err
	}
	var rows []consultationRow
	if err := s.db.SelectContext(ctx, &rows, `SELECT `+consultationColumns+`, `+p.cursorColumn()+` FROM consultations`+c.where()+p.orderLimit(), c.args...); err != nil {
		return casework.Listing[casework.Consultation]{}, describe(err, "consultations")
	}
	return listing(p, request, rows, func(r *consultationRow) string { return r.Cursor }, (*consultationRow).consultation)
}

// LeftConsultations are those asked before a moment that nobody has answered
// yet: their procedure may never have started.
func (s *Store) LeftConsultations(ctx context.Context, before time.Time) ([]casework.Consultation, error) {
	var rows []consultationRow
	if err := s.db.SelectContext(ctx, &rows, `
		SELECT `+consultationColumns+` FROM consultations WHERE status = 'asked' AND at < $1 ORDER BY at, id LIMIT 100`, before); err != nil {
		return nil, describe(err, "consultations")
	}
	all := make([]casework.Consultation, len(rows))
	for n := range rows {
		all[n], _ = rows[n].consultation() // cannot fail
	}
	return all, nil
}
