package privacy

import (
	"slices"
	"strings"
)

// A lexicon finds which of its words stands at a place, by first characters.
type lexicon map[rune][][]rune

// newLexicon makes one from words between blanks.
func newLexicon(words string) lexicon {
	l := lexicon{}
	for word := range strings.FieldsSeq(words) {
		r := []rune(word)
		l[r[0]] = append(l[r[0]], r)
	}
	for _, list := range l {
		slices.SortFunc(list, func(a, b []rune) int { return len(b) - len(a) })
	}
	return l
}

// at gives the length of the longest word at i, 0 if there is none.
func (l lexicon) at(r []rune, i int) int {
	if i < 0 || i >= len(r) {
		return 0
	}
	for _, word := range l[r[i]] {
		if len(r)-i >= len(word) && slices.Equal(r[i:i+len(word)], word) {
			return len(word)
		}
	}
	return 0
}
