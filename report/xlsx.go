package report

import (
	"fmt"
	"io"
	"iter"
	"strings"
	"time"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"xiaobao/casework"
)

// maxCell is the most that Excel takes in a cell, in units of UTF-16, less
// what says that it was cut.
const maxCell = 32_766

// maxRows is the most rows that Excel takes in a sheet.
const maxRows = 1_048_576

// WriteXLSX writes the report as a workbook: the summary, the items, the
// questions, and every finding with its evidence, basis and touchpoint.
func WriteXLSX(w io.Writer, r Report, names Names, findings iter.Seq2[casework.Finding, error]) (err error) {
	book := excelize.NewFile()
	defer func() {
		if closing := book.Close(); err == nil {
			err = closing
		}
	}()
	if err := book.SetSheetName("Sheet1", "概况"); err != nil {
		return err
	}
	for _, sheet := range []struct {
		name string
		rows iter.Seq2[[]any, error]
	}{
		{"概况", all(summary(r, names))},
		{"检查条目", all(itemRows(r, names))},
		{"问题明细", findingRows(names, findings)},
		{"待答问题", all(questionRows(r, names))},
	} {
		if err := writeSheet(book, sheet.name, sheet.rows); err != nil {
			return fmt.Errorf("sheet %s: %w", sheet.name, err)
		}
	}
	return book.Write(w)
}

// WriteTable writes one list as a workbook with one sheet.
func WriteTable(w io.Writer, name string, rows iter.Seq2[[]any, error]) (err error) {
	book := excelize.NewFile()
	defer func() {
		if closing := book.Close(); err == nil {
			err = closing
		}
	}()
	if err := book.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	if err := writeSheet(book, name, rows); err != nil {
		return err
	}
	return book.Write(w)
}

// writeSheet streams rows into a sheet. Strings become string cells, never
// formulas, whatever they begin with.
func writeSheet(book *excelize.File, name string, rows iter.Seq2[[]any, error]) error {
	if i, err := book.GetSheetIndex(name); err != nil {
		return err
	} else if i < 0 {
		if _, err := book.NewSheet(name); err != nil {
			return err
		}
	}
	stream, err := book.NewStreamWriter(name)
	if err != nil {
		return err
	}
	if err := stream.SetColWidth(1, 24, 18); err != nil {
		return err
	}
	n := 0
	for row, err := range rows {
		if err != nil {
			return err
		}
		if n++; n > maxRows {
			return casework.Errorf(casework.Invalid, "a sheet takes %d rows; narrow what is exported", maxRows).
				InChinese("工作表最多 %d 行，请缩小导出范围", maxRows)
		}
		cell, err := excelize.CoordinatesToCellName(1, n)
		if err != nil {
			return err
		}
		if err := stream.SetRow(cell, cells(row)); err != nil {
			return err
		}
	}
	return stream.Flush()
}

// cells makes text fit for a workbook: short enough, and without characters
// that XML does not know.
func cells(row []any) []any {
	fit := make([]any, len(row))
	for i, value := range row {
		fit[i] = plain(value)
		if text, ok := fit[i].(string); ok {
			fit[i] = cellText(text)
		}
	}
	return fit
}

func cellText(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, text)
	units := 0
	for i, r := range text {
		if units += utf16.RuneLen(r); units > maxCell {
			return text[:i] + "…"
		}
	}
	return text
}

func summary(r Report, names Names) [][]any {
	i := r.Inspection
	rows := [][]any{
		{"检查名称", i.Name},
		{"检查编号", i.ID},
		{"检查清单", r.Title},
		{"清单版本", i.ChecklistVersion},
		{"检查期间", day(i.Scope.From) + " 至 " + day(i.Scope.To.Add(-time.Second))},
		{"覆盖方式", coverage(i.Scope)},
		{"触点数量", i.Progress.Touchpoints},
		{"范围校验值", i.Progress.Digest},
		{"状态", i.Status.Chinese()},
		{"下达人", names.user(r.Signatures.Ordered)},
		{"提交人", names.user(r.Signatures.Submitted)},
		{"复核人", names.user(r.Signatures.Confirmed)},
		{"报告校验值", r.Signatures.Hash},
		{"确认的问题", i.Counts.Confirmed},
		{"排除的问题", i.Counts.Dismissed},
		{"合并的问题", i.Counts.Merged},
		{"待认定的问题", i.Counts.Candidate},
		{"未得出结论的条目", r.Untested},
	}
	if i.Score != nil {
		rows = append(rows, []any{"得分（百分制）", round(i.Score.Points)})
	}
	rows = append(rows, sources(r)...)
	rows = append(rows, []any{}, []any{"评价要素", "权重", "得分", "已测条目", "全部条目", "不符合", "最严重等级"})
	for _, e := range r.Elements {
		rows = append(rows, []any{e.Title.Zh, e.Weight, round(e.Points), e.Tested, e.Total, e.Failed, e.Worst.Chinese()})
	}
	return rows
}

