package importing

import (
	"errors"
	"io"
	"os"
	"strings"

	"github.com/xuri/excelize/v2"

	"xiaobao/casework"
)

// How large a workbook may be when it is unpacked. A workbook that claims to
// be larger is refused before it is unpacked.
const (
	maxUnzipped = 2 << 30
	maxInMemory = 64 << 20 // larger sheets go to a temporary file
)

type xlsxSource struct {
	file   *os.File
	book   *excelize.File
	rows   *excelize.Rows
	header []string
	number int
}

// openXLSX reads the first sheet of a workbook.
func openXLSX(f *os.File) (source, error) {
	book, err := excelize.OpenReader(f, excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxInMemory, RawCellValue: false})
	if err != nil {
		return nil, closing(f, casework.Errorf(casework.Invalid, "the workbook cannot be read: it is damaged, locked with a password, or unpacks to more than 2 GiB").
			InChinese("工作簿无法读取：文件已损坏、设有密码，或解压后超过 2 GiB").WithCode("field:file").Because(err))
	}
	s := &xlsxSource{file: f, book: book}
	sheets := book.GetSheetList()
	if len(sheets) == 0 {
		return nil, errors.Join(casework.Errorf(casework.Invalid, "the workbook has no sheet").InChinese("工作簿没有工作表").WithCode("field:file"), s.Close())
	}
	if s.rows, err = book.Rows(sheets[0]); err != nil {
		return nil, errors.Join(casework.Errorf(casework.Invalid, "the first sheet cannot be read").InChinese("第一个工作表无法读取").WithCode("field:file").Because(err), s.Close())
	}
	if !s.rows.Next() {
		return nil, errors.Join(casework.Errorf(casework.Invalid, "the first sheet is empty").InChinese("第一个工作表是空的").WithCode("field:file"), s.Close())
	}
	header, err := s.rows.Columns()
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.header = trimmed(header)
	return s, nil
}

func (s *xlsxSource) columns() []string { return s.header }

func (s *xlsxSource) Close() error {
	var err error
	if s.rows != nil {
		err = s.rows.Close()
	}
	return errors.Join(err, s.book.Close(), s.file.Close())
}

// next gives the next row that is not blank; sheets often end in blank rows.
func (s *xlsxSource) next() (row, error) {
	for s.rows.Next() {
		s.number++
		record, err := s.rows.Columns()
		if err != nil {
			return row{}, casework.Errorf(casework.Invalid, "row %d of the sheet cannot be read", s.number).
				InChinese("工作表第 %d 行无法读取", s.number).Because(err)
		}
		if strings.TrimSpace(strings.Join(record, "")) == "" {
			continue
		}
		for len(record) > len(s.header) && strings.TrimSpace(record[len(record)-1]) == "" {
			record = record[:len(record)-1]
		}
		return tableRow(s.number, s.header, record), nil
	}
	if err := s.rows.Error(); err != nil {
		return row{}, casework.Errorf(casework.Invalid, "the sheet cannot be read beyond row %d", s.number).
			InChinese("工作表在第 %d 行之后无法读取", s.number).Because(err)
	}
	return row{}, io.EOF
}
