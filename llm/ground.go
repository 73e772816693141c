package llm

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"xiaobao/casework"
	"xiaobao/privacy"
)

// Grounds is the text that an answer has to stand on, as the model saw it and
// as it was. It is not safe for concurrent use.
type Grounds struct {
	said  []saying
	given string // trusted facts, as JSON
	tiers Tiers
	last  bool // no repair will be asked for: what a check may drop, it drops
}

// A saying is an utterance in both forms.
type saying struct {
	Utterance
	original []rune
	masked   privacy.Masked
	shown    []rune // masked, and harmless
}

// Tiers counts how closely the model's quotes matched, for those who watch
// over a prompt.
type Tiers struct {
	Exact  int // letter by letter
	Folded int // but for width, case, blanks and punctuation
	Fuzzy  int // but for one character in eight
	Whole  int // found more than once, or too short: the whole utterance stands for it
	None   int // not at all, or said by somebody else
}

// newGrounds masks the utterances of a document, in order.
func newGrounds(d *privacy.Document, utterances []Utterance) *Grounds {
	g := &Grounds{said: make([]saying, len(utterances))}
	masked := d.MaskAll(texts(utterances)...)
	for i, u := range utterances {
		g.said[i] = saying{u, []rune(u.Text), masked[i], []rune(harmless(masked[i].Text))}
	}
	return g
}

// texts are what utterances say.
func texts(utterances []Utterance) []string {
	said := make([]string, len(utterances))
	for i, u := range utterances {
		said[i] = u.Text
	}
	return said
}

// Tiers are the counts so far.
func (g *Grounds) Tiers() Tiers { return g.tiers }

// Utterances are what the answer's numbers count: S1 is the first.
func (g *Grounds) Utterances() []Utterance {
	out := make([]Utterance, len(g.said))
	for i, s := range g.said {
		out[i] = s.Utterance
	}
	return out
}

// Locate finds what a model quoted, in the utterance it named and nowhere
// else, and gives the original's own words and their place. Where speakers
// are given, only their words count. A quote that stands there more than
// once, or is a single character, is the whole utterance.
func (g *Grounds) Locate(q Quoted, speakers ...casework.Speaker) (casework.Evidence, bool) {
	n, ok := utteranceNumber(q.Utterance)
	if !ok || n < 1 || n > len(g.said) {
		g.tiers.None++
		return casework.Evidence{}, false
	}
	s := &g.said[n-1]
	if len(speakers) > 0 && !slices.Contains(speakers, s.Speaker) {
		g.tiers.None++
		return casework.Evidence{}, false
	}
	start, end, tier := s.find(q.Anchor)
	evidence, ok := s.evidence(start, end)
	if tier == nowhere || !ok {
		g.tiers.None++
		return casework.Evidence{}, false
	}
	g.tiers.count(tier)
	return evidence, true
}

// utteranceName is how models write the number of an utterance.
var utteranceName = regexp.MustCompile(`^[\[（(【]?\s*[Ss]?\s*(\d{1,5})(?:\s+\S{1,6})?\s*[\]）)】]?$`)

func utteranceNumber(name string) (int, bool) {
	m := utteranceName.FindStringSubmatch(strings.TrimSpace(name))
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[1])
	return n, err == nil
}

// How closely a quote matched.
const (
	nowhere = iota
	exactly
	alike
	almost
	wholly
)

func (t *Tiers) count(tier int) {
	switch tier {
	case exactly:
		t.Exact++
	case alike:
		t.Folded++
	case almost:
		t.Fuzzy++
	case wholly:
		t.Whole++
	}
}

// mostEdits bounds the edits of the longest quotes.
const mostEdits = 3

// find gives where an anchor stands in what the model was shown.
func (s *saying) find(anchor string) (start, end, tier int) {
	quote := []rune(strings.TrimSpace(anchor))
	needle := fold(quote)
	if len(needle.runes) == 0 || !utf8.ValidString(anchor) || !s.holdsTokens(anchor) {
		return 0, 0, nowhere
	}
	if at := occurrences(s.shown, quote); len(at) > 0 {
		if len(at) > 1 || len(needle.runes) < 2 {
			return 0, len(s.shown), wholly
		}
		return at[0], at[0] + len(quote), exactly
	}
	hay := fold(s.shown)
	if at := occurrences(hay.runes, needle.runes); len(at) > 0 {
		if len(at) > 1 || len(needle.runes) < 2 {
			return 0, len(s.shown), wholly
		}
		return hay.at[at[0]], hay.at[at[0]+len(needle.runes)-1] + 1, alike
	}
	if strings.Contains(anchor, "…") || strings.Contains(anchor, "...") {
		return 0, 0, nowhere // pieces put together are no quote
	}
	most := min(len(needle.runes)/8, mostEdits)
	if most == 0 || len(needle.runes) > len(hay.runes)+most {
		return 0, 0, nowhere
	}
	n, ok := nearest(hay.runes, needle.runes, most)
	if !ok || n.start >= n.end || !sameSense(hay.runes[n.start:n.end], needle.runes) {
		return 0, 0, nowhere
	}
	return hay.at[n.start], hay.at[n.end-1] + 1, almost
}

// turning are characters that turn a statement round: one of them more or
// less is not a slip.
const turning = "不没無无未非别勿否莫禁拒免零〇一二三四五六七八九十百千万亿半"

// sameSense reports whether two texts have the same figures and negations in
// the same order.
func sameSense(a, b []rune) bool { return string(telling(a)) == string(telling(b)) }

func telling(text []rune) []rune {
	var kept []rune
	for _, r := range text {
		if r >= '0' && r <= '9' || r == '%' || r == '.' || strings.ContainsRune(turning, r) {
			kept = append(kept, r)
		}
	}
	return kept
}

// token is how a mask stands for personal data, also as models misspell it.
var token = regexp.MustCompile(`[〔\[［【]\s*(\p{Han}{1,8}|QQ)\s*([0-9]{1,4})[^〔〕\[\]［］【】]{0,8}[〕\]］】]`)

// holdsTokens reports whether the utterance has every token of an anchor.
func (s *saying) holdsTokens(anchor string) bool {
	for _, m := range token.FindAllStringSubmatch(anchor, -1) {
		if !slices.ContainsFunc(token.FindAllStringSubmatch(string(s.shown), -1), func(has []string) bool {
			return has[1] == m[1] && has[2] == m[2]
		}) {
			return false
		}
	}
	return true
}

// evidence cuts the original where the masked text was matched.
func (s *saying) evidence(start, end int) (casework.Evidence, bool) {
	if start >= end {
		return casework.Evidence{}, false
	}
	from, to := s.masked.Original(start, end)
	if from < 0 || from >= to || to > len(s.original) {
		return casework.Evidence{}, false
	}
	return casework.Evidence{
		Start: s.Start + from, End: s.Start + to,
		Quote: string(s.original[from:to]), Speaker: s.Speaker,
	}, true
}
