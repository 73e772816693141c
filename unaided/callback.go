package unaided

import (
	"cmp"
	"slices"

	"xiaobao/casework"
)

// HearAnswer tells what a consumer said in a callback. Codes come in the
// order of the rulebook, which is that of gravity; 正常 stands only where
// nothing else does.
func (r *Reader) HearAnswer(d casework.Document) casework.CallbackAnswer {
	answer := casework.CallbackAnswer{Outcomes: []casework.Choice{}}
	all := r.tallies("callback", []rune(d.Text))
	place := func(t tally) int {
		return slices.IndexFunc(r.facets["callback"], func(c code) bool { return c.ID == t.ID })
	}
	slices.SortFunc(all, func(a, b tally) int { return cmp.Compare(place(a), place(b)) })
	for _, t := range all {
		if t.ID == "OK" && len(answer.Outcomes) > 0 || t.score < 2 && t.ID != "OK" {
			continue
		}
		answer.Outcomes = append(answer.Outcomes, choice(t, certainty(t.score, 0)))
		if answer.Followup == "" {
			answer.Followup = t.LeadsTo
		}
	}
	return answer
}
