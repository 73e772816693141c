package llm

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A folded text is one without what copying changes: width, case, blanks,
// punctuation, invisible characters. It knows where each of its characters
// stood.
type folded struct {
	runes []rune
	at    []int // place in the text it was made of
}

// fold folds a text. Signs inside numbers stay, because 1.5 is not 15.
func fold(text []rune) folded {
	var f folded
	for i, r := range text {
		if r < 0x80 && !unicode.IsPunct(r) && !unicode.IsSpace(r) && !unicode.IsControl(r) {
			f.add(unicode.ToLower(r), i)
			continue
		}
		if unicode.Is(unicode.Han, r) && !norm.NFKC.IsNormalString(string(r)) || !unicode.Is(unicode.Han, r) {
			for _, n := range norm.NFKC.String(string(r)) {
				if f.keeps(n, text, i) {
					f.add(unicode.ToLower(n), i)
				}
			}
			continue
		}
		f.add(r, i)
	}
	return f
}

func (f *folded) add(r rune, at int) {
	f.runes = append(f.runes, r)
	f.at = append(f.at, at)
}

// keeps reports whether a character counts.
func (f *folded) keeps(r rune, text []rune, i int) bool {
	switch {
	case r == '%' || r == '‰':
		return true
	case strings.ContainsRune(".-/:", r):
		return f.betweenDigits(text, i)
	}
	return !unicode.IsSpace(r) && !unicode.IsPunct(r) && !unicode.In(r, unicode.Cf, unicode.Cc, unicode.Mn, unicode.Me)
}

func (f *folded) betweenDigits(text []rune, i int) bool {
	n := len(f.runes)
	return n > 0 && f.at[n-1] == i-1 && unicode.IsDigit(f.runes[n-1]) && i+1 < len(text) && unicode.IsDigit(text[i+1])
}

// occurrences are where needle begins in hay, at most two of them: more than
// one is all that matters.
func occurrences(hay, needle []rune) []int {
	var found []int
	if len(needle) == 0 {
		return nil
	}
	for i := 0; i+len(needle) <= len(hay) && len(found) < 2; i++ {
		if string(hay[i:i+len(needle)]) == string(needle) {
			found = append(found, i)
		}
	}
	return found
}

// A near is a stretch of a text that is almost another.
type near struct{ start, end, edits int }

// nearest finds the one stretch of hay that needle becomes by at most so many
// edits. Two such stretches apart from each other are none.
func nearest(hay, needle []rune, most int) (near, bool) {
	var best near
	found, limit := false, 0
	for _, n := range stretches(hay, needle, most) {
		switch {
		case !found:
			best, limit, found = n, n.end, true
		case n.start >= limit:
			return near{}, false // somewhere else as well
		default:
			limit = max(limit, n.end)
			if n.edits < best.edits || n.edits == best.edits && off(n, needle) < off(best, needle) {
				best = n
			}
		}
	}
	return best, found
}

// off is how much longer or shorter a stretch is than what it stands for.
func off(n near, needle []rune) int {
	d := n.end - n.start - len(needle)
	return max(d, -d)
}

// stretches are all stretches of hay, by their ends, that needle becomes by
// at most so many edits (Sellers' algorithm).
func stretches(hay, needle []rune, most int) []near {
	edits := make([]int, len(needle)+1)
	begin := make([]int, len(needle)+1)
	for i := range edits {
		edits[i] = i
	}
	var found []near
	for j, h := range hay {
		diagonal, diagonalBegin := 0, j
		edits[0], begin[0] = 0, j+1
		for i, n := range needle {
			cost, from := diagonal, diagonalBegin
			if n != h {
				cost++
			}
			if edits[i+1]+1 < cost { // hay has one more
				cost, from = edits[i+1]+1, begin[i+1]
			}
			if edits[i]+1 < cost { // needle has one more
				cost, from = edits[i]+1, begin[i]
			}
			diagonal, diagonalBegin = edits[i+1], begin[i+1]
			edits[i+1], begin[i+1] = cost, from
		}
		if last := edits[len(needle)]; last <= most {
			found = append(found, near{begin[len(needle)], j + 1, last})
		}
	}
	return found
}
