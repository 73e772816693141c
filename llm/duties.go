package llm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"xiaobao/casework"
)

// modalities are what a model's words for how binding a duty is count as.
var modalities = map[string]string{"应当": "must", "不得": "must_not", "可以": "may", "宜": "should", unknowable: ""}

// ReadDuties takes the duties out of a regulation, letter or internal rule
// (Document.Text; Document.Context may say what it is). A clause number that
// does not stand in the text is left out: no model invents one.
func (m *Model) ReadDuties(ctx context.Context, q DocumentQuestion) (casework.DutiesAnswer, Answer, error) {
	in := matter{
		Asking: q.Asking, purpose: casework.ToReadDuties, known: q.Document.Names,
		longest:    1000, // a duty takes a tenth of an answer's tokens
		utterances: lines(q.Document.Text, ""), given: q.about(),
	}
	results, parts, answer, err := consult(ctx, m, in, readDuties)
	if err != nil {
		return casework.DutiesAnswer{}, answer, err
	}
	duties := joined(results, parts, func(d casework.Duty) []casework.Evidence { return d.Evidence })
	return casework.DutiesAnswer{Duties: duties}, answer, nil
}

// about is what the document is or is wanted for, if that is known.
func (q DocumentQuestion) about() any {
	if strings.TrimSpace(q.Document.Context) == "" {
		return nil
	}
	return map[string]any{"about": q.Document.Context}
}

func readDuties(h *hearing, raw json.RawMessage) ([]casework.Duty, error) {
	var answer struct {
		Duties []struct {
			Evidence  []Quoted `json:"evidence"`
			Clause    *string  `json:"clause"`
			Subject   string   `json:"subject"`
			Duty      string   `json:"duty"`
			Modality  string   `json:"modality"`
			Deadline  *string  `json:"deadline"`
			Frequency *string  `json:"frequency"`
			Proof     *string  `json:"proof"`
			Certainty string   `json:"certainty"`
		} `json:"duties"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return nil, errors.New("回答不是要求的样子")
	}
	var list []casework.Duty
	for i, d := range answer.Duties {
		evidence := h.locate(d.Evidence)
		if len(h.Figures(d.Duty)) > 0 {
			h.fault(fmt.Sprintf("第 %d 条的 duty 里有文本没有的数字", i+1))
			evidence = nil
		}
		if !h.prove(evidence) {
			continue
		}
		duty := casework.Duty{
			Clause: h.written(d.Clause, i, "clause"), Subject: d.Subject, Duty: d.Duty, Modality: modalities[d.Modality],
			Deadline: h.counted(d.Deadline, i, "deadline"), Frequency: h.counted(d.Frequency, i, "frequency"), Proof: h.counted(d.Proof, i, "proof"),
			Certainty: certainties[d.Certainty], Evidence: evidence,
		}
		if duty.Subject == unknowable {
			duty.Subject = ""
		}
		list = append(list, duty)
	}
	return list, nil
}

// written is a clause's number as the text writes it, or nothing.
func (h *hearing) written(clause *string, i int, name string) string {
	if clause == nil || strings.TrimSpace(*clause) == "" {
		return ""
	}
	wanted := unspaced(*clause)
	for _, u := range h.part {
		if strings.Contains(unspaced(u.Text), wanted) {
			return strings.TrimSpace(*clause)
		}
	}
	h.fault(fmt.Sprintf("第 %d 条的 %s 不是文本里的写法，照抄原文编号，没有就写 null", i+1, name))
	return ""
}

// counted is a particular whose figures stand in the text, or nothing.
func (h *hearing) counted(text *string, i int, name string) string {
	if text == nil {
		return ""
	}
	if len(h.Figures(*text)) > 0 {
		h.fault(fmt.Sprintf("第 %d 条的 %s 里有文本没有的数字，没有就写 null", i+1, name))
		return ""
	}
	return strings.TrimSpace(*text)
}

func unspaced(text string) string { return strings.Join(strings.Fields(text), "") }
