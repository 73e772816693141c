package importing

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"xiaobao/casework"
)

// A row is one record of a file: by column for tables, or as JSON.
type row struct {
	number int // as a spreadsheet or an editor shows it: the header of a table is 1
	cells  map[string]string
	json   []byte
	date   func(float64) (time.Time, bool) // of workbooks, which keep dates as numbers
	wrong  *casework.RowError              // the row cannot even be read
}

// Class names a way in which a row is wrong. Pages and scripts go by it.
const (
	classMissing  = "missing"
	classBadJSON  = "bad_json"
	classBadTime  = "bad_date"
	classFuture   = "future_date"
	classUnknown  = "unknown_value"
	classTooLong  = "too_long"
	classEncoding = "wrong_encoding"
	classConflict = "conflict"
	classShape    = "wrong_shape"
	classControl  = "control_character"
)

// problem describes what is wrong with a column of a row, in both languages,
// and how to mend it. It never repeats the value.
func problem(number int, column, class, what, whatZh, mend, mendZh string) *casework.RowError {
	return &casework.RowError{
		Row: number, Column: column, Class: class, What: what, WhatZh: whatZh, Mend: mend, MendZh: mendZh,
	}
}

// missing is the problem of a required field that is empty.
func missing(number int, column string) *casework.RowError {
	return problem(number, column, classMissing, column+" is empty", column+" 为空",
		"fill it in, or give a default in the mapping", "请补全，或在列对应文件中设置默认值")
}

// fromCheck turns what the domain says of a record into a row's problem.
func fromCheck(m Mapping, number int, err error) *casework.RowError {
	column := ""
	if e, ok := errors.AsType[*casework.Error](err); ok {
		column = strings.TrimPrefix(e.Code, "field:")
	}
	class := classUnknown
	words := casework.Words(err)
	switch {
	case strings.Contains(words, "missing"):
		class = classMissing
	case strings.Contains(words, "future"):
		class = classFuture
	case strings.Contains(words, "before the year"):
		class = classBadTime
	case strings.Contains(words, "longer"), strings.Contains(words, "more than"):
		class = classTooLong
	case strings.Contains(words, "besides"):
		class = classShape
	case strings.Contains(words, "UTF-8"), strings.Contains(words, "NUL"), strings.Contains(words, "control"):
		class = classControl
	}
	return problem(number, m.column(column), class, words, casework.WordsZh(err), remedy(class), remedyZh(class))
}

// fits reports what keeps a text from being stored in a field of at most so
// many bytes: nil if nothing does.
func fits(m Mapping, number int, field, text string, most int) *casework.RowError {
	class, what, whatZh := "", "", ""
	switch {
	case len(text) > most:
		class, what, whatZh = classTooLong, fmt.Sprintf(" is longer than %d bytes", most), fmt.Sprintf(" 超过 %d 字节", most)
	case !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl):
		class, what, whatZh = classControl, " contains a control character", " 含有控制字符"
	default:
		return nil
	}
	column := m.column(field)
	return problem(number, column, class, column+what, column+whatZh, remedy(class), remedyZh(class))
}

// How deep and how long attributes may be. Real ones are flat.
const (
	deepestAttributes = 8
	maxAttributeBytes = 64 << 10
)

// attributesFit reports what keeps attributes from being stored.
func attributesFit(number int, attributes map[string]any) *casework.RowError {
	if left := room(attributes, deepestAttributes, maxAttributeBytes); left < 0 {
		return problem(number, "attributes", classShape, "attributes are nested too deeply, too long, or contain a NUL character",
			"attributes 嵌套过深、过长，或含有空字符", "keep attributes to short plain values", "attributes 请使用简短的普通取值")
	}
	return nil
}

// room is how many bytes are left of so many after a value; negative if it
// does not fit, is nested deeper than so many levels, or cannot be stored.
func room(value any, levels, left int) int {
	if levels < 0 || left < 0 {
		return -1
	}
	switch v := value.(type) {
	case string:
		if strings.ContainsRune(v, 0) {
			return -1
		}
		return left - len(v)
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			left = room(v[key], levels-1, room(key, levels, left))
		}
	case []any:
		for _, element := range v {
			left = room(element, levels-1, left)
		}
	}
	return left - 8
}

var remedies = map[string][2]string{
	classMissing:  {"fill it in, or give a default in the mapping", "请补全，或在列对应文件中设置默认值"},
	classFuture:   {"check the clock of the system it comes from", "请核对来源系统的时间"},
	classBadTime:  {"write it like 2026-03-02T09:00:00+08:00, or give time_layout in the mapping", "请写成 2026-03-02 09:00 的样子（北京时间）；其他写法可在列对应文件中设置 time_layout"},
	classTooLong:  {"shorten it; split a long text into several records", "请缩短；过长的文本请拆分为多条记录"},
	classControl:  {"remove the character", "请去掉该字符"},
	classShape:    {"compare the row with the format in the documentation", "请对照文档中的格式检查该行"},
	classEncoding: {"save the file as UTF-8 or GB18030 again", "请将文件重新保存为 UTF-8 或 GB18030"},
	classUnknown:  {"use one of the known values, or translate it under values in the mapping", "请使用规定的取值，或在列对应文件的 values 中对应"},
}

func remedy(class string) string   { return remedies[class][0] }
func remedyZh(class string) string { return remedies[class][1] }

// Line is a problem as one line of text.
func Line(e casework.RowError) string {
	place := fmt.Sprintf("row %d", e.Row)
	if e.Column != "" {
		place += ", column " + e.Column
	}
	return fmt.Sprintf("%s: %s (%s); %s", place, e.What, e.Class, e.Mend)
}
