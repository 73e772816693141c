package unaided

import (
	"cmp"
	"slices"
	"strings"

	"xiaobao/casework"
	"xiaobao/rulebook"
)

// A code is a complaint code with its signs made ready.
type code struct {
	*rulebook.ComplaintCode
	signs []sign
}

// A sign is a folded word and what it weighs.
type sign struct {
	word   []rune
	weight int
}

func codesByFacet(b *rulebook.Book) map[string][]code {
	facets := map[string][]code{}
	for _, c := range b.Codes {
		ready := code{ComplaintCode: c}
		for _, s := range c.Signs {
			word, weight := rulebook.Sign(s)
			ready.signs = append(ready.signs, sign{[]rune(fold(word)), weight})
		}
		facets[c.Facet] = append(facets[c.Facet], ready)
	}
	return facets
}

// A tally is how much of a text speaks for a code.
type tally struct {
	code
	score    int
	evidence []casework.Evidence
}

// weigh counts each sign of a code once, where it first stands.
func (c code) weigh(text, folded []rune) tally {
	t := tally{code: c}
	for _, s := range c.signs {
		at := index(folded, s.word, 0)
		if at < 0 || denied(folded, at) {
			continue
		}
		t.score += s.weight
		end := at + len(s.word)
		if !slices.ContainsFunc(t.evidence, func(e casework.Evidence) bool { return at < e.End && e.Start < end }) {
			t.evidence = append(t.evidence, casework.Evidence{Start: at, End: end, Quote: string(text[at:end])})
		}
	}
	return t
}

// denied reports whether a denial stands right before a sign: 没有被骗.
func denied(folded []rune, at int) bool {
	before := string(folded[max(0, at-3):at])
	return anyOf(before, "没有", "并未", "未曾") || strings.HasSuffix(before, "没被") || strings.HasSuffix(before, "不是")
}

// tallies are the codes of a facet that anything speaks for, the best first.
func (r *Reader) tallies(facet string, text []rune) []tally {
	folded := []rune(fold(string(text)))
	var out []tally
	for _, c := range r.facets[facet] {
		if t := c.weigh(text, folded); t.score > 0 {
			out = append(out, t)
		}
	}
	slices.SortStableFunc(out, func(a, b tally) int { return cmp.Compare(b.score, a.score) })
	return out
}

// Classify sorts a complaint by the words that speak for each code.
func (r *Reader) Classify(d casework.Document) casework.ComplaintAnswer {
	text := []rune(d.Text)
	return casework.ComplaintAnswer{
		Channel:  r.best("A", text),
		Business: r.best("B", text),
		Cause:    r.best("C", text),
		Flags:    r.every("flag", text),
		Wants:    r.every("appeal", text),
		Scripted: r.scripted(d),
	}
}

// best chooses one code of a facet: the kind that most speaks for, and
// within it the finest that anything speaks for.
func (r *Reader) best(facet string, text []rune) casework.Choice {
	all := r.tallies(facet, text)
	if len(all) == 0 {
		return casework.Choice{Reason: "文中没有可以据以归类的字样", Evidence: []casework.Evidence{}}
	}
	sums := map[string]int{}
	for _, t := range all {
		sums[r.root(facet, t.ID)] += t.score
	}
	first, second := "", 0
	for _, t := range all { // in order of score, so that ties do not depend on the map
		if root := r.root(facet, t.ID); sums[root] > sums[first] {
			first = root
		}
	}
	for root, sum := range sums {
		if root != first {
			second = max(second, sum)
		}
	}
	var chosen tally
	for _, t := range all {
		if r.root(facet, t.ID) == first && (chosen.ComplaintCode == nil || t.Parent != "" && chosen.Parent == "") {
			chosen = t
		}
	}
	return choice(chosen, certainty(sums[first], second))
}

// every gives all codes of a facet that anything speaks for.
func (r *Reader) every(facet string, text []rune) []casework.Choice {
	out := []casework.Choice{}
	for _, t := range r.tallies(facet, text) {
		out = append(out, choice(t, certainty(t.score, 0)))
	}
	return out
}

// root is the highest ancestor of a code.
func (r *Reader) root(facet, id string) string {
	for range r.facets[facet] {
		at := slices.IndexFunc(r.facets[facet], func(c code) bool { return c.ID == id })
		if at < 0 || r.facets[facet][at].Parent == "" {
			return id
		}
		id = r.facets[facet][at].Parent
	}
	return id
}

func choice(t tally, certainty float64) casework.Choice {
	return casework.Choice{Code: t.ID, Reason: "文中字样指向“" + t.Title.Zh + "”", Certainty: certainty, Evidence: t.evidence}
}

// certainty grows with what speaks for a code and shrinks with what speaks
// for the next; words alone never make it more than 0.75.
func certainty(best, next int) float64 {
	return min(0.75, 0.35+0.1*float64(min(best, 4))) * float64(best) / float64(best+next)
}

// scripted tells whether a letter carries the marks of the black and grey
// industry. That is a reason to look closer; the complaint is handled like
// any other.
func (r *Reader) scripted(d casework.Document) casework.Choice {
	c := casework.Choice{Reason: "未见代写、代理维权的字样", Evidence: []casework.Evidence{}}
	score := 0
	for _, clue := range r.engine.NewScreener().Clues(&casework.Touchpoint{ID: "-", Channel: casework.ComplaintChannel, Text: d.Text}) {
		c.Evidence = append(c.Evidence, clue.Evidence...)
		score += map[string]int{"high": 3, "medium": 2, "low": 1}[clue.Weight]
	}
	if score > 0 {
		c.Code, c.Certainty = "suspected", min(0.7, 0.2+0.1*float64(score))
		c.Reason = "文中有疑似代写、代理维权的字样，仅供核查参考，不影响受理和办理时限"
	}
	return c
}
