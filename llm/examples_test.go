package llm_test

import (
	"encoding/json"
	"strings"
	"testing"

	"xiaobao/casework"
	"xiaobao/llm"
	"xiaobao/prompts"
)

// A model that answers as the examples show must never be asked to mend its
// answer, nor lose a finding.
func TestEveryWorkedExampleStandsBeforeItsOwnPurpose(t *testing.T) {
	t.Parallel()
	for _, p := range prompts.All() {
		for i, e := range p.Examples {
			m, c := answering(t, string(e.Answer))
			answer, err := askExample(t, m, casework.Purpose(p.ID), e)
			if err != nil || c.requests() != 1 {
				t.Errorf("%s example %d: %d requests, %v", p.Name(), i+1, c.requests(), err)
				continue
			}
			if answer.Call.Grounded != answer.Call.Stated {
				t.Errorf("%s example %d: %d of %d findings stand", p.Name(), i+1, answer.Call.Grounded, answer.Call.Stated)
			}
		}
	}
}

func TestTheExamplesOfOrdersAreFlaggedAsSuch(t *testing.T) {
	t.Parallel()
	flagged, all := 0, 0
	for _, p := range prompts.All() {
		for _, e := range p.Examples {
			m, _ := answering(t, string(e.Answer))
			answer, err := askExample(t, m, casework.Purpose(p.ID), e)
			if err != nil {
				t.Fatal(err)
			}
			switch orders := strings.Contains(e.Note, "夹带指令"); {
			case orders:
				all++
				if answer.Injected {
					flagged++
				}
			case answer.Injected:
				t.Errorf("%s: %s is flagged though nobody gives orders", p.Name(), e.Note)
			}
		}
	}
	// Orders that speak to nobody in particular are an officer's words as
	// well as a trick; the examples keep some, because models meet them.
	if all < len(prompts.All()) || flagged*3 < all*2 {
		t.Errorf("%d of %d orders are flagged, not two thirds", flagged, all)
	}
}

// given is what examples give, of any purpose.
type given struct {
	Candidates []struct {
		Indicator, Title, Means string
		Speakers                []string
	}
	Options    map[string][]llm.Option
	Categories []llm.Option
	Points     []struct{ Asked string }
	Figures    json.RawMessage
	Question   string
	About      string
	Product    string
}

// askExample asks an example's question as the program would.
func askExample(t *testing.T, m *llm.Model, purpose casework.Purpose, e prompts.Example) (llm.Answer, error) {
	t.Helper()
	var g given
	if e.Given != nil {
		if err := json.Unmarshal(e.Given, &g); err != nil {
			t.Fatal(err)
		}
	}
	q := llm.DocumentQuestion{Document: casework.Document{Text: strings.Join(e.Utterances, "\n"), Product: g.Product}}
	var answer llm.Answer
	var err error
	switch purpose {
	case casework.ToJudge:
		_, answer, err = m.Judge(t.Context(), g.judge(t, q.Document.Text))
	case casework.ToReview:
		q.Options = g.Categories
		_, answer, err = m.Review(t.Context(), q)
	case casework.ToClassify:
		for facet, options := range g.Options {
			for _, o := range options {
				o.Group = facet
				q.Options = append(q.Options, o)
			}
		}
		_, answer, err = m.Classify(t.Context(), q)
	case casework.ToHearAnswer:
		q.Document.Context = g.Question
		_, answer, err = m.HearAnswer(t.Context(), q)
	case casework.ToCheckProof:
		for _, p := range g.Points {
			q.Options = append(q.Options, llm.Option{Title: p.Asked})
		}
		_, answer, err = m.CheckProof(t.Context(), q)
	case casework.ToReadDuties:
		q.Document.Context = g.About
		_, answer, err = m.ReadDuties(t.Context(), q)
	case casework.ToSummarise:
		_, answer, err = m.Summarise(t.Context(), q)
	case casework.ToExplainBill:
		q.Document.Context = g.Question
		_, answer, err = m.ExplainBill(t.Context(), q)
	case casework.ToLookBack:
		q.Document.Context = string(g.Figures)
		_, answer, err = m.LookBack(t.Context(), q)
	default:
		t.Fatalf("there is no purpose %s", purpose)
	}
	return answer, err
}

func (g given) judge(t *testing.T, text string) llm.JudgeQuestion {
	t.Helper()
	q := llm.JudgeQuestion{Touchpoint: phoned(text)}
	for _, c := range g.Candidates {
		candidate := llm.Candidate{Indicator: c.Indicator, Title: c.Title, Means: c.Means}
		for _, name := range c.Speakers {
			for _, s := range casework.Speakers() {
				if s.Chinese() == name {
					candidate.Speakers = append(candidate.Speakers, s)
				}
			}
		}
		if len(candidate.Speakers) != len(c.Speakers) {
			t.Fatalf("the speakers %q are not all known", c.Speakers)
		}
		q.Candidates = append(q.Candidates, candidate)
	}
	return q
}
