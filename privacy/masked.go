package privacy

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Masked is a text with tokens in place of personal data, and where each
// piece of it came from.
type Masked struct {
	Text  string
	Spans []Span // in the original
	moved []move
}

// A move is a piece that Mask replaced: where it was and where its token is.
type move struct{ from, upto, start, end int }

// Original gives the place in the original of a place in the masked text. A
// token stands for its whole value.
func (x Masked) Original(start, end int) (int, int) {
	from := shift(x.moved, start, false, func(m move) (int, int, int, int) { return m.start, m.end, m.from, m.upto })
	upto := shift(x.moved, end, true, func(m move) (int, int, int, int) { return m.start, m.end, m.from, m.upto })
	return from, max(from, upto)
}

// At gives the place in the masked text of a place in the original. Part of a
// value is its whole token.
func (x Masked) At(start, end int) (int, int) {
	from := shift(x.moved, start, false, func(m move) (int, int, int, int) { return m.from, m.upto, m.start, m.end })
	upto := shift(x.moved, end, true, func(m move) (int, int, int, int) { return m.from, m.upto, m.start, m.end })
	return from, max(from, upto)
}

// shift carries a place over the moves before it. Within a piece it goes to
// the piece's start, or to its end if it is one.
func shift(moved []move, place int, isEnd bool, sides func(move) (start, end, otherStart, otherEnd int)) int {
	n, _ := slices.BinarySearchFunc(moved, place, func(m move, place int) int {
		_, end, _, _ := sides(m)
		if end < place || end == place && !isEnd {
			return -1
		}
		return 1
	})
	if n < len(moved) {
		start, _, otherStart, otherEnd := sides(moved[n])
		switch {
		case place > start && isEnd:
			return otherEnd
		case place >= start && !isEnd:
			return otherStart
		}
	}
	if n == 0 {
		return place
	}
	_, end, _, otherEnd := sides(moved[n-1])
	return place - end + otherEnd
}

// An edit replaces a piece of a text: by what it says or, if it has a kind,
// by a token.
type edit struct {
	start, end int
	kind       Kind
	by         string
}

// A writer applies edits to a text and notes what moves where.
type writer struct {
	text  string
	edits []edit
}

// escape puts a second pair of brackets around what only looks like a token.
func (w *writer) escape(m mark) {
	w.edits = append(w.edits, edit{m.start, m.start, "", string(m.open)}, edit{m.end, m.end, "", string(brackets[m.open])})
}

func (w *writer) write(token func(Kind, string) string) Masked {
	slices.SortStableFunc(w.edits, func(a, b edit) int { return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end)) })
	var out strings.Builder
	out.Grow(len(w.text))
	var moved []move
	place, bytes, written := 0, 0, 0 // code points and bytes read, code points written
	skip := func(upto int) string {
		from := bytes
		for ; place < upto; place++ {
			_, size := utf8.DecodeRuneInString(w.text[bytes:])
			bytes += size
		}
		return w.text[from:bytes]
	}
	for _, e := range w.edits {
		written += e.start - place
		out.WriteString(skip(e.start))
		value, by := skip(e.end), e.by
		if e.kind != "" {
			by = token(e.kind, value)
		}
		length := utf8.RuneCountInString(by)
		moved = append(moved, move{e.start, e.end, written, written + length})
		written += length
		out.WriteString(by)
	}
	out.WriteString(w.text[bytes:])
	return Masked{Text: out.String(), moved: moved}
}
