package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"
)

// WriteCSV writes rows as CSV with a byte-order mark, which Excel needs to
// read Chinese. A cell that a spreadsheet would take for a formula gets an
// apostrophe in front.
func WriteCSV(w io.Writer, rows iter.Seq2[[]any, error]) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	for row, err := range rows {
		if err != nil {
			return err
		}
		record := make([]string, len(row))
		for i, value := range row {
			record[i] = csvCell(value)
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func csvCell(value any) string {
	value = plain(value)
	text, ok := value.(string)
	if !ok {
		return fmt.Sprint(value)
	}
	if first, _ := utf8.DecodeRuneInString(text); text != "" && strings.ContainsRune("=+-@＝＋－＠\t\r\n", first) {
		return "'" + text
	}
	return text
}

// plain is a value as a text, a number or a boolean: ids and statuses are
// texts whatever their types, moments are Beijing time, nothing is empty.
func plain(value any) any {
	switch v := value.(type) {
	case nil:
		return ""
	case time.Time:
		return moment(v)
	case *time.Time:
		if v == nil {
			return ""
		}
		return moment(*v)
	}
	switch v := reflect.ValueOf(value); v.Kind() {
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return v.Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int()
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return v.Uint()
	case reflect.Float32, reflect.Float64:
		return v.Float()
	}
	return fmt.Sprint(value)
}
