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

// previewRows is how many rows a preview shows.
const previewRows = 20

// Run imports a file, or says what is wrong with it. The same file again goes
// on where an interrupted import stopped, or changes nothing. The run comes
// back with the first row errors even where the error says that it was refused.
func Run(ctx context.Context, records Records, r Request, now func() time.Time) (casework.ImportRun, error) {
	mapping, err := ParseMapping(r.Kind, r.Mapping)
	if err != nil {
		return casework.ImportRun{}, err
	}
	if _, err := newTaker(r.Kind, mapping, now(), records); err != nil {
		return casework.ImportRun{}, err
	}
	j := &job{Request: r, records: records, mapping: mapping, now: now}
	if j.Name == "" {
		j.Name = filepath.Base(r.File)
	}
	if j.sum, err = fileSum(r.File); err != nil {
		return casework.ImportRun{}, err
	}
	checked, err := j.check(ctx)
	if err != nil {
		return checked, err
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
	sum     string
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
	header := s.columns()
	if header == nil {
		return s, nil
	}
	var absent []string
	for _, field := range needed[j.Kind] {
		if j.mapping.Defaults[field] == "" && !slices.Contains(header, j.mapping.column(field)) &&
			(field != "text" || !slices.Contains(header, j.mapping.column("turns"))) {
			absent = append(absent, j.mapping.column(field))
		}
	}
	if len(absent) > 0 {
		return nil, errors.Join(casework.Errorf(casework.Invalid, "the file lacks the columns %s; name them in the header, or map other names to them", strings.Join(absent, ", ")).
			InChinese("文件缺少列：%s。请在表头中补充，或用映射文件对应", strings.Join(absent, "、")).WithCode("field:file"), s.Close())
	}
	return s, nil
}

// check reads the whole file and counts what is wrong with it.
func (j *job) check(ctx context.Context) (run casework.ImportRun, err error) {
	run = casework.ImportRun{ID: newRunID(), Kind: j.Kind, File: j.Name, SHA256: j.sum, DryRun: j.DryRun, StartedBy: j.By, StartedAt: j.now()}
	t, err := newTaker(j.Kind, j.mapping, j.now(), j.records)
	if err != nil {
		return run, err
	}
	s, err := j.open()
	if err != nil {
		return run, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
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
		if len(run.Preview) < previewRows {
			run.Preview = append(run.Preview, sample(r))
		}
		if wrong := readRow(t, r); wrong != nil {
			run.Invalid++
			if len(run.Problems) < casework.MaxRowErrors {
				run.Problems = append(run.Problems, *wrong)
			}
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

// sample is a row as a preview shows it.
func sample(r row) casework.RowSample {
	if r.cells != nil {
		return casework.RowSample(r.cells)
	}
	text := []rune(string(r.json))
	return casework.RowSample{"json": string(text[:min(len(text), 400)])}
}

// report records a dry run, or a file that was refused, and says so.
func (j *job) report(ctx context.Context, run casework.ImportRun) (casework.ImportRun, error) {
	if err := j.records.StartImport(ctx, run); err != nil {
		return run, err
	}
	if run.DryRun {
		if err := j.records.SetImportCounts(ctx, run); err != nil {
			return run, err
		}
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

// load takes the rows in.
func (j *job) load(ctx context.Context, total int) (casework.ImportRun, error) {
	run, err := j.begin(ctx)
	if err != nil {
		return run, err
	}
	if j.Begun != nil {
		j.Begun(run)
	}
	problems, err := j.take(ctx, run, total)
	status := "done"
	if err != nil {
		status = "interrupted"
		ctx = context.WithoutCancel(ctx)
	}
	if ending := j.records.EndImport(ctx, run.ID, status, j.now(), problems); ending != nil {
		return run, errors.Join(err, ending)
	}
	if err != nil {
		return run, err
	}
	return j.records.Import(ctx, run.ID)
}

// begin starts a run, or takes up the one of the same file that was cut off.
func (j *job) begin(ctx context.Context) (casework.ImportRun, error) {
	cut, err := j.records.UnfinishedImport(ctx, j.Kind, j.sum)
	switch casework.KindOf(err) {
	case casework.NotFound:
		run := casework.ImportRun{ID: newRunID(), Kind: j.Kind, File: j.Name, SHA256: j.sum, Status: "running", StartedBy: j.By, StartedAt: j.now()}
		return run, j.records.StartImport(ctx, run)
	default:
		if err != nil {
			return cut, err
		}
	}
	return j.records.ResumeImport(ctx, cut.ID)
}

// take reads the rows behind those that are done and saves them by batches.
// It gives the conflicts, which the database found.
func (j *job) take(ctx context.Context, run casework.ImportRun, total int) (conflicts []casework.RowError, err error) {
	t, err := newTaker(j.Kind, j.mapping, j.now(), j.records)
	if err != nil {
		return nil, err
	}
	s, err := j.open()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()

	step, rows := casework.ImportStep{Upto: run.Rows}, 0
	flush := func() error {
		if step.Upto == run.Rows && t.held() == 0 && step.Invalid == 0 {
			return nil
		}
		result, err := t.save(ctx, run.ID, step)
		if err != nil {
			return err
		}
		for _, i := range result.Conflicts {
			if len(conflicts) < casework.MaxRowErrors {
				conflicts = append(conflicts, conflict(t.rowOf(i)))
			}
		}
		t.drop()
		run.Rows, step.Invalid, step.Problems = step.Upto, 0, nil
		j.tell("importing", rows, total)
		return nil
	}
	for {
		r, err := s.next()
		if errors.Is(err, io.EOF) {
			return conflicts, flush()
		}
		if err != nil {
			return conflicts, err
		}
		rows++
		if r.number <= run.Rows && t.held() == 0 && step.Upto == run.Rows {
			continue // done before the import was cut off
		}
		step.Upto = r.number
		if wrong := readRow(t, r); wrong != nil {
			step.Invalid++
			step.Problems = append(step.Problems, *wrong)
		}
		if t.held()+step.Invalid >= batchRows {
			if err := flush(); err != nil {
				return conflicts, err
			}
		}
	}
}

func conflict(number int) casework.RowError {
	return *problem(number, "id", classConflict, "a record with this id and other content is there already; it was left as it is",
		"已有相同编号但内容不同的记录，原记录保持不变", "give the new record an id of its own, or leave it out", "请为新记录使用新的编号，或去掉该行")
}

// newRunID makes an id for an import.
func newRunID() string {
	var b [8]byte
	rand.Read(b[:]) // never fails, by its contract
	return fmt.Sprintf("imp-%x", b)
}
