package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"

	"xiaobao/casework"
)

// AppendAudit adds an entry at the end of the audit trail. Seq, Prev and Hash
// of what is given are not looked at.
func (s *Store) AppendAudit(ctx context.Context, entry casework.AuditEntry) error {
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		// One writer at a time: the next entry needs the hash of this one.
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, auditLock); err != nil {
			return err
		}
		var head struct {
			Seq  int64
			Hash string
		}
		if err := tx.GetContext(ctx, &head, `SELECT seq, hash FROM audit_head`); err != nil {
			return err
		}
		entry.Seq, entry.Prev = head.Seq+1, head.Hash
		entry.At = entry.At.UTC().Truncate(time.Microsecond)
		entry.Hash = linkHash(entry)
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO audit (seq, at, by, action, object, detail, origin, prev, hash)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			entry.Seq, entry.At, string(entry.By), entry.Action, entry.Object, entry.Detail, entry.From, entry.Prev, entry.Hash); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE audit_head SET seq = $1, hash = $2`, entry.Seq, entry.Hash)
		return err
	})
	return describe(err, "audit entry")
}

// linkHash covers an entry and the hash before it. Every field goes in with
// its length, so that no text can move from one field to the next.
func linkHash(e casework.AuditEntry) string {
	h := sha256.New()
	for _, field := range []string{
		e.Prev, strconv.FormatInt(e.Seq, 10), e.At.UTC().Format(timeText), string(e.By), e.Action, e.Object, e.Detail, e.From,
	} {
		writePart(h, field)
	}
	return hex.EncodeToString(h.Sum(nil))
}

const auditColumns = `seq, at, by, action, object, detail, origin AS "from", prev, hash`

var auditOrders = map[string]order{
	"":    {keys: []key{{"seq", "bigint"}}, desc: true},
	"seq": {keys: []key{{"seq", "bigint"}}},
}

// Audit is a page of the audit trail, the latest first.
func (s *Store) Audit(ctx context.Context, filter casework.AuditFilter, request casework.PageRequest) (casework.Listing[casework.AuditEntry], error) {
	var c conditions
	for _, is := range []struct{ column, value string }{{"by", string(filter.By)}, {"action", filter.Action}, {"object", filter.Object}} {
		if is.value != "" {
			c.and(is.column+" = ?", is.value)
		}
	}
	if !filter.From.IsZero() {
		c.and("at >= ?", filter.From)
	}
	if !filter.To.IsZero() {
		c.and("at < ?", filter.To)
	}
	p, err := paged(&c, request, auditOrders)
	if err != nil {
		return casework.Listing[casework.AuditEntry]{}, err
	}
	var rows []casework.AuditEntry
	if err := s.db.SelectContext(ctx, &rows, `SELECT `+auditColumns+` FROM audit`+c.where()+p.orderLimit(), c.args...); err != nil {
		return casework.Listing[casework.AuditEntry]{}, describe(err, "audit trail")
	}
	return listing(p, request, rows,
		func(e *casework.AuditEntry) string { return fmt.Sprintf(`["%d"]`, e.Seq) },
		func(e *casework.AuditEntry) (casework.AuditEntry, error) { return *e, nil })
}

// VerifyAudit reads the whole audit trail and proves every link. It gives the
// number of sound links, and where the first broken one should be: an entry
// that was changed, or one that is missing.
func (s *Store) VerifyAudit(ctx context.Context) (sound int, brokenAt *int64, err error) {
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		// The trail and its head must be of one moment.
		if _, err := tx.ExecContext(ctx, `SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY`); err != nil {
			return err
		}
		sound, brokenAt, err = verifyLinks(ctx, tx)
		return err
	})
	return sound, brokenAt, describe(err, "audit trail")
}

func verifyLinks(ctx context.Context, tx *sqlx.Tx) (int, *int64, error) {
	var head struct {
		Seq  int64
		Hash string
	}
	if err := tx.GetContext(ctx, &head, `SELECT seq, hash FROM audit_head`); err != nil {
		return 0, nil, err
	}
	rows, err := tx.QueryxContext(ctx, `SELECT `+auditColumns+` FROM audit ORDER BY seq`)
	if err != nil {
		return 0, nil, err
	}
	defer rows.Close()
	var last casework.AuditEntry
	broken := func() (int, *int64, error) { at := last.Seq + 1; return int(last.Seq), &at, nil }
	for rows.Next() {
		var e casework.AuditEntry
		if err := rows.StructScan(&e); err != nil {
			return 0, nil, err
		}
		if e.Seq != last.Seq+1 || e.Prev != last.Hash || e.Hash != linkHash(e) {
			return broken()
		}
		last = e
	}
	if err := rows.Err(); err != nil {
		return 0, nil, err
	}
	if last.Seq != head.Seq || last.Hash != head.Hash {
		return broken()
	}
	return int(last.Seq), nil, nil
}
