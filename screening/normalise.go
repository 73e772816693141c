package screening

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// A normaliser reduces texts to units: one folded character each, as the
// glyph table numbers them, with the characters of the original it stands
// for. Its buffers are reused.
type normaliser struct {
	table *glyphs
	runes []rune   // the original, all texts so far
	units []uint16 // folded
	spans []span   // of each unit in runes

	tricks []span // of the original that were rewritten from a disguise

	broken int  // start of the run of separators at the end of units, or -1
	before kind // of the unit before that run
}

// A span is a half-open range of characters.
type span struct{ start, end int32 }

func (n *normaliser) reset() {
	n.runes, n.units, n.spans, n.tricks = n.runes[:0], n.units[:0], n.spans[:0], n.tricks[:0]
	n.seal()
}

// seal ends a text: what comes next does not belong to the same words.
func (n *normaliser) seal() { n.broken, n.before = -1, other }

// skip takes characters over into the original without normalising them.
func (n *normaliser) skip(text string) {
	for _, r := range text {
		n.runes = append(n.runes, r)
	}
	n.seal()
}

// add normalises a text.
func (n *normaliser) add(text string) {
	n.grow(len(text))
	for i := n.addPlain(text); i < len(text); i += n.addPlain(text[i:]) {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch g := n.table.of(r); g.kind() {
		case han, latin, digit:
			n.join(g.kind())
			n.emit(r, g.rune())
		case special:
			size = n.rewrite(text[i:], r, size)
		case ignorable:
			n.runes = append(n.runes, r)
		case blank, separator:
			n.separate(r)
		default:
			n.broken, n.before = -1, g.kind()
			n.emit(r, g.rune())
		}
		i += size
	}
}

// addPlain takes over the characters before the first that needs a closer
// look, nearly all of a text, and gives their length in bytes. There is room
// for them already.
func (n *normaliser) addPlain(text string) int {
	if n.broken >= 0 {
		return 0
	}
	at, unit := len(n.runes), len(n.units)
	runes, units, spans := n.runes[:cap(n.runes)], n.units[:cap(n.units)], n.spans[:cap(n.spans)]
	table, before, i := &n.table.bmp, n.before, 0
	for i < len(text) {
		var r rune
		size := 3
		if rest := text[i:]; len(rest) > 2 && isPlainThree(rest[0], rest[1], rest[2]) {
			r = rune(rest[0]&0x0F)<<12 | rune(rest[1]&0x3F)<<6 | rune(rest[2]&0x3F)
		} else if r, size = decode(rest); r >= 0x10000 {
			break
		}
		g := table[uint16(r)]
		if g.kind() > stop {
			break
		}
		if at >= len(runes) || unit >= len(units) || unit >= len(spans) {
			break
		}
		runes[at], units[unit], spans[unit] = r, g.rune(), span{int32(at), int32(at) + 1}
		before = g.kind()
		at, unit, i = at+1, unit+1, i+size
	}
	n.runes, n.units, n.spans, n.before = runes[:at], units[:unit], spans[:unit], before
	return i
}

// isPlainThree reports the three bytes of a character from U+1000 on that is
// no surrogate: nearly all Chinese.
func isPlainThree(a, b, c byte) bool {
	return a > 0xE0 && a < 0xF0 && a != 0xED && b&0xC0 == 0x80 && c&0xC0 == 0x80
}

// decode gives the first character of a text and its bytes.
func decode(text string) (rune, int) {
	if b := text[0]; b < utf8.RuneSelf {
		return rune(b), 1
	}
	return utf8.DecodeRuneInString(text)
}

// grow makes room for a text of so many bytes; no rewriting makes more units
// than its source has bytes.
func (n *normaliser) grow(bytes int) {
	if cap(n.units)-len(n.units) >= bytes && cap(n.runes)-len(n.runes) >= bytes {
		return
	}
	size := 2*max(cap(n.units), cap(n.runes)) + bytes
	n.runes = append(make([]rune, 0, size), n.runes...)
	n.units = append(make([]uint16, 0, size), n.units...)
	n.spans = append(make([]span, 0, size), n.spans...)
}

// emit writes a unit for one character of the original.
func (n *normaliser) emit(r rune, u uint16) {
	at := int32(len(n.runes))
	n.runes = append(n.runes, r)
	n.units = append(n.units, u)
	n.spans = append(n.spans, span{at, at + 1})
}

// longestBreak is how many separators may stand between two characters of
// one word.
const longestBreak = 4

// join takes note of a character of a word. Separators just before it are
// dropped if they stand between two characters of which one is Chinese:
// 零.利.息 is 零利息, but 3.6 stays 3.6.
func (n *normaliser) join(next kind) {
	if n.broken >= 0 && (n.before == han || next == han) && n.before != other && n.before != stop &&
		len(n.units)-n.broken <= longestBreak {
		n.units, n.spans = n.units[:n.broken], n.spans[:n.broken]
	}
	n.broken, n.before = -1, next
}

// longestSequence bounds what rewritings look at, in characters.
const longestSequence = 12

