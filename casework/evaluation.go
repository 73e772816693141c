package casework

import (
	"math"
	"slices"
	"time"
)

// An Evaluation (评测) is what labelled data says of conclusions: how good an
// engine is, on which data, by which versions. It holds no text.
type Evaluation struct {
	Task          string            `json:"task"`             // screen, review
	Engine        string            `json:"engine,omitempty"` // rules, local, llm, cascade
	At            time.Time         `json:"at,omitzero"`
	Texts         int               `json:"texts"`
	Labels        map[string]*Score `json:"labels"`
	Micro         Score             `json:"micro"`
	Macro         MeanScore         `json:"macro"`
	CleanTexts    int               `json:"clean_texts"`   // without expected labels
	CleanAlerted  int               `json:"clean_alerted"` // of those, with a conclusion that is not acceptable
	AlertsPer1000 float64           `json:"alerts_per_1000_clean"`
	CleanInterval [2]float64        `json:"clean_interval"` // of the share alerted
	LevelAccuracy *float64          `json:"level_accuracy,omitempty"`

	DataHash string `json:"data_sha256,omitempty"`
	Rulebook string `json:"rulebook,omitempty"`    // version
	Local    string `json:"local_model,omitempty"` // version
	Model    string `json:"model,omitempty"`       // as it names itself
	Prompt   string `json:"prompt,omitempty"`      // name and digest: "judge.v1#1a2b3c4d"
	Masking  string `json:"masking,omitempty"`     // version

	Usage *ModelUsage `json:"usage,omitempty"` // where a model was asked
	Flips []FlipRate  `json:"flips,omitempty"` // where texts were tried with a change that should not matter

	// Outcomes are each text's hits, false ones and misses, in the order of
	// the data, so that two evaluations of the same data can be compared text
	// by text. Left out beyond MostOutcomes texts.
	Outcomes [][3]int `json:"outcomes,omitempty"`
}

// MostOutcomes is up to how many texts outcomes are kept.
const MostOutcomes = 20_000

// A Score counts one label, or all together. Intervals are of 95 % (Wilson).
type Score struct {
	Expected          int        `json:"expected"`
	Hit               int        `json:"hit"`
	False             int        `json:"false"`
	Missed            int        `json:"missed"`
	BaseRate          float64    `json:"base_rate"`
	Precision         float64    `json:"precision"`
	PrecisionInterval [2]float64 `json:"precision_interval"`
	Recall            float64    `json:"recall"`
	RecallInterval    [2]float64 `json:"recall_interval"`
	F1                float64    `json:"f1"`
}

