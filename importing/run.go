package importing

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"xiaobao/casework"
)

// A Request is a file to import.
type Request struct {
	Kind        string // touchpoints, customers, staff, orgs
	File        string // path
	Name        string // what people call the file; empty: its base name
	Mapping     []byte // YAML; empty: columns have our names
	DryRun      bool   // find what is wrong, take nothing in
	SkipInvalid bool   // take the valid rows in and leave the others out
	By          casework.Actor
	Progress    func(phase string, rows, of int) // may be nil; phase is "checking" or "importing"
	Begun       func(casework.ImportRun)         // may be nil; called when the first row is about to go in
}

// batchRows is how many records go into one transaction.
const batchRows = 2000

// Run imports a file, or says what is wrong with it. The same file again goes
// on where an interrupted import stopped, or changes nothing. The run comes
// back with the first row errors even where the error says that it was refused.
func Run(ctx context.Context, records Records, r Request, now func() time.Time) (casework.ImportRun, error) {
	mapping, err := ParseMapping(r.Kind, r.Mapping)
	if err != nil {
		return casework.ImportRun{}, err
	}
	if _, err := newTaker(r.Kind, mapping, now(), records, nil); err != nil {
		return casework.ImportRun{}, err
	}
	j := &job{Request: r, records: records, mapping: mapping, now: now}
	if j.Name == "" {
		j.Name = filepath.Base(r.File)
	}
	if len(r.Mapping) > 0 {
		sum := sha256.Sum256(r.Mapping)
		j.mapped = hex.EncodeToString(sum[:])
	}
	if j.sum, err = fileSum(r.File); err != nil {
		return casework.ImportRun{}, err
	}
	if j.units, err = knownUnits(ctx, records); err != nil {
		return casework.ImportRun{}, err
	}
	checked, err := j.check(ctx)
	if err != nil {
		return casework.ImportRun{}, err
	}
	if r.DryRun || checked.Invalid > 0 && !r.SkipInvalid {
		return j.report(ctx, checked)
	}
	return j.load(ctx, checked.Rows)
}

// A job is one import under way.
type job struct {
	Request
	records Records
	mapping Mapping
	now     func() time.Time
	sum     string // SHA-256 of the file
	mapped  string // SHA-256 of the mapping; empty if there is none
	units   map[string]bool
}

// knownUnits are the ids of the units on record.
func knownUnits(ctx context.Context, records Records) (map[string]bool, error) {
	orgs, err := records.Orgs(ctx)
	if err != nil {
		return nil, err
	}
	known := make(map[string]bool, len(orgs))
	for _, org := range orgs {
		known[org.ID] = true
	}
	return known, nil
}

// newRun is a run of this job that is about to begin.
func (j *job) newRun() casework.ImportRun {
	return casework.ImportRun{
		ID: newRunID(), Kind: j.Kind, File: j.Name, SHA256: j.sum, MappingSHA256: j.mapped,
		Status: "running", DryRun: j.DryRun, StartedBy: j.By, StartedAt: j.now(),
	}
}

func (j *job) tell(phase string, rows, of int) {
	if j.Progress != nil {
		j.Progress(phase, rows, of)
	}
}

// fileSum is the SHA-256 of a file.
func fileSum(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", casework.Errorf(casework.NotFound, "the file %s cannot be opened", filepath.Base(name)).
			InChinese("无法打开文件 %s", filepath.Base(name)).Because(err)
	}
	h := sha256.New()
	_, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), errors.Join(err, f.Close())
}

