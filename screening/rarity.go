package screening

import (
	"cmp"
	"slices"

	"xiaobao/rulebook"
)

// examplesOf gives the texts of all examples of a rulebook. They are about
// everything that it is about, so what comes up often in them does so in what
// people say to a financial institution.
func examplesOf(b *rulebook.Book) []string {
	var texts []string
	take := func(examples ...rulebook.Example) {
		for _, x := range examples {
			texts = append(texts, x.Text)
		}
	}
	for _, ind := range b.Indicators {
		take(ind.Fires...)
		take(ind.Not...)
	}
	for _, category := range b.Categories {
		for i := range category.Phrases {
			take(category.Phrases[i].Fires...)
			take(category.Phrases[i].Not...)
		}
	}
	for _, c := range b.Clues {
		take(c.Fires...)
		take(c.Not...)
	}
	return texts
}

// countIn notes how often words of each set come up in texts.
func (rs *ruleset) countIn(texts []string) {
	rs.common = make([]int32, len(rs.sets))
	for _, text := range texts {
		state := int32(0)
		for _, r := range text {
			state = rs.exact.step(state, rs.letters.glyphs.of(r).rune())
			for _, set := range rs.holding.of(rs.exact.cells[state].ending) {
				rs.common[set]++
			}
		}
	}
}

// rarest guesses which of the sets comes up least.
func (rs *ruleset) rarest(sets []int32) int32 { return slices.MinFunc(sets, rs.compareRarity) }

// compareRarity orders sets, the rarer first: by how often they come up in
// the rulebook's examples. Of those that do equally often, the one whose
// shortest word is longest comes first, then that with the fewest words.
func (rs *ruleset) compareRarity(a, b int32) int {
	return cmp.Or(
		cmp.Compare(rs.common[a], rs.common[b]),
		cmp.Compare(rs.shortest(b), rs.shortest(a)),
		cmp.Compare(len(rs.sets[a]), len(rs.sets[b])),
		cmp.Compare(a, b),
	)
}

func (rs *ruleset) shortest(set int32) int32 {
	least := rs.lengths[rs.sets[set][0]]
	for _, word := range rs.sets[set] {
		least = min(least, rs.lengths[word])
	}
	return least
}
