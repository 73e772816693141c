package store

import (
	"context"
	"encoding/json"

	"github.com/jmoiron/sqlx"

	"xiaobao/casework"
)

// SaveScore saves the items' outcomes and the score; a later score of the
// same inspection replaces it until a report is filed.
func (s *Store) SaveScore(ctx context.Context, inspection string, items []casework.ItemVerdict, score casework.InspectionScore) error {
	data, err := json.Marshal(score)
	if err != nil {
		return describe(err, "score of inspection "+inspection)
	}
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := lockInspection(ctx, tx, inspection); err != nil {
			return err
		}
		var filed bool
		if err := tx.GetContext(ctx, &filed, `SELECT EXISTS (SELECT FROM reports WHERE inspection = $1)`, inspection); err != nil {
			return describe(err, "report of inspection "+inspection)
		}
		if filed {
			return casework.Errorf(casework.Conflict, "the report of inspection %s is filed; its score stands", inspection).
				InChinese("检查 %s 的报告已归档，评分不能再变", inspection).WithCode("report_filed")
		}
		for _, v := range items {
			if err := setOutcome(ctx, tx, inspection, v); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, `UPDATE inspections SET score = $2 WHERE id = $1`, inspection, string(data))
		return describe(err, "score of inspection "+inspection)
	})
}

// SaveReport keeps the report of an inspection with its SHA-256, the first
// one for ever, and gives the SHA-256 of the one that is kept.
func (s *Store) SaveReport(ctx context.Context, inspection string, report []byte, sum string) (string, error) {
	var kept string
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := lockInspection(ctx, tx, inspection); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO reports (inspection, content, sha256, filed_at) VALUES ($1, $2, $3, now())
			ON CONFLICT (inspection) DO NOTHING`, inspection, report, sum); err != nil {
			return err
		}
		return tx.GetContext(ctx, &kept, `SELECT sha256 FROM reports WHERE inspection = $1`, inspection)
	})
	return kept, describe(err, "report of inspection "+inspection)
}

// FiledReport is the report of an inspection byte for byte, with its SHA-256.
func (s *Store) FiledReport(ctx context.Context, inspection string) (content []byte, sum string, err error) {
	var row struct {
		Content []byte
		SHA256  string
	}
	err = s.db.GetContext(ctx, &row, `SELECT content, sha256 FROM reports WHERE inspection = $1`, inspection)
	return row.Content, row.SHA256, describe(err, "report of inspection "+inspection)
}
