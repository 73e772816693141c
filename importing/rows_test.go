package importing_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/importing"
)

func TestEveryWrongFieldIsNamedByRowColumnAndClass(t *testing.T) {
	t.Parallel()
	line := func(id, more string) string {
		return `{"id":"` + id + `","channel":"service_chat","occurred_at":"2026-03-01T09:00:00+08:00"` + more + "}\n"
	}
	deep := strings.Repeat(`{"a":`, 20) + "1" + strings.Repeat("}", 20)
	for _, c := range []struct{ name, line, want string }{
		{"no id", line("", ""), "1 id missing"},
		{"a long id", line(strings.Repeat("i", 129), ""), "1 id too_long"},
		{"no channel", `{"id":"a","occurred_at":"2026-03-01T09:00:00+08:00"}`, "1 channel unknown_value"},
		{"an unknown channel", `{"id":"a","channel":"pigeon","occurred_at":"2026-03-01T09:00:00+08:00"}`, "1 channel unknown_value"},
		{"no time", `{"id":"a","channel":"service_chat"}`, "1 occurred_at missing"},
		{"an impossible day", `{"id":"a","channel":"service_chat","occurred_at":"2026-02-30T09:00:00+08:00"}`, "1 occurred_at bad_date"},
		{"the future", `{"id":"a","channel":"service_chat","occurred_at":"2026-03-04T09:00:00+08:00"}`, "1 occurred_at future_date"},
		{"long ago", `{"id":"a","channel":"service_chat","occurred_at":"1999-03-04T09:00:00+08:00"}`, "1 occurred_at bad_date"},
		{"an unknown field", line("a", `,"txt":"x"`), "1 txt bad_json"},
		{"a value for a field", line("a", `,"13800138000":"x"`), "1 bad_json"},
		{"no JSON", "id=a\n", "1 bad_json"},
		{"a list", "[1]\n", "1 bad_json"},
		{"two objects", `{"id":"a"} {"id":"b"}`, "1 bad_json"},
		{"another type", line("a", `,"text":7`), "1 text bad_json"},
		{"text and turns", line("a", `,"text":"x","turns":[{"speaker":"agent","text":"x"}]`), "1 turns wrong_shape"},
		{"an unknown speaker", line("a", `,"turns":[{"speaker":"ghost","text":"x"}]`), "1 turns.speaker unknown_value"},
		{"a turn of the year 9999", line("a", `,"turns":[{"speaker":"agent","text":"x","at":"9999-12-31T23:59:59-12:00"}]`), "1 turns bad_date"},
		{"a NUL", line("a", `,"text":"x\u0000"`), "1 text control_character"},
		{"a NUL in a code", line("a", `,"customer_id":"x\u0000"`), "1 customer_id control_character"},
		{"a long code", line("a", `,"product":"`+strings.Repeat("p", 5000)+`"`), "1 product too_long"},
		{"a NUL in an attribute", line("a", `,"attributes":{"k":"x\u0000"}`), "1 attributes wrong_shape"},
		{"deep attributes", line("a", `,"attributes":`+deep), "1 attributes wrong_shape"},
		{"huge attributes", line("a", `,"attributes":{"k":"`+strings.Repeat("v", 1<<20)+`"}`), "1 attributes wrong_shape"},
		{"no text", line("a", ""), "1 text missing"},
		{"blank text", line("a", `,"text":" \n"`), "1 text missing"},
		{"blank turns", line("a", `,"turns":[{"speaker":"agent","text":" "}]`), "1 text missing"},
		{"attributes of a chat and no text", line("a", `,"attributes":{"k":1}`), "1 text missing"},
		{"a call without anything", `{"id":"a","channel":"collection_call","occurred_at":"2026-03-01T09:00:00+08:00"}`, "1 text missing"},
		{"an unknown unit", line("a", `,"text":"x","org_id":"b9"`), "1 org_id unknown_value"},
		{"too much text", line("a", `,"text":"`+strings.Repeat("字", 200_001)+`"`), "1 text too_long"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			problems, _ := refused(t, "x.jsonl", c.line, importing.Request{})
			same(t, problems, []string{c.want})
		})
	}
}

func TestAnOutboundCallWithAttributesNeedsNoTranscript(t *testing.T) {
	t.Parallel()
	m := taken(t, "x.jsonl", `{"id":"a","channel":"collection_call","occurred_at":"2026-03-01T22:30:00+08:00","org_id":"HQ","attributes":{"connected":false}}
{"id":"b","channel":"telemarketing_call","occurred_at":"2026-03-01T09:00:00+08:00","attributes":{"calls_today":9}}
`, importing.Request{})
	same(t, ids(m.touchpoints), []string{"a", "b"})
}

