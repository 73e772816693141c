package importing

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"xiaobao/casework"
)

// How large a workbook may be, packed and unpacked. One that claims to be
// larger is refused before it is unpacked.
const (
	maxPacked   = 128 << 20 // is held in memory
	maxUnzipped = 2 << 30
	maxInMemory = 16 << 20 // larger sheets go to a temporary file
)

// An xlsxSource reads the first sheet of a workbook twice at the same time: as
// its cells are kept and as they are shown. Numbers and dates count as they
// are kept, for how they are shown depends on formats; yes and no as shown.
type xlsxSource struct {
	file   *os.File
	book   *excelize.File
	kept   *excelize.Rows
	shown  *excelize.Rows
	date   func(serial float64) (time.Time, bool)
	header []string
	number int
}

func openXLSX(f *os.File) (source, error) {
	if info, err := f.Stat(); err != nil || info.Size() > maxPacked {
		return nil, closing(f, casework.Errorf(casework.Invalid, "the workbook is larger than 128 MiB; save it as CSV").
			InChinese("工作簿超过 128 MiB，请另存为 CSV 后导入").WithCode("field:file").Because(err))
	}
	if err := checkZip(f); err != nil {
		return nil, closing(f, err)
	}
	book, err := excelize.OpenReader(f, excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxInMemory})
	if err != nil {
		return nil, closing(f, damaged(err))
	}
	s := &xlsxSource{file: f, book: book}
	if err := s.begin(); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// checkZip reads all parts of a workbook once and proves their checksums: the
// library passes over what it cannot read, and rows would be missing.
func checkZip(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	parts, err := zip.NewReader(f, info.Size())
	if err != nil {
		return damaged(err)
	}
	var size uint64
	for _, part := range parts.File {
		if size += part.UncompressedSize64; part.UncompressedSize64 > maxUnzipped || size > maxUnzipped {
			return casework.Errorf(casework.Invalid, "the workbook unpacks to more than 2 GiB; save it as CSV").
				InChinese("工作簿解压后超过 2 GiB，请另存为 CSV 后导入").WithCode("field:file")
		}
	}
	for _, part := range parts.File {
		content, err := part.Open()
		if err == nil {
			_, err = io.Copy(io.Discard, content) // no more than it claims to hold
			err = errors.Join(err, content.Close())
		}
		if err != nil {
			return damaged(err)
		}
	}
	_, err = f.Seek(0, io.SeekStart)
	return err
}

func damaged(err error) error {
	return casework.Errorf(casework.Invalid, "the workbook cannot be read: it is damaged").
		InChinese("工作簿无法读取：文件已损坏").WithCode("field:file").Because(err)
}

// begin finds the first sheet and reads its header.
func (s *xlsxSource) begin() error {
	sheets := s.book.GetSheetList()
	if len(sheets) == 0 {
		return casework.Errorf(casework.Invalid, "the workbook has no sheet").InChinese("工作簿没有工作表").WithCode("field:file")
	}
	properties, err := s.book.GetWorkbookProps()
	if err == nil {
		s.kept, err = s.book.Rows(sheets[0])
	}
	if err == nil {
		s.shown, err = s.book.Rows(sheets[0])
	}
	if err != nil {
		return casework.Errorf(casework.Invalid, "the first sheet cannot be read").InChinese("第一个工作表无法读取").WithCode("field:file").Because(err)
	}
	s.date = dates(properties.Date1904 != nil && *properties.Date1904)
	header, err := s.record()
	if errors.Is(err, io.EOF) {
		return casework.Errorf(casework.Invalid, "the first sheet is empty").InChinese("第一个工作表是空的").WithCode("field:file")
	}
	if err != nil {
		return err
	}
	s.header = trimmed(header)
	return checkHeader(s.header)
}

// dates turns the number by which a workbook keeps a moment into the moment,
// which is Beijing time; not numbers outside this century.
func dates(from1904 bool) func(float64) (time.Time, bool) {
	return func(serial float64) (time.Time, bool) {
		t, err := excelize.ExcelDateToTime(serial, from1904)
		t = t.Round(time.Second) // the number is not exact
		if err != nil || t.Year() < 2000 || t.Year() > 2100 {
			return time.Time{}, false
		}
		return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, casework.Beijing), true
	}
}

func (s *xlsxSource) columns() []string { return s.header }

func (s *xlsxSource) Close() error {
	errs := []error{s.book.Close(), s.file.Close()}
	for _, rows := range []*excelize.Rows{s.kept, s.shown} {
		if rows != nil {
			errs = append(errs, rows.Close())
		}
	}
	return errors.Join(errs...)
}

// next gives the next row that is not blank; sheets often end in blank rows.
func (s *xlsxSource) next() (row, error) {
	for {
		record, err := s.record()
		if err != nil {
			return row{}, err
		}
		if strings.TrimSpace(strings.Join(record, "")) == "" {
			continue
		}
		r := tableRow(s.number, s.header, record)
		r.date = s.date
		return r, nil
	}
}

// record reads the next row of the sheet, which may be blank.
func (s *xlsxSource) record() ([]string, error) {
	if !s.kept.Next() || !s.shown.Next() {
		if err := errors.Join(s.kept.Error(), s.shown.Error()); err != nil {
			return nil, s.unreadable(err)
		}
		return nil, io.EOF
	}
	s.number++
	record, err := s.kept.Columns(excelize.Options{RawCellValue: true})
	if err != nil {
		return nil, s.unreadable(err)
	}
	shown, err := s.shown.Columns()
	if err != nil {
		return nil, s.unreadable(err)
	}
	for i := range min(len(record), len(shown)) {
		if shown[i] == "TRUE" || shown[i] == "FALSE" {
			record[i] = shown[i]
		}
	}
	return record, nil
}

// unreadable keeps back the part of the cause that quotes a cell.
func (s *xlsxSource) unreadable(err error) error {
	if n, ok := errors.AsType[*strconv.NumError](err); ok {
		err = fmt.Errorf("a number: %w", n.Err)
	}
	return casework.Errorf(casework.Invalid, "the sheet cannot be read beyond row %d", s.number).
		InChinese("工作表在第 %d 行之后无法读取", s.number).WithCode("field:file").Because(err)
}

// serial reads a cell as the number of a date.
func serial(text string) (float64, bool) {
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil && n > 0 && n < 1e5
}
