package screening

import (
	"slices"
	"unicode/utf8"
)

// mostMarks bounds the marks of one rule in one text; more prove no more.
const mostMarks = 32

// apply looks in the utterances given for what a rule says and marks where
// it holds.
func (m *matcher) apply(number int32, r *rule, o *owner, where utterances) {
	before := len(m.marks)
	anchor := r.slots[0]
	if !r.ordered && r.regex == nil {
		anchor = m.scarcest(r.slots)
	}
	tried := span{-1, -1}
	for i, upto := m.of(anchor); i < upto; i++ {
		h := &m.hits[i]
		if len(m.marks)-before >= mostMarks {
			return
		}
		if !where.has(h.said) || !o.speakers.admits(m.said[h.said].who) || r.turns > 0 && !m.follows(r, h.said) {
			continue
		}
		switch {
		case r.regex != nil:
			lo, hi := m.bounds(r.scope, h.said, m.original(h))
			if area := (span{lo, hi}); area != tried {
				tried = area
				m.applyRegex(number, r, h.said, area)
			}
		case r.ordered:
			m.chain = append(m.chain[:0], i)
			if m.continues(r, 1) {
				m.markChain(number, r)
			}
		default:
			m.applyWords(number, r, h)
		}
	}
}

// scarcest gives the slot with the fewest hits.
func (m *matcher) scarcest(slots []int32) int32 {
	return slices.MinFunc(slots, func(a, b int32) int { return m.count(a) - m.count(b) })
}

// applyWords handles words and conjunctions: one hit of each slot in scope,
// none of them excused.
func (m *matcher) applyWords(number int32, r *rule, anchor *hit) {
	at := m.original(anchor)
	if m.excused(r.guards, anchor.said, []span{at}) || !m.allows(r, anchor.said, at) {
		return
	}
	m.chain = m.chain[:0]
	for _, set := range r.slots {
		i := m.unexcused(set, r, anchor)
		if i < 0 {
			return
		}
		m.chain = append(m.chain, i)
	}
	if len(r.slots) == 1 {
		m.mark(number, anchor, at)
		return
	}
	for _, i := range m.chain {
		m.mark(number, &m.hits[i], m.original(&m.hits[i]))
	}
}

// unexcused gives a hit of the set in the anchor's scope that no guard
// excuses, or -1.
func (m *matcher) unexcused(set int32, r *rule, anchor *hit) int32 {
	lo, hi := m.bounds(r.scope, anchor.said, m.original(anchor))
	i, upto := m.of(set)
	if r.scope != whole {
		i, upto = m.ending(set, lo)
	}
	for ; i < upto; i++ {
		h := &m.hits[i]
		at := m.original(h)
		inside := h.said == anchor.said && at.start >= lo && at.end <= hi
		if r.scope == whole {
			inside = m.said[h.said].who == m.said[anchor.said].who
		} else if at.start >= hi {
			return -1
		}
		if inside && (h == anchor || !m.excused(r.guards, h.said, []span{at})) {
			return i
		}
	}
	return -1
}

// continues extends m.chain, hits of the first slots of a sequence, to all
// of them: each after the one before, within the gap and the scope.
func (m *matcher) continues(r *rule, slot int) bool {
	if slot == len(r.slots) {
		return m.standing(r)
	}
	last := &m.hits[m.chain[slot-1]]
	_, hi := m.bounds(r.scope, last.said, m.original(&m.hits[m.chain[0]]))
	for i, upto := m.ending(r.slots[slot], m.original(last).end); i < upto; i++ {
		h := &m.hits[i]
		if h.start > last.end+r.gap+maxWord || h.said != last.said {
			return false
		}
		if h.start < last.end || h.start > last.end+r.gap || m.original(h).end > hi {
			continue
		}
		m.chain = append(m.chain[:slot], i)
		if m.continues(r, slot+1) {
			return true
		}
	}
	return false
}

// maxWord is longer than any word: hits come in the order of their ends, so
// one that starts this far beyond the gap is followed by none inside it.
const maxWord = 64

// standing reports whether a complete sequence is neither excused nor
// narrowed away.
func (m *matcher) standing(r *rule) bool {
	m.parts = m.parts[:0]
	for _, i := range m.chain {
		m.parts = append(m.parts, m.original(&m.hits[i]))
	}
	number := m.hits[m.chain[0]].said
	whole := span{m.parts[0].start, m.parts[len(m.parts)-1].end}
	return !m.excused(r.guards, number, m.parts) && m.allows(r, number, whole)
}

// markChain marks a sequence from its first word to its last.
func (m *matcher) markChain(number int32, r *rule) {
	first, last := &m.hits[m.chain[0]], &m.hits[m.chain[len(m.chain)-1]]
	m.mark(number, first, span{m.original(first).start, m.original(last).end})
	at := &m.marks[len(m.marks)-1]
	for _, i := range m.chain[1:] {
		at.obscured = at.obscured || m.disguised(&m.hits[i])
		at.bySound = at.bySound || m.hits[i].bySound
	}
}

func (m *matcher) mark(number int32, h *hit, at span) {
	m.marks = append(m.marks, mark{
		rule: number, said: h.said, start: at.start, end: at.end,
		obscured: h.bySound || m.disguised(h), bySound: h.bySound,
	})
}

// applyRegex tries a regular expression on a stretch of the original, folded
// in width, case and script.
func (m *matcher) applyRegex(number int32, r *rule, said int32, area span) {
	if !m.mayMatch(r.regex, area) {
		return
	}
	fold := surface()
	m.surface, m.surfaceAt = m.surface[:0], m.surfaceAt[:0]
	for i := area.start; i < area.end; i++ {
		c := m.runes[i]
		if c < 0x10000 {
			if c = rune(fold[c]); c == 0 {
				continue
			}
		}
		before := len(m.surface)
		m.surface = utf8.AppendRune(m.surface, c)
		for range len(m.surface) - before {
			m.surfaceAt = append(m.surfaceAt, i)
		}
	}
	m.surfaceAt = append(m.surfaceAt, area.end)
	for _, found := range r.regex.find(m.surface, mostMarks) {
		if found[0] == found[1] {
			continue
		}
		at := span{m.surfaceAt[found[0]], m.surfaceAt[found[1]-1] + 1}
		if !m.excused(r.guards, said, []span{at}) && m.allows(r, said, at) {
			m.marks = append(m.marks, mark{rule: number, said: said, start: at.start, end: at.end})
		}
	}
}

// mostTraced is how long a stretch may be for its traces to tell anything.
const mostTraced = 160

// mayMatch reports whether a stretch of the original has the characters of
// something that a match of the expression needs.
func (m *matcher) mayMatch(e *expression, area span) bool {
	if area.end-area.start > mostTraced {
		return true
	}
	fold, seen := surface(), traces{}
	for _, c := range m.runes[area.start:area.end] {
		if c < 0x10000 {
			c = rune(fold[c])
		}
		seen.add(c)
	}
	return e.mayMatchOf(&seen)
}
