package screening

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// kind says how the normaliser treats a character.
type kind uint8

const (
	other     kind = iota
	han            // a Chinese character
	latin          // a letter of any other script
	digit          // 0–9, also written out: 三, 叁, ③
	stop           // ends a clause: ，；。！？…
	blank          // a space inside a line
	separator      // a mark that is put between characters to break a word up
	special        // starts a sequence that is rewritten, or folds to several characters
	ignorable      // invisible, or a mark upon the character before
)

// A glyph is a character as the normaliser sees it: in the low half what it
// folds to, above that its kind.
type glyph uint32

func makeGlyph(r uint16, k kind) glyph { return glyph(r) | glyph(k)<<16 }

func (g glyph) rune() uint16 { return uint16(g) }
func (g glyph) kind() kind   { return kind(g >> 16) }

// A glyphs table folds every character. Those above the BMP that fold to
// something are few.
type glyphs struct {
	bmp    [0x10000]glyph
	astral map[rune]glyph
}

// surface folds width, case and script only, character by character, and
// leaves digits and words as they are written: what regular expressions see.
// 0 stands for a character to leave out.
var surface = sync.OnceValue(func() *[0x10000]uint16 {
	t, simple := &[0x10000]uint16{}, pairsOf(traditional)
	for r := rune(1); r < 0x10000; r++ {
		f := r
		if !plainHan(r) {
			if k, ok := markKind(r); ok && k == ignorable {
				continue
			}
			if folded := []rune(strings.ToLower(norm.NFKC.String(string(r)))); len(folded) == 1 && folded[0] < 0x10000 {
				f = folded[0]
			}
		}
		if to, ok := simple[f]; ok {
			f = to
		}
		t[r] = uint16(f)
	}
	return t
})

func (t *glyphs) of(r rune) glyph {
	if r < 0x10000 {
		return t.bmp[r]
	}
	if g, ok := t.astral[r]; ok {
		return g
	}
	switch {
	case r >= 0xE0000 && r <= 0xE0FFF: // tags and variation selectors
		return makeGlyph(0, ignorable)
	case r >= 0x1F000 && r <= 0x1FAFF: // pictures put between characters
		return makeGlyph(0, separator)
	case unicode.Is(unicode.Han, r):
		return makeGlyph(0, han)
	}
	return makeGlyph(0, other)
}

// folding is the table whose glyphs are the folded characters themselves.
var folding = sync.OnceValue(func() *glyphs {
	t := &glyphs{astral: map[rune]glyph{}}
	simple, looks := pairsOf(traditional), pairsOf(lookalikes)
	for r := rune(1); r < 0x10000; r++ {
		t.bmp[r] = foldOne(r, simple, looks)
	}
	for _, block := range [][2]rune{{0x1D400, 0x1D7FF}, {0x1F100, 0x1F2FF}, {0x2F800, 0x2FA1F}} {
		for r := block[0]; r <= block[1]; r++ {
			if g := foldOne(r, simple, looks); g.rune() != 0 || g.kind() == special {
				t.astral[r] = g
			}
		}
	}
	return t
})

// foldOne folds one character: compatibility forms, case, lookalikes,
// traditional to simplified, written digits.
func foldOne(r rune, simple, looks map[rune]rune) glyph {
	if k, ok := markKind(r); ok {
		return makeGlyph(ascii(r), k)
	}
	folded := []rune{r}
	if !plainHan(r) {
		folded = []rune(strings.ToLower(norm.NFKC.String(string(r))))
	}
	if len(folded) != 1 || folded[0] > 0xFFFF {
		return makeGlyph(0, special)
	}
	f := folded[0]
	for _, table := range []map[rune]rune{looks, simple, simple, looks} { // some steps lead to a second
		if to, ok := table[f]; ok {
			f = to
		}
	}
	if k, ok := markKind(f); ok {
		return makeGlyph(uint16(f), k)
	}
	return makeGlyph(uint16(f), letterKind(f))
}

// ascii gives the one-character ASCII form of a mark, or the mark itself.
func ascii(r rune) uint16 {
	if f := []rune(norm.NFKC.String(string(r))); len(f) == 1 && f[0] < 0x80 {
		return uint16(f[0])
	}
	return uint16(r)
}

// plainHan reports characters that no compatibility mapping touches, nearly
// all of the table.
func plainHan(r rune) bool {
	return r >= 0x3400 && r <= 0x9FFF || r >= 0xAC00 && r <= 0xD7A3 || r >= 0xD800 && r <= 0xF8FF
}

func letterKind(r rune) kind {
	switch {
	case r >= '0' && r <= '9':
		return digit
	case strings.ContainsRune(sequenceStarts, r):
		return special
	case unicode.Is(unicode.Han, r):
		return han
	case unicode.IsLetter(r):
		return latin
	}
	return other
}

// separators stand between the characters of a word that someone wants to
// keep from being found, and in ordinary text between words.
const separators = "·•‧・∙●○◦.．-‐‑_＿*＊×~～|｜/／\\^`'#＃=+＋"

// brackets are put around the characters of a word, one by one, for the same
// end: 零【利】息.
const brackets = "()（）[]［］【】〔〕〖〗「」『』{}｛｝<>＜＞《》〈〉"

// bracketAround gives the bracket that closes what r opens, or 0.
func bracketAround(r rune) rune {
	at := strings.IndexRune(brackets, r)
	if at < 0 {
		return 0
	}
	open, size := utf8.DecodeRuneInString(brackets[at:])
	shut, _ := utf8.DecodeRuneInString(brackets[at+size:])
	if utf8.RuneCountInString(brackets[:at])%2 != 0 || open != r {
		return 0
	}
	return shut
}

// stops end a clause; the last row ends a sentence too.
const (
	stops         = "，,；;" + sentenceStops
	sentenceStops = "。！!？?…\n\r"
)

// markKind tells the kind of a character that is no letter or digit.
func markKind(r rune) (kind, bool) {
	switch {
	case strings.ContainsRune(stops, r):
		return stop, true
	case strings.ContainsRune(separators, r):
		if r == '+' || r == '＋' {
			return special, true
		}
		return separator, true
	case bracketAround(r) != 0:
		return special, true
	case strings.ContainsRune("\u115F\u1160\u3164\uFFA0\u2800", r),
		unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me):
		return ignorable, true
	case unicode.IsSpace(r):
		return blank, true
	case unicode.Is(unicode.So, r) && r < 0x3200 && r != '〒':
		return symbolKind(r)
	}
	return other, false
}

// symbolKind takes pictures for separators, except those that stand for
// something: ① folds to a digit, ❤ and ➕ are aliases.
func symbolKind(r rune) (kind, bool) {
	if strings.ContainsRune(lookalikes, r) || norm.NFKC.String(string(r)) != string(r) {
		return other, false
	}
	return separator, true
}

func pairsOf(s string) map[rune]rune {
	runes := []rune(strings.ReplaceAll(s, " ", ""))
	m := make(map[rune]rune, len(runes)/2)
	for i := 0; i+1 < len(runes); i += 2 {
		m[runes[i]] = runes[i+1]
	}
	return m
}
