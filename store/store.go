package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"unicode"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"xiaobao/casework"
)

// A Store is the database. It is safe for concurrent use.
type Store struct {
	db     *sqlx.DB
	months sync.Map // month → struct{}: partitions known to exist
}

// Open connects to the database at url and checks that it answers. It does
// not touch the schema; see Migrate and CheckSchema.
func Open(ctx context.Context, url string) (*Store, error) {
	db, err := connect(ctx, url)
	if err != nil {
		return nil, err
	}
	return &Store{db: db}, nil
}

// connect opens a pool and pings it once.
func connect(ctx context.Context, address string) (*sqlx.DB, error) {
	connector, err := pq.NewConnector(withDefaults(address))
	if err != nil {
		return nil, errAddress()
	}
	db := sqlx.NewDb(sql.OpenDB(connector), "postgres")
	db.MapperFunc(snake)
	db.SetMaxOpenConns(32)
	db.SetMaxIdleConns(16)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(casework.Errorf(casework.Busy, "the database does not answer; is PostgreSQL running, and is XIAOBAO_DATABASE_URL right?").
			InChinese("数据库没有应答，请检查 PostgreSQL 是否运行以及 XIAOBAO_DATABASE_URL 是否正确").Because(err), db.Close())
	}
	return db, nil
}

// errAddress does not repeat the address, which may hold a password.
func errAddress() error {
	return casework.Errorf(casework.Invalid, "the database address cannot be read; it should look like postgres://user@host:5432/name").
		InChinese("数据库地址无法识别，应形如 postgres://user@host:5432/name")
}

// withDefaults sets what the driver would otherwise choose itself and may
// choose differently in a later release: TLS is asked for wherever the address
// does not say, except on this machine. All times are spoken in UTC.
func withDefaults(address string) string {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		return address
	}
	query := u.Query()
	if !query.Has("sslmode") {
		mode := "require"
		if h := u.Hostname(); h == "" || h == "localhost" || h == "127.0.0.1" || h == "::1" {
			mode = "disable"
		}
		query.Set("sslmode", mode)
	}
	if !query.Has("application_name") {
		query.Set("application_name", "xiaobao")
	}
	query.Set("timezone", "UTC")
	u.RawQuery = query.Encode()
	return u.String()
}

// Close gives the connections back.
func (s *Store) Close() error { return s.db.Close() }

// Ping asks whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return describe(s.db.PingContext(ctx), "database") }

// inTx runs do in a transaction, which it commits unless do fails.
func (s *Store) inTx(ctx context.Context, do func(*sqlx.Tx) error) (err error) {
	tx, err := s.db.BeginTxx(ctx, nil)
	if err != nil {
		return describe(err, "transaction")
	}
	defer func() {
		if err != nil {
			if rollback := tx.Rollback(); !errors.Is(rollback, sql.ErrTxDone) {
				err = errors.Join(err, rollback)
			}
		}
	}()
	if err := do(tx); err != nil {
		return err
	}
	return describe(tx.Commit(), "transaction")
}

// describe says what a database error means to whoever asked. What names the
// thing by kind and id. The driver's Detail line, which repeats values of the
// row, never gets out: Error() of the driver's error does not contain it.
func describe(err error, what string) error {
	switch {
	case err == nil:
		return nil
	case casework.KindOf(err) != casework.Internal:
		return err
	case isAway(err):
		return errAway(what, err)
	case errors.Is(err, sql.ErrNoRows):
		return casework.Errorf(casework.NotFound, "there is no %s", what).InChinese("没有找到这条记录，请核对编号")
	case pq.As(err, pqerror.UniqueViolation) != nil:
		return casework.Errorf(casework.Conflict, "%s exists already", what).InChinese("%s 已经存在", what).Because(nameless(err))
	case pq.As(err, pqerror.CheckViolation, pqerror.ForeignKeyViolation, pqerror.NotNullViolation) != nil:
		return casework.Errorf(casework.Invalid, "%s breaks the rule %s", what, pq.As(err).Constraint).
			InChinese("%s 不符合规则 %s", what, pq.As(err).Constraint).Because(nameless(err))
	case pq.As(err) != nil && pq.As(err).Code.Class() == pqerror.ClassDataException:
		return casework.Errorf(casework.Invalid, "%s: a value cannot be stored (%s)", what, pq.As(err).Code.Name()).
			InChinese("%s：有内容无法保存", what).Because(nameless(err))
	case pq.As(err, pqerror.TRSerializationFailure, pqerror.TRDeadlockDetected, pqerror.LockNotAvailable) != nil:
		return casework.Errorf(casework.Busy, "%s is being changed by someone else", what).InChinese("%s 正在被其他人修改，请稍后重试", what).Because(nameless(err))
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s: %w", what, err)
	}
	return fmt.Errorf("%s: %w", what, nameless(err))
}

// isAway reports whether the database does not answer, rather than refuse.
func isAway(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	_, network := errors.AsType[*net.OpError](err)
	return network || errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		pq.As(err, pqerror.AdminShutdown, pqerror.CrashShutdown, pqerror.CannotConnectNow, pqerror.TooManyConnections) != nil
}

// errAway is an internal error, so that procedures try again by themselves,
// with words for those who wait for a page.
func errAway(what string, err error) error {
	if e, ok := errors.AsType[*casework.Error](err); ok && e.Code == casework.CodeDatabaseAway {
		return err
	}
	return casework.Errorf(casework.Internal, "%s: the database does not answer just now; try again in a moment", what).
		InChinese("数据库暂时没有应答，请稍后重试；如持续出现，请联系系统管理员").WithCode(casework.CodeDatabaseAway).Because(nameless(err))
}

// oneRow says that there is no such thing if a statement changed no row.
func oneRow(changed sql.Result, err error, what string) error {
	if err != nil {
		return describe(err, what)
	}
	n, err := changed.RowsAffected()
	if err == nil && n == 0 {
		err = sql.ErrNoRows
	}
	return describe(err, what)
}

// nameless strips a server's message of the values some of them quote
// ("invalid input syntax for type integer: …"): only its code and the table
// and constraint remain. Mistakes in our own SQL (class 42) and errors of the
// connection pass as they are, for they name no value.
func nameless(err error) error {
	e := pq.As(err)
	if e == nil || e.Code.Class() == pqerror.ClassSyntaxErrorOrAccessRuleViolation {
		return err
	}
	return fmt.Errorf("postgres: %s (%s) in table %q, constraint %q", e.Code.Name(), e.Code, e.Table, e.Constraint)
}

// snake turns a Go name into a column's: OrgID → org_id, SHA256 → sha256.
func snake(name string) string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		if i > 0 && unicode.IsUpper(r) {
			afterLower := unicode.IsLower(runes[i-1])
			endsAcronym := unicode.IsUpper(runes[i-1]) && i+1 < len(runes) && unicode.IsLower(runes[i+1])
			if afterLower || endsAcronym {
				b.WriteByte('_')
			}
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
