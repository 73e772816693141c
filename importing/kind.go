package importing

import (
	"context"
	"time"

	"xiaobao/casework"
)

// Records is where imports are kept. Package store has it.
type Records interface {
	// HoldImport has nobody else import the same file until it is released or
	// this process ends; Busy if somebody does already.
	HoldImport(ctx context.Context, kind, sha256 string) (release func() error, err error)
	StartImport(ctx context.Context, run casework.ImportRun) error
	UnfinishedImport(ctx context.Context, kind, sha256 string) (casework.ImportRun, error)
	ResumeImport(ctx context.Context, id string) (casework.ImportRun, error)
	SetImportCounts(ctx context.Context, run casework.ImportRun) error
	EndImport(ctx context.Context, id, status string, at time.Time, problems []casework.RowError) error
	Import(ctx context.Context, id string) (casework.ImportRun, error)

	// Orgs are the known units.
	Orgs(ctx context.Context) ([]casework.Org, error)

	ImportTouchpoints(ctx context.Context, run string, step casework.ImportStep, batch []casework.Touchpoint) (casework.BatchResult, error)
	ImportCustomers(ctx context.Context, run string, step casework.ImportStep, batch []casework.Customer) (casework.BatchResult, error)
	ImportStaff(ctx context.Context, run string, step casework.ImportStep, batch []casework.Staff) (casework.BatchResult, error)
	ImportOrgs(ctx context.Context, run string, step casework.ImportStep, batch []casework.Org) (casework.BatchResult, error)
}

// A taker takes rows of one kind in. Read says what is wrong with a row;
// save saves the rows read since it was called last.
type taker interface {
	read(r row) *casework.RowError
	save(ctx context.Context, run string, step casework.ImportStep) (casework.BatchResult, error)
	held() int
	rowOf(i int) int // the row that the i-th held record came from
	drop()
}

// batch is a taker of any kind of record.
type batch[T any] struct {
	mapping Mapping
	now     time.Time
	parse   func(Mapping, row, time.Time) (T, *casework.RowError)
	orgOf   func(T) string  // the unit that a record names; nil: such records name none
	units   map[string]bool // known ones
	store   func(ctx context.Context, run string, step casework.ImportStep, batch []T) (casework.BatchResult, error)
	records []T
	rows    []int
}

func (b *batch[T]) read(r row) *casework.RowError {
	record, wrong := b.parse(b.mapping, r, b.now)
	if wrong != nil {
		return wrong
	}
	if b.orgOf != nil {
		if wrong := unitKnown(b.mapping, r.number, b.orgOf(record), b.units); wrong != nil {
			return wrong
		}
	}
	b.records, b.rows = append(b.records, record), append(b.rows, r.number)
	return nil
}

func (b *batch[T]) save(ctx context.Context, run string, step casework.ImportStep) (casework.BatchResult, error) {
	return b.store(ctx, run, step, b.records)
}

func (b *batch[T]) held() int       { return len(b.records) }
func (b *batch[T]) rowOf(i int) int { return b.rows[i] }
func (b *batch[T]) drop()           { b.records, b.rows = b.records[:0], b.rows[:0] }

// newTaker makes the taker for a kind; units are those that rows may name.
func newTaker(kind string, m Mapping, now time.Time, r Records, units map[string]bool) (taker, error) {
	switch kind {
	case "touchpoints":
		return &batch[casework.Touchpoint]{
			mapping: m, now: now, parse: touchpoint, store: r.ImportTouchpoints,
			orgOf: func(t casework.Touchpoint) string { return t.OrgID }, units: units,
		}, nil
	case "customers":
		return &batch[casework.Customer]{mapping: m, now: now, parse: customer, store: r.ImportCustomers}, nil
	case "staff":
		return &batch[casework.Staff]{
			mapping: m, now: now, parse: staff, store: r.ImportStaff,
			orgOf: func(s casework.Staff) string { return s.OrgID }, units: units,
		}, nil
	case "orgs":
		return &batch[casework.Org]{mapping: m, now: now, parse: unit, store: r.ImportOrgs}, nil
	}
	return nil, casework.Errorf(casework.Invalid, "there is nothing called %q to import; use touchpoints, customers, staff or orgs", kind).
		InChinese("不支持导入“%s”", kind).WithCode("field:kind")
}
