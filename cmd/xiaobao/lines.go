package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"xiaobao/casework"
)

// maxLine bounds a line of JSON. A touchpoint of the most characters allowed
// has some 600,000 bytes.
const maxLine = 16 << 20

// A jsonLine is one line of a file of JSON Lines.
type jsonLine struct {
	number int
	text   []byte
	err    error // the line cannot be used, and why
}

// jsonLines reads JSON Lines of any size, one line at a time in memory.
type jsonLines struct {
	in     *bufio.Reader
	number int
}

func newJSONLines(in io.Reader) *jsonLines {
	return &jsonLines{in: bufio.NewReaderSize(in, 1<<20)}
}

// next gives the next line that is not blank; io.EOF at the end. A line that
// is too long is read past, so that the one after can be used.
func (l *jsonLines) next() (jsonLine, error) {
	for {
		text, tooLong, err := l.read()
		if err != nil && (!errors.Is(err, io.EOF) || len(text) == 0 && !tooLong) {
			return jsonLine{}, err
		}
		l.number++
		if l.number == 1 {
			text = bytes.TrimPrefix(text, []byte("\xEF\xBB\xBF"))
		}
		line := jsonLine{number: l.number, text: bytes.TrimSpace(text)}
		switch {
		case tooLong:
			line.text = nil
			line.err = casework.Errorf(casework.Invalid, "line %d is longer than 16 MiB; is it one JSON object a line?", l.number)
		case len(line.text) == 0:
			continue
		case !utf8.Valid(line.text):
			line.err = casework.Errorf(casework.Invalid,
				"line %d is not UTF-8; convert the file, for example with: iconv -f GB18030 -t UTF-8", l.number)
		}
		return line, nil
	}
}

// read gives the bytes of one line, as many as are allowed.
func (l *jsonLines) read() (text []byte, tooLong bool, err error) {
	for {
		part, err := l.in.ReadSlice('\n')
		if len(text)+len(part) > maxLine {
			tooLong = true
		} else {
			text = append(text, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return text, tooLong, err
		}
	}
}

// decode reads the line's object into value.
func (l jsonLine) decode(value any) error {
	if l.err != nil {
		return l.err
	}
	err := json.Unmarshal(l.text, value)
	if err == nil {
		return nil
	}
	problem := err.Error()
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		problem = fmt.Sprintf("broken at byte %d (%s)", syntax.Offset, syntax)
	}
	if mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		problem = fmt.Sprintf("field %s should not be a %s", mismatch.Field, mismatch.Value)
	}
	return casework.Errorf(casework.Invalid, "line %d is no JSON object as expected: %s; give one object a line", l.number, problem)
}

// at names the line in an error about its content.
func (l jsonLine) at(err error) error {
	return casework.Errorf(casework.KindOf(err), "line %d: %s", l.number, casework.Words(err))
}

// openInput opens a file, or standard input for "-" or no name at all, and
// gives its size, -1 if unknown.
func openInput(args []string, stdin io.Reader) (io.ReadCloser, int64, error) {
	if len(args) == 0 || args[0] == "-" {
		return io.NopCloser(stdin), -1, nil
	}
	file, err := os.Open(args[0])
	if errors.Is(err, os.ErrNotExist) {
		return nil, 0, casework.Errorf(casework.NotFound, "there is no file %s", args[0])
	}
	if err != nil {
		return nil, 0, err
	}
	info, err := file.Stat()
	if err == nil && info.IsDir() {
		err = casework.Errorf(casework.Invalid, "%s is a directory; name a file", args[0])
	}
	if err != nil {
		return nil, 0, errors.Join(err, file.Close())
	}
	return file, info.Size(), nil
}

// withProgress shows how much has been read, if a person is watching.
func withProgress(in io.Reader, size int64, what string) io.Reader {
	if !term.IsTerminal(int(os.Stderr.Fd())) {
		return in
	}
	bar := progressbar.NewReader(in, progressbar.DefaultBytes(size, what))
	return &bar
}
