package importing_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"xiaobao/casework"
	"xiaobao/importing"
)

// workbook makes a workbook with one sheet and gives its path.
func workbook(t testing.TB, fill func(*excelize.File)) string {
	t.Helper()
	book := excelize.NewFile()
	fill(book)
	path := filepath.Join(t.TempDir(), "book.xlsx")
	if err := book.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	if err := book.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// row sets the cells of a row of the first sheet.
func row(t testing.TB, book *excelize.File, n int, cells ...any) {
	t.Helper()
	if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", n), &cells); err != nil {
		t.Fatal(err)
	}
}

func TestAWorkbookIsReadAsItIsKeptNotAsItIsShown(t *testing.T) {
	t.Parallel()
	when := time.Date(2026, 3, 1, 9, 30, 15, 0, time.UTC) // what the sheet shows; it knows no zones
	path := workbook(t, func(book *excelize.File) {
		row(t, book, 1, "id", "channel", "occurred_at", "text", "attributes.connected", "attributes.calls_today", "attributes.rate", "")
		formats := []int{14, 22, 27, 0, 164}
		for i, format := range formats {
			row(t, book, i+2, 13800138000+i, "service_call", when, "你好", i%2 == 0, i, 0.5)
			style := excelize.Style{NumFmt: format}
			if format == 164 {
				own := `d"."m"."yy`
				style = excelize.Style{CustomNumFmt: &own}
			}
			id, err := book.NewStyle(&style)
			if err != nil {
				t.Fatal(err)
			}
			if err := book.SetCellStyle("Sheet1", fmt.Sprintf("C%d", i+2), fmt.Sprintf("C%d", i+2), id); err != nil {
				t.Fatal(err)
			}
		}
		percent, err := book.NewStyle(&excelize.Style{NumFmt: 9})
		if err != nil {
			t.Fatal(err)
		}
		if err := book.SetCellStyle("Sheet1", "G2", "G6", percent); err != nil {
			t.Fatal(err)
		}
		row(t, book, 7, "as-text", "service_call", "2026-03-01 09:30:15", "你好")
		row(t, book, 9, "after a blank row", "service_call", "2026/3/1 9:30:15", "你好", nil, nil, nil, " ")
		row(t, book, 5000, "", "", " ") // a blank tail
	})
	m := newMemory()
	result, err := importing.Run(t.Context(), m, importing.Request{Kind: "touchpoints", File: path}, now)
	if err != nil {
		t.Fatalf("%v %+v", err, result.Problems)
	}
	same(t, ids(m.touchpoints), []string{"13800138000", "13800138001", "13800138002", "13800138003", "13800138004", "after a blank row", "as-text"})
	for _, r := range m.touchpoints {
		if want := time.Date(2026, 3, 1, 9, 30, 15, 0, casework.Beijing); !r.OccurredAt.Equal(want) {
			t.Errorf("%s happened at %v, want %v", r.ID, r.OccurredAt, want)
		}
	}
	same(t, m.touchpoints[2].Attributes, map[string]any{"connected": true, "calls_today": 2.0, "rate": 0.5})
}

func TestAWorkbookCountsDaysFrom1904WhereItSaysSo(t *testing.T) {
	t.Parallel()
	yes := true
	path := workbook(t, func(book *excelize.File) {
		if err := book.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}); err != nil {
			t.Fatal(err)
		}
		row(t, book, 1, "id", "channel", "occurred_at", "text")
		row(t, book, 2, "a", "service_call", 44620.5, "你好") // 2026-02-28 12:00, from 1904
		row(t, book, 3, "b", "service_call", 12, "你好")      // in 1904
	})
	m := newMemory()
	result, err := importing.Run(t.Context(), m, importing.Request{Kind: "touchpoints", File: path, SkipInvalid: true}, now)
	if err != nil || len(m.touchpoints) != 1 {
		t.Fatalf("%v %+v", err, result.Problems)
	}
	if want := time.Date(2026, 3, 1, 12, 0, 0, 0, casework.Beijing); !m.touchpoints[0].OccurredAt.Equal(want) {
		t.Errorf("%v, want %v", m.touchpoints[0].OccurredAt, want)
	}
}

