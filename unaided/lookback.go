package unaided

import (
	"encoding/json"
	"fmt"
	"strconv"

	"xiaobao/casework"
)

// A Figure is one figure of a period, as Document.Context gives them: a JSON
// list of these.
type Figure struct {
	Name   string   `json:"name"`             // as officers call it: 预警准确率
	Value  float64  `json:"value"`            // this period
	Before *float64 `json:"before,omitempty"` // the period before
	Target *float64 `json:"target,omitempty"` // what was aimed for
	Unit   string   `json:"unit,omitempty"`   // "%", 件, 天
	Better string   `json:"better,omitempty"` // "more" or "less"; empty: neither
}

// LookBack puts a period's figures into sentences, one paragraph each, and
// proposes to look at what fell short. It states no figure it was not given.
func LookBack(d casework.Document) (casework.RetrospectAnswer, error) {
	answer := casework.RetrospectAnswer{Paragraphs: []string{}, Proposals: []string{}}
	var figures []Figure
	if err := json.Unmarshal([]byte(d.Context), &figures); err != nil {
		return answer, casework.Errorf(casework.Invalid, `the period's figures are not a JSON list such as [{"name":"…","value":1}]`).
			InChinese("期间数据格式有误，应为指标列表").WithCode("field:context")
	}
	for _, f := range figures {
		if f.Name == "" {
			return answer, casework.Errorf(casework.Invalid, "a figure has no name").InChinese("有一项指标没有名称").WithCode("field:context")
		}
		answer.Paragraphs = append(answer.Paragraphs, f.sentence())
		if f.short() {
			answer.Proposals = append(answer.Proposals, fmt.Sprintf("“%s”未达到目标，建议查明原因并提出改进措施", f.Name))
		}
	}
	return answer, nil
}

func (f Figure) sentence() string {
	text := fmt.Sprintf("%s为 %s%s", f.Name, number(f.Value), f.Unit)
	if f.Before != nil {
		switch {
		case f.Value > *f.Before:
			text += fmt.Sprintf("，上期为 %s%s，有所上升", number(*f.Before), f.Unit)
		case f.Value < *f.Before:
			text += fmt.Sprintf("，上期为 %s%s，有所下降", number(*f.Before), f.Unit)
		default:
			text += "，与上期持平"
		}
	}
	if f.Target != nil {
		text += fmt.Sprintf("；目标为 %s%s", number(*f.Target), f.Unit)
	}
	return text + "。"
}

// short reports whether the figure falls short of its target.
func (f Figure) short() bool {
	return f.Target != nil && (f.Better == "more" && f.Value < *f.Target || f.Better == "less" && f.Value > *f.Target)
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
