package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"xiaobao/casework"
)

// Reserve sets aside what a call may use of the endpoint's budget of the day,
// or refuses. What several workers reserve at once never adds up to more than
// the limit; zero is no limit.
func (s *Store) Reserve(ctx context.Context, endpoint string, at time.Time, tokens int64, cost float64, limit casework.ModelBudget) error {
	day := string(casework.DayOf(at))
	err := s.inTx(ctx, func(tx *sqlx.Tx) error {
		if err := openDay(ctx, tx, endpoint, day); err != nil {
			return err
		}
		changed, err := tx.ExecContext(ctx, `
			UPDATE llm_days SET tokens = tokens + $3, cost = cost + $4, limit_tokens = $5, limit_cost = $6
			WHERE endpoint = $1 AND day = $2 AND ($5 = 0 OR tokens + $3 <= $5) AND ($6 = 0 OR cost + $4 <= $6)`,
			endpoint, day, tokens, cost, limit.Tokens, limit.Cost)
		if err != nil {
			return err
		}
		if n, err := changed.RowsAffected(); err != nil || n > 0 {
			return err
		}
		return casework.Errorf(casework.Conflict, "the budget of endpoint %s for %s is spent; raise XIAOBAO_LLM_DAILY_TOKENS or XIAOBAO_LLM_DAILY_COST, or wait for tomorrow", endpoint, day).
			InChinese("模型端点 %s 在 %s 的用量预算已用完，请调高每日限额或次日再试", endpoint, day).WithCode(string(casework.TroubleBudget))
	})
	return describe(err, "budget of endpoint "+endpoint)
}

// openDay makes the row of a day.
func openDay(ctx context.Context, tx *sqlx.Tx, endpoint, day string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO llm_days (endpoint, day) VALUES ($1, $2) ON CONFLICT (endpoint, day) DO NOTHING`, endpoint, day)
	return err
}

// Settle puts what a call did use in place of what was reserved for it.
func (s *Store) Settle(ctx context.Context, endpoint string, at time.Time, reservedTokens, tokens int64, reservedCost, cost float64) error {
	_, err := s.db.ExecContext(ctx, `
		UPDATE llm_days SET tokens = greatest(0, tokens - $3 + $4), cost = greatest(0, cost - $5 + $6) WHERE endpoint = $1 AND day = $2`,
		endpoint, string(casework.DayOf(at)), reservedTokens, tokens, reservedCost, cost)
	return describe(err, "budget of endpoint "+endpoint)
}

// countCall counts a call that ended and was sent.
func countCall(ctx context.Context, tx *sqlx.Tx, call casework.ModelCall) error {
	if call.Stage != casework.CallEnded || call.Cached {
		return nil
	}
	day, failed := string(casework.DayOf(call.At)), 0
	if call.Trouble != "" {
		failed = 1
	}
	if err := openDay(ctx, tx, call.Endpoint, day); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE llm_days SET calls = calls + 1, failed = failed + $3, currency = coalesce(nullif($4, ''), currency)
		WHERE endpoint = $1 AND day = $2`, call.Endpoint, day, failed, call.Currency)
	return err
}

// ModelDays are what the endpoints used from a day on, the latest first.
func (s *Store) ModelDays(ctx context.Context, from time.Time) ([]casework.ModelDay, error) {
	var rows []struct {
		casework.ModelDay
		LimitTokens int64
		LimitCost   float64
	}
	err := s.db.SelectContext(ctx, &rows, `
		SELECT endpoint, day::text AS day, calls, failed, tokens, cost, currency, limit_tokens, limit_cost
		FROM llm_days WHERE day >= $1 ORDER BY day DESC, endpoint`, string(casework.DayOf(from)))
	days := make([]casework.ModelDay, len(rows))
	for n, row := range rows {
		days[n] = row.ModelDay
		days[n].Limit = casework.ModelBudget{Tokens: row.LimitTokens, Cost: row.LimitCost}
	}
	return days, describe(err, "use of models")
}

// CachedAnswer is an answer that was kept under this key, unless its time is
// over.
func (s *Store) CachedAnswer(ctx context.Context, key string, now time.Time) ([]byte, bool, error) {
	var answer []byte
	err := s.db.GetContext(ctx, &answer, `SELECT answer FROM llm_answers WHERE key = $1 AND until > $2`, key, now)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return answer, err == nil, describe(err, "kept answer")
}

// CacheAnswer keeps an answer for the same question until then, and forgets
// those whose time was over a day before.
func (s *Store) CacheAnswer(ctx context.Context, key string, answer []byte, until time.Time) error {
	_, err := s.db.ExecContext(ctx, `
		WITH gone AS (DELETE FROM llm_answers WHERE until < now() - interval '1 day' AND key <> $1)
		INSERT INTO llm_answers (key, answer, until) VALUES ($1, $2, $3)
		ON CONFLICT (key) DO UPDATE SET answer = excluded.answer, until = excluded.until`, key, answer, until)
	return describe(err, "kept answer")
}
