package console

import (
	"bytes"
	"io"
	"slices"

	"xiaobao/casework"
)

// An importFormat is what a file of a kind can hold, and, of a file that was
// read, what its columns were taken as.
type importFormat struct {
	Kind   string
	Fields []importField
	Spare  []string // columns of the file that are left out
	Read   bool     // a file was read
}

// An importField is a field, and the column of a file that it is read from.
type importField struct {
	casework.ImportField
	Column string
}

func (c *Console) importFormats() []importFormat {
	formats := make([]importFormat, len(importKinds))
	for i, kind := range importKinds {
		formats[i] = c.importFormat(kind, nil)
	}
	return formats
}

// importFormat is the format of a kind, and how the columns of a file fit it.
func (c *Console) importFormat(kind string, columns []casework.ImportColumn) importFormat {
	f := importFormat{Kind: kind, Read: columns != nil}
	for _, field := range c.Desk.ImportFields(kind) {
		read := importField{ImportField: field}
		if i := slices.IndexFunc(columns, func(c casework.ImportColumn) bool { return c.Field == field.Name }); i >= 0 {
			read.Column = columns[i].Name
		}
		f.Fields = append(f.Fields, read)
	}
	for _, column := range columns {
		if column.Field == "" {
			f.Spare = append(f.Spare, column.Name)
		}
	}
	return f
}

// called is what people call a field: in Chinese by its Chinese name.
func (f importFormat) called(language, field string) string {
	for _, known := range f.Fields {
		if known.Name == field && language != "en" {
			return known.Zh
		}
	}
	return field
}

// Called is what people call a field, if that is not what the file calls it.
func (p importPage) Called(field, column string) string {
	if called := p.Format.called(p.Lang, field); called != column {
		return called
	}
	return ""
}

// importTemplate is an empty table to fill in.
func (c *Console) importTemplate(v *visit) (reply, error) {
	kind := v.PathValue("kind")
	template := c.Desk.ImportTemplate(kind)
	if template == nil {
		return c.notFound(v)
	}
	name := "template-" + kind + ".csv"
	if v.Lang != "en" {
		name = wordIn(c.words, v.Lang, "kind", kind) + "导入模板.csv"
	}
	return download(name, "text/csv; charset=utf-8", func(w io.Writer) error {
		_, err := io.Copy(w, bytes.NewReader(template))
		return err
	})
}
