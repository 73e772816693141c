package llm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"

	"xiaobao/casework"
)

// amountWritten is an amount as bills write it.
var amountWritten = regexp.MustCompile(`[0-9][0-9,，]*(?:\.[0-9]+)?\s*元|[¥￥]\s*[0-9][0-9,，]*(?:\.[0-9]+)?`)

// noTotal is what is said of a total that a model got wrong twice.
const noTotal = "合计请以账单原文为准。"

// ExplainBill tells a consumer what each amount of a bill is (Document.Text;
// Document.Context may hold what the consumer wants to know). Every figure is
// one of the bill's.
func (m *Model) ExplainBill(ctx context.Context, q DocumentQuestion) (casework.BillAnswer, Answer, error) {
	given := map[string]any{"product": q.Document.Product}
	if q.Document.Context != "" {
		given["question"] = q.Document.Context
	}
	in := matter{
		Asking: q.Asking, purpose: casework.ToExplainBill, known: q.Document.Names, longest: 1000,
		utterances: lines(q.Document.Text, ""), given: given,
	}
	results, parts, answer, err := consult(ctx, m, in, readBill)
	if err != nil {
		return casework.BillAnswer{}, answer, err
	}
	lines := make([][]casework.BillLine, len(results))
	out := casework.BillAnswer{}
	for i, part := range results {
		lines[i] = part.Lines
		out.Total = part.Total // a bill's total stands at its end
	}
	out.Lines = joined(lines, parts, func(l casework.BillLine) []casework.Evidence { return l.Evidence })
	return out, answer, nil
}

func readBill(h *hearing, raw json.RawMessage) (casework.BillAnswer, error) {
	var answer struct {
		Lines []struct {
			Evidence []Quoted `json:"evidence"`
			Amount   string   `json:"amount"`
			What     string   `json:"what"`
			Why      string   `json:"why"`
		} `json:"lines"`
		Total string `json:"total"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return casework.BillAnswer{}, errors.New("回答不是要求的样子")
	}
	out := casework.BillAnswer{Lines: []casework.BillLine{}, Total: answer.Total}
	written := answer.Total
	for i, l := range answer.Lines {
		written += " " + l.Amount + " " + l.What + " " + l.Why
		evidence := h.locate(l.Evidence)
		if len(h.Figures(l.Amount+" "+l.What+" "+l.Why)) > 0 {
			h.fault(fmt.Sprintf("第 %d 条有账单没有的数字，照抄账单的写法", i+1))
			evidence = nil
		}
		if h.prove(evidence) {
			out.Lines = append(out.Lines, casework.BillLine{Amount: l.Amount, What: l.What, Why: l.Why, Evidence: evidence})
		}
	}
	if len(h.Figures(answer.Total)) > 0 {
		h.fault("total 里有账单没有的数字，照抄账单的合计，没有就写“账单上没有写合计”")
		out.Total = noTotal
	}
	h.unexplained(written)
	return out, nil
}

// unexplained finds fault with amounts that the answer passes over.
func (h *hearing) unexplained(written string) {
	explained := map[string]bool{}
	note(explained, written)
	for i, u := range h.part {
		for _, amount := range amountWritten.FindAllString(u.Text, -1) {
			if all := figures(amount); len(all) > 0 && !explained[all[0].value] {
				h.fault(fmt.Sprintf("S%d 里有一笔金额没有解释", i+1))
				break
			}
		}
	}
}