// open opens the file and checks that a table has the columns it needs.
func (j *job) open() (source, error) {
	s, err := openSource(j.File)
	if err != nil {
		return nil, err
	}
	j.mapping = j.mapping.titled(j.Kind, s.columns())
	if err := j.checkColumns(s.columns()); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// checkColumns refuses a table that lacks columns it needs or the mapping
// names, and a mapping for what is no table.
func (j *job) checkColumns(header []string) error {
	if header == nil {
		if j.mapping.empty() {
			return nil
		}
		return casework.Errorf(casework.Invalid, "a mapping is for tables; lines of JSON have our field names").
			InChinese("列对应文件只用于表格；JSON 行请直接使用规定的字段名").WithCode("field:mapping")
	}
	absent := j.mapping.absent(j.Kind, header)
	for _, f := range known[j.Kind] {
		field, column := f.Name, j.mapping.column(f.Name)
		if f.Required && j.mapping.Defaults[field] == "" && !slices.Contains(header, column) && !slices.Contains(absent, column) &&
			(field != "text" || !slices.Contains(header, j.mapping.column("turns"))) {
			absent = append(absent, column)
		}
	}
	if len(absent) == 0 {
		return nil
	}
	return casework.Errorf(casework.Invalid, "the file lacks the columns %s; name them in the header, or map other names to them", strings.Join(absent, ", ")).
		InChinese("文件缺少列：%s。请在表头中补充，或在列对应文件中写明", strings.Join(j.mapping.labels(j.Kind, absent), "、")).WithCode("field:file")
}

// check reads the whole file and counts what is wrong with it.
func (j *job) check(ctx context.Context) (run casework.ImportRun, err error) {
	run = j.newRun()
	s, err := j.open()
	if err != nil {
		return run, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	t, err := newTaker(j.Kind, j.mapping, j.now(), j.records, j.units)
	if err != nil {
		return run, err
	}
	seen := newRepeats()
	for {
		r, err := s.next()
		if errors.Is(err, io.EOF) {
			j.tell("checking", run.Rows, run.Rows)
			return run, mustHaveRows(run)
		}
		if err != nil {
			return run, err
		}
		run.Rows++
		if err := j.checkRow(&run, t, r, seen); err != nil {
			return run, err
		}
		t.drop()
		if run.Rows%1000 == 0 {
			j.tell("checking", run.Rows, 0)
			if err := ctx.Err(); err != nil {
				return run, err
			}
		}
	}
}

// checkRow counts what is wrong with a row.
func (j *job) checkRow(run *casework.ImportRun, t taker, r row, seen *repeats) error {
	wrong := readRow(t, r)
	if wrong != nil {
		run.Invalid++
	} else {
		var err error
		if wrong, err = j.repeated(seen, t); err != nil {
			return err
		}
		if wrong != nil {
			run.Conflicts++
		}
	}
	if wrong != nil && len(run.Problems) < casework.MaxRowErrors {
		run.Problems = append(run.Problems, j.mapping.named(j.Kind, *wrong))
	}
	return nil
}

func mustHaveRows(run casework.ImportRun) error {
	if run.Rows > 0 {
		return nil
	}
	return casework.Errorf(casework.Invalid, "the file has no rows").InChinese("文件中没有数据行").WithCode("field:file")
}

func readRow(t taker, r row) *casework.RowError {
	if r.wrong != nil {
		return r.wrong
	}
	return t.read(r)
}

// report records a dry run, or a file that was refused, and says so.
func (j *job) report(ctx context.Context, run casework.ImportRun) (casework.ImportRun, error) {
	if err := j.records.StartImport(ctx, run); err != nil {
		return run, err
	}
	if err := j.records.SetImportCounts(ctx, run); err != nil {
		return run, err
	}
	status := "done"
	if !run.DryRun {
		status = "refused"
	}
	ended := j.now()
	if err := j.records.EndImport(ctx, run.ID, status, ended, run.Problems); err != nil {
		return run, err
	}
	run.Status, run.EndedAt = status, &ended
	if run.DryRun {
		return run, nil
	}
	return run, casework.Errorf(casework.Invalid, "%d of %d rows are invalid, so nothing was imported; mend them, or ask to skip invalid rows", run.Invalid, run.Rows).
		InChinese("%d 行中有 %d 行无效，未导入任何数据。请修正后重试，或选择跳过无效行", run.Rows, run.Invalid).WithCode("invalid_rows")
}

// load takes the rows in. Nobody else imports the same file meanwhile.
func (j *job) load(ctx context.Context, total int) (run casework.ImportRun, err error) {
	release, err := j.records.HoldImport(ctx, j.Kind, j.sum)
	if err != nil {
		return run, err
	}
	defer func() { err = errors.Join(err, release()) }()
	if run, err = j.begin(ctx); err != nil {
		return run, err
	}
	if j.Begun != nil {
		j.Begun(run)
	}
	taking := j.take(ctx, run, total)
	ctx = context.WithoutCancel(ctx) // how it ended is written down even when nobody waits any more
	status := "done"
	if taking != nil {
		status = "interrupted"
	}
	if err := j.records.EndImport(ctx, run.ID, status, j.now(), nil); err != nil || taking != nil {
		return run, errors.Join(taking, err)
	}
	return j.records.Import(ctx, run.ID)
}

// begin starts a run, or takes up the one of the same file with the same
// mapping that was cut off.
func (j *job) begin(ctx context.Context) (casework.ImportRun, error) {
	cut, err := j.records.UnfinishedImport(ctx, j.Kind, j.sum)
	if err != nil && casework.KindOf(err) != casework.NotFound {
		return cut, err
	}
	if err == nil && cut.MappingSHA256 == j.mapped {
		return j.records.ResumeImport(ctx, cut.ID)
	}
	run := j.newRun()
	return run, j.records.StartImport(ctx, run)
}

// take reads the rows behind those that are done and saves them by batches.
func (j *job) take(ctx context.Context, run casework.ImportRun, total int) (err error) {
	s, err := j.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	t, err := newTaker(j.Kind, j.mapping, j.now(), j.records, j.units)
	if err != nil {
		return err
	}

	done := run.Rows // in an earlier attempt
	step := casework.ImportStep{Conflict: func(i int) casework.RowError {
		return j.mapping.named(j.Kind, conflict(j.mapping, t.rowOf(i)))
	}}
	flush := func() error {
		if _, err := t.save(ctx, run.ID, step); err != nil {
			return err
		}
		t.drop()
		step.Invalid, step.Problems = 0, nil
		j.tell("importing", step.Upto, total)
		return nil
	}
	for {
		r, err := s.next()
		if errors.Is(err, io.EOF) {
			if t.held()+step.Invalid == 0 {
				return nil
			}
			return flush()
		}
		if err != nil {
			return err
		}
		if step.Upto++; step.Upto <= done {
			continue
		}
		if wrong := readRow(t, r); wrong != nil {
			step.Invalid++
			step.Problems = append(step.Problems, j.mapping.named(j.Kind, *wrong))
		}
		if t.held()+step.Invalid >= batchRows {
			if err := flush(); err != nil {
				return err
			}
		}
	}
}

// conflict is the problem of a row whose id the database knows otherwise.
func conflict(m Mapping, number int) casework.RowError {
	return *problem(number, m.column("id"), classConflict, "a record with this id and other content is there already; it was left as it is",
		"已有相同编号但内容不同的记录，原记录保持不变", "give the new record an id of its own, or leave it out", "请为新记录使用新的编号，或去掉该行")
}

// newRunID makes an id for an import.
func newRunID() string {
	var b [8]byte
	rand.Read(b[:]) // never fails, by its contract
	return fmt.Sprintf("imp-%x", b)
}
