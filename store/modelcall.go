package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"

	"xiaobao/casework"
)

// A callLink is a row of the record of model calls.
type callLink struct {
	Seq        int64
	At         time.Time
	Record     string
	AnswerHash string
	Prev       string
	Hash       string
}

// link covers the row and the hash before it, each field with its length.
func (l callLink) link() string {
	h := sha256.New()
	for _, field := range []string{l.Prev, strconv.FormatInt(l.Seq, 10), l.At.UTC().Format(timeText), l.Record, l.AnswerHash} {
		writePart(h, field)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// AppendCall adds a stage of a call to the record, and the answer of one that
// ended well. The same stage again changes nothing; told differently, it is a
// conflict.
func (s *Store) AppendCall(ctx context.Context, call casework.ModelCall, answer []byte) error {
	what := "model call " + call.ID
	record, err := json.Marshal(call)
	if err != nil {
		return describe(err, what)
	}
	next := callLink{At: call.At.UTC().Truncate(time.Microsecond), Record: string(record)}
	if answer != nil {
		next.AnswerHash = digest(answer)
	}
	return describe(s.inTx(ctx, func(tx *sqlx.Tx) error {
		// One writer at a time: the next row needs the hash of this one.
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, callsLock); err != nil {
			return err
		}
		known, err := callKnown(ctx, tx, call, next)
		if err != nil || known {
			return err
		}
		if err := appendLink(ctx, tx, &next); err != nil {
			return err
		}
		if answer != nil {
			if _, err := tx.ExecContext(ctx, `INSERT INTO llm_outputs (seq, answer) VALUES ($1, $2)`, next.Seq, answer); err != nil {
				return err
			}
		}
		return countCall(ctx, tx, call)
	}), what)
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// callKnown reports whether this very stage is on record.
func callKnown(ctx context.Context, tx *sqlx.Tx, call casework.ModelCall, next callLink) (bool, error) {
	var known callLink
	err := tx.GetContext(ctx, &known, `SELECT record, answer_hash FROM llm_calls WHERE call_id = $1 AND stage = $2`, call.ID, call.Stage)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return false, nil
	case err != nil:
		return false, err
	case known.Record != next.Record || known.AnswerHash != next.AnswerHash:
		return false, casework.Errorf(casework.Conflict, "model call %s is on record as %s with another content", call.ID, call.Stage).
			InChinese("模型调用 %s 已有内容不同的记录", call.ID).WithCode("call_recorded")
	}
	return true, nil
}

// appendLink puts a row at the end of the chain.
func appendLink(ctx context.Context, tx *sqlx.Tx, next *callLink) error {
	if err := tx.QueryRowxContext(ctx, `SELECT seq + 1, hash FROM llm_calls_head`).Scan(&next.Seq, &next.Prev); err != nil {
		return err
	}
	next.Hash = next.link()
	if _, err := tx.ExecContext(ctx, `INSERT INTO llm_calls (seq, at, record, answer_hash, prev, hash) VALUES ($1, $2, $3, $4, $5, $6)`,
		next.Seq, next.At, next.Record, next.AnswerHash, next.Prev, next.Hash); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE llm_calls_head SET seq = $1, hash = $2`, next.Seq, next.Hash)
	return err
}

// FinishedCall is the latest call with this key that ended well, with its
// answer, so that a repeated attempt pays once.
func (s *Store) FinishedCall(ctx context.Context, key string) ([]byte, casework.ModelCall, bool, error) {
	var row struct {
		Record     string
		AnswerHash string
		Answer     []byte
	}
	var call casework.ModelCall
	err := s.db.GetContext(ctx, &row, `
		SELECT c.record, c.answer_hash, o.answer FROM llm_calls c JOIN llm_outputs o ON o.seq = c.seq
		WHERE c.key = $1 AND c.stage = 'ended' AND c.trouble = '' ORDER BY c.seq DESC LIMIT 1`, key)
	if errors.Is(err, sql.ErrNoRows) || err == nil && digest(row.Answer) != row.AnswerHash { // changed since: it serves nobody
		return nil, call, false, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(row.Record), &call)
	}
	if err != nil {
		return nil, call, false, describe(err, "finished model call")
	}
	return row.Answer, call, true, nil
}

var callOrders = map[string]order{"": {keys: []key{{"seq", "bigint"}}, desc: true}}

// ModelCalls is a page of the calls that ended, the latest first. They hold
// no text, asked or answered.
func (s *Store) ModelCalls(ctx context.Context, filter casework.ModelCallFilter, request casework.PageRequest) (casework.Listing[casework.ModelCall], error) {
	c := conditions{clauses: []string{"stage = 'ended'"}}
	for _, is := range []struct{ column, value string }{{"endpoint", filter.Endpoint}, {"purpose", string(filter.Purpose)}, {"case_id", filter.Case}} {
		if is.value != "" {
			c.and(is.column+" = ?", is.value)
		}
	}
	if filter.Failed {
		c.and("trouble <> ''")
	}
	if !filter.From.IsZero() {
		c.and("at >= ?", filter.From)
	}
	if !filter.To.IsZero() {
		c.and("at < ?", filter.To)
	}
	p, err := paged(&c, request, callOrders)
	if err != nil {
		return casework.Listing[casework.ModelCall]{}, err
	}
	var rows []callLink
	if err := s.db.SelectContext(ctx, &rows, `SELECT seq, record FROM llm_calls`+c.where()+p.orderLimit(), c.args...); err != nil {
		return casework.Listing[casework.ModelCall]{}, describe(err, "model calls")
	}
	return listing(p, request, rows,
		func(l *callLink) string { return fmt.Sprintf(`["%d"]`, l.Seq) },
		func(l *callLink) (call casework.ModelCall, err error) {
			return call, describe(json.Unmarshal([]byte(l.Record), &call), "model call")
		})
}

// VerifyCalls reads the whole record of model calls and proves every link,
// and every answer that is still kept. It gives the number of sound links and
// where the first broken one should be.
func (s *Store) VerifyCalls(ctx context.Context) (sound int, brokenAt *int64, err error) {
	err = s.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY`); err != nil {
			return err
		}
		sound, brokenAt, err = verifyCalls(ctx, tx)
		return err
	})
	return sound, brokenAt, describe(err, "record of model calls")
}

func verifyCalls(ctx context.Context, tx *sqlx.Tx) (int, *int64, error) {
	var head callLink
	if err := tx.GetContext(ctx, &head, `SELECT seq, hash FROM llm_calls_head`); err != nil {
		return 0, nil, err
	}
	rows, err := tx.QueryxContext(ctx, `
		SELECT c.seq, c.at, c.record, c.answer_hash, c.prev, c.hash, o.answer
		FROM llm_calls c LEFT JOIN llm_outputs o ON o.seq = c.seq ORDER BY c.seq`)
	if err != nil {
		return 0, nil, err
	}
	defer rows.Close()
	var last callLink
	broken := func() (int, *int64, error) { at := last.Seq + 1; return int(last.Seq), &at, nil }
	for rows.Next() {
		var row struct {
			callLink
			Answer []byte
		}
		if err := rows.StructScan(&row); err != nil {
			return 0, nil, err
		}
		changed := row.Answer != nil && digest(row.Answer) != row.AnswerHash
		if row.Seq != last.Seq+1 || row.Prev != last.Hash || row.Hash != row.link() || changed {
			return broken()
		}
		last = row.callLink
	}
	if err := rows.Err(); err != nil {
		return 0, nil, err
	}
	if last.Seq != head.Seq || last.Hash != head.Hash {
		return broken()
	}
	return int(last.Seq), nil, nil
}