func TestMasterDataIsCheckedToo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ kind, content, want string }{
		{"customers", "id,birth_year\nc1,1850\n", "2 birth_year bad_date"},
		{"customers", "id,birth_year\nc1,old\n", "2 birth_year bad_date"},
		{"customers", "id,opted_out_at\nc1,2027-01-01\n", "2 opted_out_at future_date"},
		{"customers", "id,opted_out_at\nc1,0001-01-01\n", "2 opted_out_at bad_date"},
		{"customers", "id,name\n,张三\n", "2 id missing"},
		{"customers", "id,name\nc1,张\x7f三\n", "2 name control_character"},
		{"staff", "id,org_id,name,active\ns1,b1,张三,离职\n", "2 active unknown_value"},
		{"staff", "id,org_id,name\ns1,,张三\n", "2 org_id missing"},
		{"staff", "id,org_id,name\ns1,b9,张三\n", "2 org_id unknown_value"},
		{"orgs", "id,name,kind\no1,营业部,club\n", "2 kind unknown_value"},
		{"orgs", "id,name,kind\n" + strings.Repeat("o", 200) + ",营业部,branch\n", "2 id too_long"},
	} {
		t.Run(c.kind+" "+c.want, func(t *testing.T) {
			t.Parallel()
			problems, _ := refused(t, "x.csv", c.content, importing.Request{Kind: c.kind})
			same(t, problems, []string{c.want})
		})
	}
	m := taken(t, "s.csv", "id,org_id,name,active\ns1,b1,甲,否\ns2,b1,乙,0\ns3,b1,丙,\ns4,b1,丁,TRUE\n", importing.Request{Kind: "staff"})
	same(t, []bool{m.staff[0].Active, m.staff[1].Active, m.staff[2].Active, m.staff[3].Active}, []bool{false, false, true, true})
}

const mapping = `
columns: {id: 流水号, channel: 渠道, occurred_at: 时间, text: 转写}
attributes: {direction: 方向, connected: 接通, template_id: 模板, rate: 比率}
values: {channel: {电销: telemarketing_call}, direction: {呼出: outbound}}
defaults: {channel: service_call}
time_layout: "02.01.2006 15h04"
`

func TestAMappingSaysWhichColumnIsWhat(t *testing.T) {
	t.Parallel()
	m := taken(t, "x.csv", "流水号,渠道,时间,转写,方向,接通,模板,比率,attributes.calls_today,无关\n"+
		"a,电销,01.03.2026 09h05,你好,呼出,是,00123,NaN,3,x\n"+
		"b,,01.03.2026 09h06,你好,inbound,否,1e5,0.25,inf,x\n", importing.Request{Mapping: []byte(mapping)})
	a, b := m.touchpoints[0], m.touchpoints[1]
	same(t, []casework.Channel{a.Channel, b.Channel}, []casework.Channel{casework.TelemarketingCall, casework.ServiceCall})
	same(t, a.OccurredAt.Equal(time.Date(2026, 3, 1, 9, 5, 0, 0, casework.Beijing)), true)
	same(t, a.Attributes, map[string]any{"direction": "outbound", "connected": true, "template_id": "00123", "rate": "NaN", "calls_today": 3.0})
	same(t, b.Attributes, map[string]any{"direction": "inbound", "connected": false, "template_id": "1e5", "rate": 0.25, "calls_today": "inf"})

	problems, _ := refused(t, "x.csv", "流水号,渠道,时间,转写,方向,接通,模板,比率\na,飞鸽,01.03.2026 09h05,你好,,,,\nb,电销,2026-03-01,你好,,,,\n,电销,01.03.2026 09h05,x,,,,\n",
		importing.Request{Mapping: []byte(mapping)})
	same(t, problems, []string{"2 渠道 unknown_value", "3 时间 bad_date", "4 流水号 missing"})
}

func TestAMappingThatCannotMeanWhatItSaysIsRefused(t *testing.T) {
	t.Parallel()
	table := "id,channel,occurred_at,text\na,service_chat,2026-03-01,x\n"
	for _, c := range []struct{ name, file, content, mapping, want string }{
		{"an unknown field", "x.csv", table, "columns: {identity: id}", `"identity", which is no field`},
		{"an unknown default", "x.csv", table, "defaults: {colour: red}", `"colour", which is no field`},
		{"an unknown key", "x.csv", table, "colums: {id: id}", "cannot be read"},
		{"no YAML", "x.csv", table, "{{{", "cannot be read"},
		{"a layout of another language", "x.csv", table, "time_layout: yyyy-MM-dd", "does not write a date"},
		{"a column that is not there", "x.csv", table, "columns: {product: 产品线}", "lacks the columns 产品线"},
		{"an attribute that is not there", "x.csv", table, "attributes: {direction: 方向}", "lacks the columns 方向"},
		{"values of nothing", "x.csv", table, "values: {chanel: {a: b}}", "lacks the columns attributes.chanel"},
		{"lines of JSON", "x.jsonl", `{"id":"a"}`, "columns: {id: 编号}", "a mapping is for tables"},
		{"a huge one", "x.csv", table, "columns: {id: " + strings.Repeat("x", 2<<20) + "}", "larger than 1 MiB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := refused(t, c.file, c.content, importing.Request{Mapping: []byte(c.mapping)})
			if !strings.Contains(casework.Words(err), c.want) {
				t.Errorf("%q does not say %q", casework.Words(err), c.want)
			}
		})
	}
}

