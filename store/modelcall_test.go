package store_test

import (
	"database/sql"
	"strings"
	"sync"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/store"
	"xiaobao/store/storetest"
)

// call is a stage of the i-th call to a model.
func call(i int, stage string, trouble casework.ModelTrouble) casework.ModelCall {
	return casework.ModelCall{
		ID: "c-" + itoa(i), Stage: stage, Key: "k-" + itoa(i/2), Attempt: 1 + i%2, Case: "i-1", Purpose: casework.ToJudge,
		Endpoint: "primary", Dialect: "openai", Asked: "m", Prompt: "judge.v1", At: noon.Add(time.Duration(i) * time.Second).Add(77 * time.Nanosecond),
		TokensIn: 10, Cost: 0.5, Currency: "CNY", Trouble: trouble,
	}
}

func TestTheRecordOfModelCallsHolds(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	var wait sync.WaitGroup
	errs := make([]error, 12)
	for i := range errs {
		wait.Go(func() {
			errs[i] = s.AppendCall(t.Context(), call(i, casework.CallBegun, ""), nil)
			if errs[i] == nil {
				errs[i] = s.AppendCall(t.Context(), call(i, casework.CallEnded, ""), []byte(`{"n":`+itoa(i)+`}`))
			}
		})
	}
	wait.Wait()
	for _, err := range errs {
		must(t, err)
	}
	must(t, s.AppendCall(t.Context(), call(3, casework.CallEnded, ""), []byte(`{"n":00003}`))) // an attempt whose answer was lost
	kind(t, s.AppendCall(t.Context(), call(3, casework.CallEnded, casework.TroubleAway), nil), casework.Conflict)
	if n, broken, err := s.VerifyCalls(t.Context()); n != 24 || broken != nil || err != nil {
		t.Errorf("%d sound, broken at %v, %v", n, broken, err)
	}
	page := have[casework.Listing[casework.ModelCall]](t)(s.ModelCalls(t.Context(), casework.ModelCallFilter{Case: "i-1", From: noon}, casework.PageRequest{Limit: 5}))
	rest := have[casework.Listing[casework.ModelCall]](t)(s.ModelCalls(t.Context(), casework.ModelCallFilter{Endpoint: "primary", Purpose: casework.ToJudge, To: noon.Add(time.Hour)},
		casework.PageRequest{Limit: 50, After: page.Next}))
	if len(page.Rows) != 5 || len(rest.Rows) != 7 || page.Rows[0].Stage != casework.CallEnded || page.Rows[0].TokensIn != 10 {
		t.Errorf("%d and %d calls", len(page.Rows), len(rest.Rows))
	}
	failed := have[casework.Listing[casework.ModelCall]](t)(s.ModelCalls(t.Context(), casework.ModelCallFilter{Failed: true}, casework.PageRequest{}))
	if len(failed.Rows) != 0 {
		t.Errorf("%d failed calls", len(failed.Rows))
	}
}

func TestACallThatEndedWellIsFoundByItsKey(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	must(t, s.AppendCall(t.Context(), call(0, casework.CallBegun, ""), nil))
	if _, _, found, err := s.FinishedCall(t.Context(), "k-00000"); found || err != nil {
		t.Errorf("a call that only began is finished: %v", err)
	}
	must(t, s.AppendCall(t.Context(), call(0, casework.CallEnded, casework.TroubleBadOutput), nil))
	if _, _, found, err := s.FinishedCall(t.Context(), "k-00000"); found || err != nil {
		t.Errorf("a call that failed is finished: %v", err)
	}
	must(t, s.AppendCall(t.Context(), call(1, casework.CallEnded, ""), []byte(`{}`)))
	answer, done, found, err := s.FinishedCall(t.Context(), "k-00000")
	if !found || err != nil || string(answer) != `{}` || done.ID != "c-00001" || !done.At.Equal(call(1, "", "").At) {
		t.Errorf("found %v: %s of %+v, %v", found, answer, done, err)
	}
}

