package importing_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"xiaobao/casework"
	"xiaobao/importing"
)

func itoa(n int) string { return strconv.Itoa(n) }

const chinese = "id,channel,occurred_at,text,产品\n" +
	"t1,service_chat,2026-03-01 09:00:00,\"坐席：您好，\n这里是客服。\",现金贷\n" +
	"t2,service_chat,2026/3/1 9:30,说\"好\"的,\n" +
	"t3,service_chat,2026-03-01T10:00:00+08:00,\"他说\"\"好的\"\"，就这样\",现金贷\n"

func TestATableIsReadInWhateverEncodingAndSeparatorItCame(t *testing.T) {
	t.Parallel()
	text := strings.Replace(chinese, `说"好"的`, "好的", 1)
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.ReplaceAll(text, ",", "\t"))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"utf8.csv": text, "bom.csv": "\ufeff" + text, "gb18030.csv": gb, "unicode.txt": utf16,
		"semicolon.csv": strings.ReplaceAll(text, ",", ";"), "tab.tsv": strings.ReplaceAll(text, ",", "\t"),
		"crlf.csv": strings.ReplaceAll(text, "\n", "\r\n"), "noending": text, "lastline.csv": strings.TrimSuffix(text, "\n"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := taken(t, name, content, importing.Request{Mapping: []byte("columns: {product: 产品}")})
			same(t, ids(m.touchpoints), []string{"t1", "t2", "t3"})
			first := m.touchpoints[0]
			same(t, first.Text, "坐席：您好，\n这里是客服。")
			same(t, first.Product, "现金贷")
			same(t, first.OccurredAt.Equal(time.Date(2026, 3, 1, 9, 0, 0, 0, casework.Beijing)), true)
			same(t, m.touchpoints[1].OccurredAt.Equal(time.Date(2026, 3, 1, 9, 30, 0, 0, casework.Beijing)), true)
			same(t, m.touchpoints[2].Text, `他说"好的"，就这样`)
		})
	}
}

func TestRowsOfAnotherShapeAreNamedByNumber(t *testing.T) {
	t.Parallel()
	problems, _ := refused(t, "ragged.csv", "id,channel,occurred_at,text\n"+
		"a,service_chat,2026-03-01,ok\n"+
		"b,service_chat,2026-03-01,one,two\n"+ // a comma too many
		"c,service_chat\n"+ // short
		"d,service_chat,2026-03-01,say \"hi\"\n"+ // a bare quote
		"e,service_chat,2026-03-01,blank cells beyond the header,,\n"+
		"f,service_chat,2026-03-01\n", importing.Request{}) // no text
	same(t, problems, []string{"3 wrong_shape", "4 occurred_at missing", "5 wrong_shape", "7 text missing"})
}

func TestRowsAreNumberedAsASpreadsheetShowsThem(t *testing.T) {
	t.Parallel()
	problems, _ := refused(t, "x.csv", "id,channel,occurred_at,text\n"+
		"a,service_chat,2026-03-01,\"one\ntwo\r\nthree\"\n"+ // one row of three lines
		"\n"+ // a blank row
		"b,pigeon,2026-03-01,x\n"+
		"c,service_chat,2026-03-01,say \"hi\"\n"+ // cannot be read
		"d,pigeon,2026-03-01,x\n", importing.Request{})
	same(t, problems, []string{"4 channel unknown_value", "5 wrong_shape", "6 channel unknown_value"})

	problems, _ = refused(t, "x.csv", "\n\nid,channel,occurred_at,text\na,pigeon,2026-03-01,x\n", importing.Request{})
	same(t, problems, []string{"4 channel unknown_value"})
}

