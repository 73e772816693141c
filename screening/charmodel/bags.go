package charmodel

import (
	"maps"
	"math"
	"slices"
	"unicode/utf16"

	"xiaobao/casework"
	"xiaobao/screening"
)

// A bag is an example taken apart: if it shows something, then in at least
// one of its windows.
type bag struct {
	channel casework.Channel
	folded  string
	windows []window
}

// A window is one sentence of an utterance.
type window struct {
	speaker  casework.Speaker
	features []int32 // numbers in the vocabulary
	length   int     // of all sequences, known or not
}

// A vocabulary numbers the sequences learnt of.
type vocabulary struct {
	hashes []uint32  // sorted
	weight []float64 // how telling a sequence is for its rarity
}

// takeApart makes bags of examples, hints of the rules' words, and the
// vocabulary of all of them.
func takeApart(examples []Example, labels []label, o Options) ([]bag, []hints, vocabulary) {
	raw := make([][]window, len(examples))
	seen := map[uint32]int{}
	cutter := newCutter()
	for i := range examples {
		raw[i] = cutter.windows(&examples[i].Touchpoint, o.Bits)
		own := map[int32]bool{}
		for _, w := range raw[i] {
			for _, h := range w.features {
				own[h] = true
			}
		}
		for h := range own {
			seen[uint32(h)]++
		}
	}
	terms := make([][]term, len(labels))
	for i := range labels {
		ind, _ := o.Book.Indicator(labels[i].ID)
		terms[i] = cutter.terms(wordsOf(o.Book, ind), voicesOf(ind.Speakers), o.Bits)
		for _, t := range terms[i] {
			for _, h := range t.features {
				seen[uint32(h)] += 0
			}
		}
	}
	v := vocabulary{hashes: slices.Sorted(maps.Keys(seen))}
	number := make(map[uint32]int32, len(v.hashes))
	for i, h := range v.hashes {
		number[h] = int32(i)
		v.weight = append(v.weight, math.Log(1+float64(len(examples))/float64(max(1, seen[h]))))
	}
	bags := make([]bag, len(examples))
	for i := range examples {
		bags[i] = bag{channel: examples[i].Channel, windows: raw[i], folded: string(utf16.Decode(cutter.fold(examples[i].Content())))}
		for j := range raw[i] {
			raw[i][j].number(number)
		}
	}
	return bags, hintsOf(terms, number), v
}

// hintsOf numbers the terms of every label and weighs how rare they are.
func hintsOf(terms [][]term, number map[uint32]int32) []hints {
	out := make([]hints, len(terms))
	rare := make([]float64, len(number))
	for i := range terms {
		h := hints{terms: terms[i], count: map[int32]int{}, rare: rare}
		for j := range h.terms {
			t := &h.terms[j]
			for k, f := range t.features {
				t.features[k] = number[uint32(f)]
				h.count[t.features[k]]++
			}
		}
		for f := range h.count {
			rare[f]++
		}
		out[i] = h
	}
	for f, n := range rare {
		if n > 0 {
			rare[f] = math.Log(float64(len(terms)+1) / n)
		}
	}
	return out
}

// terms takes words apart; features are hashes still.
func (c *cutter) terms(words []string, voices []voice, bits int) []term {
	var out []term
	for _, word := range words {
		units := c.fold(word)
		t := term{text: string(utf16.Decode(units))}
		c.hashes = c.hashes[:0]
		for _, v := range voices {
			c.hashes = inner(units, v, c.hashes, bits)
		}
		slices.Sort(c.hashes)
		for _, h := range slices.Compact(c.hashes) {
			t.features = append(t.features, int32(h))
		}
		out = append(out, t)
	}
	return out
}

// windows takes a touchpoint apart; features are hashes still.
func (c *cutter) windows(t *casework.Touchpoint, bits int) []window {
	var out []window
	c.turns = screening.AppendTurns(c.turns[:0], t)
	for i := range c.turns {
		u := &c.turns[i]
		units := c.fold(u.Text)
		for start := 0; start < len(units); {
			end := cut(units, start)
			c.hashes = grams(units[start:end], voiceOf(u.Speaker), c.hashes[:0], bits)
			w := window{speaker: u.Speaker, length: len(c.hashes)}
			for _, h := range c.hashes {
				w.features = append(w.features, int32(h))
			}
			out = append(out, w)
			start = end
		}
	}
	return out
}

// number puts numbers of the vocabulary for hashes; what is not in it goes.
func (w *window) number(of map[uint32]int32) {
	known := w.features[:0:0]
	for _, h := range w.features {
		if n, ok := of[uint32(h)]; ok {
			known = append(known, n)
		}
	}
	w.features = known
}
