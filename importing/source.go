package importing

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/transform"

	"xiaobao/casework"
)

// A source gives the rows of a file, one by one, to io.EOF.
type source interface {
	next() (row, error)
	columns() []string // of a table; nil for JSON
	Close() error
}

// openSource opens a file by what it is: its name's ending, or else its first
// bytes.
func openSource(name string) (source, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, casework.Errorf(casework.NotFound, "the file %s cannot be opened", filepath.Base(name)).
			InChinese("无法打开文件 %s", filepath.Base(name)).Because(err)
	}
	head := make([]byte, 64<<10)
	n, err := io.ReadFull(f, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, closing(f, err)
	}
	head = head[:n]
	if n == 0 {
		return nil, closing(f, casework.Errorf(casework.Invalid, "the file is empty").InChinese("文件是空的").WithCode("field:file"))
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return nil, closing(f, err)
	}
	switch format(name, head) {
	case "xlsx":
		return openXLSX(f)
	case "csv":
		return openCSV(f, head)
	case "jsonl":
		return openJSONL(f, head)
	}
	return nil, closing(f, casework.Errorf(casework.Invalid, "the file is neither JSON Lines, CSV nor XLSX").
		InChinese("文件格式无法识别，请使用 JSONL、CSV 或 XLSX").WithCode("field:file"))
}

func closing(f *os.File, err error) error {
	_ = f.Close() // it was only read; the error that matters is err
	return err
}

func format(name string, head []byte) string {
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return "xlsx"
	}
	if bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")) || bytes.IndexByte(head, 0) >= 0 && !bytes.HasPrefix(head, []byte("\xff\xfe")) {
		return "" // an old XLS, or no text at all
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".jsonl", ".ndjson", ".json":
		return "jsonl"
	case ".csv", ".tsv", ".txt":
		return "csv"
	}
	if text := bytes.TrimLeft(bytes.TrimPrefix(head, utf8BOM), " \t\r\n"); len(text) > 0 && text[0] == '{' {
		return "jsonl"
	}
	return "csv"
}

var utf8BOM = []byte("\xef\xbb\xbf")

// decoded is the file's text as UTF-8, without a byte-order mark. Text that is
// no UTF-8 at its beginning is read as GB18030.
func decoded(f io.Reader, head []byte) *bufio.Reader {
	in := bufio.NewReaderSize(f, 1<<20)
	if bytes.HasPrefix(head, utf8BOM) {
		_, _ = in.Discard(len(utf8BOM)) // they are there: head begins with them
		return in
	}
	if !validHead(head) {
		return bufio.NewReaderSize(transform.NewReader(in, simplifiedchinese.GB18030.NewDecoder()), 1<<20)
	}
	return in
}

// validHead reports whether head is UTF-8, not counting a character that it
// cuts at its end.
func validHead(head []byte) bool {
	for range utf8.UTFMax {
		if utf8.Valid(head) {
			return true
		}
		if len(head) == 0 {
			return true
		}
		head = head[:len(head)-1]
	}
	return utf8.Valid(head)
}
