package console

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"

	"xiaobao/casework"
)

type importsPage struct {
	Base
	list
	Items []casework.ImportRun
}

type newImportPage struct {
	Base
	Form    fields
	Kinds   []string
	Formats []importFormat
}

type importPage struct {
	Base
	Run    casework.ImportRun
	Format importFormat
	Form   fields
}

// importKinds are what a file can hold.
var importKinds = []string{"touchpoints", "customers", "staff", "orgs"}

// maxUpload bounds a file sent by a browser; larger ones go by the command line.
const maxUpload = 512 << 20

// imports lists the files taken in.
func (c *Console) imports(v *visit) (reply, error) {
	page := importsPage{list: v.list("/imports")}
	rows, err := c.Desk.Imports(v.Context(), v.User, page.page())
	if err != nil {
		return reply{}, err
	}
	page.Items = rows.Rows
	page.filled(len(rows.Rows), rows.Total, rows.Next)
	page.Export = "/imports/export"
	page.Base = v.base("imports.title")
	return show("imports", page)
}

func (c *Console) exportImports(v *visit) (reply, error) {
	type run = casework.ImportRun
	columns := []column[run]{
		{"column.id", func(r run) any { return r.ID }},
		{"column.kind", func(r run) any { return wordIn(c.words, v.Lang, "kind", r.Kind) }},
		{"column.file", func(r run) any { return r.File }},
		{"column.sha256", func(r run) any { return r.SHA256 }},
		{"column.status", func(r run) any { return wordIn(c.words, v.Lang, "import_status", r.Status) }},
		{"column.started_by", func(r run) any { return v.person(r.StartedBy) }},
		{"column.started_at", func(r run) any { return r.StartedAt }},
		{"column.rows", func(r run) any { return r.Rows }},
		{"column.added", func(r run) any { return r.Added }},
		{"column.unchanged", func(r run) any { return r.Unchanged }},
		{"column.invalid", func(r run) any { return r.Invalid }},
		{"column.conflicts", func(r run) any { return r.Conflicts }},
	}
	return export(v, "imports", columns, func(p casework.PageRequest) (casework.Listing[run], error) {
		return c.Desk.Imports(v.Context(), v.User, p)
	})
}

// newImport is the form that uploads a file.
func (c *Console) newImport(v *visit) (reply, error) {
	return show("import_new", newImportPage{
		Base: v.base("import_new.title"), Kinds: importKinds, Formats: c.importFormats(),
		Form: v.fields(url.Values{"kind": {"touchpoints"}}),
	})
}

// startImport reads the file without taking anything in, so that what is
// wrong with it shows before it does harm.
func (c *Console) startImport(v *visit) (reply, error) {
	v.Body = http.MaxBytesReader(v.writer, v.Body, maxUpload)
	if err := v.ParseMultipartForm(8 << 20); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return v.refused(badField("file", "the file is larger than 512 MiB; import it with the command line", "文件超过 512 MB，请改用命令行导入"), c.newImport)
		}
		return v.refused(casework.Errorf(casework.Invalid, "the upload did not arrive whole; send it again").InChinese("文件没有完整上传，请重新选择并提交").Because(err), c.newImport)
	}
	defer func() { _ = v.MultipartForm.RemoveAll() }() // leftovers are the system's temporary files
	request := ImportRequest{Kind: v.text("kind")}
	var problems []error
	if !slices.Contains(importKinds, request.Kind) {
		problems = append(problems, badField("kind", "choose what the file holds", "请选择数据类别"))
	}
	content, header, err := v.FormFile("file")
	if err != nil || header.Size == 0 {
		problems = append(problems, badField("file", "choose a file that is not empty", "请选择要导入的文件，且文件不能为空"))
	}
	if content != nil {
		defer func() { _ = content.Close() }()
	}
	if request.Mapping, err = mapping(v.MultipartForm); err != nil {
		problems = append(problems, err)
	}
	if err := errors.Join(problems...); err != nil {
		return v.refused(err, c.newImport)
	}
	request.File, request.Content = filepath.Base(header.Filename), content
	run, err := c.Desk.DryRunImport(v.Context(), v.User, request)
	if err != nil {
		return v.refused(err, c.newImport)
	}
	return goTo("/imports/" + url.PathEscape(run.ID))
}

// maxMapping bounds a mapping, which names a few dozen columns.
const maxMapping = 256 << 10

func mapping(form *multipart.Form) ([]byte, error) {
	headers := form.File["mapping"]
	if len(headers) == 0 || headers[0].Size == 0 {
		return nil, nil
	}
	if headers[0].Size > maxMapping {
		return nil, badField("mapping", "the mapping file is larger than 256 KiB", "列对应文件超过 256 KB，请检查是否选错了文件")
	}
	file, err := headers[0].Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return io.ReadAll(file)
}

// importRun shows one import: the preview, what is wrong with which row, and
// how far it is.
func (c *Console) importRun(v *visit) (reply, error) {
	run, err := c.Desk.Import(v.Context(), v.User, v.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	page := importPage{Run: run, Format: c.importFormat(run.Kind, run.Columns), Form: v.fields(nil)}
	page.Base = v.base(v.t("import.title", run.File))
	return show("import", page)
}

// importProgress is the part of the page that changes by itself. When the run
// has ended, the whole page is asked for.
func (c *Console) importProgress(v *visit) (reply, error) {
	run, err := c.Desk.Import(v.Context(), v.User, v.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	if run.Status != "running" {
		return goTo("/imports/" + url.PathEscape(run.ID))
	}
	return fragment("import", "progress", run)
}

// exportProblems writes what is wrong with the rows, for whoever mends the file.
func (c *Console) exportProblems(v *visit) (reply, error) {
	run, err := c.Desk.Import(v.Context(), v.User, v.PathValue("id"))
	columns := []column[casework.RowError]{
		{"column.row", func(e casework.RowError) any { return e.Row }},
		{"column.column", func(e casework.RowError) any { return e.Column }},
		{"column.field", func(e casework.RowError) any { return c.importFormat(run.Kind, nil).called(v.Lang, e.Field) }},
		{"column.what", func(e casework.RowError) any { return v.either(e.WhatZh, e.What) }},
		{"column.mend", func(e casework.RowError) any { return v.either(e.MendZh, e.Mend) }},
	}
	return export(v, "import-problems", columns, whole(run.Problems, err))
}

// either is the Chinese or the English wording.
func (v *visit) either(chinese, english string) string {
	if v.Lang == "en" || chinese == "" {
		return english
	}
	return chinese
}

// Either is the Chinese or the English wording.
func (b Base) Either(chinese, english string) string { return b.v.either(chinese, english) }

// runImport takes the rows of a file in that was read before.
func (c *Console) runImport(v *visit) (reply, error) {
	id := v.PathValue("id")
	run, err := c.Desk.RunImport(v.Context(), v.User, id, v.text("skip_invalid") == "yes")
	if err != nil {
		return v.refused(err, c.importRun)
	}
	v.say("import.started")
	return goTo("/imports/" + url.PathEscape(run.ID))
}
