package store_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"xiaobao/casework"
	"xiaobao/store"
	"xiaobao/store/storetest"
)

func TestManyMayMigrateAtOnce(t *testing.T) {
	t.Parallel()
	url := storetest.EmptyURL(t)
	s := have[*store.Store](t)(store.Open(t.Context(), url))
	defer s.Close()
	kind(t, s.CheckSchema(t.Context()), casework.Conflict)
	var wait sync.WaitGroup
	errs := make([]error, 3)
	for i := range errs {
		wait.Go(func() { errs[i] = store.Migrate(t.Context(), url) })
	}
	wait.Wait()
	for _, err := range errs {
		must(t, err)
	}
	must(t, s.CheckSchema(t.Context()))
	must(t, s.Ping(t.Context()))
}

func TestAnAddressThatLeadsNowhereIsExplainedWithoutItsPassword(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"postgres://u:hunter2@127.0.0.1:1/x", "postgres://u:hunter2@[::1/x", "mysql://u:hunter2@h/x"} {
		_, err := store.Open(context.Background(), address)
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the error is %v", err)
		}
	}
}
