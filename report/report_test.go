package report_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"iter"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"xiaobao/casework"
	"xiaobao/report"
	"xiaobao/rulebook"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, casework.Beijing)

// records are the records of one inspection with findings, some of them
// hostile to spreadsheets.
type records struct {
	inspection casework.Inspection
	items      []casework.InspectionItem
	questions  []casework.Question
	timeline   []casework.Occurrence
	findings   []casework.Finding
	cascade    *casework.CascadeCount
	about      []string // whose timelines were asked for
	page       int      // rows a page has
}

func (r *records) Inspection(context.Context, string) (casework.Inspection, error) {
	return r.inspection, nil
}

func (r *records) InspectionItems(context.Context, string) ([]casework.InspectionItem, error) {
	return r.items, nil
}

func (r *records) Occurrences(_ context.Context, about string) ([]casework.Occurrence, error) {
	r.about = append(r.about, about)
	return r.timeline, nil
}

func (r *records) Cascade(context.Context, string) (*casework.CascadeCount, error) {
	return r.cascade, nil
}

func (r *records) Questions(context.Context, casework.QuestionFilter, casework.PageRequest) (casework.Listing[casework.Question], error) {
	return casework.Listing[casework.Question]{Rows: r.questions}, nil
}

func (r *records) Findings(_ context.Context, _ casework.FindingFilter, p casework.PageRequest) (casework.Listing[casework.Finding], error) {
	from := len(p.After)
	page := casework.Listing[casework.Finding]{Rows: r.findings[from:min(from+r.page, len(r.findings))]}
	if from+r.page < len(r.findings) {
		page.Next = strings.Repeat("x", from+r.page)
	}
	return page, nil
}

