package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/jmoiron/sqlx"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"xiaobao/casework"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrationLock is the advisory lock of migrations, so that two programs that
// start at once do not both migrate.
const migrationLock = 7_261_001

// Migrate brings the schema of the database at url up to date. It is safe to
// call at any time, by many at once.
func Migrate(ctx context.Context, url string) (err error) {
	db, err := connect(ctx, url)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	// One connection of its own holds the lock while another migrates.
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockID(migrationLock), lock.WithLockTimeout(1, 600))
	if err != nil {
		return fmt.Errorf("migration lock: %w", err)
	}
	provider, err := migrator(db, goose.WithSessionLocker(locker))
	if err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// CheckSchema refuses a database whose schema is older or newer than this
// program's.
func (s *Store) CheckSchema(ctx context.Context) error {
	provider, err := migrator(s.db)
	if err != nil {
		return err
	}
	current, target, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("schema version: %w", err)
	}
	switch {
	case current < target:
		return casework.Errorf(casework.Conflict, "the database schema is at version %d and this program needs %d; run `xiaobao migrate`", current, target).
			InChinese("数据库结构版本为 %d，本程序需要 %d，请先执行 xiaobao migrate", current, target).WithCode("schema_old")
	case current > target:
		return casework.Errorf(casework.Conflict, "the database schema is at version %d, newer than the %d this program knows; install the newer release", current, target).
			InChinese("数据库结构版本为 %d，高于本程序支持的 %d，请安装新版本", current, target).WithCode("schema_new")
	}
	return nil
}

func migrator(db *sqlx.DB, options ...goose.ProviderOption) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("embedded migrations: %w", err)
	}
	options = append(options, goose.WithSlog(slog.New(slog.DiscardHandler)), goose.WithDisableGlobalRegistry(true))
	provider, err := goose.NewProvider(goose.DialectPostgres, db.DB, files, options...)
	if err != nil {
		return nil, fmt.Errorf("embedded migrations: %w", err)
	}
	return provider, nil
}
