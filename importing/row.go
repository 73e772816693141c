package importing

import (
	"fmt"
	"strings"

	"xiaobao/casework"
)

// A row is one record of a file: by column for tables, or as JSON.
type row struct {
	number int // 1 is the first row of data
	cells  map[string]string
	json   []byte
	wrong  *casework.RowError // the row cannot even be read
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
		"fill it in, or give a default in the mapping", "请补全，或在映射文件中设置默认值")
}

// fromCheck turns what the domain says of a record into a row's problem.
func fromCheck(number int, err error) *casework.RowError {
	column := "row"
	code := ""
	if e, ok := err.(*casework.Error); ok {
		code = e.Code
	}
	if field, ok := strings.CutPrefix(code, "field:"); ok {
		column = field
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
	case strings.Contains(words, "UTF-8"), strings.Contains(words, "NUL"), strings.Contains(words, "control"):
		class = classEncoding
	}
	return problem(number, column, class, words, casework.WordsZh(err), remedy(class), remedyZh(class))
}

var remedies = map[string][2]string{
	classMissing:  {"fill it in, or give a default in the mapping", "请补全，或在映射文件中设置默认值"},
	classFuture:   {"check the clock of the system it comes from", "请核对来源系统的时间"},
	classBadTime:  {"write it like 2026-03-02T09:00:00+08:00, or give time_layout in the mapping", "请写成 2026-03-02T09:00:00+08:00，或在映射文件中设置 time_layout"},
	classTooLong:  {"split it into several records", "请拆分为多条记录"},
	classEncoding: {"save the file as UTF-8 or GB18030 again", "请将文件重新保存为 UTF-8 或 GB18030"},
	classUnknown:  {"use one of the known values, or translate it under values in the mapping", "请使用规定的取值，或在映射文件的 values 中对应"},
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
