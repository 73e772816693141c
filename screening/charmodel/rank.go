package charmodel

import (
	"cmp"
	"slices"
	"strings"

	"xiaobao/casework"
	"xiaobao/screening"
)

// A Guess is an indicator that may show in a touchpoint.
type Guess struct {
	casework.Suspicion
	Accept bool `json:"accept"` // sure enough to be a finding without a model
}

// A Reader ranks one touchpoint after the other. Its buffers are reused, so
// that a clean text costs no allocation; it serves one goroutine.
type Reader struct {
	model  *Model
	cutter *cutter
	wanted []bool
	best   []found // by label
	ears   []int   // labels that hear the utterance at hand
	sums   []int32
}

// found is the window that speaks most for a label so far.
type found struct {
	score      float64
	utterance  int // -1: none
	start, end int // folded characters of the window
}

// NewReader gives a reader of its own to a goroutine.
func (m *Model) NewReader() *Reader {
	n := len(m.labels)
	return &Reader{
		model: m, cutter: newCutter(), wanted: make([]bool, n), best: make([]found, n),
		sums: make([]int32, n),
	}
}

// Rank gives the indicators that are in doubt or accepted, the likeliest
// first; nil if none is. Only limits it to the indicators named; nil is all.
func (r *Reader) Rank(t *casework.Touchpoint, only []string) []Guess {
	any := false
	for i := range r.model.labels {
		l := &r.model.labels[i]
		r.wanted[i] = l.listens(t.Channel) && (only == nil || slices.Contains(only, l.ID))
		r.best[i].utterance = -1
		any = any || r.wanted[i]
	}
	if !any {
		return nil
	}
	r.cutter.turns = screening.AppendTurns(r.cutter.turns[:0], t)
	for i := range r.cutter.turns {
		if r.listen(r.cutter.turns[i].Speaker) {
			r.weigh(i)
		}
	}
	return r.guesses()
}

// listen notes which of the wanted labels hear a speaker; none, if it gives
// false.
func (r *Reader) listen(s casework.Speaker) bool {
	r.ears = r.ears[:0]
	for i := range r.model.labels {
		if r.wanted[i] && r.model.labels[i].hears(s) {
			r.ears = append(r.ears, i)
		}
	}
	return len(r.ears) > 0
}

// weigh scores the windows of an utterance.
func (r *Reader) weigh(number int) {
	u := &r.cutter.turns[number]
	units := r.cutter.fold(u.Text)
	for start := 0; start < len(units); {
		end := cut(units, start)
		clear(r.sums)
		length := r.add(units[start:end], voiceOf(u.Speaker))
		for _, i := range r.ears {
			l := &r.model.labels[i]
			r.note(i, float64(r.sums[i])*l.Unit*scale(length)+l.Bias, found{utterance: number, start: start, end: end})
		}
		start = end
	}
}

func (r *Reader) note(label int, score float64, at found) {
	if b := &r.best[label]; b.utterance < 0 || score > b.score {
		at.score = score
		*b = at
	}
}

// add sums the weights of a sentence and gives how many sequences it has.
func (r *Reader) add(units []uint16, v voice) int {
	r.cutter.hashes = grams(units, v, r.cutter.hashes[:0], r.model.Options.Bits)
	for _, h := range r.cutter.hashes {
		for _, w := range r.model.of(h) {
			r.sums[w.label] += int32(w.value)
		}
	}
	return len(r.cutter.hashes)
}

// guesses lists what is in doubt.
func (r *Reader) guesses() []Guess {
	var out []Guess
	for i := range r.model.labels {
		l, b := &r.model.labels[i], &r.best[i]
		if b.utterance < 0 {
			continue
		}
		chance := l.chance(b.score)
		if chance < l.Doubt {
			continue
		}
		out = append(out, Guess{casework.Suspicion{
			Indicator: l.ID, Certainty: chance, Evidence: []casework.Evidence{r.evidence(b)},
		}, chance >= l.Accept})
	}
	slices.SortFunc(out, func(a, b Guess) int {
		return cmp.Or(-cmp.Compare(a.Certainty, b.Certainty), strings.Compare(a.Indicator, b.Indicator))
	})
	return out
}

// longestQuote is how long an utterance may be, in characters, to be quoted
// whole; of a longer one the sentence is.
const longestQuote = 120

// evidence quotes what speaks most for a label.
func (r *Reader) evidence(b *found) casework.Evidence {
	u := &r.cutter.turns[b.utterance]
	if u.End-u.Start <= longestQuote {
		return casework.Evidence{Start: u.Start, End: u.End, Quote: u.Text, Speaker: u.Speaker}
	}
	r.cutter.fold(u.Text)
	start, _ := r.cutter.folder.Span(b.start)
	_, end := r.cutter.folder.Span(b.end - 1)
	return casework.Evidence{
		Start: u.Start + start, End: u.Start + end, Quote: string([]rune(u.Text)[start:end]), Speaker: u.Speaker,
	}
}
