package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"xiaobao/casework"
)

// Advisory locks. Their numbers mean nothing; they only must differ.
const (
	partitionLock = 7_261_002 // making a partition
	ingestLock    = 7_261_003 // shared by batches, exclusive for a high-water mark
	auditLock     = 7_261_004 // the end of the audit trail
	callsLock     = 7_261_009 // the end of the record of model calls
	orgLock       = 7_261_005 // the tree of units
)

// The months that touchpoints can fall in. A date outside is a mistake that
// would leave a partition of its own behind.
const (
	firstYear = 2000
	lastYear  = 2199
)

// monthOf is the first moment of the month of t in Beijing.
func monthOf(t time.Time) time.Time {
	t = t.In(casework.Beijing)
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, casework.Beijing)
}

// ensureMonth makes the partition of a month unless it is there. It commits
// by itself before the batch that needs it, and attaches a finished table,
// which locks out neither readers nor writers of the other months.
func (s *Store) ensureMonth(ctx context.Context, month time.Time) error {
	if _, known := s.months.Load(month.Unix()); known {
		return nil
	}
	name := month.Format("touchpoints_2006_01") // digits only: safe in DDL, which takes no parameters
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, partitionLock); err != nil {
			return err
		}
		var exists bool
		if err := tx.GetContext(ctx, &exists, `SELECT to_regclass($1) IS NOT NULL`, name); err != nil || exists {
			return err
		}
		if _, err := tx.ExecContext(ctx, fmt.Sprintf(
			`CREATE TABLE %s (LIKE touchpoints INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)`, name)); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, fmt.Sprintf(
			`ALTER TABLE touchpoints ATTACH PARTITION %s FOR VALUES FROM ('%s') TO ('%s')`,
			name, month.Format(time.RFC3339), month.AddDate(0, 1, 0).Format(time.RFC3339)))
		return err
	})
	if err != nil {
		return describe(err, "partition "+name)
	}
	s.months.Store(month.Unix(), struct{}{})
	return nil
}
