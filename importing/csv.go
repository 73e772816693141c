package importing

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"xiaobao/casework"
)

type csvSource struct {
	file    *os.File
	in      *csv.Reader
	bound   *boundedRecords
	foreign bool // the text was translated, so that what it lost shows as U+FFFD
	header  []string
	number  int // of the row as a spreadsheet shows it
	line    int // where the last row ended
}

func openCSV(f *os.File, head []byte) (source, error) {
	text, foreign := decoded(f, head)
	bound := &boundedRecords{in: text}
	in := csv.NewReader(bound)
	in.Comma = separator(text)
	in.FieldsPerRecord = -1 // we say ourselves what is wrong with a row
	in.ReuseRecord = true
	s := &csvSource{file: f, in: in, bound: bound, foreign: foreign}
	header, err := s.record()
	if err != nil {
		return nil, closing(f, casework.Errorf(casework.Invalid, "the file has no header line").
			InChinese("文件缺少表头行").WithCode("field:file").Because(fmt.Errorf("read: %w", err)))
	}
	s.header = trimmed(header)
	if err := checkHeader(s.header); err != nil {
		return nil, closing(f, err)
	}
	return s, nil
}

// separator guesses by the header line what separates columns.
func separator(text *bufio.Reader) rune {
	head, _ := text.Peek(4096) // fewer bytes are enough
	line, _, _ := strings.Cut(string(head), "\n")
	best, most := ',', strings.Count(line, ",")
	for _, r := range ";\t" {
		if n := strings.Count(line, string(r)); n > most {
			best, most = r, n
		}
	}
	return best
}

func (s *csvSource) columns() []string { return s.header }
func (s *csvSource) Close() error      { return s.file.Close() }

func (s *csvSource) next() (row, error) {
	s.bound.size = 0
	record, err := s.record()
	if errors.Is(err, io.EOF) {
		return row{}, io.EOF
	}
	if _, ok := errors.AsType[*csv.ParseError](err); ok {
		return row{number: s.number, wrong: problem(s.number, "", classShape, "the quotes of this row do not match", "该行的引号不配对",
			"write quotes inside a cell twice", "单元格内的引号请写两遍")}, nil
	}
	if err != nil {
		return row{}, casework.Errorf(casework.Invalid, "reading stopped after row %d: a row is longer than 16 MiB (is a quote left open?) or the file is damaged", s.number-1).
			InChinese("读到第 %d 行后停止：某行超过 16 MiB（可能有引号未闭合）或文件已损坏", s.number-1).WithCode("field:file").Because(fmt.Errorf("read: %w", err))
	}
	r := tableRow(s.number, s.header, record)
	if s.foreign && r.wrong == nil {
		r.wrong = lost(r.number, s.header, record)
	}
	return r, nil
}

// record reads the next record and numbers it as a spreadsheet does: the
// header is row 1, a blank line is a row, a cell of many lines is none more.
func (s *csvSource) record() ([]string, error) {
	record, err := s.in.Read()
	begins, ends := s.line+1, s.line+1
	if e, ok := errors.AsType[*csv.ParseError](err); ok {
		begins, ends = e.StartLine, e.Line
	} else if err == nil {
		begins, _ = s.in.FieldPos(0)
		ends = begins
		for _, cell := range record {
			ends += strings.Count(cell, "\n")
		}
	}
	s.number += begins - s.line
	s.line = ends
	return record, err
}

// lost is the problem of a row in which translating lost characters.
func lost(number int, header, record []string) *casework.RowError {
	for i, cell := range record {
		if strings.ContainsRune(cell, utf8.RuneError) {
			return badText(number, header[i])
		}
	}
	return nil
}

// boundedRecords fails when a record would not fit into memory: the csv
// package holds a whole record, and an open quote can swallow a whole file.
// Whoever reads records sets size to 0 before each.
type boundedRecords struct {
	in   *bufio.Reader
	size int
}

// maxRecord bounds a record, in bytes.
const maxRecord = 16 << 20

func (b *boundedRecords) Read(p []byte) (int, error) {
	n, err := b.in.Read(p)
	if b.size += n; b.size > maxRecord {
		return 0, fmt.Errorf("more than %d bytes in one record", maxRecord)
	}
	return n, err
}
