package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"slices"

	"xiaobao/casework"
	"xiaobao/llm"
	"xiaobao/prompts"
	"xiaobao/rulebook"
	"xiaobao/screening/charmodel"
)

// A modelTrial asks the configured endpoints, and tallies what that took.
type modelTrial struct {
	job    *evalJob
	first  *llm.Model
	second *llm.Model // nil: none
	ledger *llm.Memory

	asked, injected int
	troubles        map[casework.ModelTrouble]int
}

// openTrial opens the endpoints of the environment; none is nil.
func openTrial(job *evalJob) (*modelTrial, error) {
	endpoints, err := llm.ReadEndpoints(os.Getenv)
	if err != nil || len(endpoints) == 0 {
		return nil, err
	}
	masker, err := openMasker(io.Discard)
	if err != nil {
		return nil, err
	}
	trial := &modelTrial{job: job, ledger: llm.NewMemory(), troubles: map[casework.ModelTrouble]int{}}
	for _, e := range endpoints {
		model, err := llm.Open(e, trial.ledger, masker)
		if err != nil {
			return nil, err
		}
		if e.ID == llm.Second {
			trial.second = model
		} else {
			trial.first = model
		}
	}
	job.result.Masking = masker.Version()
	job.closing = append(job.closing, trial.tally)
	return trial, nil
}

// judgeByModel asks the model about every indicator of the channel.
func judgeByModel(_ context.Context, job *evalJob) (contactJudge, error) {
	trial, err := openTrial(job)
	if err != nil {
		return nil, err
	}
	if trial == nil {
		return nil, casework.Errorf(casework.Invalid, "no model is configured: set XIAOBAO_LLM_BASE_URL, XIAOBAO_LLM_MODEL and the key; \"xiaobao llm doctor\" tells whether it answers")
	}
	return func(ctx context.Context, t *casework.Touchpoint) ([]string, error) {
		var all []llm.Candidate
		for _, i := range job.book.Indicators {
			if hears(i, t.Channel) {
				all = append(all, candidate(i))
			}
		}
		shown, err := trial.ask(ctx, trial.first, t, all)
		return shown.given(), err
	}, nil
}

// hears reports whether an indicator reads words of a channel.
func hears(i *rulebook.Indicator, c casework.Channel) bool {
	return (i.Kind == "text" || i.Kind == "both") && (len(i.Channels) == 0 || slices.Contains(i.Channels, c))
}

func candidate(i *rulebook.Indicator) llm.Candidate {
	return llm.Candidate{Indicator: i.ID, Title: i.Title.Zh, Means: i.Means.Zh, Speakers: i.Speakers}
}

// judgeByCascade concludes as an inspection does: rules first, then the local
// model, then the endpoints about what is in doubt. What is left to people
// counts as given where the local model thinks it likelier than not, since
// officers get it as a finding to decide.
func judgeByCascade(ctx context.Context, job *evalJob) (contactJudge, error) {
	byRules, err := judgeByRules(ctx, job)
	if err != nil {
		return nil, err
	}
	local, err := localModel(job.model, job.book)
	if err != nil {
		return nil, err
	}
	job.result.Local = local.Version()
	trial, err := openTrial(job)
	if err != nil {
		return nil, err
	}
	reader := local.NewReader()
	return func(ctx context.Context, t *casework.Touchpoint) ([]string, error) {
		given, err := byRules(ctx, t)
		if err != nil || len(given) > 0 {
			return given, err
		}
		guesses := slices.Clone(reader.Rank(t, nil))
		for _, g := range guesses {
			if g.Accept {
				given = append(given, g.Indicator)
			}
		}
		if len(given) > 0 || len(guesses) == 0 {
			return given, nil
		}
		return trial.adjudicate(ctx, t, guesses)
	}, nil
}

