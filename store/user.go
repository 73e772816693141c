package store

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/jmoiron/sqlx"

	"xiaobao/casework"
)

const userColumns = `id, login, name, role, org_id, active, language, credentials_at`

// AddUser adds a user. Logins are unique whatever their case.
func (s *Store) AddUser(ctx context.Context, user casework.User, passwordHash string) error {
	if user.Language == "" {
		user.Language = "zh-CN"
	}
	_, err := s.db.ExecContext(ctx, `
		INSERT INTO users (id, login, name, role, org_id, active, language, password_hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		string(user.ID), user.Login, user.Name, string(user.Role), user.OrgID, user.Active, user.Language, passwordHash)
	return describe(err, "user "+user.Login)
}

// ChangeUser records a user's name, role, unit and language. Tokens and the
// password stay.
func (s *Store) ChangeUser(ctx context.Context, user casework.User) error {
	return s.changeUser(ctx, user.ID, `
		UPDATE users SET name = $2, role = $3, org_id = $4, language = $5, changed_at = now() WHERE id = $1`,
		user.Name, string(user.Role), user.OrgID, user.Language)
}

// SetPassword records the hash of a new password, takes back all tokens, and
// marks the moment, which ends the sessions that began before. Two changes
// never share one, even if the clock was set back.
func (s *Store) SetPassword(ctx context.Context, user casework.Actor, passwordHash string) error {
	return s.changeUser(ctx, user, `
		WITH gone AS (DELETE FROM cli_tokens WHERE user_id = $1)
		UPDATE users SET password_hash = $2, changed_at = now(),
			credentials_at = greatest(clock_timestamp(), credentials_at + interval '1 microsecond') WHERE id = $1`, passwordHash)
}

// SetActive opens or closes an account. Closing takes back all tokens.
func (s *Store) SetActive(ctx context.Context, user casework.Actor, active bool) error {
	return s.changeUser(ctx, user, `
		WITH gone AS (DELETE FROM cli_tokens WHERE user_id = $1 AND NOT $2)
		UPDATE users SET active = $2, changed_at = now() WHERE id = $1`, active)
}

func (s *Store) changeUser(ctx context.Context, user casework.Actor, query string, args ...any) error {
	changed, err := s.db.ExecContext(ctx, query, append([]any{string(user)}, args...)...)
	return oneRow(changed, err, "user "+string(user))
}

// SetLanguage records the language a user works in.
func (s *Store) SetLanguage(ctx context.Context, user casework.Actor, language string) error {
	return s.changeUser(ctx, user, `UPDATE users SET language = $2, changed_at = now() WHERE id = $1`, language)
}

// User is one user.
func (s *Store) User(ctx context.Context, id casework.Actor) (casework.User, error) {
	var u casework.User
	err := s.db.GetContext(ctx, &u, `SELECT `+userColumns+` FROM users WHERE id = $1`, string(id))
	return u, describe(err, "user "+string(id))
}

// UserByLogin is the user of a login, whatever its case, with the hash of the
// password. The error does not repeat the login.
func (s *Store) UserByLogin(ctx context.Context, login string) (casework.User, string, error) {
	var row struct {
		casework.User
		PasswordHash string
	}
	err := s.db.GetContext(ctx, &row, `SELECT `+userColumns+`, password_hash FROM users WHERE lower(login) = lower($1)`, login)
	return row.User, row.PasswordHash, describe(err, "such user")
}

// Users are all users by login. There are few, so they come at once.
func (s *Store) Users(ctx context.Context) ([]casework.User, error) {
	users := []casework.User{}
	err := s.db.SelectContext(ctx, &users, `SELECT `+userColumns+` FROM users ORDER BY lower(login)`)
	return users, describe(err, "users")
}

// AddToken records a token of the command line by its hash.
func (s *Store) AddToken(ctx context.Context, token string, user casework.Actor, now, expires time.Time) error {
	_, err := s.db.ExecContext(ctx, `
		INSERT INTO cli_tokens (token_hash, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4)`,
		tokenHash(token), string(user), now, expires)
	return describe(err, "token")
}

// UserByToken is the active user a token stands for.
func (s *Store) UserByToken(ctx context.Context, token string, now time.Time) (casework.User, error) {
	var u casework.User
	err := s.db.GetContext(ctx, &u, `
		SELECT `+userColumns+` FROM users
		WHERE active AND id = (SELECT user_id FROM cli_tokens WHERE token_hash = $1 AND expires_at > $2)`, tokenHash(token), now)
	return u, describe(err, "such token")
}

// RemoveToken takes a token back. One that is gone already is no error.
func (s *Store) RemoveToken(ctx context.Context, token string) error {
	_, err := s.db.ExecContext(ctx, `DELETE FROM cli_tokens WHERE token_hash = $1`, tokenHash(token))
	return describe(err, "token")
}

// tokenHash is how tokens are on file. They are long and random, so a plain
// hash serves.
func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// attemptsKept is how long logins stay on file.
const attemptsKept = 7 * 24 * time.Hour

// NoteLogin records one attempt to log in, and forgets those of long ago.
func (s *Store) NoteLogin(ctx context.Context, login, address string, at time.Time, success bool) error {
	return s.inTx(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `
			INSERT INTO login_attempts (login, address, at, success) VALUES (lower($1), $2, $3, $4)`, login, address, at, success); err != nil {
			return describe(err, "login attempt")
		}
		_, err := tx.ExecContext(ctx, `
			DELETE FROM login_attempts WHERE id IN (
				SELECT id FROM login_attempts WHERE at < $1 ORDER BY at LIMIT 100)`, at.Add(-attemptsKept))
		return describe(err, "login attempts")
	})
}

// LoginFailures counts what was refused since a moment, for the login since
// it last succeeded.
func (s *Store) LoginFailures(ctx context.Context, login, address string, since time.Time) (casework.LoginFailures, error) {
	var f casework.LoginFailures
	err := s.db.GetContext(ctx, &f, `
		SELECT
			(SELECT count(*) FROM login_attempts WHERE login = lower($1) AND at >= $3 AND NOT success AND at > coalesce(
				(SELECT max(at) FROM login_attempts WHERE login = lower($1) AND at >= $3 AND success), '-infinity')) AS by_login,
			(SELECT count(*) FROM login_attempts WHERE address = $2 AND at >= $3 AND NOT success) AS by_address`,
		login, address, since)
	return f, describe(err, "login attempts")
}
