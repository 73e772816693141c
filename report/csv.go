package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"strings"
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
	text, ok := value.(string)
	if !ok {
		return fmt.Sprint(value)
	}
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