func TestWhoeverTampersWithTheRecordOfModelCallsIsSeen(t *testing.T) {
	t.Parallel()
	const unlock = `ALTER TABLE llm_calls DISABLE TRIGGER llm_calls_append_only; `
	for name, c := range map[string]struct {
		sql   string
		at    int64
		sound int
	}{
		"a figure changed":    {unlock + `UPDATE llm_calls SET record = replace(record, '"cost":0.5', '"cost":0.4') WHERE seq = 3`, 3, 2},
		"a time changed":      {unlock + `UPDATE llm_calls SET at = at + interval '1 microsecond' WHERE seq = 1`, 1, 0},
		"an answer changed":   {`UPDATE llm_outputs SET answer = '{"n":9}' WHERE seq = 4`, 4, 3},
		"a call taken out":    {unlock + `DELETE FROM llm_outputs WHERE seq = 2; DELETE FROM llm_calls WHERE seq = 2`, 2, 1},
		"the end cut off":     {unlock + `DELETE FROM llm_outputs WHERE seq > 4; DELETE FROM llm_calls WHERE seq > 4`, 5, 4},
		"all gone":            {unlock + `TRUNCATE llm_calls CASCADE`, 1, 0},
		"an answer passed on": {`UPDATE llm_outputs SET answer = (SELECT answer FROM llm_outputs WHERE seq = 2) WHERE seq = 6`, 6, 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := storetest.URL(t)
			s := have[*store.Store](t)(store.Open(t.Context(), address))
			defer s.Close()
			for i := range 3 {
				must(t, s.AppendCall(t.Context(), call(i, casework.CallBegun, ""), nil))
				must(t, s.AppendCall(t.Context(), call(i, casework.CallEnded, ""), []byte(`{"n":`+itoa(i)+`}`)))
			}
			db := have[*sql.DB](t)(sql.Open("postgres", address))
			defer db.Close()
			have[sql.Result](t)(db.ExecContext(t.Context(), c.sql))
			if name == "an answer changed" {
				if answer, _, found, err := s.FinishedCall(t.Context(), "k-00000"); err != nil || found && string(answer) == `{"n":9}` {
					t.Errorf("a forged answer serves again: %v", err)
				}
			}
			n, broken, err := s.VerifyCalls(t.Context())
			must(t, err)
			if broken == nil || *broken != c.at || n != c.sound {
				t.Errorf("%d sound, broken at %v; want %d and %d", n, broken, c.sound, c.at)
			}
		})
	}
}

func TestTheDatabaseItselfRefusesToChangeWhatIsOnlyAppendedTo(t *testing.T) {
	t.Parallel()
	address := storetest.URL(t)
	s := have[*store.Store](t)(store.Open(t.Context(), address))
	defer s.Close()
	must(t, s.AppendCall(t.Context(), call(1, casework.CallEnded, ""), []byte(`{}`)))
	must(t, s.SwitchModel(t.Context(), casework.ModelSwitch{Endpoint: "all", By: "u1", At: noon, Reason: "试运行"}))
	must(t, s.FileEvaluation(t.Context(), casework.FiledEvaluation{ID: "e-1", Name: "s", By: "u1", At: noon}))
	db := have[*sql.DB](t)(sql.Open("postgres", address))
	defer db.Close()
	for _, table := range []string{"llm_calls", "llm_switches", "evaluations"} {
		for _, query := range []string{`UPDATE ` + table + ` SET at = now()`, `DELETE FROM ` + table, `TRUNCATE ` + table + ` CASCADE`} {
			if _, err := db.ExecContext(t.Context(), query); err == nil || !strings.Contains(err.Error(), "append-only") {
				t.Errorf("%s: %v", query, err)
			}
		}
	}
	must(t, func() error { _, err := db.ExecContext(t.Context(), `DELETE FROM llm_outputs`); return err }()) // its time may be over
	if n, broken, err := s.VerifyCalls(t.Context()); n != 1 || broken != nil || err != nil {
		t.Errorf("without the answers %d hold, broken at %v, %v", n, broken, err)
	}
}
