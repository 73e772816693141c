package desk

import (
	"errors"
	"io/fs"
	"os"

	"xiaobao/casework"
	"xiaobao/importing"
	"xiaobao/privacy"
)

// previewRunes is how many characters of a cell a preview shows.
const previewRunes = 400

// ImportFields are what a file of a kind can hold; nil if there is no such
// kind.
func (d *Desk) ImportFields(kind string) []casework.ImportField { return importing.Columns(kind) }

// ImportTemplate is an empty table of a kind to be filled in, as CSV; nil if
// there is no such kind.
func (d *Desk) ImportTemplate(kind string) []byte { return importing.Template(kind) }

// preview reads the first rows of a dry run's file again, and masks them. The
// file waits until it is taken in, or nobody came back for it; files checked
// on the command line were never kept.
func (d *Desk) preview(run *casework.ImportRun) error {
	file := d.keptFile(*run)
	mapping, err := os.ReadFile(file + mappingEnding)
	if err == nil {
		run.Preview, run.Columns, err = importing.Preview(run.Kind, file, mapping)
	}
	if errors.Is(err, fs.ErrNotExist) || casework.KindOf(err) == casework.NotFound {
		run.Preview, run.Columns, run.FileGone = nil, nil, true
		return nil
	}
	maskPreview(run)
	return err
}

// maskPreview masks personal data in a preview: in cells, and in names of
// columns, which are data where a file has no header.
func maskPreview(run *casework.ImportRun) {
	personal := map[string]bool{} // columns that hold nothing else
	for i, column := range run.Columns {
		if run.Kind == "customers" && (column.Field == "name" || column.Field == "phone") {
			personal[column.Name] = true
		}
		run.Columns[i].Name = beginning(privacy.Mask(column.Name))
	}
	for i, row := range run.Preview {
		shown := make(casework.RowSample, len(row))
		for column, text := range row {
			var known []string
			if personal[column] {
				known = []string{text}
			}
			shown[beginning(privacy.Mask(column))] = beginning(privacy.Mask(text, known...))
		}
		run.Preview[i] = shown
	}
}

func beginning(text string) string {
	if runes := []rune(text); len(runes) > previewRunes {
		return string(runes[:previewRunes]) + "…"
	}
	return text
}
