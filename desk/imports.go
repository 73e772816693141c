package desk

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"xiaobao/casework"
	"xiaobao/importing"
	"xiaobao/privacy"
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

// Imports lists imports, the newest first.
func (d *Desk) Imports(ctx context.Context, u casework.User, p casework.PageRequest) (casework.Listing[casework.ImportRun], error) {
	if err := u.Permit(casework.ImportData); err != nil {
		return casework.Listing[casework.ImportRun]{}, err
	}
	return d.Records.Imports(ctx, p)
}

// Import is one import with its row errors.
func (d *Desk) Import(ctx context.Context, u casework.User, id string) (casework.ImportRun, error) {
	if err := u.Permit(casework.ImportData); err != nil {
		return casework.ImportRun{}, err
	}
	return d.Records.Import(ctx, id)
}

// DryRunImport keeps a file, finds everything wrong with it, and gives a
// preview. RunImport then takes its rows in.
func (d *Desk) DryRunImport(ctx context.Context, u casework.User, r ImportRequest) (casework.ImportRun, error) {
	if err := u.Permit(casework.ImportData); err != nil {
		return casework.ImportRun{}, err
	}
	kept, err := d.keep(r)
	if err != nil {
		return casework.ImportRun{}, err
	}
	run, err := importing.Run(ctx, d.Records, importing.Request{
		Kind: r.Kind, File: kept, Name: filepath.Base(r.File), Mapping: r.Mapping, DryRun: true, By: u.ID,
	}, d.now)
	if err != nil {
		return run, errors.Join(err, os.Remove(kept))
	}
	for _, row := range run.Preview {
		for column, text := range row {
			row[column] = privacy.Mask(text)
		}
	}
	if err := os.WriteFile(d.keptFile(run)+".mapping", r.Mapping, 0o600); err != nil {
		return run, err
	}
	return run, os.Rename(kept, d.keptFile(run))
}

// keptFile is where the file of an import waits, by its content.
func (d *Desk) keptFile(run casework.ImportRun) string {
	return filepath.Join(d.Home, "imports", run.Kind+"-"+run.SHA256+filepath.Ext(run.File))
}

// keep writes an upload to disk, bounded.
func (d *Desk) keep(r ImportRequest) (string, error) {
	dir := filepath.Join(d.Home, "imports")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(dir, "upload-*"+filepath.Ext(filepath.Base(r.File)))
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
	if err := u.Permit(casework.ImportData); err != nil {
		return casework.ImportRun{}, err
	}
	seen, err := d.Records.Import(ctx, id)
	if err != nil {
		return seen, err
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
	mapping, err := os.ReadFile(file + ".mapping")
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
		} else if gone := errors.Join(os.Remove(file), os.Remove(file+".mapping")); gone != nil {
			d.Log.Warn("the file of an import could not be removed", "import", run.ID, "error", gone)
		}
		begun <- outcome{run, err}
	}()
	first := <-begun
	return first.run, first.err
}

// ResumeImports goes on with the imports that the console had under way when
// it went down. The console calls it once when it starts.
func (d *Desk) ResumeImports(ctx context.Context) error {
	list, err := d.Records.Imports(ctx, casework.PageRequest{Limit: pageSize})
	if err != nil {
		return err
	}
	for _, run := range list.Rows {
		if run.DryRun || run.Status != "running" {
			continue
		}
		if _, err := os.Stat(d.keptFile(run)); err != nil {
			continue // it came from the command line, which resumes its own
		}
		if _, err := d.load(ctx, run, run.StartedBy, true); err != nil {
			return err
		}
	}
	return nil
}
