package privacy

import (
	"slices"
	"strconv"
	"unicode/utf16"
)

// Leaks gives the personal data of fixed form in a body that is about to go
// out: numbers, addresses of mail and accounts, no names and no streets.
// Tokens are no leaks, nor are companies' hotlines, amounts and dates. Escapes
// of JSON are read, also those of JSON within JSON; places count in the body
// as it is.
func Leaks(body string) []Span {
	r := []rune(body)
	where := make([]int, len(r)+1)
	for i := range where {
		where[i] = i
	}
	var leaks []Span
	for level := 0; ; level++ {
		for _, s := range leaksIn(r) {
			leaks = append(leaks, Span{where[s.Start], where[s.End], s.Kind})
		}
		var changed bool
		if r, where, changed = unescape(r, where); !changed || level == 3 {
			return settle(leaks)
		}
	}
}

func leaksIn(r []rune) []Span {
	folded := foldRunes(slices.Clone(r))
	for _, m := range marks(r) {
		for i := m.start; i < m.end; i++ {
			folded[i] = hole
		}
	}
	return searchForms(folded)
}

// unescape reads the escapes of JSON once, and tells where each character
// stood.
func unescape(r []rune, where []int) (plain []rune, places []int, changed bool) {
	plain, places = make([]rune, 0, len(r)), make([]int, 0, len(r)+1)
	for i := 0; i < len(r); {
		c, length := r[i], 1
		if c == '\\' && i+1 < len(r) {
			c, length = escaped(r[i:])
			changed = changed || length > 1
		}
		plain, places = append(plain, c), append(places, where[i])
		i += length
	}
	return plain, append(places, where[len(r)]), changed
}

// escaped reads one escape, and tells its length: 1 if it is none.
func escaped(r []rune) (rune, int) {
	switch r[1] {
	case 'n', 'r':
		return '\n', 2
	case 't', 'b', 'f':
		return ' ', 2
	case '"', '\\', '/':
		return r[1], 2
	case 'u':
		high, ok := hex4(r[2:])
		if !ok {
			return r[0], 1
		}
		if utf16.IsSurrogate(high) && len(r) >= 12 && r[6] == '\\' && r[7] == 'u' {
			if low, ok := hex4(r[8:]); ok {
				return utf16.DecodeRune(high, low), 12
			}
		}
		return high, 6
	}
	return r[0], 1
}

func hex4(r []rune) (rune, bool) {
	if len(r) < 4 {
		return 0, false
	}
	v, err := strconv.ParseUint(string(r[:4]), 16, 32)
	return rune(v), err == nil
}
