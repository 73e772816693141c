package consoletest

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"xiaobao/casework"
	"xiaobao/desk"
	"xiaobao/web/console"
)

// Imports lists imports.
func (d *Desk) Imports(_ context.Context, _ casework.User, p casework.PageRequest) (casework.Listing[casework.ImportRun], error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return page(d.imports, p), nil
}

// Import is one import; of a dry run the file is read again, as the desk does
// it: a database keeps no preview.
func (d *Desk) Import(_ context.Context, _ casework.User, id string) (casework.ImportRun, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	run, err := find(d.imports, "import", func(r casework.ImportRun) bool { return r.ID == id })
	if err != nil || !run.DryRun {
		return run, err
	}
	content, kept := d.kept[id]
	if !kept {
		run.FileGone = true
		return run, nil
	}
	lines, err := csv.NewReader(strings.NewReader(string(content))).ReadAll()
	if err != nil || len(lines) == 0 {
		return run, err
	}
	for _, name := range lines[0] {
		column := casework.ImportColumn{Name: name}
		for _, f := range d.ImportFields(run.Kind) {
			if f.Name == name {
				column.Field = name
			}
		}
		run.Columns = append(run.Columns, column)
	}
	for _, line := range lines[1:] {
		row := casework.RowSample{}
		for i, cell := range line {
			row[lines[0][i]] = cell
		}
		run.Preview = append(run.Preview, row)
	}
	return run, nil
}

// ImportFields are what the real desk can import.
func (d *Desk) ImportFields(kind string) []casework.ImportField {
	return (&desk.Desk{}).ImportFields(kind)
}

// ImportTemplate is the real desk's.
func (d *Desk) ImportTemplate(kind string) []byte { return (&desk.Desk{}).ImportTemplate(kind) }

// DryRunImport counts the bytes of a file, and takes nothing in.
func (d *Desk) DryRunImport(_ context.Context, u casework.User, r console.ImportRequest) (casework.ImportRun, error) {
	content, err := io.ReadAll(r.Content)
	if err != nil {
		return casework.ImportRun{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	run := casework.ImportRun{ID: fmt.Sprintf("m-%d", len(d.imports)+1), Kind: r.Kind, File: r.File, Status: "done", DryRun: true, StartedBy: u.ID, StartedAt: Now, Rows: len(content)}
	d.kept[run.ID] = content
	return run, d.record(run)
}

// record keeps an import as a database would: what is not in its JSON is lost.
func (d *Desk) record(run casework.ImportRun) error {
	text, err := json.Marshal(run)
	if err != nil {
		return err
	}
	var kept casework.ImportRun
	if err := json.Unmarshal(text, &kept); err != nil {
		return err
	}
	d.imports = append(d.imports, kept)
	return nil
}

// RunImport takes a file in that was read before, as a run of its own.
func (d *Desk) RunImport(_ context.Context, u casework.User, id string, skipInvalid bool) (casework.ImportRun, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	seen, err := find(d.imports, "import", func(r casework.ImportRun) bool { return r.ID == id })
	if err != nil {
		return seen, err
	}
	if _, kept := d.kept[id]; !kept {
		return seen, casework.Errorf(casework.NotFound, "the file of import %s is not here any more; hand it in again", id).InChinese("文件已不在服务器上，请重新上传")
	}
	if seen.Invalid > 0 && !skipInvalid {
		return seen, casework.Errorf(casework.Invalid, "%d rows are wrong", seen.Invalid).InChinese("有 %d 行有误，请修正后重传，或勾选跳过", seen.Invalid)
	}
	delete(d.kept, id)
	run := seen
	run.ID, run.DryRun, run.StartedBy, run.StartedAt = fmt.Sprintf("m-%d", len(d.imports)+1), false, u.ID, Now
	return run, d.record(run)
}
