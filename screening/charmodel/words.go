package charmodel

import (
	"math"
	"strings"

	"xiaobao/casework"
	"xiaobao/rulebook"
)

// A term is a word of an indicator's own rules, as the sequences it is made
// of. Rules want such words whole and together; the model also hears parts.
type term struct {
	text     string // folded
	features []int32
}

// hints are what the words of the rules say of one indicator: the more of
// them hold a sequence, and the fewer other indicators have such, the more.
type hints struct {
	terms []term
	count map[int32]int // in how many terms
	rare  []float64     // by sequence, shared by all
}

// wordsOf lists the words that an indicator's patterns look for.
func wordsOf(b *rulebook.Book, ind *rulebook.Indicator) []string {
	var out []string
	seen := map[string]bool{}
	take := func(words rulebook.Alternatives) {
		for _, w := range expand(b, words) {
			if w = strings.TrimPrefix(w, "="); !seen[w] {
				seen[w] = true
				out = append(out, w)
			}
		}
	}
	for i := range ind.Patterns {
		p := &ind.Patterns[i]
		take(p.Words)
		take(p.With)
		for _, a := range p.Seq {
			take(a)
		}
		for _, a := range p.All {
			take(a)
		}
	}
	return out
}

// expand puts the words of lexicons for their names.
func expand(b *rulebook.Book, words rulebook.Alternatives) []string {
	var out []string
	for _, w := range words {
		name, isName := strings.CutPrefix(w, "$")
		if !isName {
			out = append(out, w)
		} else if lexicon := b.Lexicons[name]; lexicon != nil {
			out = append(out, lexicon.Words...)
		}
	}
	return out
}

// voicesOf are the voices of an indicator's speakers.
func voicesOf(speakers []casework.Speaker) []voice {
	heard := [4]bool{}
	if len(speakers) == 0 {
		heard = [4]bool{false, true, true, true}
	}
	for _, s := range speakers {
		heard[voiceOf(s)] = true
	}
	var out []voice
	for v := institution; v <= public; v++ {
		if heard[v] {
			out = append(out, v)
		}
	}
	return out
}

// weight is what a sequence in so many terms weighs. One that stands in clean
// examples too tells little: parts of rules are ordinary words.
func (h *hints) weight(feature int32, count int, clean float64) float64 {
	return math.Log1p(float64(count)) * h.rare[feature] / (1 + clean)
}

// score weighs a window by the terms that do not stand in the text.
func (h *hints) score(w *window, without map[int32]int, clean []float64) float64 {
	sum := 0.0
	for _, f := range w.features {
		if n := h.count[f] - without[f]; n > 0 {
			sum += h.weight(f, n, clean[f])
		}
	}
	return sum * scale(w.length)
}

// standing counts the sequences of the terms that stand in a folded text.
func (h *hints) standing(text string) map[int32]int {
	out := map[int32]int{}
	for i := range h.terms {
		if t := &h.terms[i]; strings.Contains(text, t.text) {
			for _, f := range t.features {
				out[f]++
			}
		}
	}
	return out
}
