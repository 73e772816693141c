package desk

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"xiaobao/casework"
	"xiaobao/importing"
)

// An ImportRequest is a file that somebody hands in.
type ImportRequest struct {
	Kind    string // touchpoints, customers, staff, orgs
	File    string // what they call it
	Content io.Reader
	Mapping []byte // YAML; empty: columns have our names
}

// maxUpload bounds a file handed in through the console, in bytes. Larger
// ones go through the command line.
const maxUpload = 512 << 20

// mayImport refuses users who may not import a kind of file. Files change the
// records of the whole institution, so the head office brings them in; units
// decide who sees what, so they are for those who manage users. No kind is any
// kind.
func (d *Desk) mayImport(ctx context.Context, u casework.User, kind string) error {
	if err := u.Permit(casework.ImportData); err != nil {
		return err
	}
	if kind == "orgs" {
		if err := u.Permit(casework.ManageUsers); err != nil {
			return err
		}
	}
	within, err := d.within(ctx, u)
	if err == nil && within != nil {
		return casework.Errorf(casework.Denied, "files are imported by the head office").
			InChinese("数据由总部统一导入，请联系总部办理").WithCode("head_office_only")
	}
	return err
}

// Imports lists imports, the newest first.
func (d *Desk) Imports(ctx context.Context, u casework.User, p casework.PageRequest) (casework.Listing[casework.ImportRun], error) {
	if err := d.mayImport(ctx, u, ""); err != nil {
		return casework.Listing[casework.ImportRun]{}, err
	}
	return d.Records.Imports(ctx, p)
}

// Import is one import with its row errors, and, while nothing of it is taken
// in, a preview of its file.
func (d *Desk) Import(ctx context.Context, u casework.User, id string) (casework.ImportRun, error) {
	if err := d.mayImport(ctx, u, ""); err != nil {
		return casework.ImportRun{}, err
	}
	run, err := d.Records.Import(ctx, id)
	if err != nil || !run.DryRun {
		return run, err
	}
	return run, d.preview(&run)
}

// ImportFile imports a file of this machine, for the command line.
func (d *Desk) ImportFile(ctx context.Context, u casework.User, r importing.Request) (casework.ImportRun, error) {
	if err := d.beginImport(ctx, u, r.Kind, r.DryRun, r.SkipInvalid); err != nil {
		return casework.ImportRun{}, err
	}
	r.By, r.Name = u.ID, baseName(r.File)
	return importing.Run(ctx, d.Records, r, d.now)
}

// beginImport checks who imports what, and audits it.
func (d *Desk) beginImport(ctx context.Context, u casework.User, kind string, dryRun, skipInvalid bool) error {
	if importing.Fields(kind) == nil {
		return casework.Errorf(casework.Invalid, "choose what to import: %s", strings.Join(importing.Kinds(), ", ")).
			InChinese("请选择要导入的数据类型").WithCode("field:kind")
	}
	if err := d.mayImport(ctx, u, kind); err != nil {
		return err
	}
	return d.audit(ctx, u, "import.file", "import/"+kind, map[string]any{"dry_run": dryRun, "skip_invalid": skipInvalid})
}

// DryRunImport keeps a file, finds everything wrong with it, and gives a
// preview. RunImport then takes its rows in.
func (d *Desk) DryRunImport(ctx context.Context, u casework.User, r ImportRequest) (casework.ImportRun, error) {
	if err := d.beginImport(ctx, u, r.Kind, true, false); err != nil {
		return casework.ImportRun{}, err
	}
	kept, err := d.keep(r)
	if err != nil {
		return casework.ImportRun{}, err
	}
	run, err := importing.Run(ctx, d.Records, importing.Request{
		Kind: r.Kind, File: kept, Name: baseName(r.File), Mapping: r.Mapping, DryRun: true, By: u.ID,
	}, d.now)
	if err == nil {
		err = os.WriteFile(d.keptFile(run)+mappingEnding, r.Mapping, 0o600)
	}
	if err == nil {
		err = os.Rename(kept, d.keptFile(run))
	}
	if err != nil {
		return run, errors.Join(err, os.Remove(kept))
	}
	return run, d.preview(&run)
}

// mappingEnding is what a file's mapping adds to its name.
const mappingEnding = ".mapping"

// keptFile is where the file of an import waits, by its content and mapping.
// Nothing of the name that people gave it gets into the path.
func (d *Desk) keptFile(run casework.ImportRun) string {
	return filepath.Join(d.importsDir(), run.Kind+"-"+run.SHA256+run.MappingSHA256+ending(run.File))
}

func (d *Desk) importsDir() string { return filepath.Join(d.Home, "imports") }

// ending is the ending of a file's name, if it says what is in the file.
func ending(name string) string {
	known := strings.ToLower(filepath.Ext(name))
	if slices.Contains([]string{".jsonl", ".ndjson", ".json", ".csv", ".tsv", ".txt", ".xlsx"}, known) {
		return known
	}
	return ""
}