func TestABadWorkbookIsRefusedInWords(t *testing.T) {
	t.Parallel()
	sound := workbook(t, func(book *excelize.File) {
		row(t, book, 1, "id", "channel", "occurred_at", "text")
		for i := range 2000 {
			row(t, book, i+2, i, "service_call", "2026-03-01", strings.Repeat("字", i%90))
		}
	})
	content, err := os.ReadFile(sound)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := excelize.OpenReader(bytes.NewReader(content)); err != nil {
		t.Fatal(err)
	}
	broken := bytes.Clone(content)
	for i := len(broken) / 3; i < len(broken)/3+200; i++ {
		broken[i] ^= 0x55
	}
	locked := filepath.Join(t.TempDir(), "locked.xlsx")
	book, err := excelize.OpenFile(sound)
	if err != nil {
		t.Fatal(err)
	}
	if err := book.SaveAs(locked, excelize.Options{Password: "open sesame"}); err != nil {
		t.Fatal(err)
	}
	lockedContent, err := os.ReadFile(locked)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		content []byte
		want    string
	}{
		"cut off":      {content[:len(content)/2], "damaged"},
		"damaged":      {broken, "damaged"},
		"locked":       {lockedContent, "password"},
		"another zip":  {zipped(t, map[string]string{"readme.txt": "hello"}), "damaged"},
		"no table":     {zipped(t, sheet(`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>`)), "empty"},
		"double names": {zipped(t, sheet(rowsOf("id", "id"))), "same name"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := refused(t, "book.xlsx", string(c.content), importing.Request{})
			if !strings.Contains(casework.Words(err), c.want) {
				t.Errorf("%q does not say %q", casework.Words(err), c.want)
			}
		})
	}
}

// sheet are the parts of a workbook with one sheet.
func sheet(xml string) map[string]string {
	const head = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`
	return map[string]string{
		"[Content_Types].xml":        head + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
		"_rels/.rels":                head + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            head + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": head + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   head + xml,
	}
}

func rowsOf(cells ...string) string {
	text := ""
	for _, c := range cells {
		text += `<c t="inlineStr"><is><t>` + c + `</t></is></c>`
	}
	return `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row>` + text + `</row></sheetData></worksheet>`
}

func zipped(t testing.TB, files map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, content := range files {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestAZipBombIsRefusedBeforeItIsUnpacked(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "bomb.xlsx")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(f)
	for name, content := range sheet("") {
		if name == "xl/worksheets/sheet1.xml" {
			continue
		}
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	// Three GiB in a few hundred bytes, by what the directory claims.
	w, err := z.CreateRaw(&zip.FileHeader{
		Name: "xl/worksheets/sheet1.xml", Method: zip.Deflate, UncompressedSize64: 3 << 30, CompressedSize64: 10,
	})
	if err == nil {
		_, err = w.Write(make([]byte, 10))
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	_, err = importing.Run(t.Context(), newMemory(), importing.Request{Kind: "touchpoints", File: path}, now)
	if casework.KindOf(err) != casework.Invalid || !strings.Contains(casework.Words(err), "2 GiB") {
		t.Errorf("%v", err)
	}
}

// large makes a workbook of so many calls, streamed, so that texts are in the
// sheet itself.
func large(t testing.TB, rows int) string {
	t.Helper()
	return workbook(t, func(book *excelize.File) {
		stream, err := book.NewStreamWriter("Sheet1")
		if err != nil {
			t.Fatal(err)
		}
		set := func(n int, cells []any) {
			if err := stream.SetRow(fmt.Sprintf("A%d", n), cells); err != nil {
				t.Fatal(err)
			}
		}
		set(1, []any{"id", "channel", "occurred_at", "text", "agent_id", "org_id", "product", "attributes.connected"})
		for i := range rows {
			set(i+2, []any{
				fmt.Sprintf("c%06d", i), "collection_call", 46082 + float64(i%1440)/1440, "坐席：您好，您的贷款已经逾期，请尽快还款。客户：好的，我明天就还。", "a1", "b1", "cash", true,
			})
		}
		if err := stream.Flush(); err != nil {
			t.Fatal(err)
		}
	})
}

// discarding takes nothing in and remembers nothing.
type discarding struct {
	*memory
	peak uint64
}

func (d *discarding) look() {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	d.peak = max(d.peak, m.HeapAlloc)
}

func TestAWorkbookOfAHundredThousandRowsNeedsLittleMemoryAndTime(t *testing.T) {
	rows := 100_000
	if underRace { // some thirty times slower, and it measures nothing
		rows = 3000
	}
	path := large(t, rows)
	debug.FreeOSMemory()
	d := &discarding{memory: newMemory()}
	d.look()
	before := d.peak
	t.Logf("heap before: %d MiB", before>>20)
	began := time.Now()
	run, err := importing.Run(t.Context(), d, importing.Request{
		Kind: "touchpoints", File: path, DryRun: true, Progress: func(string, int, int) { d.look() },
	}, now)
	if err != nil || run.Rows != rows || run.Invalid != 0 {
		t.Fatalf("%d rows, %d invalid, %v, %+v", run.Rows, run.Invalid, err, run.Problems)
	}
	took, grown := time.Since(began), (d.peak-before)>>20
	t.Logf("%d rows in %v, heap grew by at most %d MiB", rows, took, grown)
	if took > 30*time.Second {
		t.Errorf("took %v", took)
	}
	if grown > 128 {
		t.Errorf("the heap grew by %d MiB", grown)
	}
}
