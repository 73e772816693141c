package privacy

import (
	"cmp"
	"slices"
)

// Find gives the personal data in text that rules can find, in order and
// without overlaps. Known are names that the case file holds, such as the
// customer's.
func Find(text string, known ...string) []Span {
	var names nameTree
	for _, name := range known {
		names.add(name)
	}
	return findAll(fold(text), &names, nil)
}

// findAll finds everything in a text, numbers told over its lines included.
func findAll(r []rune, known *nameTree, t *Tagger) []Span {
	taking := taking{r: r}
	taking.take(piecewise([][]rune{r})[0])
	spans := append(taking.found, search(r, known, t)...)
	slices.SortFunc(spans, byPlace)
	return spans
}

// mostLooks bounds how often a text is gone over again: finding something can
// uncover only what stood right beside it.
const mostLooks = 6

// structured are the detectors of what has a form of its own.
var structured = []func([]rune) []Span{emails, wechats, qqs, plates, documents, split, numbers}

// search finds everything in a folded text, which it leaves with holes where
// it found something. It looks again in what is left until nothing is found,
// so that a masked text never holds what a second look would find. Names that
// it finds it looks for everywhere, and leaves them in known.
func search(r []rune, known *nameTree, t *Tagger) []Span {
	return throughUnseen(r, func(r []rune) []Span { return searchSeen(r, known, t) })
}

// throughUnseen searches a text as people see it: without the characters that
// nobody sees, which would pull names and numbers apart. What only shows with
// them, such as a number beside an emoji's digit, is looked for as well.
func throughUnseen(r []rune, find func([]rune) []Span) []Span {
	if !slices.Contains(r, nothing) {
		return find(r)
	}
	seen, places := make([]rune, 0, len(r)), make([]int, 0, len(r))
	for i, c := range r {
		if c != nothing {
			seen, places = append(seen, c), append(places, i)
		}
	}
	taking := taking{r: r}
	for _, s := range find(seen) {
		s.Start, s.End = places[s.Start], places[s.End-1]+1
		taking.take([]Span{s})
	}
	taking.forms()
	slices.SortFunc(taking.found, byPlace)
	return taking.found
}

func searchSeen(r []rune, known *nameTree, t *Tagger) []Span {
	var whole []rune
	if t != nil {
		whole = slices.Clone(r)
	}
	taking := taking{r: r}
	taking.take(known.find(r))
	taking.forms()
	taking.take(addresses(r))
	taking.take(namesByWords(r))
	if t != nil {
		taking.take(byTagger(t, r, whole))
	}
	for more, look := true, 0; more && look < mostLooks; look++ {
		more = taking.spread(known)
		more = taking.take(addresses(r)) || more
		more = taking.take(namesByWords(r)) || more
	}
	taking.forms()
	slices.SortFunc(taking.found, byPlace)
	return taking.found
}

// searchForms finds only what has a form of its own.
func searchForms(r []rune) []Span {
	return throughUnseen(r, func(r []rune) []Span {
		taking := taking{r: r}
		taking.forms()
		slices.SortFunc(taking.found, byPlace)
		return taking.found
	})
}

// A taking is a text of which the detectors take one thing after another.
type taking struct {
	r     []rune
	found []Span
	names []string // found, of two characters and more
}

// take takes spans out of the text, except what is taken already.
func (t *taking) take(spans []Span) bool {
	took := false
	for _, s := range settle(spans) {
		if s.Start >= s.End || !free(t.r[s.Start:s.End]) {
			continue
		}
		t.found = append(t.found, s)
		took = true
		if name := string(t.r[s.Start:s.End]); s.Kind == Name && !nameWords[name] {
			t.names = append(t.names, name)
		}
		for i := s.Start; i < s.End; i++ {
			t.r[i] = hole
		}
	}
	return took
}

// spread takes the names found since the last time wherever they stand.
func (t *taking) spread(known *nameTree) bool {
	if len(t.names) == 0 {
		return false
	}
	for _, name := range t.names {
		known.add(name)
	}
	t.names = t.names[:0]
	return t.take(known.find(t.r))
}

// forms takes whatever has a form of its own.
func (t *taking) forms() {
	for more, look := true, 0; more && look < mostLooks; look++ {
		more = false
		for _, detect := range structured {
			more = t.take(detect(t.r)) || more
		}
	}
}

// free reports whether nothing of this has been taken.
func free(r []rune) bool { return !slices.Contains(r, hole) }

func byPlace(a, b Span) int {
	return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
}

// settle puts spans in order and keeps the first and longest of those that
// overlap.
func settle(spans []Span) []Span {
	slices.SortFunc(spans, byPlace)
	kept := spans[:0]
	for _, s := range spans {
		if n := len(kept); n == 0 || s.Start >= kept[n-1].End {
			kept = append(kept, s)
		}
	}
	return kept
}