// adjudicate asks about what is in doubt. Without an endpoint, or where it
// does not answer, people get what is likelier than not.
func (m *modelTrial) adjudicate(ctx context.Context, t *casework.Touchpoint, guesses []charmodel.Guess) ([]string, error) {
	var people []string
	for _, g := range guesses {
		if g.Certainty >= casework.SureEnough {
			people = append(people, g.Indicator)
		}
	}
	if m == nil {
		return people, nil
	}
	var candidates []llm.Candidate
	for _, g := range guesses {
		if i, ok := m.job.book.Indicator(g.Indicator); ok {
			candidates = append(candidates, candidate(i))
		}
	}
	first, err := m.ask(ctx, m.first, t, candidates)
	if err != nil || first == nil {
		return people, err
	}
	if m.second == nil || !disputed(m.job.book, first, guesses) {
		return first.given(), nil
	}
	second, err := m.ask(ctx, m.second, t, candidates)
	if err != nil || second == nil {
		return people, err
	}
	if !slices.Equal(first.given(), second.given()) {
		return cmpOr(people, first.given()), nil
	}
	return first.given(), nil
}

func cmpOr(a, b []string) []string {
	if len(a) > 0 {
		return a
	}
	return b
}

// disputed reports whether a second opinion is wanted: something grave or
// unsure was seen, or nothing where the local model was all but sure.
func disputed(book *rulebook.Book, opinion opinions, guesses []charmodel.Guess) bool {
	for _, j := range opinion {
		i, ok := book.Indicator(j.Indicator)
		grave := ok && i.Level == casework.Red
		if j.Shown == casework.Yes && (grave || j.Certainty < 0.6) || j.Shown == casework.Unclear {
			return true
		}
	}
	return len(opinion.given()) == 0 && guesses[0].Certainty >= 0.8
}

// opinions are what a model said; nil where it could not be asked.
type opinions []casework.Judgement

func (o opinions) given() []string {
	var given []string
	for _, j := range o {
		if j.Shown == casework.Yes {
			given = append(given, j.Indicator)
		}
	}
	return slices.Sorted(slices.Values(given))
}

// ask asks about one touchpoint. What is wrong with the text or the endpoint
// is counted; what is wrong with the settings ends the evaluation.
func (m *modelTrial) ask(ctx context.Context, model *llm.Model, t *casework.Touchpoint, candidates []llm.Candidate) (opinions, error) {
	if len(candidates) == 0 {
		return opinions{}, nil
	}
	m.asked++
	q := llm.JudgeQuestion{Asking: llm.Asking{Case: "eval", Attempt: 1}, Touchpoint: t, Candidates: candidates}
	answer, detail, err := model.Judge(ctx, q)
	if detail.Injected {
		m.injected++
	}
	trouble := llm.TroubleOf(err)
	switch {
	case err == nil:
		return answer.Judgements, nil
	case trouble == casework.TroubleRefuses || trouble == casework.TroubleQuota || trouble == casework.TroubleLeak:
		return nil, err
	case trouble != "":
		m.troubles[trouble]++
		return nil, ctx.Err()
	case casework.KindOf(err) == casework.Invalid: // too short to say anything of
		return opinions{}, nil
	}
	return nil, err
}

// tally fills in what asking took.
func (m *modelTrial) tally() {
	r := &m.job.result
	u := &casework.ModelUsage{Asked: m.asked, Injected: m.injected, Troubles: m.troubles}
	for _, call := range m.ledger.Calls() {
		if call.Stage != casework.CallEnded || call.Cached {
			continue
		}
		u.Calls++
		u.Tokens += call.TokensIn + call.TokensOut
		u.Cost += call.Cost
		u.Stated += call.Stated
		u.Grounded += call.Grounded
		u.Currency, u.Prices = cmp.Or(call.Currency, u.Currency), cmp.Or(call.Prices, u.Prices)
		r.Model = cmp.Or(call.Answered, r.Model)
	}
	r.Model = cmp.Or(r.Model, m.first.Endpoint().Model)
	if p, err := prompts.Latest(string(casework.ToJudge)); err == nil {
		r.Prompt = fmt.Sprintf("%s#%.8s", p.Name(), p.Hash)
	}
	r.Usage = u
}
