package store_test

import (
	"os"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// noon is a fixed moment in Beijing that tests count from.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, casework.Beijing)

// kind fails the test unless err is of the kind that is wanted.
func kind(t *testing.T, err error, want casework.Kind) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error; want one of kind %q", want)
	}
	if got := casework.KindOf(err); got != want {
		t.Fatalf("error of kind %q, want %q: %v", got, want, err)
	}
}

// must fails the test on an error.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// have is for calls that give a value and an error.
func have[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// calls makes n collection calls, one a minute from noon on.
func calls(n int, prefix string) []casework.Touchpoint {
	batch := make([]casework.Touchpoint, n)
	for i := range batch {
		batch[i] = casework.Touchpoint{
			ID: prefix + itoa(i), Channel: casework.CollectionCall, OccurredAt: noon.Add(time.Duration(i) * time.Minute),
			CustomerID: "c" + itoa(i%7), AgentID: "a" + itoa(i%3), OrgID: "branch" + itoa(i%2), Product: "cash",
			Text:       "坐席：您好，您的贷款已经逾期，请尽快还款。\n客户：好的。",
			Attributes: map[string]any{"connected": true, "direction": "outbound", "calls_today": float64(i % 5)},
		}
	}
	return batch
}