// A MeanScore is the mean over the labels that are expected somewhere.
type MeanScore struct {
	Labels    int     `json:"labels"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
}

// A ModelUsage is what asking models took and how it went.
type ModelUsage struct {
	Calls        int                  `json:"calls"` // attempts that went out
	Asked        int                  `json:"asked"` // texts a model was asked about
	AskedShare   float64              `json:"asked_share"`
	Tokens       int                  `json:"tokens"`
	Cost         float64              `json:"cost"`
	CostPer1000  float64              `json:"cost_per_1000_texts"`
	CallsPer1000 float64              `json:"calls_per_1000_texts"`
	Currency     string               `json:"currency,omitempty"`
	Prices       string               `json:"prices,omitempty"` // version of the price table
	Stated       int                  `json:"stated"`           // findings the model stated
	Grounded     int                  `json:"grounded"`         // of those, located in the text
	Injected     int                  `json:"injected"`         // texts that tried to instruct the model
	Troubles     map[ModelTrouble]int `json:"troubles,omitempty"`
}

// A FlipRate tells how often conclusions changed with a change that should
// not matter: another name, sex or region, or words that instruct the model.
type FlipRate struct {
	Change   string     `json:"change"` // name, sex, region, injection
	Tried    int        `json:"tried"`
	Flipped  int        `json:"flipped"`
	Interval [2]float64 `json:"interval"` // of the share flipped
}

// Count adds one text: what is expected of it, what is acceptable and counts
// neither way, and what was given. A label counts once a text, however often
// it is given.
func (e *Evaluation) Count(expected, acceptable, given []string) {
	e.Texts++
	expected, given = distinct(expected), distinct(given)
	var outcome [3]int
	for _, label := range given {
		switch {
		case slices.Contains(expected, label):
			e.label(label).Hit++
			outcome[0]++
		case !slices.Contains(acceptable, label):
			e.label(label).False++
			outcome[1]++
		}
	}
	for _, label := range expected {
		e.label(label).Expected++
		if !slices.Contains(given, label) {
			e.label(label).Missed++
			outcome[2]++
		}
	}
	if len(expected) == 0 {
		e.CleanTexts++
		if outcome[1] > 0 {
			e.CleanAlerted++
		}
	}
	if len(e.Outcomes) < MostOutcomes {
		e.Outcomes = append(e.Outcomes, outcome)
	}
}

func (e *Evaluation) label(name string) *Score {
	if e.Labels == nil {
		e.Labels = map[string]*Score{}
	}
	s := e.Labels[name]
	if s == nil {
		s = &Score{}
		e.Labels[name] = s
	}
	return s
}

func distinct(labels []string) []string {
	return slices.Compact(slices.Sorted(slices.Values(labels)))
}

// Finish works the rates out, once all texts are counted.
func (e *Evaluation) Finish() {
	for _, s := range e.Labels {
		s.rate(e.Texts)
		e.Micro.Expected += s.Expected
		e.Micro.Hit += s.Hit
		e.Micro.False += s.False
		e.Micro.Missed += s.Missed
		if s.Expected > 0 {
			e.Macro.Labels++
			e.Macro.Precision += s.Precision
			e.Macro.Recall += s.Recall
			e.Macro.F1 += s.F1
		}
	}
	e.Micro.rate(e.Texts)
	if n := float64(e.Macro.Labels); n > 0 {
		e.Macro.Precision, e.Macro.Recall, e.Macro.F1 = e.Macro.Precision/n, e.Macro.Recall/n, e.Macro.F1/n
	}
	e.AlertsPer1000 = 1000 * ratio(e.CleanAlerted, e.CleanTexts)
	e.CleanInterval = Wilson(e.CleanAlerted, e.CleanTexts)
	for i := range e.Flips {
		e.Flips[i].Interval = Wilson(e.Flips[i].Flipped, e.Flips[i].Tried)
	}
	if e.Texts > MostOutcomes {
		e.Outcomes = nil
	}
	if u := e.Usage; u != nil && e.Texts > 0 {
		u.AskedShare = ratio(u.Asked, e.Texts)
		u.CostPer1000 = 1000 * u.Cost / float64(e.Texts)
		u.CallsPer1000 = 1000 * ratio(u.Calls, e.Texts)
	}
}

func (s *Score) rate(texts int) {
	s.BaseRate = ratio(s.Expected, texts)
	s.Precision, s.PrecisionInterval = ratio(s.Hit, s.Hit+s.False), Wilson(s.Hit, s.Hit+s.False)
	s.Recall, s.RecallInterval = ratio(s.Hit, s.Expected), Wilson(s.Hit, s.Expected)
	s.F1 = ratio(2*s.Hit, 2*s.Hit+s.False+s.Missed)
}

// ratio is 0 where there is nothing to divide by; the counts beside it tell.
func ratio(part, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(part) / float64(of)
}

// Wilson is the 95 % score interval of a share (Wilson, 1927); of nothing, it
// is anything.
func Wilson(part, of int) [2]float64 {
	if of == 0 {
		return [2]float64{0, 1}
	}
	const z = 1.959964
	n, p := float64(of), float64(part)/float64(of)
	middle := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return [2]float64{max(0, middle-half), min(1, middle+half)}
}
