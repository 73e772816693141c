package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/jmoiron/sqlx"

	"xiaobao/casework"
)

// PublishLocalModel puts a version of the local model on file and makes it
// the active one, unless it only is to be kept. A version on file never
// changes: published again, it becomes active again.
func (s *Store) PublishLocalModel(ctx context.Context, m casework.LocalModel, content []byte) error {
	what := "local model " + m.Version
	return describe(s.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `LOCK TABLE local_models IN SHARE ROW EXCLUSIVE MODE`); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO local_models (version, content, report, published_by, published_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (version) DO NOTHING`, m.Version, content, string(m.Report), string(m.PublishedBy), m.PublishedAt); err != nil {
			return err
		}
		if !m.Active {
			return nil
		}
		if _, err := tx.ExecContext(ctx, `UPDATE local_models SET active = false WHERE active AND version <> $1`, m.Version); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE local_models SET active = true WHERE version = $1`, m.Version)
		return err
	}), what)
}

const localModelColumns = `version, report, published_by, published_at, active, length(content) AS size`

// LocalModels are all versions on file, the latest first.
func (s *Store) LocalModels(ctx context.Context) ([]casework.LocalModel, error) {
	models := []casework.LocalModel{}
	err := s.db.SelectContext(ctx, &models, `SELECT `+localModelColumns+` FROM local_models ORDER BY published_at DESC, version`)
	return models, describe(err, "local models")
}

// ActiveLocalModel is the version that new inspections go by; empty if there
// is none.
func (s *Store) ActiveLocalModel(ctx context.Context) (string, error) {
	var version string
	err := s.db.GetContext(ctx, &version, `SELECT version FROM local_models WHERE active`)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return version, describe(err, "active local model")
}

// LocalModel is the content of a version.
func (s *Store) LocalModel(ctx context.Context, version string) ([]byte, error) {
	var content []byte
	err := s.db.GetContext(ctx, &content, `SELECT content FROM local_models WHERE version = $1`, version)
	return content, describe(err, "local model "+version)
}