func TestNoErrorRepeatsTheValueOfACell(t *testing.T) {
	t.Parallel()
	const secret = "张伟13912345678"
	row := []string{"t1", "service_chat", "2026-03-01", "text", "agent", `[{"speaker":"agent","text":"x"}]`}
	header := "id,channel,occurred_at,text,speaker,turns\n"
	for i := range row {
		for _, wrong := range []string{secret, `say "` + secret + `"`, secret + "\xff\xfe", "\x7f" + secret, `"` + secret, secret + ",,,,,,,x"} {
			cells := append([]string{}, row...)
			cells[i] = wrong
			_, result, err := run(t, "x.csv", header+strings.Join(cells, ",")+"\n", importing.Request{})
			silent(t, secret, result.Problems, err)
		}
	}
	for _, line := range []string{
		secret, `{"id":"` + secret, `{"` + secret + `":1}`, `{"channel":"` + secret + `","id":"a"}`, `{"occurred_at":"` + secret + `"}`,
		`{"text":["` + secret + `"]}`, `{"turns":"` + secret + `"}`, `{"attributes":["` + secret + `"]}`, `{"attributes":{"a":13912345678e9999}}`,
		`{"id":"a","channel":"service_chat","occurred_at":"2026-03-01T09:00:00Z","turns":[{"speaker":"` + secret + `"}]}`,
	} {
		_, result, err := run(t, "x.jsonl", line+"\n", importing.Request{})
		silent(t, secret, result.Problems, err)
	}
	for kind, line := range map[string]string{
		"customers": `{"id":"c","birth_year":"` + secret + `"}`, "staff": `{"id":"s","active":"` + secret + `"}`, "orgs": `{"id":"o","kind":"` + secret + `"}`,
	} {
		_, result, err := run(t, "x.jsonl", line+"\n", importing.Request{Kind: kind})
		silent(t, secret, result.Problems, err)
	}
}

// silent fails the test if a problem or an error repeats a secret, or if there
// is neither.
func silent(t *testing.T, secret string, problems []casework.RowError, err error) {
	t.Helper()
	if err == nil {
		return // a speaker may be anything in the text column
	}
	said := err.Error() + casework.WordsZh(err)
	for _, p := range problems {
		said += importing.Line(p) + p.WhatZh + p.MendZh
	}
	for _, part := range []string{secret, "13912345678", "张伟"} {
		if strings.Contains(said, part) {
			t.Errorf("%q repeats %q", said, part)
		}
	}
}

func TestADryRunTakesNothingIn(t *testing.T) {
	t.Parallel()
	m, result, err := run(t, "x.csv", "id,channel,occurred_at,text\na,service_chat,2026-03-01,x\nb,pigeon,2026-03-01,x\n", importing.Request{DryRun: true})
	if err != nil || len(m.touchpoints) != 0 {
		t.Fatalf("%v, %d touchpoints", err, len(m.touchpoints))
	}
	same(t, []int{result.Rows, result.Invalid, len(result.Preview)}, []int{2, 1, 0}) // a preview is read when somebody looks
	same(t, []any{result.Status, result.DryRun}, []any{"done", true})
}

func TestADryRunFindsWhatTheFileRepeatsWithOtherContent(t *testing.T) {
	t.Parallel()
	content := "id,channel,occurred_at,text\na,service_chat,2026-03-01,x\na,service_chat,2026-03-01T00:00:00+08:00,x\na,service_chat,2026-03-01,y\nb,pigeon,2026-03-01,x\n"
	_, result, err := run(t, "x.csv", content, importing.Request{DryRun: true})
	if err != nil {
		t.Fatal(err)
	}
	same(t, []int{result.Rows, result.Invalid, result.Conflicts, result.Valid()}, []int{4, 1, 1, 2})
	same(t, []any{result.Problems[0].Row, result.Problems[0].Class, result.RepeatsMissed()}, []any{4, "conflict", false})
	result.Rows = casework.MaxRepeatsKnown + 2
	same(t, result.RepeatsMissed(), true)
}

func TestProgressIsToldAndACancelledCheckStops(t *testing.T) {
	t.Parallel()
	content := "id,channel,occurred_at,text\n" + strings.Repeat("a,service_chat,2026-03-01,x\n", 5000)
	phases := map[string]int{}
	taken(t, "x.csv", content, importing.Request{Progress: func(phase string, rows, _ int) { phases[phase] = rows }})
	same(t, phases, map[string]int{"checking": 5000, "importing": 5000})
	ctx, cancel := context.WithCancel(t.Context())
	m := newMemory()
	_, err := importing.Run(ctx, m, importing.Request{
		Kind: "touchpoints", File: file(t, "x.csv", content), Progress: func(string, int, int) { cancel() },
	}, now)
	if err == nil || len(m.runs) != 0 {
		t.Errorf("went on after it was cancelled: %v", err)
	}
}
