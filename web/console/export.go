package console

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"xiaobao/casework"
)

// A column is one column of an exported list.
type column[T any] struct {
	head string // key of the catalogue
	cell func(T) any
}

// maxExport bounds an export; a spreadsheet with more rows is no help.
const maxExport = 100_000

// export writes all rows of a list in the format asked for. Fetch gives one
// page after another.
func export[T any](v *visit, name string, columns []column[T], fetch func(casework.PageRequest) (casework.Listing[T], error)) (reply, error) {
	rows, err := fetchAll(fetch, casework.PageRequest{Limit: 500, Sort: v.URL.Query().Get("sort"), Desc: v.URL.Query().Get("order") == "desc"})
	if err != nil {
		return reply{}, err
	}
	if v.route.needs == casework.ExportData { // lists about consumers; the house's own lists are no secret to who may open them
		if err := v.console.Desk.Exported(v.Context(), v.User, name); err != nil {
			return reply{}, err
		}
	}
	table := make([][]any, 0, len(rows)+1)
	heads := make([]any, len(columns))
	for i, c := range columns {
		heads[i] = v.t(c.head)
	}
	table = append(table, heads)
	for _, row := range rows {
		cells := make([]any, len(columns))
		for i, c := range columns {
			cells[i] = c.cell(row)
		}
		table = append(table, cells)
	}
	base := name + "-" + string(casework.DayOf(v.console.Now()))
	if v.URL.Query().Get("format") == "csv" {
		return download(base+".csv", "text/csv; charset=utf-8", func(w io.Writer) error { return writeCSV(w, table) })
	}
	return download(base+".xlsx", xlsxKind, func(w io.Writer) error { return writeXLSX(w, table) })
}

const xlsxKind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// whole makes a list that comes all at once look like one page.
func whole[T any](rows []T, err error) func(casework.PageRequest) (casework.Listing[T], error) {
	return func(casework.PageRequest) (casework.Listing[T], error) {
		return casework.Listing[T]{Rows: rows, Total: len(rows)}, err
	}
}

func fetchAll[T any](fetch func(casework.PageRequest) (casework.Listing[T], error), p casework.PageRequest) ([]T, error) {
	var rows []T
	for {
		listing, err := fetch(p)
		if err != nil {
			return nil, err
		}
		rows = append(rows, listing.Rows...)
		switch {
		case len(rows) > maxExport:
			return nil, casework.Errorf(casework.Invalid, "the list has more than %d rows; narrow the filter and export again", maxExport).
				InChinese("列表超过 %d 行，请先缩小筛选范围再导出", maxExport)
		case listing.Next == "" || listing.Next == p.After:
			return rows, nil
		}
		p.After = listing.Next
	}
}

// writeCSV writes a table that a spreadsheet opens as it is: with a byte
// order mark, so that Chinese shows, and no text that it would compute.
func writeCSV(w io.Writer, table [][]any) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	for _, row := range table {
		record := make([]string, len(row))
		for i, cell := range row {
			record[i] = plainCell(cell)
			if _, isText := cell.(string); isText {
				record[i] = harmless(record[i])
			}
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// harmless marks text that a spreadsheet would take for a formula as text.
func harmless(s string) string {
	if s == "" {
		return s
	}
	switch s[0] {
	case '=', '+', '-', '@', '\t', '\r', '\n':
		return "'" + s
	}
	return s
}

// writeXLSX writes a table as a workbook. Texts are string cells, which are
// never computed.
func writeXLSX(w io.Writer, table [][]any) (err error) {
	book := excelize.NewFile()
	defer func() {
		if failed := book.Close(); err == nil {
			err = failed
		}
	}()
	sheet, err := book.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	for i, row := range table {
		cells := make([]any, len(row))
		for j, cell := range row {
			switch cell := cell.(type) {
			case int, int64, float64:
				cells[j] = cell
			default:
				cells[j] = cellText(plainCell(cell))
			}
		}
		at, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return err
		}
		if err := sheet.SetRow(at, cells); err != nil {
			return err
		}
	}
	if err := sheet.Flush(); err != nil {
		return err
	}
	return book.Write(w)
}

// cellText cuts what a cell cannot hold.
func cellText(s string) string {
	if runes := []rune(s); len(runes) > excelize.TotalCellChars {
		return string(runes[:excelize.TotalCellChars])
	}
	return s
}

// plainCell is a cell as text.
func plainCell(cell any) string {
	switch cell := cell.(type) {
	case time.Time:
		return minute(cell)
	case *time.Time:
		if cell == nil {
			return ""
		}
		return minute(*cell)
	}
	return fmt.Sprint(cell)
}

// joined writes several codes in one cell.
func joined(list []string) string { return strings.Join(list, "; ") }
