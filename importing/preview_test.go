package importing_test

import (
	"bytes"
	"strings"
	"testing"

	"xiaobao/casework"
	"xiaobao/importing"
)

// look gives a preview of content: its rows, and its columns as "name=field".
func look(t *testing.T, kind, name, content, mapping string) (rows []casework.RowSample, columns []string) {
	t.Helper()
	rows, found, err := importing.Preview(kind, file(t, name, content), []byte(mapping))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range found {
		columns = append(columns, c.Name+"="+c.Field)
	}
	return rows, columns
}

func TestAPreviewSaysWhatEachColumnIsReadAs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, kind, file, content, mapping, columns, first string }{
		{"our names", "touchpoints", "x.csv", "id,channel,occurred_at,text,attributes.connected,备注\na,投诉,2026-03-01,好,是,x\n", "",
			"id=id channel=channel occurred_at=occurred_at text=text attributes.connected=attributes.connected 备注=", "a"},
		{"Chinese names", "staff", "x.csv", "员工编号,机构编号,姓名,工资\ns1,HQ,王一,5\n", "", "员工编号=id 机构编号=org_id 姓名=name 工资=", "s1"},
		{"a mapping is the whole truth", "customers", "x.csv", "号,姓名\nc1,王一\n", "columns: {id: 号}", "号=id 姓名=", "c1"},
		{"mapped attributes", "customers", "x.csv", "客户编号,电话\nc1,x\n", "attributes: {line: 电话}", "客户编号=id 电话=attributes.line", "c1"},
		{"attributes of staff are none", "staff", "x.csv", "id,attributes.x\ns1,1\n", "", "id=id attributes.x=", "s1"},
		{"JSON", "touchpoints", "x.jsonl", `{"zeta":1,"text":"好","id":"a","turns":[{"text":"x"}],"attributes":{"n":2}}` + "\n", "",
			"id=id text=text turns=turns attributes.n=attributes.n zeta=", "a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			rows, columns := look(t, c.kind, c.file, c.content, c.mapping)
			same(t, strings.Join(columns, " "), c.columns)
			name, _, _ := strings.Cut(columns[0], "=")
			same(t, rows[0][name], c.first)
		})
	}
}

func TestAPreviewShowsTheFirstRowsAndLinesThatAreNoJSON(t *testing.T) {
	t.Parallel()
	rows, _ := look(t, "touchpoints", "x.csv", "id,channel,occurred_at,text\n"+strings.Repeat("a,service_chat,2026-03-01,x\n", 500), "")
	same(t, len(rows), 20)
	rows, columns := look(t, "touchpoints", "x.jsonl", "{\"id\":\"a\"}\n不是JSON\n", "")
	same(t, columns, []string{"id=id", "JSON="})
	same(t, rows, []casework.RowSample{{"id": "a"}, {"JSON": "不是JSON"}})
	_, _, err := importing.Preview("touchpoints", "/nowhere/x.csv", nil)
	same(t, casework.KindOf(err), casework.NotFound)
}

func TestATemplateFilledInIsTakenIn(t *testing.T) {
	t.Parallel()
	for kind, line := range map[string]string{
		"touchpoints": "t1,电销外呼,2026-03-01 09:00,您好,c1,a1,HQ,cash_loan,坐席",
		"customers":   "c1,王一,13912345678,1980,华东,2026-03-01", "staff": "s1,HQ,王一,坐席,是", "orgs": "o1,营业部,分支机构,HQ",
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			template := importing.Template(kind)
			if !bytes.HasPrefix(template, []byte("\xef\xbb\xbf")) || !bytes.HasSuffix(template, []byte("\r\n")) {
				t.Fatalf("%q", template)
			}
			m := taken(t, "x.csv", string(template)+line+"\r\n", importing.Request{Kind: kind})
			if len(m.touchpoints) == 1 {
				same(t, []string{string(m.touchpoints[0].Channel), string(m.touchpoints[0].Speaker)}, []string{"telemarketing_call", "agent"})
			}
			if len(m.orgs) == 1 {
				same(t, m.orgs[0], casework.Org{ID: "o1", ParentID: "HQ", Name: "营业部", Kind: "branch"})
			}
			same(t, len(m.touchpoints)+len(m.customers)+len(m.staff)+len(m.orgs), 1)
		})
	}
	same(t, importing.Template("pigeons"), nil)
}

func TestProblemsNameTheColumnOfTheFileAndTheField(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, header, time, mapping, column, words string }{
		{"our name", "id,channel,occurred_at,text", "gestern", "", "occurred_at", "occurred_at（发生时间） 不是有效的日期时间"},
		{"the Chinese name", "触点编号,渠道,发生时间,文本内容", "gestern", "", "发生时间", "发生时间 不是有效的日期时间"},
		{"their name", "id,channel,通话时间,text", "gestern", "columns: {occurred_at: 通话时间}", "通话时间", "通话时间（发生时间） 不是有效的日期时间"},
		{"in words of the domain", "id,channel,通话时间,text", "2026-03-09", "columns: {occurred_at: 通话时间}", "通话时间", "通话时间（发生时间） 晚于现在"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, result, err := run(t, "x.csv", c.header+"\na,service_chat,"+c.time+",x\n", importing.Request{Mapping: []byte(c.mapping), DryRun: true})
			if err != nil || len(result.Problems) != 1 {
				t.Fatalf("%v %+v", err, result.Problems)
			}
			p := result.Problems[0]
			same(t, []string{p.Column, p.Field, p.WhatZh}, []string{c.column, "occurred_at", c.words})
		})
	}
	_, result, err := run(t, "x.csv", "id,channel,occurred_at,text\na,飞鸽,2026-03-01,x\n", importing.Request{DryRun: true})
	if err != nil || !strings.Contains(result.Problems[0].MendZh, "、电销外呼") || !strings.Contains(result.Problems[0].Mend, "telemarketing_call") {
		t.Errorf("%v %+v", err, result.Problems)
	}
	_, _, err = run(t, "x.csv", "id,渠道\na,投诉\n", importing.Request{})
	if words := casework.WordsZh(err); !strings.Contains(words, "occurred_at（发生时间）、text（文本内容）") || strings.Contains(words, "channel") {
		t.Errorf("%q", words)
	}
}