func TestWrongEncodingInTheMiddleNeverTurnsIntoOtherWords(t *testing.T) {
	t.Parallel()
	sound := strings.Repeat("a,service_chat,2026-03-01,坐席：您好，您的贷款已经到期。\n", 1)
	table := "id,channel,occurred_at,text\n"
	for i := range 50 {
		table += strings.Replace(sound, "a,", "a"+itoa(i)+",", 1)
	}
	broken := strings.Replace(table, "a20,service_chat,2026-03-01,坐席", "a20,service_chat,2026-03-01,坐\xff\xfe席", 1)
	problems, _ := refused(t, "broken.csv", broken, importing.Request{})
	same(t, problems, []string{"22 text wrong_encoding"})
	m := taken(t, "broken.csv", broken, importing.Request{SkipInvalid: true})
	same(t, len(m.touchpoints), 49)
	for _, r := range m.touchpoints {
		same(t, r.Text, "坐席：您好，您的贷款已经到期。")
	}

	gb, err := simplifiedchinese.GB18030.NewEncoder().String(table)
	if err != nil {
		t.Fatal(err)
	}
	problems, _ = refused(t, "gb.csv", strings.Replace(gb, "a20,service_chat,2026-03-01,", "a20,service_chat,2026-03-01,\xff\xff", 1), importing.Request{})
	same(t, problems, []string{"22 text wrong_encoding"})

	problems, _ = refused(t, "lines.jsonl", `{"id":"a","channel":"service_chat","occurred_at":"2026-03-01T09:00:00+08:00","text":"坐席您好"}`+"\n"+
		`{"id":"b","channel":"service_chat","occurred_at":"2026-03-01T09:00:00+08:00","text":"`+"\xc4\xe3"+`"}`+"\n", importing.Request{})
	same(t, problems, []string{"2 wrong_encoding"})

	// Beyond the first pages, by which the encoding is told.
	far := "id,channel,occurred_at,text\n" + strings.Repeat("x,service_chat,2026-03-01,plain words only\n", 3000) + "z,service_chat,2026-03-01,\xc4\xe3\xba\xc3\n"
	problems, _ = refused(t, "far.csv", far, importing.Request{})
	same(t, problems, []string{"3002 text wrong_encoding"})
}

func TestFilesThatHoldNothingUsableAreRefusedInWords(t *testing.T) {
	t.Parallel()
	columns := make([]string, 1500)
	for i := range columns {
		columns[i] = "c" + itoa(i)
	}
	for name, c := range map[string]struct{ content, want string }{
		"empty.csv":      {"", "empty"},
		"header.csv":     {"id,channel,occurred_at,text\n", "no rows"},
		"blank.jsonl":    {"\n\n  \n", "no rows"},
		"missing.csv":    {"id,text\na,b\n", "lacks the columns channel, occurred_at"},
		"twice.csv":      {"id,channel,occurred_at,text,id\na,b,c,d,e\n", "column 5 has the same name"},
		"wide.csv":       {strings.Join(columns, ",") + "\n", "1500 columns"},
		"noheader.csv":   {strings.Repeat("长", 300) + ",b\n", "longer than 200 bytes"},
		"binary.csv":     {"id,\x00\x01\x02", "neither"},
		"old.xls":        {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "old workbook"},
		"locked.xlsx":    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "locked with a password"},
		"damaged.xlsx":   {"PK\x03\x04rest", "damaged"},
		"open_quote.csv": {"id,channel,occurred_at,text\na,service_chat,2026-03-01,\"" + strings.Repeat("never closed\n", 2<<20), "quote left open"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := refused(t, name, c.content, importing.Request{})
			if !strings.Contains(casework.Words(err), c.want) {
				t.Errorf("%q does not say %q", casework.Words(err), c.want)
			}
			if casework.WordsZh(err) == casework.Words(err) {
				t.Errorf("no Chinese words for %q", err)
			}
		})
	}
	if _, _, err := run(t, "a.csv", "x", importing.Request{Kind: "secrets"}); casework.KindOf(err) != casework.Invalid {
		t.Errorf("unknown kind: %v", err)
	}
	_, err := importing.Run(t.Context(), newMemory(), importing.Request{Kind: "staff", File: "/nowhere/at-all.csv"}, now)
	if casework.KindOf(err) != casework.NotFound || strings.Contains(casework.Words(err), "/nowhere") {
		t.Errorf("no file: %v", err)
	}
}

func TestAVeryLongLineIsRefusedWithoutBeingHeld(t *testing.T) {
	t.Parallel()
	line := func(id, text string) string {
		return `{"id":"` + id + `","channel":"service_chat","occurred_at":"2026-03-01T09:00:00+08:00","text":"` + text + `"}` + "\n"
	}
	content := line("a", "x") + line("b", strings.Repeat("y", 50<<20)) + line("c", "z")
	problems, _ := refused(t, "long.jsonl", content, importing.Request{})
	same(t, problems, []string{"2 too_long"})
	m := taken(t, "long.jsonl", content, importing.Request{SkipInvalid: true})
	same(t, ids(m.touchpoints), []string{"a", "c"})
}
