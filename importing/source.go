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
	"golang.org/x/text/encoding/unicode"
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
	case "ole":
		return nil, closing(f, casework.Errorf(casework.Invalid, "this is an old workbook (.xls) or one locked with a password; save it as .xlsx without a password").
			InChinese("这是旧版 .xls 工作簿或设有密码的工作簿，请另存为不带密码的 .xlsx").WithCode("field:file"))
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
	if bytes.HasPrefix(head, oldOffice) {
		return "ole"
	}
	if bytes.IndexByte(head, 0) >= 0 && !isUTF16(head) {
		return "" // no text at all
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

var (
	utf8BOM   = []byte("\xef\xbb\xbf")
	oldOffice = []byte("\xd0\xcf\x11\xe0") // an old workbook, or a new one locked with a password
)

func isUTF16(head []byte) bool {
	return bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff"))
}

// decoded is the file's text as UTF-8, without a byte-order mark. Foreign says
// that it was translated: from UTF-16, which Excel calls Unicode text, or from
// GB18030.
func decoded(f io.Reader, head []byte) (text *bufio.Reader, foreign bool) {
	in := bufio.NewReaderSize(f, 1<<20)
	switch {
	case bytes.HasPrefix(head, utf8BOM):
		_, _ = in.Discard(len(utf8BOM)) // they are there: head begins with them
		return in, false
	case isUTF16(head):
		return bufio.NewReaderSize(transform.NewReader(in, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()), 1<<20), true
	case !mostlyUTF8(head):
		return bufio.NewReaderSize(transform.NewReader(in, simplifiedchinese.GB18030.NewDecoder()), 1<<20), true
	}
	return in, false
}

// mostlyUTF8 reports whether head is rather UTF-8 than GB18030. A few broken
// bytes do not make a file GB18030: read as that, all its Chinese would turn
// into other Chinese. The row that has them is refused later.
func mostlyUTF8(head []byte) bool {
	sound, broken := 0, 0
	for len(head) > 0 {
		r, size := utf8.DecodeRune(head)
		switch {
		case r == utf8.RuneError && size == 1:
			if !utf8.FullRune(head) {
				return sound >= broken // head cuts a character at its end
			}
			broken++
		case size > 1:
			sound++
		}
		head = head[size:]
	}
	return sound >= broken
}
