package main

import (
	"math"
	"slices"
)

// An evaluation is what labelled data says of conclusions.
type evaluation struct {
	Task          string            `json:"task"`
	Texts         int               `json:"texts"`
	Labels        map[string]*score `json:"labels"`
	Micro         score             `json:"micro"`
	Macro         macro             `json:"macro"`
	CleanTexts    int               `json:"clean_texts"`   // without expected labels
	CleanAlerted  int               `json:"clean_alerted"` // of those, with a conclusion that is not acceptable
	AlertsPer1000 float64           `json:"alerts_per_1000_clean"`
	CleanInterval [2]float64        `json:"clean_interval"` // of the share alerted
	LevelAccuracy *float64          `json:"level_accuracy,omitempty"`
}

// A score counts one label, or all together.
type score struct {
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

// A macro is the mean over the labels that are expected somewhere.
type macro struct {
	Labels    int     `json:"labels"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
}

// count adds one text. A label counts once a text, however often it is given.
func (e *evaluation) count(v verdict) {
	e.Texts++
	expected, given := distinct(v.expected), distinct(v.given)
	alerted := false
	for _, label := range given {
		switch {
		case slices.Contains(expected, label):
			e.label(label).Hit++
		case !slices.Contains(v.acceptable, label):
			e.label(label).False++
			alerted = true
		}
	}
	for _, label := range expected {
		e.label(label).Expected++
		if !slices.Contains(given, label) {
			e.label(label).Missed++
		}
	}
	if len(expected) == 0 {
		e.CleanTexts++
		if alerted {
			e.CleanAlerted++
		}
	}
}

func (e *evaluation) label(name string) *score {
	s := e.Labels[name]
	if s == nil {
		s = &score{}
		e.Labels[name] = s
	}
	return s
}

func distinct(labels []string) []string {
	sorted := slices.Sorted(slices.Values(labels))
	return slices.Compact(sorted)
}

// finish works the rates out.
func (e *evaluation) finish() {
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
	e.CleanInterval = wilson(e.CleanAlerted, e.CleanTexts)
}

func (s *score) rate(texts int) {
	s.BaseRate = ratio(s.Expected, texts)
	s.Precision, s.PrecisionInterval = ratio(s.Hit, s.Hit+s.False), wilson(s.Hit, s.Hit+s.False)
	s.Recall, s.RecallInterval = ratio(s.Hit, s.Expected), wilson(s.Hit, s.Expected)
	s.F1 = ratio(2*s.Hit, 2*s.Hit+s.False+s.Missed)
}

// ratio is 0 where there is nothing to divide by; the counts beside it tell.
func ratio(part, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(part) / float64(of)
}

// wilson is the 95 % score interval of a share; of nothing, it is anything.
func wilson(part, of int) [2]float64 {
	if of == 0 {
		return [2]float64{0, 1}
	}
	const z = 1.959964
	n, p := float64(of), float64(part)/float64(of)
	middle := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return [2]float64{max(0, middle-half), min(1, middle+half)}
}
