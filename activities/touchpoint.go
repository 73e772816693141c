package activities

import (
	"context"
	"errors"

	"xiaobao/casework"
	"xiaobao/llm"
)

// errRulesSuffice says that there is nothing to ask a model about a
// touchpoint: rules have said all there is to say.
var errRulesSuffice = errors.New("nothing is suspected beyond what rules see")

// mostCandidates bounds what a model is asked about one touchpoint.
const mostCandidates = 8

// putTouchpoint judges a document as a touchpoint. The rules speak first, and
// what they saw is not asked again; the model is asked about what the local
// model suspects beyond them.
func (a *Activities) putTouchpoint(ctx context.Context, m *llm.Model, q llm.DocumentQuestion) (any, llm.Answer, error) {
	answer, _, err := a.Models.Unaided.Answer(casework.ToJudge, q.Document)
	if err != nil {
		return nil, llm.Answer{}, err
	}
	whole, ok := answer.(casework.TouchpointAnswer)
	if !ok {
		return nil, llm.Answer{}, casework.Errorf(casework.Internal, "a touchpoint was answered by a %T", answer)
	}
	t := &casework.Touchpoint{ID: "consultation", Channel: q.Document.Channel, Product: q.Document.Product, Text: q.Document.Text}
	candidates, err := a.suspects(ctx, t, whole)
	if err != nil {
		return nil, llm.Answer{}, err
	}
	if len(candidates) == 0 {
		return nil, llm.Answer{}, errRulesSuffice
	}
	judged, detail, err := m.Judge(ctx, llm.JudgeQuestion{Asking: q.Asking, Touchpoint: t, Known: q.Document.Names, Candidates: candidates})
	if err != nil {
		return nil, detail, err
	}
	whole.Judgements = append(whole.Judgements, judged.Judgements...)
	return whole, detail, nil
}

// suspects are what the local model suspects in a touchpoint beyond what was
// seen already.
func (a *Activities) suspects(ctx context.Context, t *casework.Touchpoint, seen casework.TouchpointAnswer) ([]llm.Candidate, error) {
	version, err := a.Cascade.ActiveLocalModel(ctx)
	if err != nil || version == "" {
		return nil, err
	}
	local, err := a.localModel(ctx, version)
	if err != nil {
		return nil, err
	}
	var candidates []llm.Candidate
	for _, guess := range local.NewReader().Rank(t, nil) {
		if said, known := judgementOf(seen.Judgements, guess.Indicator); known && said.Shown == casework.Yes {
			continue
		}
		if indicator, ok := a.Rules.Indicator(guess.Indicator); ok && len(candidates) < mostCandidates {
			candidates = append(candidates, candidateOf(indicator))
		}
	}
	return candidates, nil
}
