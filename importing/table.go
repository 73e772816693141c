package importing

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"xiaobao/casework"
)

// What a table may have, at most. Real ones have a few dozen columns.
const (
	maxColumns    = 1000
	maxColumnName = 200 // bytes
)

func trimmed(header []string) []string {
	names := make([]string, len(header))
	for i, name := range header {
		names[i] = strings.TrimSpace(name)
	}
	for len(names) > 0 && names[len(names)-1] == "" {
		names = names[:len(names)-1] // sheets often end in blank columns
	}
	return names
}

// checkHeader refuses a header by which cells cannot be told apart.
func checkHeader(header []string) error {
	if len(header) > maxColumns {
		return casework.Errorf(casework.Invalid, "the file has %d columns, more than %d", len(header), maxColumns).
			InChinese("文件有 %d 列，超过 %d 列", len(header), maxColumns).WithCode("field:file")
	}
	seen := make(map[string]bool, len(header))
	for i, name := range header {
		switch {
		case !utf8.ValidString(name):
			return casework.Errorf(casework.Invalid, "the name of column %d is not valid text; %s", i+1, remedy(classEncoding)).
				InChinese("第 %d 列的列名不是有效的文本，%s", i+1, remedyZh(classEncoding)).WithCode("field:file")
		case len(name) > maxColumnName:
			return casework.Errorf(casework.Invalid, "the name of column %d is longer than %d bytes; is the first row a header?", i+1, maxColumnName).
				InChinese("第 %d 列的列名超过 %d 字节，请确认第一行是表头", i+1, maxColumnName).WithCode("field:file")
		case name != "" && seen[name]:
			return casework.Errorf(casework.Invalid, "column %d has the same name as one before it", i+1).
				InChinese("第 %d 列与前面的列重名", i+1).WithCode("field:file")
		}
		seen[name] = true
	}
	return nil
}

// tableRow ties cells to columns. Blank cells beyond the header do no harm.
func tableRow(number int, header, record []string) row {
	for len(record) > len(header) && strings.TrimSpace(record[len(record)-1]) == "" {
		record = record[:len(record)-1]
	}
	if len(record) > len(header) {
		return row{number: number, wrong: problem(number, "", classShape,
			fmt.Sprintf("the row has %d cells and the header %d", len(record), len(header)),
			fmt.Sprintf("该行有 %d 个单元格，而表头有 %d 列", len(record), len(header)),
			"put cells that contain the separator into quotes", "含有分隔符的单元格请加引号")}
	}
	r := row{number: number, cells: make(map[string]string, len(header))}
	for i, cell := range record {
		if !utf8.ValidString(cell) && r.wrong == nil {
			r.wrong = badText(number, header[i])
		}
		if header[i] != "" { // a column without a name has no meaning
			r.cells[header[i]] = cell
		}
	}
	return r
}

// badText is the problem of a cell that is no text in the file's encoding.
func badText(number int, column string) *casework.RowError {
	return problem(number, column, classEncoding, strings.TrimSpace(column+" is not valid text"), column+" 不是有效的文本",
		remedy(classEncoding), remedyZh(classEncoding))
}
