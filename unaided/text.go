package unaided

import (
	"strings"
	"unicode"

	"xiaobao/casework"
)

// A sentence is Text[Start:End] of a document, in characters, trimmed.
type sentence struct {
	start, end int
	text       string
}

// sentences cuts a text where sentences and lines end.
func sentences(text string) []sentence {
	return cut([]rune(text), "。！？!?；;\n\r")
}

// cut cuts where one of the marks stands, which belongs to the part before.
func cut(runes []rune, marks string) []sentence {
	var out []sentence
	start := 0
	add := func(end int) {
		from := start
		for from < end && unicode.IsSpace(runes[from]) {
			from++
		}
		to := end
		for to > from && (unicode.IsSpace(runes[to-1])) {
			to--
		}
		if to > from && strings.TrimFunc(string(runes[from:to]), notWord) != "" {
			out = append(out, sentence{from, to, string(runes[from:to])})
		}
		start = end
	}
	for i, r := range runes {
		if strings.ContainsRune(marks, r) {
			add(i + 1)
		}
	}
	add(len(runes))
	return out
}

func notWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }

// evidence is the sentence as proof.
func (s sentence) evidence() casework.Evidence {
	return casework.Evidence{Start: s.start, End: s.end, Quote: s.text}
}

// fold makes spellings alike, character by character, so that offsets stay:
// full width to half, capitals to small.
func fold(text string) string {
	return strings.Map(func(r rune) rune {
		if r > 0xFF00 && r < 0xFF5F {
			r -= 0xFEE0
		}
		return unicode.ToLower(r)
	}, text)
}

// index is where a folded word stands in folded characters, from a place on;
// -1 if nowhere.
func index(text []rune, word []rune, from int) int {
	if len(word) == 0 {
		return -1
	}
next:
	for i := from; i+len(word) <= len(text); i++ {
		for j, r := range word {
			if text[i+j] != r {
				continue next
			}
		}
		return i
	}
	return -1
}

// any of the words in a folded text.
func anyOf(text string, words ...string) bool {
	for _, word := range words {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}
