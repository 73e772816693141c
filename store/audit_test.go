package store_test

import (
	"database/sql"
	"fmt"
	"sync"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/store"
	"xiaobao/store/storetest"
)

func entry(i int) casework.AuditEntry {
	return casework.AuditEntry{
		At: noon.Add(time.Duration(i) * time.Minute).Add(789 * time.Nanosecond), By: casework.Actor(fmt.Sprint("u", i%2)), Action: "inspection.start",
		Object: "inspection/i-" + itoa(i), Detail: `{"n":1}`, From: "console",
	}
}

func TestTheAuditTrailHolds(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	var wait sync.WaitGroup
	errs := make([]error, 20)
	for i := range errs {
		wait.Go(func() { errs[i] = s.AppendAudit(t.Context(), entry(i)) })
	}
	wait.Wait()
	for _, err := range errs {
		must(t, err)
	}
	if n, broken, err := s.VerifyAudit(t.Context()); n != 20 || broken != nil || err != nil {
		t.Errorf("%d sound, broken at %v, %v", n, broken, err)
	}
	page := have[casework.Listing[casework.AuditEntry]](t)(s.Audit(t.Context(), casework.AuditFilter{By: "u1", From: noon}, casework.PageRequest{Limit: 4}))
	next := have[casework.Listing[casework.AuditEntry]](t)(s.Audit(t.Context(), casework.AuditFilter{By: "u1", From: noon}, casework.PageRequest{Limit: 40, After: page.Next}))
	if len(page.Rows) != 4 || len(next.Rows) != 6 || page.Rows[0].From != "console" || page.Rows[3].Seq <= next.Rows[0].Seq {
		t.Errorf("%d and %d entries", len(page.Rows), len(next.Rows))
	}
}

func TestWhoeverTampersWithTheAuditTrailIsSeen(t *testing.T) {
	t.Parallel()
	const unlock = `ALTER TABLE audit DISABLE TRIGGER audit_append_only; `
	cases := map[string]struct {
		sql   string
		at    int64
		sound int
	}{
		"a word changed":         {unlock + `UPDATE audit SET object = 'inspection/i-x' WHERE seq = 3`, 3, 2},
		"a time changed":         {unlock + `UPDATE audit SET at = at + interval '1 microsecond' WHERE seq = 1`, 1, 0},
		"text moved over":        {unlock + `UPDATE audit SET action = 'inspection.', object = 'start' || object WHERE seq = 4`, 4, 3},
		"an entry taken out":     {unlock + `DELETE FROM audit WHERE seq = 3`, 3, 2},
		"the end cut off":        {unlock + `DELETE FROM audit WHERE seq > 4`, 5, 4},
		"all gone":               {unlock + `TRUNCATE audit`, 1, 0},
		"an entry slipped in":    {`INSERT INTO audit SELECT 6, at, by, action, object, detail, origin, hash, hash FROM audit WHERE seq = 5`, 6, 5},
		"entries in other order": {unlock + `UPDATE audit SET seq = 9 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 9`, 2, 1},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := storetest.URL(t)
			s := have[*store.Store](t)(store.Open(t.Context(), address))
			defer s.Close()
			for i := range 5 {
				must(t, s.AppendAudit(t.Context(), entry(i)))
			}
			db := have[*sql.DB](t)(sql.Open("postgres", address))
			defer db.Close()
			have[sql.Result](t)(db.ExecContext(t.Context(), c.sql))
			n, broken, err := s.VerifyAudit(t.Context())
			must(t, err)
			if broken == nil || *broken != c.at || n != c.sound {
				t.Errorf("%d sound, broken at %v; want %d and %d", n, broken, c.sound, c.at)
			}
		})
	}
}

func TestTheDatabaseItselfRefusesToChangeTheAuditTrail(t *testing.T) {
	t.Parallel()
	address := storetest.URL(t)
	s := have[*store.Store](t)(store.Open(t.Context(), address))
	defer s.Close()
	must(t, s.AppendAudit(t.Context(), entry(1)))
	db := have[*sql.DB](t)(sql.Open("postgres", address))
	defer db.Close()
	for _, query := range []string{`UPDATE audit SET by = 'x'`, `DELETE FROM audit`, `TRUNCATE audit`} {
		if _, err := db.ExecContext(t.Context(), query); err == nil {
			t.Errorf("%s went through", query)
		}
	}
}

func TestSessionsLiveUntilTheyExpire(t *testing.T) {
	t.Parallel()
	s := storetest.New(t).Sessions()
	must(t, s.Commit("one", []byte("a"), time.Now().Add(time.Hour)))
	must(t, s.Commit("one", []byte{0, 1, 255}, time.Now().Add(time.Hour)))
	must(t, s.Commit("old", []byte("b"), time.Now().Add(-time.Second)))
	data, found, err := s.Find("one")
	if !found || err != nil || string(data) != "\x00\x01\xff" {
		t.Errorf("found %v %v %v", data, found, err)
	}
	for _, token := range []string{"old", "none", "'; --\x00"} {
		if _, found, err := s.Find(token); found || err != nil {
			t.Errorf("%q: %v %v", token, found, err)
		}
	}
	if n := have[int](t)(s.RemoveExpired(t.Context())); n != 1 {
		t.Errorf("%d expired", n)
	}
	must(t, s.Delete("one"))
	must(t, s.Delete("one"))
	must(t, s.Commit("one", []byte("late"), time.Now().Add(time.Hour))) // by a request that was under way
	if _, found, _ := s.Find("one"); found {
		t.Error("found after its end")
	}
}
