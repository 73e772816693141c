package unaided

import (
	"cmp"
	"slices"

	"xiaobao/casework"
	"xiaobao/screening"
)

// Judge screens a touchpoint by the rulebook. It knows what it sees only, so
// it never says of an indicator that it does not show. Document.Context may
// name the candidates, separated by commas; without it, all are.
func (r *Reader) Judge(d casework.Document) (casework.TouchpointAnswer, error) {
	answer := casework.TouchpointAnswer{Judgements: []casework.Judgement{}}
	channel := cmp.Or(d.Channel, casework.ServiceCall)
	if !channel.Known() {
		return answer, casework.Errorf(casework.Invalid, "there is no channel %q", d.Channel).
			InChinese("没有“%s”这种渠道", d.Channel).WithCode("field:channel")
	}
	screener := r.engine.NewScreener()
	screener.Only(names(d.Context))
	for _, s := range screener.Screen(&casework.Touchpoint{ID: "-", Channel: channel, Product: d.Product, Text: d.Text}) {
		answer.Judgements = append(answer.Judgements, casework.Judgement{
			Indicator: s.Indicator, Shown: casework.Yes, Reason: "规则命中：" + s.Title, Certainty: s.Certainty, Evidence: s.Evidence,
		})
	}
	return answer, screener.Faults()
}

// Review screens a material by the marketing rules.
func (r *Reader) Review(d casework.Document) casework.MaterialAnswer {
	answer := casework.MaterialAnswer{Remarks: []casework.MaterialRemark{}}
	review := r.engine.NewScreener().Review(screening.Material{ID: "-", Product: d.Product, Channel: d.Channel, Text: d.Text})
	for _, f := range review.Findings {
		answer.Remarks = append(answer.Remarks, casework.MaterialRemark{
			Label: f.Label, Reason: f.Title, Suggestion: f.Suggestion, Certainty: f.Certainty, Evidence: f.Evidence,
		})
	}
	return answer
}

// names takes a list apart; nil if there is none.
func names(list string) []string {
	var out []string
	for _, part := range cut([]rune(list), ",，、 \n") {
		if name := trimMarks(part.text); name != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}
