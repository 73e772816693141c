package privacy

import (
	"strconv"
	"unicode/utf8"
)

// A mark is something in a text that reads as a token: a label and a number
// in brackets. Depth is how many brackets stand around it: one makes a token,
// more make a text that only looks like one.
type mark struct {
	start, end int // code points, brackets included
	label      string
	number     string
	depth      int
	open       rune
}

func (m mark) token() string { return m.label + m.number }

// brackets that models may put in place of ours.
var brackets = map[rune]rune{'〔': '〕', '[': ']', '［': '］', '【': '】'}

// marks finds what reads as a token.
func marks(r []rune) []mark {
	var all []mark
	for i := 0; i < len(r); i++ {
		closing, ok := brackets[r[i]]
		if !ok {
			continue
		}
		body := i
		for body < len(r) && r[body] == r[i] {
			body++
		}
		label, number, end, ok := tokenBody(r, body)
		if !ok || at(r, end) != closing {
			i = body - 1
			continue
		}
		depth := 0
		for depth < body-i && at(r, end+depth) == closing {
			depth++
		}
		all = append(all, mark{start: body - depth, end: end + depth, label: label, number: number, depth: depth, open: r[i]})
		i = end + depth - 1
	}
	return all
}

// tokenBody reads a label and a number, with blanks between if a model put
// them there.
func tokenBody(r []rune, i int) (label, number string, end int, ok bool) {
	i = blanks(r, i)
	for _, l := range labels {
		if hasText(r, i, l) && len(l) > len(label) {
			label = l
		}
	}
	if label == "" {
		return "", "", 0, false
	}
	i = blanks(r, i+utf8.RuneCountInString(label))
	from := i
	for i < len(r) && i-from < 9 && isDigit(foldRune(r[i])) {
		number += string(foldRune(r[i]))
		i++
	}
	return label, number, blanks(r, i), number != "" && number[0] != '0'
}

func blanks(r []rune, i int) int {
	for n := 0; n < 3 && at(r, i) == ' '; n++ {
		i++
	}
	return i
}

func hasText(r []rune, i int, word string) bool {
	for _, w := range word {
		if at(r, i) != w {
			return false
		}
		i++
	}
	return true
}

// tokenOf is the token of the nth value of a kind.
func tokenOf(k Kind, n int) string { return labels[k] + strconv.Itoa(n) }
