package importing

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"xiaobao/casework"
)

type csvSource struct {
	file   *os.File
	in     *csv.Reader
	header []string
	number int
}

func openCSV(f *os.File, head []byte) (source, error) {
	text := decoded(f, head)
	in := csv.NewReader(&boundedLines{in: text})
	in.Comma = separator(text)
	in.FieldsPerRecord = -1 // we say ourselves what is wrong with a row
	in.ReuseRecord = true
	header, err := in.Read()
	if err != nil {
		return nil, closing(f, casework.Errorf(casework.Invalid, "the file has no header line").
			InChinese("文件缺少表头行").WithCode("field:file").Because(err))
	}
	s := &csvSource{file: f, in: in, header: trimmed(header)}
	return s, s.checkHeader()
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

func trimmed(header []string) []string {
	names := make([]string, len(header))
	for i, name := range header {
		names[i] = strings.TrimSpace(name)
	}
	return names
}

func (s *csvSource) checkHeader() error {
	for i, name := range s.header {
		if name != "" && slices.Contains(s.header[:i], name) {
			return closing(s.file, casework.Errorf(casework.Invalid, "column %d has the same name as one before it", i+1).
				InChinese("第 %d 列与前面的列重名", i+1).WithCode("field:file"))
		}
	}
	return nil
}

func (s *csvSource) columns() []string { return s.header }
func (s *csvSource) Close() error      { return s.file.Close() }

func (s *csvSource) next() (row, error) {
	record, err := s.in.Read()
	if errors.Is(err, io.EOF) {
		return row{}, io.EOF
	}
	s.number++
	if _, ok := errors.AsType[*csv.ParseError](err); ok {
		return row{number: s.number, wrong: problem(s.number, "", classShape, "the quotes of this row do not match", "该行的引号不配对",
			"write quotes inside a cell twice", "单元格内的引号请写两遍")}, nil
	}
	if err != nil {
		return row{}, casework.Errorf(casework.Invalid, "reading stopped after row %d: a row is too long or the file is damaged", s.number-1).
			InChinese("读到第 %d 行后停止：某行过长或文件已损坏", s.number-1).Because(fmt.Errorf("read: %w", err))
	}
	return tableRow(s.number, s.header, record), nil
}

// tableRow ties cells to columns.
func tableRow(number int, header, record []string) row {
	if len(record) > len(header) {
		return row{number: number, wrong: problem(number, "", classShape,
			fmt.Sprintf("the row has %d cells and the header %d", len(record), len(header)),
			fmt.Sprintf("该行有 %d 个单元格，而表头有 %d 列", len(record), len(header)),
			"put cells that contain the separator into quotes", "含有分隔符的单元格请加引号")}
	}
	r := row{number: number, cells: make(map[string]string, len(header))}
	for i, cell := range record {
		if !utf8.ValidString(cell) {
			r.wrong = problem(number, header[i], classEncoding, header[i]+" is not valid text", header[i]+" 不是有效的文本",
				remedy(classEncoding), remedyZh(classEncoding))
		}
		r.cells[header[i]] = cell
	}
	return r
}

// boundedLines fails when a record would not fit into memory: the csv package
// holds a whole record, and an open quote can swallow a whole file.
type boundedLines struct {
	in   *bufio.Reader
	size int
}

// maxQuietRun is how much may go by without a line feed.
const maxQuietRun = 16 << 20

func (b *boundedLines) Read(p []byte) (int, error) {
	n, err := b.in.Read(p)
	if i := strings.LastIndexByte(string(p[:n]), '\n'); i >= 0 {
		b.size = n - i
	} else {
		b.size += n
	}
	if b.size > maxQuietRun {
		return 0, fmt.Errorf("more than %d bytes without a line feed", maxQuietRun)
	}
	return n, err
}