// baseName is what people called a file, without folders and fit to be shown.
func baseName(name string) string {
	name = strings.ToValidUTF8(name[strings.LastIndexAny(name, `/\`)+1:], "")
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, name)
	if name == "" {
		return "file"
	}
	if runes := []rune(name); len(runes) > 120 {
		name = string(runes[:100]) + ending(name)
	}
	return name
}

// keep writes an upload to disk, bounded.
func (d *Desk) keep(r ImportRequest) (string, error) {
	if err := os.MkdirAll(d.importsDir(), 0o700); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(d.importsDir(), "upload-*"+ending(r.File))
	if err != nil {
		return "", err
	}
	n, err := io.Copy(f, io.LimitReader(r.Content, maxUpload+1))
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil && n > maxUpload {
		err = casework.Errorf(casework.Invalid, "the file is larger than 512 MiB; import it with \"xiaobao import\"").
			InChinese("文件超过 512 MiB，请由管理员使用命令行导入").WithCode("field:file")
	}
	if err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}

// RunImport takes the rows of a file in that a dry run has looked at. It
// comes back as soon as that is under way; Import tells how far it is.
func (d *Desk) RunImport(ctx context.Context, u casework.User, id string, skipInvalid bool) (casework.ImportRun, error) {
	if err := d.mayImport(ctx, u, ""); err != nil {
		return casework.ImportRun{}, err
	}
	seen, err := d.Records.Import(ctx, id)
	if err != nil {
		return seen, err
	}
	if err := d.mayImport(ctx, u, seen.Kind); err != nil {
		return casework.ImportRun{}, err
	}
	if err := d.audit(ctx, u, "import.run", "import/"+id, map[string]any{"kind": seen.Kind, "sha256": seen.SHA256, "skip_invalid": skipInvalid}); err != nil {
		return seen, err
	}
	return d.load(context.WithoutCancel(ctx), seen, u.ID, skipInvalid)
}

// load runs an import of a kept file in the background, and gives the run
// once it has begun or failed.
func (d *Desk) load(ctx context.Context, seen casework.ImportRun, by casework.Actor, skipInvalid bool) (casework.ImportRun, error) {
	file := d.keptFile(seen)
	mapping, err := os.ReadFile(file + mappingEnding)
	if errors.Is(err, os.ErrNotExist) {
		return seen, casework.Errorf(casework.NotFound, "the file of import %s is not here any more; hand it in again", seen.ID).
			InChinese("文件已不在服务器上，请重新上传").WithCode("file_gone")
	}
	if err != nil {
		return seen, err
	}
	type outcome struct {
		run casework.ImportRun
		err error
	}
	begun := make(chan outcome, 2)
	go func() {
		run, err := importing.Run(ctx, d.Records, importing.Request{
			Kind: seen.Kind, File: file, Name: seen.File, Mapping: mapping, SkipInvalid: skipInvalid, By: by,
			Begun: func(run casework.ImportRun) { begun <- outcome{run: run} },
		}, d.now)
		if err != nil {
			d.Log.Warn("an import stopped", "import", run.ID, "kind", casework.KindOf(err))
		} else if gone := errors.Join(os.Remove(file), os.Remove(file+mappingEnding)); gone != nil {
			d.Log.Warn("the file of an import could not be removed", "import", run.ID, "error", gone)
		}
		begun <- outcome{run, err}
	}()
	first := <-begun
	return first.run, first.err
}

// keptFor is how long a file waits that was handed in and never imported.
const keptFor = 7 * 24 * time.Hour

// ResumeImports goes on with the imports that the console had under way when
// it went down, and removes files that nobody came back for. The console calls
// it once when it starts.
func (d *Desk) ResumeImports(ctx context.Context) error {
	list, err := d.Records.Imports(ctx, casework.PageRequest{Limit: pageSize})
	if err != nil {
		return err
	}
	var failed []error
	inUse := map[string]bool{}
	for _, run := range list.Rows {
		if run.DryRun || run.Status != "running" && run.Status != "interrupted" {
			continue
		}
		if _, err := os.Stat(d.keptFile(run)); err != nil {
			continue // it came from the command line, which resumes its own
		}
		inUse[filepath.Base(d.keptFile(run))], inUse[filepath.Base(d.keptFile(run))+mappingEnding] = true, true
		// Rows that are invalid were found before it began, and left out.
		if _, err := d.load(ctx, run, run.StartedBy, true); err != nil {
			failed = append(failed, err)
		}
	}
	return errors.Join(append(failed, d.sweepImports(inUse))...)
}

// sweepImports removes the files that nobody came back for.
func (d *Desk) sweepImports(inUse map[string]bool) error {
	entries, err := os.ReadDir(d.importsDir())
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	failed := []error{err}
	for _, entry := range entries {
		info, err := entry.Info()
		if err == nil && !inUse[entry.Name()] && d.now().Sub(info.ModTime()) > keptFor {
			err = os.Remove(filepath.Join(d.importsDir(), entry.Name()))
		}
		if !errors.Is(err, os.ErrNotExist) { // somebody else was faster
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}
