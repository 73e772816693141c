package store_test

import (
	"testing"

	"xiaobao/casework"
	"xiaobao/store/storetest"
)

func TestAnImportResumesWhereItsLastBatchEnded(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	run := casework.ImportRun{ID: "im-1", Kind: "touchpoints", File: "calls.csv", SHA256: "ab", StartedBy: "u1", StartedAt: noon}
	must(t, s.StartImport(t.Context(), run))
	batch := calls(10, "t")
	step := casework.ImportStep{Upto: 5, Invalid: 1, Problems: []casework.RowError{{Row: 3, Class: "bad_date"}}}
	have[casework.BatchResult](t)(s.ImportTouchpoints(t.Context(), "im-1", step, batch[:4]))
	_, err := s.ImportTouchpoints(t.Context(), "im-1", step, batch[4:8])
	kind(t, err, casework.Conflict) // row 5 is behind it
	if n := have[int](t)(s.CountTouchpoints(t.Context(), casework.Scope{})); n != 4 {
		t.Fatalf("the refused step left %d touchpoints, want 4", n)
	}
	must(t, s.EndImport(t.Context(), "im-1", "interrupted", noon, nil))
	found := have[casework.ImportRun](t)(s.UnfinishedImport(t.Context(), "touchpoints", "ab"))
	resumed := have[casework.ImportRun](t)(s.ResumeImport(t.Context(), found.ID))
	if resumed.Rows != 5 || resumed.ResumeFrom != 5 || resumed.Status != "running" {
		t.Fatalf("resumed as %+v", resumed)
	}
	have[casework.BatchResult](t)(s.ImportTouchpoints(t.Context(), "im-1", casework.ImportStep{Upto: 12}, batch[2:]))
	must(t, s.EndImport(t.Context(), "im-1", "done", noon, nil))
	done := have[casework.ImportRun](t)(s.Import(t.Context(), "im-1"))
	if done.Rows != 12 || done.Added != 10 || done.Unchanged != 2 || done.Invalid != 1 || len(done.Problems) != 1 {
		t.Errorf("ended as %+v", done)
	}
	_, err = s.ResumeImport(t.Context(), "im-1")
	kind(t, err, casework.Conflict)
	_, err = s.ResumeImport(t.Context(), "im-9")
	kind(t, err, casework.NotFound)
	kind(t, s.EndImport(t.Context(), "im-1", "done", noon, nil), casework.Conflict)
	_, err = s.UnfinishedImport(t.Context(), "touchpoints", "ab")
	kind(t, err, casework.NotFound)
}

func TestAnImportKeepsOnlyItsFirstRowErrors(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	must(t, s.StartImport(t.Context(), casework.ImportRun{ID: "im-1", Kind: "customers", File: "c.csv", StartedBy: "u1", StartedAt: noon}))
	for i := range 3 {
		step := casework.ImportStep{Upto: (i + 1) * 400, Invalid: 400, Problems: make([]casework.RowError, 400)}
		have[casework.BatchResult](t)(s.ImportCustomers(t.Context(), "im-1", step, nil))
	}
	run := have[casework.ImportRun](t)(s.Import(t.Context(), "im-1"))
	if run.Invalid != 1200 || len(run.Problems) != casework.MaxRowErrors {
		t.Errorf("%d invalid, %d kept", run.Invalid, len(run.Problems))
	}
}

func TestImportsAreListedTheLatestFirst(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	for i := range 3 {
		must(t, s.StartImport(t.Context(), casework.ImportRun{ID: "im-" + itoa(i), Kind: "orgs", File: "o.csv", StartedBy: "u1", StartedAt: noon}))
	}
	page := have[casework.Listing[casework.ImportRun]](t)(s.Imports(t.Context(), casework.PageRequest{Limit: 2}))
	if len(page.Rows) != 2 || page.Rows[0].ID != "im-00002" || page.Next == "" {
		t.Errorf("got %+v", page)
	}
}
