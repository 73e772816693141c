package screening

import (
	"slices"
	"sort"
)

// The most a clause or sentence extends to either side of a hit, so that a
// text without punctuation does not cost its length for every hit.
const (
	clauseReach   = 200
	sentenceReach = 400
)

// bounds gives the stretch of the original around sp that the scope covers.
// For the whole text it is the utterance; see reaches.
func (m *matcher) bounds(sc scope, number int32, sp span) (lo, hi int32) {
	s := &m.said[number]
	ends, most := isSentenceStop, int32(sentenceReach)
	switch sc {
	case turn, whole:
		return s.start, s.end
	case clause:
		ends, most = isStop, clauseReach
	}
	lo, hi = sp.start, sp.end
	for left := max(s.start, lo-most); lo > left && !(ends(m.runes[lo-1]) && !m.inNumber(lo-1)); {
		lo--
	}
	for right := min(s.end, hi+most); hi < right && !(ends(m.runes[hi]) && !m.inNumber(hi)); {
		hi++
	}
	if hi < s.end && sc == sentence && hi < sp.end+most {
		hi++ // with its closing mark
	}
	return lo, hi
}

// inNumber reports a comma that groups digits, as in 50,000.
func (m *matcher) inNumber(i int32) bool {
	return m.runes[i] == ',' && i > 0 && int(i)+1 < len(m.runes) && isDigit(m.runes[i-1]) && isDigit(m.runes[i+1])
}

func isStop(r rune) bool {
	switch r {
	case '，', ',', '；', ';':
		return true
	}
	return isSentenceStop(r)
}

func isSentenceStop(r rune) bool {
	switch r {
	case '。', '！', '!', '？', '?', '…', '\n', '\r':
		return true
	}
	return false
}

// within gives a hit of the set inside the stretch of the utterance, or nil.
func (m *matcher) within(set, number, lo, hi int32) *hit {
	for i, upto := m.ending(set, lo); i < upto; i++ {
		h := &m.hits[i]
		at := m.original(h)
		if at.start >= hi {
			return nil
		}
		if h.said == number && at.start >= lo && at.end <= hi {
			return h
		}
	}
	return nil
}

// ending gives the hits of a set that end beyond a place of the original.
func (m *matcher) ending(set, beyond int32) (from, upto int32) {
	from, upto = m.of(set)
	all := m.hits[from:upto]
	return from + int32(sort.Search(len(all), func(i int) bool { return m.original(&all[i]).end > beyond })), upto
}

// saidBy gives a hit of the set in anything the speaker said, or nil.
func (m *matcher) saidBy(set int32, who int) *hit {
	for i, upto := m.of(set); i < upto; i++ {
		if h := &m.hits[i]; m.said[h.said].who == who {
			return h
		}
	}
	return nil
}

// reaches gives a hit of the set in the scope of a stretch, or nil.
func (m *matcher) reaches(set int32, sc scope, number int32, sp span) *hit {
	if sc == whole {
		return m.saidBy(set, m.said[number].who)
	}
	lo, hi := m.bounds(sc, number, sp)
	return m.within(set, number, lo, hi)
}

// allows reports whether the circumstances that narrow a rule hold for a
// stretch of an utterance.
func (m *matcher) allows(r *rule, number int32, sp span) bool {
	switch {
	case r.opening > 0 && !m.opens(number, sp.start, r.opening),
		r.unless >= 0 && m.reaches(r.unless, r.scope, number, sp) != nil,
		r.absent >= 0 && m.saidBy(r.absent, m.said[number].who) != nil,
		r.before >= 0 && !m.follows(r, number):
		return false
	}
	return true
}

// opens reports whether a place is in the speaker's first n turns or, where
// one speaker says it all, in the first n sentences.
func (m *matcher) opens(number, at int32, n int) bool {
	if len(m.said) > 1 {
		turns := 0
		for i := range m.said[:number+1] {
			if m.said[i].who == m.said[number].who {
				turns++
			}
		}
		return turns <= n
	}
	ended, inside := 0, false
	for _, r := range m.runes[m.said[number].start:at] {
		if !isSentenceStop(r) {
			inside = true
		} else if inside {
			ended, inside = ended+1, false
		}
		if ended >= n {
			return false
		}
	}
	return true
}

// follows reports whether another speaker said in the turns just before what
// the rule waits for.
func (m *matcher) follows(r *rule, number int32) bool {
	turns := 0
	for i := number - 1; i >= 0 && turns < r.turns; i-- {
		if !m.speaksBefore(r, i, number) {
			continue
		}
		s := &m.said[i]
		if m.within(r.before, i, s.start, s.end) != nil && (r.beforeNot < 0 || m.within(r.beforeNot, i, s.start, s.end) == nil) &&
			(!r.beforeAll || m.covers(r.before, i)) {
			return true
		}
		turns++
	}
	return false
}

// speaksBefore reports whether the speaker of utterance i is one whom a rule
// for another utterance looks to.
func (m *matcher) speaksBefore(r *rule, i, another int32) bool {
	who := m.said[i].who
	return (r.beforeWho < 0 || who == r.beforeWho) && who != m.said[another].who
}

// covers reports whether an utterance consists of words of the set and of
// marks.
func (m *matcher) covers(set, number int32) bool {
	from, upto := m.of(set)
	for i := m.said[number].start; i < m.said[number].end; i++ {
		switch m.table.of(m.runes[i]).kind() {
		case han, latin, digit, special:
			if !slices.ContainsFunc(m.hits[from:upto], func(h hit) bool {
				at := m.original(&h)
				return at.start <= i && i < at.end
			}) {
				return false
			}
		}
	}
	return true
}

// hasTrick reports whether a stretch of the original was rewritten from a
// disguise, or holds a character chosen for its looks.
func (m *matcher) hasTrick(sp span) bool {
	for _, trick := range m.tricks {
		if trick.start < sp.end && sp.start < trick.end {
			return true
		}
	}
	return slices.ContainsFunc(m.runes[sp.start:sp.end], isDisguise)
}

// disguised reports whether a hit was written so as not to be found: its
// characters apart, other than by one space, or swapped for lookalikes.
func (m *matcher) disguised(h *hit) bool {
	for i := h.start + 1; i < h.end; i++ {
		from, to := m.spans[i-1].end, m.spans[i].start
		if to-from > 1 || to-from == 1 && m.table.of(m.runes[from]).kind() != blank {
			return true
		}
	}
	return m.hasTrick(m.original(h))
}
