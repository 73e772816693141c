package charmodel

import (
	"maps"
	"math"
	"slices"

	"xiaobao/casework"
	"xiaobao/screening"
)

// A bag is an example taken apart: if it shows something, then in at least
// one of its windows.
type bag struct {
	channel casework.Channel
	windows []window
}

// A window is one sentence of an utterance, or two that follow each other.
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

// takeApart makes bags of examples, and the vocabulary of all of them.
func takeApart(examples []Example, o Options) ([]bag, vocabulary) {
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
	maps.DeleteFunc(seen, func(_ uint32, n int) bool { return n < o.MinSeen })
	v := vocabulary{hashes: slices.Sorted(maps.Keys(seen))}
	number := make(map[uint32]int32, len(v.hashes))
	for i, h := range v.hashes {
		number[h] = int32(i)
		v.weight = append(v.weight, math.Log(1+float64(len(examples))/float64(seen[h])))
	}
	bags := make([]bag, len(examples))
	for i := range examples {
		bags[i] = bag{channel: examples[i].Channel, windows: raw[i]}
		for j := range raw[i] {
			raw[i][j].number(number)
		}
	}
	return bags, v
}

// windows takes a touchpoint apart; features are hashes still.
func (c *cutter) windows(t *casework.Touchpoint, bits int) []window {
	var out []window
	c.turns = screening.AppendTurns(c.turns[:0], t)
	for i := range c.turns {
		u := &c.turns[i]
		units := c.fold(u)
		last := -1 // the sentence before, in out
		for start := 0; start < len(units); {
			end := cut(units, start)
			c.hashes = grams(units[start:end], voiceOf(u.Speaker), c.hashes[:0], bits)
			w := window{speaker: u.Speaker, length: len(c.hashes)}
			for _, h := range c.hashes {
				w.features = append(w.features, int32(h))
			}
			at := len(out)
			out = append(out, w)
			if last >= 0 {
				out = append(out, window{speaker: u.Speaker, length: out[last].length + w.length,
					features: slices.Concat(out[last].features, w.features)})
			}
			last, start = at, end
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
