package llm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"xiaobao/casework"
)

// kinds are what a model's words for the kinds of statements count as.
var kinds = map[string]string{"事实": "fact", "诉求": "demand", "已做": "done", "未决": "open"}

// Summarise tells a case in a few sentences (Document.Text; Document.Context
// may say for whom). Each stands on evidence, and each figure in it stands in
// the text; what does not is dropped.
func (m *Model) Summarise(ctx context.Context, q DocumentQuestion) (casework.SummaryAnswer, Answer, error) {
	speaker := casework.Speaker("")
	if q.Document.Channel != "" {
		speaker = q.Document.Channel.DefaultSpeaker()
	}
	in := matter{
		Asking: q.Asking, purpose: casework.ToSummarise, known: q.Document.Names, longest: 5000,
		utterances: lines(q.Document.Text, speaker), given: q.about(),
	}
	results, parts, answer, err := consult(ctx, m, in, readStatements)
	if err != nil {
		return casework.SummaryAnswer{}, answer, err
	}
	statements := joined(results, parts, func(s casework.Statement) []casework.Evidence { return s.Evidence })
	return casework.SummaryAnswer{Statements: statements}, answer, nil
}

func readStatements(h *hearing, raw json.RawMessage) ([]casework.Statement, error) {
	var answer struct {
		Statements []struct {
			Evidence []Quoted `json:"evidence"`
			Text     string   `json:"text"`
			Kind     string   `json:"kind"`
		} `json:"statements"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return nil, errors.New("回答不是要求的样子")
	}
	if len(answer.Statements) == 0 {
		return nil, errors.New("statements 是空的，至少写一句")
	}
	var list []casework.Statement
	for i, s := range answer.Statements {
		evidence := h.locate(s.Evidence)
		if len(h.Figures(s.Text)) > 0 {
			h.fault(fmt.Sprintf("第 %d 句有记录里没有的数字，照抄记录里的数字，或去掉", i+1))
			evidence = nil
		}
		if h.prove(evidence) {
			list = append(list, casework.Statement{Text: s.Text, Kind: kinds[s.Kind], Evidence: evidence})
		}
	}
	return list, nil
}
