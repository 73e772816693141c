package screening

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// An alphabet numbers the characters that the rulebook's words are made of,
// densely, so that automata and tables stay small. Characters in no word but
// read like one of their syllables get a number per syllable, beyond those.
type alphabet struct {
	glyphs            // folded characters by number
	letters  int      // numbers 1…letters are characters
	syllable []uint16 // by number: how it is read; 0 if it is in no long word
	latin    []byte   // by number: the letter a–z, or 0
}

// syllables are the readings of characters, by folded character.
var syllables = sync.OnceValue(func() (s struct {
	of   map[rune]uint16
	name map[string]uint16
}) {
	s.of, s.name = map[rune]uint16{}, map[string]uint16{}
	for line := range strings.Lines(readings) {
		name, runes, _ := strings.Cut(strings.TrimSpace(line), " ")
		id := uint16(len(s.name) + 1)
		s.name[name] = id
		for _, r := range runes {
			s.of[rune(folding().of(r).rune())] = id
			s.of[r] = id
		}
	}
	for digit, name := range strings.Fields("lin yi er san si wu liu qi ba jiu") {
		s.of[rune('0'+digit)] = s.name[name]
	}
	return s
})

// spellsOut is the syllable of a letter, which needs others to be one.
const spellsOut = 0xFFFF

// newAlphabet numbers the characters of the folded words. Sounds are the
// syllables that the words to be matched by sound are made of.
func newAlphabet(words [][]uint16, sounds [][]uint16) *alphabet {
	a := &alphabet{}
	number := map[uint16]uint16{}
	take := func(u uint16) {
		if u != 0 && number[u] == 0 {
			a.letters++
			number[u] = uint16(a.letters)
		}
	}
	for r := uint16('a'); r <= 'z'; r++ {
		take(r)
	}
	for _, word := range words {
		for _, u := range word {
			take(u)
		}
	}
	bySound := map[uint16]uint16{}
	total := a.letters
	for _, word := range sounds {
		for _, s := range word {
			if bySound[s] == 0 {
				total++
				bySound[s] = uint16(total)
			}
		}
	}
	a.read(number, bySound, total)
	a.fill(number, bySound)
	return a
}

// read notes how each number sounds, and which letters are Latin.
func (a *alphabet) read(number, bySound map[uint16]uint16, total int) {
	a.syllable, a.latin = make([]uint16, total+1), make([]byte, total+1)
	of := syllables().of
	for u, n := range number {
		if s := of[rune(u)]; bySound[s] != 0 {
			a.syllable[n] = s
		}
		if u >= 'a' && u <= 'z' {
			a.latin[n] = byte(u)
			a.syllable[n] = spellsOut
		}
	}
	for s, n := range bySound {
		a.syllable[n] = s
	}
}

// fill makes the table of glyphs whose characters are numbers.
func (a *alphabet) fill(number, bySound map[uint16]uint16) {
	of := syllables().of
	renumber := func(g glyph) glyph {
		u := g.rune()
		if n := number[u]; n != 0 {
			return makeGlyph(n, g.kind())
		}
		return makeGlyph(bySound[of[rune(u)]], g.kind())
	}
	source := folding()
	for r := range source.bmp {
		a.bmp[r] = renumber(source.bmp[r])
	}
	a.astral = make(map[rune]glyph, len(source.astral))
	for r, g := range source.astral {
		a.astral[r] = renumber(g)
	}
}

// encode numbers a folded word.
func (a *alphabet) encode(word []uint16) []uint16 {
	out := make([]uint16, len(word))
	for i, u := range word {
		out[i] = a.bmp[u].rune()
	}
	return out
}

// folded passes a word of the rulebook through the normaliser.
func folded(word string) []uint16 {
	n := normaliser{table: folding()}
	n.reset()
	n.add(word)
	return slices.Clone(n.units)
}

// soundOf spells a folded word in syllables; nil unless it is made of at
// least minSyllables characters that all have a reading, hardly any a digit.
func soundOf(word []uint16) []uint16 {
	if len(word) < minSyllables {
		return nil
	}
	of, out, characters := syllables().of, make([]uint16, len(word)), 0
	for i, u := range word {
		if out[i] = of[rune(u)]; out[i] == 0 {
			return nil
		}
		if u >= utf8.RuneSelf {
			characters++
		}
	}
	if characters < minSyllables-1 {
		return nil
	}
	return out
}

// minSyllables is the length from which words are also found by their sound:
// shorter ones have too many innocent homophones.
const minSyllables = 4

// spelt are the syllables by every spelling that falls into them.
var spelt = sync.OnceValue(func() map[string]uint16 {
	all := map[string]uint16{}
	for name, id := range syllables().name {
		all[name] = id
		if strings.ContainsAny(name[:1], "zcs") {
			all[name[:1]+"h"+name[1:]] = id
		}
	}
	for name, id := range all {
		if strings.HasSuffix(name, "n") {
			all[name+"g"] = id
		}
	}
	return all
})