func book(t *testing.T) *rulebook.Book {
	t.Helper()
	b, err := rulebook.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

const formula = `=HYPERLINK("http://evil.example","click")`

func someRecords(t *testing.T) *records {
	t.Helper()
	list, _ := book(t).Checklist("annual")
	item := list.Items[0]
	quotes := []string{formula, "+8613912345678", "-1+1", "@SUM(A1)", "\ttab", "＝1+1", "a\x00\x01\x0bb\uffff", strings.Repeat("长", 40_000), strings.Repeat("😀", 40_000), "_x0041_ <b>&amp;"}
	r := &records{
		inspection: casework.Inspection{
			ID: "i-1", Name: formula, Checklist: "annual", ChecklistVersion: "2026.11.1", Status: casework.InspectionReported, OrderedBy: "u1", SubmittedBy: "u1",
			ConfirmedBy: "u2", OrderedAt: noon, Scope: casework.Scope{From: noon, To: noon.AddDate(0, 0, 1), Sample: 10, Seed: 7},
			Score:      &casework.InspectionScore{Points: 87.126, Elements: map[string]float64{item.Element: 50}},
			ReportHash: "abc", Counts: casework.FindingCounts{Confirmed: len(quotes)},
		},
		items: []casework.InspectionItem{
			{Item: item.ID, Element: item.Element, Title: item.Title.Zh, Outcome: casework.ItemFailed, Worst: casework.Red, Weight: 2, Basis: []string{"R12", "R13"}},
			{Item: "I-x", Element: item.Element, Title: "没人答复", Outcome: casework.ItemUnanswered},
			{Item: "I-y", Element: item.Element, Title: "轻一些", Outcome: casework.ItemFailed, Worst: casework.Yellow, Why: "@cmd"},
		},
		questions: []casework.Question{{ID: "q", Item: item.ID, Text: formula, Respondent: "u3", Due: noon, Answer: casework.ItemFailed, Note: "-2+3", AnsweredAt: &noon}},
		timeline:  []casework.Occurrence{{At: noon, By: "u1", What: "inspection.ordered"}}, page: 3,
	}
	for _, quote := range quotes {
		r.findings = append(r.findings, casework.Finding{
			ID: casework.FindingID("i-1", item.ID, "x", quote), Inspection: "i-1", Item: item.ID, Indicator: "x", Title: quote, Touchpoint: "t", Channel: casework.CollectionCall,
			OccurredAt: noon, Level: casework.Red, Engine: casework.ByRule, Certainty: 0.5, Status: casework.FindingConfirmed, DecidedBy: "u1", DecidedAt: &noon,
			Evidence: []casework.Evidence{{Start: 1, End: 3, Quote: quote, Speaker: casework.Agent}}, Note: quote,
		})
	}
	return r
}

func each(findings []casework.Finding) iter.Seq2[casework.Finding, error] {
	return func(yield func(casework.Finding, error) bool) {
		for _, f := range findings {
			if !yield(f, nil) {
				return
			}
		}
	}
}

func TestTheWorkbookHoldsEverythingAsText(t *testing.T) {
	t.Parallel()
	r := someRecords(t)
	made, err := report.Make(t.Context(), r, book(t), "i-1")
	if err != nil {
		t.Fatal(err)
	}
	if made.Untested != 1 || len(made.Elements) != 1 || made.Elements[0].Tested != 2 || made.Elements[0].Total != 3 || made.Elements[0].Worst != casework.Red || made.Elements[0].Points != 50 {
		t.Errorf("%d untested, elements %+v", made.Untested, made.Elements)
	}
	if worst := made.Worst(); len(worst) != 2 || worst[0].Worst != casework.Red {
		t.Errorf("worst %+v", worst)
	}
	if !reflect.DeepEqual(r.about, []string{"i-1"}) || len(made.Timeline) != 1 {
		t.Errorf("asked for the timelines of %v", r.about)
	}
	var out bytes.Buffer
	if err := report.WriteXLSX(&out, made, report.Names{Users: map[casework.Actor]string{"u1": "张三"}, Orgs: map[string]string{"HQ": "总部"}, Book: book(t)}, each(r.findings)); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(out.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows := map[string][][]string{}
	for _, sheet := range f.GetSheetList() {
		if rows[sheet], err = f.GetRows(sheet); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows[sheet] {
			for j := range row {
				cell, err := excelize.CoordinatesToCellName(j+1, i+1)
				if err != nil {
					t.Fatal(err)
				}
				if made, err := f.GetCellFormula(sheet, cell); err != nil || made != "" {
					t.Errorf("%s!%s computes %q (%v)", sheet, cell, made, err)
				}
			}
		}
	}
	if got := f.GetSheetList(); !slices.Equal(got, []string{"概况", "检查条目", "问题明细", "待答问题"}) {
		t.Errorf("sheets %v", got)
	}
	if len(rows["检查条目"]) != 4 || len(rows["问题明细"]) != 1+len(r.findings) || len(rows["待答问题"]) != 2 {
		t.Errorf("rows %d %d %d", len(rows["检查条目"]), len(rows["问题明细"]), len(rows["待答问题"]))
	}
	if rows["概况"][0][1] != formula || rows["概况"][18][1] != "87.13" || rows["概况"][4][1] != "2026-03-02 至 2026-03-03" && rows["概况"][4][1] != "2026-03-02 至 2026-03-02" {
		t.Errorf("summary %q", rows["概况"])
	}
	if rows["概况"][9][1] != "张三" || rows["概况"][7][0] != "范围校验值" {
		t.Errorf("summary %q", rows["概况"])
	}
	if item := rows["检查条目"][1]; !strings.Contains(item[10], "R12 《") || item[2] != made.Elements[0].Title.Zh {
		t.Errorf("item %q", item)
	}
	if row := rows["问题明细"][1]; row[16] != "规则判定" || row[19] != "张三" {
		t.Errorf("finding %q", row)
	}
	for i, finding := range r.findings {
		title := rows["问题明细"][i+1][3]
		want := strings.NewReplacer("\x00", "", "\x01", "", "\x0b", "", "\uffff", "").Replace(finding.Title)
		begins, cut := strings.CutSuffix(title, "…")
		switch {
		case len([]rune(want)) < 1000 && title != want:
			t.Errorf("finding %d is titled %q, want %q", i, title, want)
		case len([]rune(want)) > 1000 && (!cut || !strings.HasPrefix(want, begins) || len([]rune(title)) < 16_000):
			t.Errorf("finding %d has %d characters", i, len([]rune(title)))
		}
	}
}

func TestAnErrorWhileFindingsAreReadIsNoWorkbook(t *testing.T) {
	t.Parallel()
	broken := errors.New("the database went away")
	var out bytes.Buffer
	err := report.WriteXLSX(&out, report.Report{}, report.Names{}, func(yield func(casework.Finding, error) bool) { yield(casework.Finding{}, broken) })
	if !errors.Is(err, broken) || out.Len() != 0 {
		t.Errorf("%v, %d bytes", err, out.Len())
	}
}

func TestTablesKeepTextAsText(t *testing.T) {
	t.Parallel()
	rows := func(yield func([]any, error) bool) {
		yield([]any{
			formula, casework.Actor("=1+1"), "+1", "-1", "@a", "\ta", "\ra", "\na", "＝1", -5, 2.5, true, nil, noon, &noon, (*time.Time)(nil), "客户,\"甲\"\n乙", casework.Red,
		}, nil)
	}
	var out bytes.Buffer
	if err := report.WriteCSV(&out, rows); err != nil {
		t.Fatal(err)
	}
	text, marked := strings.CutPrefix(out.String(), "\ufeff")
	read, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || !marked {
		t.Fatal(err)
	}
	const at = "2026-03-02 12:00:00"
	want := []string{"'" + formula, "'=1+1", "'+1", "'-1", "'@a", "'\ta", "'\ra", "'\na", "'＝1", "-5", "2.5", "true", "", at, at, "", "客户,\"甲\"\n乙"}
	if got := read[0][:len(want)]; !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}

	out.Reset()
	if err := report.WriteTable(&out, "清单", rows); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	got, err := f.GetRows("清单")
	if err != nil || len(got) != 1 || got[0][1] != "=1+1" || got[0][9] != "-5" || got[0][13] != at {
		t.Errorf("%q %v", got, err)
	}
	if made, err := f.GetCellFormula("清单", "B1"); err != nil || made != "" {
		t.Errorf("computes %q", made)
	}
}

func TestTheWorkbookTellsWhichEnginesDecided(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		cascade *casework.CascadeCount
		has     []string
	}{
		"rules alone": {nil, []string{"全部由规则和人工判定，没有使用模型"}},
		"no model": {
			&casework.CascadeCount{Plan: casework.CascadePlan{Local: "char@1#60ce7411"}, Undecided: 5, People: 2, Troubles: map[casework.ModelTrouble]int{casework.TroubleNone: 5}},
			[]string{"char@1#60ce7411", "没有使用", "大模型未能判断：没有配置大模型"},
		},
		"a model that was off": {
			&casework.CascadeCount{Plan: casework.CascadePlan{Model: "qwen-plus"}, People: 7, Troubles: map[casework.ModelTrouble]int{casework.TroubleOff: 7}},
			[]string{"qwen-plus（本次没有问到）", "大模型未能判断：大模型已停用"},
		},
		"a model": {
			&casework.CascadeCount{Plan: casework.CascadePlan{Model: "qwen-plus"}, Asked: 7, Cleared: 7}, []string{"qwen-plus", "其中问过大模型"},
		},
	} {
		r := someRecords(t)
		r.cascade = test.cascade
		made, err := report.Make(t.Context(), r, book(t), "i-1")
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := report.WriteXLSX(&out, made, report.Names{}, func(func(casework.Finding, error) bool) {}); err != nil {
			t.Fatal(err)
		}
		f, err := excelize.OpenReader(&out)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := f.GetRows("概况")
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range test.has {
			if !slices.ContainsFunc(rows, func(row []string) bool { return slices.Contains(row, want) }) {
				t.Errorf("%s: the summary lacks %q", name, want)
			}
		}
	}
}

