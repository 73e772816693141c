package importing

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"

	"xiaobao/casework"
)

// maxLine bounds a line, in bytes; the longest lawful touchpoint is well
// below it. A longer line is skipped without being held.
const maxLine = 4 << 20

type jsonlSource struct {
	file    *os.File
	in      *bufio.Reader
	foreign bool // as of csvSource
	line    int
}

func openJSONL(f *os.File, head []byte) (source, error) {
	text, foreign := decoded(f, head)
	return &jsonlSource{file: f, in: text, foreign: foreign}, nil
}

func (s *jsonlSource) columns() []string { return nil }
func (s *jsonlSource) Close() error      { return s.file.Close() }

// next gives the next line that is not blank. Rows count lines, so that an
// editor finds them.
func (s *jsonlSource) next() (row, error) {
	for {
		line, long, err := s.readLine()
		if err != nil {
			return row{}, err
		}
		s.line++
		switch line = bytes.TrimSpace(line); {
		case long:
			return row{number: s.line, wrong: problem(s.line, "", classTooLong, "the line is longer than 4 MiB", "该行超过 4 MiB",
				"split it into several records", "请拆分为多条记录")}, nil
		case len(line) == 0:
			continue
		case !utf8.Valid(line), s.foreign && bytes.ContainsRune(line, utf8.RuneError):
			return row{number: s.line, wrong: problem(s.line, "", classEncoding, "the line is not valid text", "该行不是有效的文本",
				remedy(classEncoding), remedyZh(classEncoding))}, nil
		}
		return row{number: s.line, json: line}, nil
	}
}

// readLine reads one line, holding at most maxLine of it.
func (s *jsonlSource) readLine() (line []byte, long bool, err error) {
	for {
		part, err := s.in.ReadSlice('\n')
		if !long {
			line = append(line, part...)
			long = len(line) > maxLine
		}
		switch {
		case err == nil, errors.Is(err, io.EOF) && (len(line) > 0 || long):
			return line, long, nil
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF):
			return nil, false, io.EOF
		}
		return nil, false, casework.Errorf(casework.Internal, "reading stopped after line %d", s.line).Because(fmt.Errorf("read: %w", err))
	}
}