func coverage(s casework.Scope) string {
	if s.Sample == 0 {
		return "全量"
	}
	return fmt.Sprintf("抽样 %d 条（随机种子 %d）", s.Sample, s.Seed)
}

func itemRows(r Report, names Names) [][]any {
	rows := [][]any{{"条目", "检查内容", "要素", "权重", "结论", "检查数量", "确认", "排除", "合并", "最严重等级", "依据", "说明"}}
	for _, item := range r.Items {
		rows = append(rows, []any{
			item.Item, item.Title, r.element(item.Element), item.Weight, item.Outcome.Chinese(), item.Tested,
			item.Counts.Confirmed, item.Counts.Dismissed, item.Counts.Merged, item.Worst.Chinese(),
			names.basis(item.Basis), item.Why,
		})
	}
	return rows
}

func questionRows(r Report, names Names) [][]any {
	rows := [][]any{{"条目", "问题", "答复人", "截止时间", "答复", "说明", "答复时间"}}
	for _, q := range r.Questions {
		at := ""
		if q.AnsweredAt != nil {
			at = moment(*q.AnsweredAt)
		}
		rows = append(rows, []any{q.Item, q.Text, names.user(q.Respondent), moment(q.Due), q.Answer.Chinese(), q.Note, at})
	}
	return rows
}

// FindingHeader are the columns of a list of findings.
func FindingHeader() []any {
	return []any{
		"问题编号", "条目", "指标", "问题", "等级", "状态", "触点编号", "渠道", "发生时间", "机构", "员工编号", "客户编号", "产品",
		"证据", "证据位置", "依据", "判定方式", "规则版本", "把握程度", "认定人", "认定时间", "排除理由", "说明", "并入",
	}
}

// FindingRow is one finding as a row of cells.
func FindingRow(names Names, f casework.Finding) []any {
	quotes, places := make([]string, len(f.Evidence)), make([]string, len(f.Evidence))
	for i, e := range f.Evidence {
		quotes[i] = e.Speaker.Chinese() + "：" + e.Quote
		places[i] = fmt.Sprintf("%d–%d", e.Start, e.End)
	}
	at := ""
	if f.DecidedAt != nil {
		at = moment(*f.DecidedAt)
	}
	reason := ""
	if f.Reason != "" {
		reason = f.Reason.Chinese()
	}
	return []any{
		f.ID, f.Item, f.Indicator, f.Title, f.Level.Chinese(), f.Status.Chinese(), f.Touchpoint, f.Channel.Chinese(),
		moment(f.OccurredAt), names.org(f.OrgID), f.AgentID, f.CustomerID, names.product(f.Product),
		strings.Join(quotes, "\n"), strings.Join(places, "\n"), names.basis(f.Basis),
		engine(f.Engine), f.Version, f.Certainty, names.user(f.DecidedBy), at, reason, f.Note, f.MergedInto,
	}
}

func findingRows(names Names, findings iter.Seq2[casework.Finding, error]) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		if !yield(FindingHeader(), nil) {
			return
		}
		for f, err := range findings {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(FindingRow(names, f), nil) {
				return
			}
		}
	}
}

func all(rows [][]any) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

func day(t time.Time) string    { return string(casework.DayOf(t)) }
func moment(t time.Time) string { return t.In(casework.Beijing).Format("2006-01-02 15:04:05") }
func round(x float64) float64   { return float64(int(x*100+0.5)) / 100 }
