package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/persistence/sql/sqlplugin"
	"go.temporal.io/server/schema/sqlite"
	"google.golang.org/protobuf/types/known/durationpb"
)

// retention is how long a closed workflow's history is kept.
const retention = 30 * 24 * time.Hour

// schemaNumber marks the file as having the schema of this server version. A
// file with another number was made by another version, whose tables differ.
const schemaNumber = 1_032

// searchAttributes are what lists in the web interface can be filtered by.
var searchAttributes = map[string]enumspb.IndexedValueType{
	"XiaobaoCase":   enumspb.INDEXED_VALUE_TYPE_KEYWORD,
	"XiaobaoStatus": enumspb.INDEXED_VALUE_TYPE_KEYWORD,
	"XiaobaoDue":    enumspb.INDEXED_VALUE_TYPE_DATETIME,
}

// lockDatabase keeps a second devstack away from the same file. The lock goes
// with the process, however it ends.
func lockDatabase(file string) (release func(), err error) {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, fmt.Errorf("folder of the database: %w", err)
	}
	lock, err := os.OpenFile(file+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock of the database: %w", err)
	}
	err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		_ = lock.Close()
		return nil, fmt.Errorf("another devstack is using %s; stop it, or choose another --db", file)
	}
	if err != nil {
		_ = lock.Close()
		return nil, fmt.Errorf("lock of the database: %w", err)
	}
	return func() { _ = lock.Close() }, nil
}

// prepareDatabase makes the schema if the file has none. It is one
// transaction: killed half way, the next start begins anew.
func prepareDatabase(ctx context.Context, file string) error {
	db, err := openDatabase(file)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()

	var found int
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&found); err != nil {
		return fmt.Errorf("read %s: %w", file, err)
	}
	switch found {
	case schemaNumber:
		return nil
	case 0:
		return createSchema(ctx, db)
	}
	return fmt.Errorf("%s has schema %d, this program needs %d; move the file away to start empty", file, found, schemaNumber)
}

// openDatabase opens the file as the server does: write-ahead log, every
// commit synchronised.
func openDatabase(file string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", "file:"+file+"?mode=rwc&_pragma=journal_mode=wal&_pragma=synchronous=full&_pragma=busy_timeout=10000")
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", file, err)
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

func createSchema(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("create schema: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	if err := sqlite.SetupSchemaOnDB(schemaWriter{exec: tx}); err != nil {
		return fmt.Errorf("create schema: %w", err)
	}
	if _, err := tx.ExecContext(ctx, "PRAGMA user_version = "+strconv.Itoa(schemaNumber)); err != nil {
		return fmt.Errorf("create schema: %w", err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("create schema: %w", err)
	}
	return nil
}

// schemaWriter runs the server's schema statements inside our transaction.
// The server asks for a whole AdminDB and uses its Exec alone.
type schemaWriter struct {
	sqlplugin.AdminDB
	exec *sql.Tx
}

// Exec runs one statement of the schema.
func (w schemaWriter) Exec(statement string, args ...any) error {
	_, err := w.exec.Exec(statement, args...)
	return err
}

// createNamespace makes the namespace when it is missing, and leaves an
// existing one as it is.
func createNamespace(cfg *config.SQL, name string) error {
	ns, err := sqlite.NewNamespaceConfig(clusterName, name, false, searchAttributes)
	if err != nil {
		return fmt.Errorf("namespace %s: %w", name, err)
	}
	ns.Detail.Config.Retention = durationpb.New(retention)
	if err := sqlite.CreateNamespaces(cfg, ns); err != nil {
		return fmt.Errorf("namespace %s: %w", name, err)
	}
	return nil
}

// settleDatabase moves the write-ahead log into the file, so that after a
// clean stop the one file is all there is to copy.
func settleDatabase(ctx context.Context, file string) error {
	db, err := openDatabase(file)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	if _, err := db.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return fmt.Errorf("settle %s: %w", file, err)
	}
	return nil
}
