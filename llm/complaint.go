package llm

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"xiaobao/casework"
)

// Suspected is the code of ComplaintAnswer.Scripted for a letter that reads
// like one of the black or grey industry.
const Suspected = "suspected"

// chosen is what a model chose.
type chosen struct {
	Evidence  []Quoted `json:"evidence"`
	Reason    string   `json:"reason"`
	Code      string   `json:"code"`
	Certainty string   `json:"certainty"`
}

// Classify sorts a complaint by facets A, B and C, with what calls for care
// and what the consumer asks for. The options are the complaint codes. That a
// letter reads scripted is a reason to look closer and nothing else: the other
// answers do not depend on it.
func (m *Model) Classify(ctx context.Context, q DocumentQuestion) (casework.ComplaintAnswer, Answer, error) {
	groups := q.groups()
	if len(groups["A"]) == 0 || len(groups["B"]) == 0 || len(groups["C"]) == 0 {
		return casework.ComplaintAnswer{}, Answer{}, noOptions()
	}
	given := map[string][]offered{}
	for _, facet := range []string{"A", "B", "C", "flag", "appeal"} {
		given[facet] = []offered{}
		for _, o := range groups[facet] {
			given[facet] = append(given[facet], o.offered())
		}
	}
	in := matter{
		Asking: q.Asking, purpose: casework.ToClassify, known: q.Document.Names, longest: 12_000,
		given: map[string]any{"options": given}, utterances: lines(q.Document.Text, casework.Consumer),
	}
	read := func(h *hearing, raw json.RawMessage) (casework.ComplaintAnswer, error) {
		return readFacets(h, raw, groups)
	}
	results, _, answer, err := consult(ctx, m, in, read)
	if err != nil {
		return casework.ComplaintAnswer{}, answer, err
	}
	whole := results[0]
	for _, next := range results[1:] {
		whole.Channel = surer(whole.Channel, next.Channel)
		whole.Business = surer(whole.Business, next.Business)
		whole.Cause = surer(whole.Cause, next.Cause)
		whole.Scripted = surer(whole.Scripted, next.Scripted)
		whole.Flags = union(whole.Flags, next.Flags)
		whole.Wants = union(whole.Wants, next.Wants)
	}
	return whole, answer, nil
}

// surer is the choice that says something, or says it with more certainty.
func surer(a, b casework.Choice) casework.Choice {
	if b.Code != "" && (a.Code == "" || b.Certainty > a.Certainty) {
		return b
	}
	return a
}

// union adds the choices of codes that are not there yet.
func union(a, b []casework.Choice) []casework.Choice {
	for _, c := range b {
		if !slices.ContainsFunc(a, func(other casework.Choice) bool { return other.Code == c.Code }) {
			a = append(a, c)
		}
	}
	return a
}

// groups sorts the options by facet.
func (q DocumentQuestion) groups() map[string][]Option {
	groups := map[string][]Option{}
	for _, o := range q.Options {
		facet := o.Group
		switch {
		case facet != "":
		case strings.HasPrefix(o.ID, "flag-"):
			facet = "flag"
		case strings.HasPrefix(o.ID, "apl-"):
			facet = "appeal"
		case o.ID != "":
			facet = o.ID[:1]
		}
		groups[facet] = append(groups[facet], o)
	}
	return groups
}

// readFacets holds every choice against the options of its facet.
func readFacets(h *hearing, raw json.RawMessage, groups map[string][]Option) (out casework.ComplaintAnswer, err error) {
	var answer struct {
		Channel  chosen   `json:"channel"`
		Business chosen   `json:"business"`
		Cause    chosen   `json:"cause"`
		Flags    []chosen `json:"flags"`
		Wants    []chosen `json:"wants"`
		Scripted chosen   `json:"scripted"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return out, errors.New("回答不是要求的样子")
	}
	for _, facet := range []struct {
		name, group string
		from        chosen
		to          *casework.Choice
	}{
		{"channel", "A", answer.Channel, &out.Channel},
		{"business", "B", answer.Business, &out.Business},
		{"cause", "C", answer.Cause, &out.Cause},
	} {
		if *facet.to, err = facet.from.choice(h, groups[facet.group]); err != nil {
			return out, errors.New(facet.name + " 的 " + err.Error())
		}
	}
	if out.Flags, err = choices(h, answer.Flags, groups["flag"]); err != nil {
		return out, errors.New("flags 里的 " + err.Error())
	}
	if out.Wants, err = choices(h, answer.Wants, groups["appeal"]); err != nil {
		return out, errors.New("wants 里的 " + err.Error())
	}
	out.Scripted = answer.Scripted.scripted(h)
	return out, nil
}

// choice takes a code that was offered and that the text bears out. Where
// either fails the code is empty: it cannot be told.
func (c chosen) choice(h *hearing, offered []Option) (casework.Choice, error) {
	code, ok := choose(offered, c.Code)
	if !ok {
		return casework.Choice{}, errors.New("code 不在同组的 options 里，只能照抄 id 或写“无法判断”")
	}
	out := casework.Choice{Reason: c.Reason, Evidence: h.locate(c.Evidence)}
	switch {
	case code == "":
	case !h.prove(out.Evidence):
		out.Reason = unproven
	default:
		out.Code, out.Certainty = code, certainties[c.Certainty]
	}
	return out, nil
}

// choices are those that say something.
func choices(h *hearing, list []chosen, offered []Option) ([]casework.Choice, error) {
	out := []casework.Choice{}
	for _, c := range list {
		choice, err := c.choice(h, offered)
		if err != nil {
			return nil, err
		}
		if choice.Code != "" {
			out = union(out, []casework.Choice{choice})
		}
	}
	return out, nil
}

// scripted is whether the letter reads like one of many. Its reason always
// says what must not follow from it.
func (c chosen) scripted(h *hearing) casework.Choice {
	out := casework.Choice{Reason: c.Reason, Evidence: []casework.Evidence{}}
	if c.Code != "像" {
		return out
	}
	out.Evidence = h.locate(c.Evidence)
	if !h.prove(out.Evidence) {
		out.Reason = unproven
		return out
	}
	out.Code, out.Certainty = Suspected, certainties[c.Certainty]
	out.Reason += "（仅供核查参考，不影响受理、办理时限和投诉人的权利）"
	return out
}