func TestTheCanonicalFormIsAFunctionOfTheRecords(t *testing.T) {
	t.Parallel()
	canonical := func(change func(*records)) string {
		r := someRecords(t)
		change(r)
		data, err := report.Canon{Records: r, Book: book(t)}.Canonical(t.Context(), "i-1")
		if err != nil {
			t.Fatal(err)
		}
		if !json.Valid(data) {
			t.Error("no JSON")
		}
		return string(data)
	}
	first := canonical(func(*records) {})
	for name, same := range map[string]func(*records){
		"again": func(*records) {}, "pages": func(r *records) { r.page = 500 }, "its own hash": func(r *records) { r.inspection.ReportHash = "of itself" },
	} {
		if canonical(same) != first {
			t.Errorf("%s: other bytes", name)
		}
	}
	for name, change := range map[string]func(*records){
		"a verdict": func(r *records) { r.findings[4].Status = casework.FindingDismissed }, "a reason": func(r *records) { r.findings[4].Reason = casework.FalseHit },
		"who decided": func(r *records) { r.findings[4].DecidedBy = "u9" }, "a quote": func(r *records) { r.findings[4].Evidence[0].Quote = "x" },
		"a finding less": func(r *records) { r.findings = r.findings[1:] }, "the order": func(r *records) { slices.Reverse(r.findings) },
		"an outcome": func(r *records) { r.items[1].Outcome = casework.ItemPassed }, "an answer": func(r *records) { r.questions[0].Answer = casework.ItemPassed },
		"the engines": func(r *records) { r.cascade = &casework.CascadeCount{Rules: 1} },
		"the score":   func(r *records) { r.inspection.Score.Points = 88 }, "the timeline": func(r *records) { r.timeline = nil },
	} {
		if canonical(change) == first {
			t.Errorf("%s: the same bytes", name)
		}
	}
}
