package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Sessions keeps the sessions of browsers in the form that the session
// library asks for.
type Sessions struct{ store *Store }

// Sessions are the store's browser sessions.
func (s *Store) Sessions() *Sessions { return &Sessions{s} }

// FindCtx gives the data of a session that has not expired.
func (s *Sessions) FindCtx(ctx context.Context, token string) ([]byte, bool, error) {
	var data []byte
	err := s.store.db.GetContext(ctx, &data, `SELECT data FROM sessions WHERE token_hash = $1 AND expires_at > now() AND NOT ended`, tokenHash(token))
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return data, err == nil, describe(err, "session")
}

// CommitCtx writes a session, new or known. One that was ended stays ended:
// a request under way when its user logged out cannot bring it back.
func (s *Sessions) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	_, err := s.store.db.ExecContext(ctx, `
		INSERT INTO sessions (token_hash, data, expires_at) VALUES ($1, $2, $3)
		ON CONFLICT (token_hash) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at
		WHERE NOT sessions.ended`,
		tokenHash(token), data, expiry)
	return describe(err, "session")
}

// DeleteCtx ends a session. One that is gone already is no error.
func (s *Sessions) DeleteCtx(ctx context.Context, token string) error {
	_, err := s.store.db.ExecContext(ctx, `UPDATE sessions SET ended = true, data = '' WHERE token_hash = $1`, tokenHash(token))
	return describe(err, "session")
}

// RemoveExpired forgets what has expired and says how much that was. Whoever
// serves the console calls it now and then.
func (s *Sessions) RemoveExpired(ctx context.Context) (int, error) {
	gone, err := s.store.db.ExecContext(ctx, `DELETE FROM sessions WHERE expires_at <= now()`)
	if err != nil {
		return 0, describe(err, "sessions")
	}
	n, err := gone.RowsAffected()
	return int(n), err
}

// Find is FindCtx for callers without a context.
func (s *Sessions) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit is CommitCtx for callers without a context.
func (s *Sessions) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx for callers without a context.
func (s *Sessions) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
