package importing_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/importing"
	"xiaobao/store"
	"xiaobao/store/storetest"
)

// calls is a file of n calls; every tenth has the id of the one before, and
// every 501st an unknown channel.
func calls(n int) string {
	var b strings.Builder
	b.WriteString("id,channel,occurred_at,text\n")
	for i := range n {
		id, channel := i, "service_call"
		if i%10 == 9 {
			id = i - 1
		}
		if i%501 == 500 {
			channel = "pigeon"
		}
		fmt.Fprintf(&b, "c%05d,%s,2026-03-01 09:00:%02d,这是第 %d 通\n", id, channel, i%60, i)
	}
	return b.String()
}

// outcome is what an import came to, its own id and times aside.
type outcome struct {
	Status                             string
	Rows, Added, Unchanged, Invalid, X int
	Problems                           []casework.RowError
	OnFile                             int
}

func outcomeOf(t *testing.T, s *store.Store, run casework.ImportRun) outcome {
	t.Helper()
	n, err := s.CountTouchpoints(t.Context(), casework.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	return outcome{run.Status, run.Rows, run.Added, run.Unchanged, run.Invalid, run.Conflicts, run.Problems, n}
}

func TestAnImportThatWasCutOffEndsLikeOneThatWasNot(t *testing.T) {
	t.Parallel()
	const rows = 9000
	request := importing.Request{Kind: "touchpoints", File: file(t, "calls.csv", calls(rows)), SkipInvalid: true, By: "u1"}
	undisturbed := storetest.New(t)
	run, err := importing.Run(t.Context(), undisturbed, request, now)
	if err != nil {
		t.Fatal(err)
	}
	want := outcomeOf(t, undisturbed, run)
	same(t, []any{want.Status, want.Rows, want.X, want.Invalid, want.Added, len(want.Problems)}, []any{"done", rows, 898, 17, rows - 898 - 17, 898 + 17})

	t.Run("cancelled between batches", func(t *testing.T) {
		t.Parallel()
		s := storetest.New(t)
		for try := range 5 { // one batch each
			ctx, cancel := context.WithCancel(t.Context())
			r := request
			r.Progress = func(phase string, _, _ int) {
				if phase == "importing" {
					cancel()
				}
			}
			cut, err := importing.Run(ctx, s, r, now)
			if try < 4 != errors.Is(err, context.Canceled) { // the last one was told too late
				t.Fatalf("try %d: %v", try, err)
			}
			if kept, err := s.Import(t.Context(), cut.ID); err != nil || try < 4 && kept.Status != "interrupted" {
				t.Fatalf("try %d: %+v, %v", try, kept, err)
			}
		}
		again, err := s.Imports(t.Context(), casework.PageRequest{})
		if err != nil || len(again.Rows) != 1 {
			t.Fatalf("%d runs, %v", len(again.Rows), err)
		}
		run, err := s.Import(t.Context(), again.Rows[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		same(t, outcomeOf(t, s, run), want)
	})
	t.Run("killed", func(t *testing.T) {
		t.Parallel()
		s := storetest.New(t)
		killed, err := importing.Run(t.Context(), &dying{Store: s, batches: 2}, request, now)
		if err == nil {
			t.Fatal("it lived")
		}
		if left, err := s.Import(t.Context(), killed.ID); err != nil || left.Status != "running" || left.Rows != 4000 {
			t.Fatalf("%+v, %v", left, err)
		}
		run, err := importing.Run(t.Context(), s, request, now)
		if err != nil || run.ID != killed.ID || run.ResumeFrom != 4000 {
			t.Fatalf("%+v, %v", run, err)
		}
		same(t, outcomeOf(t, s, run), want)
	})
}

// dying is a database whose user dies after so many batches: nothing that
// comes later reaches it.
type dying struct {
	*store.Store
	batches int
}

var errDead = errors.New("killed")

func (d *dying) ImportTouchpoints(ctx context.Context, run string, step casework.ImportStep, batch []casework.Touchpoint) (casework.BatchResult, error) {
	if d.batches--; d.batches < 0 {
		return casework.BatchResult{}, errDead
	}
	return d.Store.ImportTouchpoints(ctx, run, step, batch)
}

func (d *dying) EndImport(ctx context.Context, id, status string, at time.Time, problems []casework.RowError) error {
	if d.batches < 0 {
		return errDead
	}
	return d.Store.EndImport(ctx, id, status, at, problems)
}

func TestAnotherMappingBeginsTheFileAnew(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	request := importing.Request{
		Kind: "customers", File: file(t, "c.csv", "id,name,手机\n"+strings.Repeat("c,甲,1\n", 2500)), By: "u1", Mapping: []byte("columns: {phone: 手机}"),
	}
	if _, err := importing.Run(t.Context(), &dyingMaster{Store: s}, request, now); !errors.Is(err, errDead) {
		t.Fatal(err)
	}
	request.Mapping = nil
	run, err := importing.Run(t.Context(), s, request, now)
	if err != nil || run.ResumeFrom != 0 || run.Rows != 2500 {
		t.Fatalf("%+v, %v", run, err)
	}
	customer, err := s.Customer(t.Context(), "c")
	if err != nil || customer.Phone != "" {
		t.Errorf("half of it was read by the first mapping: %+v, %v", customer, err)
	}
}

// dyingMaster dies in its second batch of customers.
type dyingMaster struct {
	*store.Store
	batches int
}

func (d *dyingMaster) ImportCustomers(ctx context.Context, run string, step casework.ImportStep, batch []casework.Customer) (casework.BatchResult, error) {
	if d.batches++; d.batches > 1 {
		return casework.BatchResult{}, errDead
	}
	return d.Store.ImportCustomers(ctx, run, step, batch)
}

func TestTheSameFileAgainChangesNothing(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	contents := map[string]string{
		"orgs": "id,parent_id,name,kind\nb1,hq,分行,branch\nhq,,总部,head_office\n", "staff": "id,org_id,name\ns1,b1,甲\n",
		"customers": "id,name,birth_year\nc1,乙,1980\n", "touchpoints": "id,channel,occurred_at,text\nt1,service_chat,2026-03-01,x\nt2,service_chat,2026-03-01,y\n",
	}
	for _, kind := range []string{"orgs", "staff", "customers", "touchpoints"} { // staff name units
		content := contents[kind]
		request := importing.Request{Kind: kind, File: file(t, kind+".csv", content), By: "u1"}
		first, err := importing.Run(t.Context(), s, request, now)
		if err != nil {
			t.Fatal(err)
		}
		again, err := importing.Run(t.Context(), s, request, now)
		if err != nil || again.ID == first.ID {
			t.Fatalf("%+v, %v", again, err)
		}
		same(t, []int{first.Added, again.Added, again.Updated, again.Conflicts, again.Unchanged}, []int{first.Rows, 0, 0, 0, first.Rows})
	}
}

func TestConflictsAreReportedByRowNumber(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	head := "id,channel,occurred_at,text\n"
	for _, c := range []struct {
		content string
		rows    []int
	}{
		{head + "a,service_chat,2026-03-01,一\nb,service_chat,2026-03-01,二\na,service_chat,2026-03-01,三\na,service_chat,2026-03-01,一\n", []int{4}},
		{head + "c,service_chat,2026-03-01,四\n\nb,service_chat,2026-03-01,五\na,service_chat,2026-03-01,一\n", []int{4}},
	} {
		run, err := importing.Run(t.Context(), s, importing.Request{Kind: "touchpoints", File: file(t, "x.csv", c.content), By: "u1"}, now)
		if err != nil {
			t.Fatal(err)
		}
		var rows []int
		for _, p := range run.Problems {
			same(t, []string{p.Class, p.Column}, []string{"conflict", "id"})
			rows = append(rows, p.Row)
		}
		same(t, rows, c.rows)
		same(t, run.Conflicts, len(c.rows))
	}
	if kept, err := s.Touchpoint(t.Context(), "b"); err != nil || kept.Text != "二" {
		t.Errorf("%+v, %v", kept, err)
	}
}

func TestARefusedFileLeavesOnlyItsProblems(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	request := importing.Request{Kind: "touchpoints", File: file(t, "calls.csv", calls(3000)), By: "u1"}
	refused, err := importing.Run(t.Context(), s, request, now)
	if casework.KindOf(err) != casework.Invalid {
		t.Fatal(err)
	}
	run, err := s.Import(t.Context(), refused.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := outcomeOf(t, s, run)
	same(t, []any{want.Status, want.Rows, want.Invalid, want.Added, len(want.Problems), want.OnFile}, []any{"refused", 3000, 5, 0, 5, 0})

	request.DryRun = true
	dry, err := importing.Run(t.Context(), s, request, now)
	if err != nil {
		t.Fatal(err)
	}
	if run, err = s.Import(t.Context(), dry.ID); err != nil {
		t.Fatal(err)
	}
	want = outcomeOf(t, s, run)
	same(t, []any{want.Status, want.Rows, want.Invalid, want.Added, want.OnFile}, []any{"done", 3000, 5, 0, 0})
}

func TestTwoImportsOfOneFileAtOnceDoNotDisturbEachOther(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	request := importing.Request{Kind: "touchpoints", File: file(t, "calls.csv", calls(9000)), SkipInvalid: true, By: "u1"}
	var wg sync.WaitGroup
	outcomes := make([]error, 4)
	for i := range outcomes {
		wg.Go(func() { _, outcomes[i] = importing.Run(t.Context(), s, request, now) })
	}
	wg.Wait()
	done := 0
	for _, err := range outcomes {
		switch {
		case err == nil:
			done++
		case casework.KindOf(err) != casework.Busy:
			t.Errorf("neither done nor told to wait: %v", err)
		}
	}
	if done == 0 {
		t.Error("none got through")
	}
	runs, err := s.Imports(t.Context(), casework.PageRequest{})
	if err != nil {
		t.Fatal(err)
	}
	added := 0
	for _, run := range runs.Rows {
		same(t, []any{run.Status, run.Rows}, []any{"done", 9000})
		added += run.Added
	}
	same(t, added, 9000-898-17)
}
