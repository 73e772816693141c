package llm

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"

	"xiaobao/casework"
)

// mostCandidates is how many candidates one call is asked about: their
// judgements have to fit into an answer.
const mostCandidates = 12

// A JudgeQuestion asks which of the candidates show in a touchpoint. Up to
// twelve are asked about in one call.
type JudgeQuestion struct {
	Asking
	Touchpoint *casework.Touchpoint
	Known      []string // names that the case file holds
	Candidates []Candidate
}

// A Candidate is an indicator that may show.
type Candidate struct {
	Indicator string
	Title     string
	Means     string             // what it takes, in a sentence
	Speakers  []casework.Speaker // whose words can show it; none: anyone's
}

// judged is what a model says of a candidate.
type judged struct {
	Indicator string   `json:"indicator"`
	Evidence  []Quoted `json:"evidence"`
	Reason    string   `json:"reason"`
	Shown     string   `json:"shown"`
	Certainty string   `json:"certainty"`
}

// seen are the words for whether something is there.
var seen = map[string]casework.Shown{"是": casework.Yes, "否": casework.No, unknowable: casework.Unclear}

// unproven is the reason of a finding whose quotes do not stand in the text:
// not the model's, which rests on words that nobody said.
const unproven = "模型所引的话在原文中没有找到，未予采纳"

// Judge gives one judgement for each candidate, in their order. What rules
// found is not asked, so a model cannot lower it.
func (m *Model) Judge(ctx context.Context, q JudgeQuestion) (casework.TouchpointAnswer, Answer, error) {
	if len(q.Candidates) == 0 || q.Touchpoint == nil {
		return casework.TouchpointAnswer{}, Answer{}, casework.Errorf(casework.Invalid, "there is nothing to judge").
			InChinese("没有要判断的候选情形").WithCode("field:candidates")
	}
	var whole []casework.Judgement
	var answer Answer
	for i := 0; i < len(q.Candidates); i += mostCandidates {
		some := q
		some.Candidates = q.Candidates[i:min(i+mostCandidates, len(q.Candidates))]
		if i > 0 && q.Key != "" {
			some.Key += "/" + strconv.Itoa(i/mostCandidates+1)
		}
		judged, next, err := m.judgeSome(ctx, some)
		answer = together(answer, next, i == 0)
		if err != nil {
			return casework.TouchpointAnswer{}, answer, err
		}
		whole = append(whole, judged...)
	}
	return casework.TouchpointAnswer{Judgements: whole}, answer, nil
}

// judgeSome judges as many candidates as one call takes.
func (m *Model) judgeSome(ctx context.Context, q JudgeQuestion) ([]casework.Judgement, Answer, error) {
	t := q.Touchpoint
	speaker := t.Speaker
	if speaker == "" {
		speaker = t.Channel.DefaultSpeaker()
	}
	in := matter{
		Asking: q.Asking, purpose: casework.ToJudge, known: q.Known, given: q.given(), longest: 8000,
		utterances: lines(t.Text, speaker, t.Turns...),
	}
	results, _, answer, err := consult(ctx, m, in, q.read)
	if err != nil {
		return nil, answer, err
	}
	whole := results[0]
	for _, next := range results[1:] {
		for i := range whole {
			whole[i] = weightier(whole[i], next[i])
		}
	}
	return whole, answer, nil
}

// given are the candidates as they are sent.
func (q JudgeQuestion) given() any {
	type candidate struct {
		Indicator string   `json:"indicator"`
		Title     string   `json:"title"`
		Means     string   `json:"means"`
		Speakers  []string `json:"speakers,omitempty"`
	}
	list := make([]candidate, len(q.Candidates))
	for i, c := range q.Candidates {
		list[i] = candidate{Indicator: c.Indicator, Title: c.Title, Means: c.Means}
		for _, s := range c.Speakers {
			list[i].Speakers = append(list[i].Speakers, s.Chinese())
		}
	}
	return map[string]any{"candidates": list}
}

// read holds the judgements against the candidates: each once, none else.
func (q JudgeQuestion) read(h *hearing, raw json.RawMessage) ([]casework.Judgement, error) {
	var answer struct {
		Judgements []judged `json:"judgements"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return nil, errors.New("回答不是要求的样子")
	}
	byID := map[string]judged{}
	for _, j := range answer.Judgements {
		if _, twice := byID[j.Indicator]; twice {
			return nil, errors.New("有候选答了不止一次，每个候选只答一条")
		}
		byID[j.Indicator] = j
	}
	list := make([]casework.Judgement, len(q.Candidates))
	for i, c := range q.Candidates {
		j, ok := byID[c.Indicator]
		if !ok {
			return nil, errors.New("候选 " + c.Indicator + " 没有答")
		}
		delete(byID, c.Indicator)
		list[i] = j.judgement(h, c.Speakers)
	}
	if len(byID) > 0 {
		return nil, errors.New("有的 indicator 不在候选里，只能照抄候选的 indicator")
	}
	return list, nil
}

// judgement takes a yes only with evidence in words that can show it.
func (j judged) judgement(h *hearing, speakers []casework.Speaker) casework.Judgement {
	out := casework.Judgement{
		Indicator: j.Indicator, Shown: seen[j.Shown], Reason: j.Reason, Certainty: certainties[j.Certainty],
		Evidence: []casework.Evidence{},
	}
	if out.Shown == casework.No {
		return out
	}
	out.Evidence = h.locate(j.Evidence, speakers...)
	if out.Shown == casework.Yes && !h.prove(out.Evidence) {
		out.Shown, out.Reason, out.Certainty = casework.Unclear, unproven, certainties["低"]
	}
	return out
}

// weightier is what counts of two judgements about parts of one touchpoint:
// a yes anywhere is a yes, and what is unclear anywhere is not a no.
func weightier(a, b casework.Judgement) casework.Judgement {
	weight := map[casework.Shown]int{casework.Yes: 2, casework.Unclear: 1}
	switch {
	case weight[b.Shown] > weight[a.Shown]:
		return b
	case weight[a.Shown] > weight[b.Shown]:
		return a
	case a.Shown != casework.Yes: // as sure as the part one is least sure of
		if b.Certainty < a.Certainty {
			return b
		}
		return a
	}
	for _, e := range b.Evidence {
		if !slices.Contains(a.Evidence, e) {
			a.Evidence = append(a.Evidence, e)
		}
	}
	a.Certainty = max(a.Certainty, b.Certainty)
	return a
}
