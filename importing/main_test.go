package importing_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/importing"
	"xiaobao/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// noon is now, for every import in these tests.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, casework.Beijing)

func now() time.Time { return noon }

// memory keeps imports where a database adds nothing.
type memory struct {
	sync.Mutex
	touchpoints []casework.Touchpoint
	customers   []casework.Customer
	staff       []casework.Staff
	orgs        []casework.Org
	runs        map[string]casework.ImportRun
}

func newMemory() *memory { return &memory{runs: map[string]casework.ImportRun{}} }

func (m *memory) HoldImport(context.Context, string, string) (func() error, error) {
	return func() error { return nil }, nil
}

func (m *memory) Orgs(context.Context) ([]casework.Org, error) {
	return []casework.Org{{ID: "HQ", Name: "总部", Kind: "head_office"}, {ID: "b1", Name: "分行", Kind: "branch"}}, nil
}

func (m *memory) StartImport(_ context.Context, run casework.ImportRun) error {
	m.runs[run.ID] = run
	return nil
}

func (m *memory) UnfinishedImport(context.Context, string, string) (casework.ImportRun, error) {
	return casework.ImportRun{}, casework.Errorf(casework.NotFound, "none")
}

func (m *memory) ResumeImport(_ context.Context, id string) (casework.ImportRun, error) {
	return m.runs[id], nil
}

func (m *memory) SetImportCounts(_ context.Context, run casework.ImportRun) error {
	m.runs[run.ID] = run
	return nil
}

func (m *memory) EndImport(_ context.Context, id, status string, at time.Time, problems []casework.RowError) error {
	run := m.runs[id]
	run.Status, run.EndedAt, run.Problems = status, &at, append(run.Problems, problems...)
	m.runs[id] = run
	return nil
}

func (m *memory) Import(_ context.Context, id string) (casework.ImportRun, error) {
	return m.runs[id], nil
}

func (m *memory) step(id string, step casework.ImportStep, rows int) (casework.BatchResult, error) {
	run := m.runs[id]
	run.Rows, run.Added, run.Invalid = step.Upto, run.Added+rows, run.Invalid+step.Invalid
	run.Problems = append(run.Problems, step.Problems...)
	m.runs[id] = run
	return casework.BatchResult{Added: rows}, nil
}

func (m *memory) ImportTouchpoints(_ context.Context, run string, step casework.ImportStep, batch []casework.Touchpoint) (casework.BatchResult, error) {
	m.touchpoints = append(m.touchpoints, batch...)
	return m.step(run, step, len(batch))
}

func (m *memory) ImportCustomers(_ context.Context, run string, step casework.ImportStep, batch []casework.Customer) (casework.BatchResult, error) {
	m.customers = append(m.customers, batch...)
	return m.step(run, step, len(batch))
}

func (m *memory) ImportStaff(_ context.Context, run string, step casework.ImportStep, batch []casework.Staff) (casework.BatchResult, error) {
	m.staff = append(m.staff, batch...)
	return m.step(run, step, len(batch))
}

func (m *memory) ImportOrgs(_ context.Context, run string, step casework.ImportStep, batch []casework.Org) (casework.BatchResult, error) {
	m.orgs = append(m.orgs, batch...)
	return m.step(run, step, len(batch))
}

// file writes a file and gives its path.
func file(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// run imports content as touchpoints, unless r says otherwise.
func run(t testing.TB, name, content string, r importing.Request) (*memory, casework.ImportRun, error) {
	t.Helper()
	m := newMemory()
	r.File = file(t, name, content)
	if r.Kind == "" {
		r.Kind = "touchpoints"
	}
	result, err := importing.Run(t.Context(), m, r, now)
	return m, result, err
}

// taken is run for files that go in whole.
func taken(t testing.TB, name, content string, r importing.Request) *memory {
	t.Helper()
	m, result, err := run(t, name, content, r)
	if err != nil {
		t.Fatalf("%v: %+v", err, result.Problems)
	}
	return m
}

// refused is run for files of which nothing goes in. It gives the problems as
// "row column class".
func refused(t testing.TB, name, content string, r importing.Request) (problems []string, err error) {
	t.Helper()
	m, result, err := run(t, name, content, r)
	if casework.KindOf(err) != casework.Invalid {
		t.Fatalf("want it refused as invalid, got %v", err)
	}
	if n := len(m.touchpoints) + len(m.customers) + len(m.staff) + len(m.orgs); n != 0 {
		t.Errorf("%d records went in", n)
	}
	for _, p := range result.Problems {
		if p.What == "" || p.WhatZh == "" || p.Mend == "" || p.MendZh == "" {
			t.Errorf("a problem without words: %+v", p)
		}
		problems = append(problems, strings.TrimSpace(itoa(p.Row)+" "+p.Column)+" "+p.Class)
	}
	return problems, err
}

func same[T any](t testing.TB, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %.1000s\nwant %.1000s", fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want))
	}
}

func ids(touchpoints []casework.Touchpoint) []string {
	var found []string
	for _, t := range touchpoints {
		found = append(found, t.ID)
	}
	return slices.Sorted(slices.Values(found))
}