// rewrite handles a character that may start a sequence, or that folds to
// several. It gives how many bytes of the text it consumed.
func (n *normaliser) rewrite(text string, r rune, size int) int {
	if shut := bracketAround(r); shut != 0 {
		return n.bracket(text, r, shut, size)
	}
	if !startsRewriting(r, text[size:]) {
		return n.alone(r, text[:size])
	}
	var ahead [longestSequence]rune
	var ends [longestSequence]int
	count := lookAhead(text, &ahead, &ends)
	var number [2 * longestSequence]byte
	if to, taken := percentage(number[:0], ahead[:count]); taken > 0 {
		return n.replace(text[:ends[taken-1]], string(to))
	}
	for i := range rewritings {
		if taken := prefixed(ahead[:count], rewritings[i].from); taken > 0 {
			if !rewritings[i].plain {
				at := int32(len(n.runes))
				n.tricks = append(n.tricks, span{at, at + int32(taken)})
			}
			return n.replace(text[:ends[taken-1]], rewritings[i].to)
		}
	}
	return n.alone(r, text[:size])
}

// alone handles a character that might have started a sequence and does not.
func (n *normaliser) alone(r rune, text string) int {
	g := folding().of(r)
	switch {
	case g.rune() == '+':
		n.separate(r)
	case g.rune() != 0:
		k := han
		if g.rune() < 0x80 {
			k = latin
		}
		n.join(k)
		n.emit(r, n.table.of(r).rune())
	default:
		return n.replace(text, strings.ToLower(norm.NFKC.String(string(r))))
	}
	return len(text)
}

// bracket handles an opening bracket. A pair around a single Chinese
// character separates it from its neighbours; any other belongs to no word.
func (n *normaliser) bracket(text string, r, shut rune, size int) int {
	inner, length := utf8.DecodeRuneInString(text[size:])
	after, last := utf8.DecodeRuneInString(text[size+length:])
	if after != shut || !unicode.Is(unicode.Han, inner) {
		n.broken, n.before = -1, other
		n.emit(r, n.table.of(r).rune())
		return size
	}
	n.separate(r)
	n.join(letterKindOf(folding().of(inner)))
	n.emit(inner, n.table.of(inner).rune())
	n.separate(after)
	return size + length + last
}

// separate writes a mark between characters that may belong to one word.
func (n *normaliser) separate(r rune) {
	if n.broken < 0 {
		n.broken = len(n.units)
	}
	n.emit(r, n.table.of(r).rune())
}

// replace writes the folded characters of to for the characters of from.
func (n *normaliser) replace(from, to string) int {
	start := int32(len(n.runes))
	for _, r := range from {
		n.runes = append(n.runes, r)
	}
	whole := span{start, int32(len(n.runes))}
	first := true
	for _, r := range to {
		g := folding().of(r)
		k := g.kind()
		if k == special {
			k = letterKindOf(g)
		}
		if first {
			n.join(k)
			first = false
		}
		n.before = k
		n.units = append(n.units, n.table.of(r).rune())
		n.spans = append(n.spans, whole)
	}
	return len(from)
}

// rewritingPairs are the first two characters of what is rewritten, folded.
var rewritingPairs = sync.OnceValue(func() map[[2]uint16]bool {
	t, pairs := folding(), map[[2]uint16]bool{}
	note := func(from string) {
		first, size := utf8.DecodeRuneInString(from)
		second, _ := utf8.DecodeRuneInString(from[size:])
		pairs[[2]uint16{t.of(first).rune(), t.of(second).rune()}] = true
	}
	note(percentageLead)
	for i := range rewritings {
		note(rewritings[i].from)
	}
	return pairs
})

// startsRewriting reports whether a character and what follows begin like
// something that is rewritten. Most that could do not.
func startsRewriting(r rune, after string) bool {
	t := folding()
	for _, next := range after {
		if g := t.of(next); g.kind() != ignorable {
			return rewritingPairs()[[2]uint16{t.of(r).rune(), g.rune()}]
		}
	}
	return false
}

// letterKindOf is the kind of a glyph apart from its starting a sequence.
func letterKindOf(g glyph) kind {
	if g.rune() < 0x80 {
		return latin
	}
	return han
}

// lookAhead folds the next characters, leaving out what is ignorable, and
// notes where each ends in the text.
func lookAhead(text string, ahead *[longestSequence]rune, ends *[longestSequence]int) int {
	t, count := folding(), 0
	for end := 0; end < len(text); {
		r, size := utf8.DecodeRuneInString(text[end:])
		end += size
		g := t.of(r)
		if g.kind() == ignorable && count > 0 {
			ends[count-1] = end
			continue
		}
		if count == longestSequence {
			break
		}
		ahead[count], ends[count] = rune(g.rune()), end
		count++
	}
	return count
}

// prefixed reports how many characters of ahead spell the folded word.
func prefixed(ahead []rune, word string) int {
	t, i := folding(), 0
	for _, r := range word {
		if i == len(ahead) || ahead[i] != rune(t.of(r).rune()) {
			return 0
		}
		i++
	}
	if i < len(ahead) && isLatin(ahead[i-1]) && isLatin(ahead[i]) {
		return 0
	}
	return i
}

func isLatin(r rune) bool { return r >= 'a' && r <= 'z' }
