package console

import (
	"io"
	"iter"
	"strings"

	"xiaobao/casework"
	"xiaobao/report"
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
		return download(base+".csv", "text/csv; charset=utf-8", func(w io.Writer) error { return report.WriteCSV(w, cells(table)) })
	}
	return download(base+".xlsx", xlsxKind, func(w io.Writer) error { return report.WriteTable(w, name, cells(table)) })
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

// cells hands a table on row by row.
func cells(table [][]any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, row := range table {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// joined writes several codes in one cell.
func joined(list []string) string { return strings.Join(list, "; ") }
