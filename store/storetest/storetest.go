// Package storetest gives each test a database of its own on a real
// PostgreSQL: the server that XIAOBAO_TEST_DATABASE_URL names, or else one
// private server for the test process, made of the PostgreSQL programs of
// this machine. Without either the test fails; it is never skipped.
package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/lib/pq"

	"xiaobao/store"
)

// shared is the server of this test process and the template on it.
var shared struct {
	start    sync.Once
	err      error
	cluster  *cluster // nil on a server that was there before
	admin    *sql.DB
	base     *url.URL
	template string
	count    atomic.Int64
}

// Main runs the tests of a package and takes the private server down after
// them. A package that does not call it loses nothing: the server ends with
// the process, and its folder goes when the next one starts.
func Main(m *testing.M) int {
	code := m.Run()
	if shared.admin != nil {
		if _, err := shared.admin.Exec("DROP DATABASE IF EXISTS " + pq.QuoteIdentifier(shared.template)); err != nil {
			fmt.Fprintln(os.Stderr, "storetest: drop the template:", err)
			code = max(code, 1)
		}
		if err := shared.admin.Close(); err != nil {
			fmt.Fprintln(os.Stderr, "storetest: close:", err)
			code = max(code, 1)
		}
	}
	if shared.cluster != nil {
		if err := shared.cluster.stop(); err != nil {
			fmt.Fprintln(os.Stderr, "storetest: stop PostgreSQL:", err)
			code = max(code, 1)
		}
	}
	return code
}

// New opens a store on a fresh, migrated database, and drops it after the test.
func New(t testing.TB) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), URL(t))
	if err != nil {
		t.Fatalf("open the test database: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close the test database: %v", err)
		}
	})
	return s
}

// URL is the address of a fresh, migrated database, which is dropped after
// the test.
func URL(t testing.TB) string {
	t.Helper()
	return create(t, "TEMPLATE "+pq.QuoteIdentifier(templateName()))
}

// EmptyURL is the address of a database without a schema.
func EmptyURL(t testing.TB) string {
	t.Helper()
	return create(t, "TEMPLATE template0 ENCODING 'UTF8'")
}

func create(t testing.TB, how string) string {
	t.Helper()
	shared.start.Do(func() { shared.err = start() })
	if shared.err != nil {
		t.Fatalf("no test database: %v", shared.err)
	}
	name := fmt.Sprintf("xiaobao_test_%d_%d", os.Getpid(), shared.count.Add(1))
	if _, err := shared.admin.Exec("CREATE DATABASE " + pq.QuoteIdentifier(name) + " " + how); err != nil {
		t.Fatalf("create a test database: %v", err)
	}
	t.Cleanup(func() {
		if _, err := shared.admin.Exec("DROP DATABASE " + pq.QuoteIdentifier(name) + " WITH (FORCE)"); err != nil {
			t.Errorf("drop the test database: %v", err)
		}
	})
	return named(name)
}

func templateName() string { return fmt.Sprintf("xiaobao_template_%d", os.Getpid()) }

// named is the address of a database on the server.
func named(database string) string {
	u := *shared.base
	u.Path = "/" + database
	return u.String()
}

// start finds or makes the server and migrates the template.
func start() error {
	address := os.Getenv("XIAOBAO_TEST_DATABASE_URL")
	if address == "" {
		c, err := startCluster()
		if err != nil {
			return fmt.Errorf("these tests need PostgreSQL 15 or later; install it (apt-get install postgresql), or name a server in XIAOBAO_TEST_DATABASE_URL: %w", err)
		}
		shared.cluster, address = c, c.url()
	}
	base, err := url.Parse(address)
	if err != nil {
		return fmt.Errorf("XIAOBAO_TEST_DATABASE_URL is not an address")
	}
	query := base.Query()
	if !query.Has("sslmode") {
		query.Set("sslmode", "disable")
	}
	base.RawQuery = query.Encode()
	shared.base = base
	admin, err := sql.Open("postgres", base.String())
	if err != nil {
		return err
	}
	shared.admin, shared.template = admin, templateName()
	if _, err := admin.Exec("CREATE DATABASE " + pq.QuoteIdentifier(shared.template) + " TEMPLATE template0 ENCODING 'UTF8'"); err != nil {
		return err
	}
	return store.Migrate(context.Background(), named(shared.template))
}
