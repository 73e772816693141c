package llm

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"xiaobao/casework"
)

// Review gives what is to be mended in a marketing material, beyond what
// rules find. The options are the marketing categories. A remark with an
// empty label is one that fits none of them.
func (m *Model) Review(ctx context.Context, q DocumentQuestion) (casework.MaterialAnswer, Answer, error) {
	if len(q.Options) == 0 {
		return casework.MaterialAnswer{}, Answer{}, noOptions()
	}
	speaker := casework.Page
	if q.Document.Channel != "" {
		speaker = q.Document.Channel.DefaultSpeaker()
	}
	categories := make([]offered, len(q.Options))
	for i, o := range q.Options {
		categories[i] = o.offered()
	}
	in := matter{
		Asking: q.Asking, purpose: casework.ToReview, known: q.Document.Names, longest: 4000,
		utterances: lines(q.Document.Text, speaker),
		given:      map[string]any{"product": q.Document.Product, "channel": q.Document.Channel.Chinese(), "categories": categories},
	}
	results, parts, answer, err := consult(ctx, m, in, q.readRemarks)
	if err != nil {
		return casework.MaterialAnswer{}, answer, err
	}
	remarks := joined(results, parts, func(r casework.MaterialRemark) []casework.Evidence { return r.Evidence })
	return casework.MaterialAnswer{Remarks: remarks}, answer, nil
}

func noOptions() error {
	return casework.Errorf(casework.Invalid, "nothing is offered to choose from").
		InChinese("没有可供选择的类别或代码").WithCode("field:options")
}

func (q DocumentQuestion) readRemarks(h *hearing, raw json.RawMessage) ([]casework.MaterialRemark, error) {
	var answer struct {
		Remarks []struct {
			Evidence   []Quoted `json:"evidence"`
			Reason     string   `json:"reason"`
			Suggestion string   `json:"suggestion"`
			Label      string   `json:"label"`
			Certainty  string   `json:"certainty"`
		} `json:"remarks"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return nil, errors.New("回答不是要求的样子")
	}
	var list []casework.MaterialRemark
	for i, r := range answer.Remarks {
		label, ok := choose(q.Options, r.Label)
		if !ok {
			return nil, fmt.Errorf("第 %d 条的 label 不在给出的类别里，只能照抄类别的 id 或写“无法判断”", i+1)
		}
		remark := casework.MaterialRemark{
			Label: label, Reason: r.Reason, Suggestion: r.Suggestion,
			Certainty: cmp.Or(certainties[r.Certainty], certainties["低"]), Evidence: h.locate(r.Evidence),
		}
		if !h.prove(remark.Evidence) {
			continue
		}
		if len(h.Figures(r.Suggestion)) > 0 {
			h.fault(fmt.Sprintf("第 %d 条的 suggestion 里有材料没有的数字，改为“（待填）”", i+1))
			remark.Suggestion = ""
		}
		list = append(list, remark)
	}
	return list, nil
}

// choose gives the code that a model chose, empty if it cannot tell, and
// whether it was offered.
func choose(options []Option, code string) (string, bool) {
	if code == unknowable {
		return "", true
	}
	for _, o := range options {
		if o.ID == code {
			return code, true
		}
	}
	return "", false
}
