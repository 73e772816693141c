package screening

import (
	"cmp"
	"slices"

	"xiaobao/casework"
)

// A matcher reads one touchpoint at a time and holds what was found in it.
// Its buffers are reused, so a text in which nothing is found costs no
// allocation. It serves one goroutine.
type matcher struct {
	*ruleset
	normaliser
	said []said
	hits []hit

	now     uint32   // number of the text, to tell fresh entries below from stale
	seen    []uint32 // by set: the text in which a word of it last came up
	upcome  []int32  // sets that came up in this text
	due     []int32  // rules to look at
	byset   []int32  // hits by set, filled on first need
	from    []int32  // by set: where its hits begin in byset
	upto    []int32
	indexed bool

	syllableAt []int32 // where each syllable of the text begins, in units
	surface    []byte
	surfaceAt  []int32
	chain      []int32 // hits of the sequence being tried
	parts      []span  // their places
	sentence   []rune  // what the guards look at, and
	plain      []rune  // without idioms
	marks      []mark
}

// said is one utterance: its speaker, and where it is in runes and units.
type said struct {
	who         int // in casework.Speakers
	start, end  int32
	first, past int32
}

// A hit is a word of the dictionary in the text, in units.
type hit struct {
	word       int32
	said       int32
	start, end int32
	bySound    bool
}

// A mark is a stretch of the text for which a rule holds, in characters.
type mark struct {
	rule       int32
	start, end int32
	said       int32
	obscured   bool
	bySound    bool
}

func newMatcher(rs *ruleset) *matcher {
	return &matcher{
		ruleset: rs, normaliser: normaliser{table: &rs.letters.glyphs},
		seen: make([]uint32, len(rs.sets)),
		from: make([]int32, len(rs.sets)), upto: make([]int32, len(rs.sets)),
	}
}

// read takes a touchpoint in and finds the words of the dictionary.
func (m *matcher) read(t *casework.Touchpoint) {
	m.reset()
	m.said, m.hits, m.upcome, m.due, m.marks = m.said[:0], m.hits[:0], m.upcome[:0], m.due[:0], m.marks[:0]
	m.indexed = false
	m.now++
	split(t, func(p piece) {
		if !p.spoken {
			m.skip(p.text)
			return
		}
		m.seal()
		s := said{who: speakerIndex(p.speaker), start: int32(len(m.runes)), first: int32(len(m.units))}
		m.add(p.text)
		s.end, s.past = int32(len(m.runes)), int32(len(m.units))
		m.said = append(m.said, s)
	})
	for i := range m.said {
		m.findWords(int32(i))
	}
	if exact := len(m.hits); len(m.spoken) > 0 {
		for i := range m.said {
			m.findSounds(int32(i))
		}
		if len(m.hits) > exact {
			slices.SortFunc(m.hits, func(a, b hit) int { return cmp.Compare(a.end, b.end) })
		}
	}
}

// speakerIndex numbers the speakers; those unknown come last.
func speakerIndex(s casework.Speaker) int {
	for i, each := range allSpeakers {
		if s == each {
			return i
		}
	}
	return len(allSpeakers)
}

// channelIndex numbers the channels; those unknown come last.
func channelIndex(c casework.Channel) int {
	for i, each := range allChannels {
		if c == each {
			return i
		}
	}
	return len(allChannels)
}

var (
	allSpeakers = casework.Speakers()
	allChannels = casework.Channels()
)

// findWords runs the automaton over one utterance.
func (m *matcher) findWords(number int32) {
	s := &m.said[number]
	a, state := m.exact, int32(0)
	for i, u := range m.units[s.first:s.past] {
		if state = a.step(state, u); state == 0 {
			continue
		}
		for at := a.cells[state].found; a.found[at] >= 0; at++ {
			word := a.found[at]
			end := s.first + int32(i) + 1
			m.come(hit{word: word, said: number, start: end - m.lengths[word], end: end})
		}
	}
}

// come notes a hit and, the first time a set comes up, the rules it concerns.
func (m *matcher) come(h hit) {
	m.hits = append(m.hits, h)
	for _, set := range m.memberOf[h.word] {
		if m.seen[set] == m.now {
			continue
		}
		m.seen[set] = m.now
		m.upcome = append(m.upcome, set)
		m.due = append(m.due, m.watchers[set]...)
	}
}

// index sorts the hits by set, once for a text that needs it.
func (m *matcher) index() {
	if m.indexed {
		return
	}
	m.indexed = true
	for _, set := range m.upcome {
		m.upto[set] = 0
	}
	for i := range m.hits {
		for _, set := range m.memberOf[m.hits[i].word] {
			m.upto[set]++
		}
	}
	total := int32(0)
	for _, set := range m.upcome {
		m.from[set], total = total, total+m.upto[set]
		m.upto[set] = m.from[set]
	}
	m.byset = slices.Grow(m.byset[:0], int(total))[:total]
	for i := range m.hits {
		for _, set := range m.memberOf[m.hits[i].word] {
			m.byset[m.upto[set]] = int32(i)
			m.upto[set]++
		}
	}
}

// of gives the hits of a set in the order they end.
func (m *matcher) of(set int32) []int32 {
	if set < 0 || m.seen[set] != m.now {
		return nil
	}
	m.index()
	return m.byset[m.from[set]:m.upto[set]]
}

// judge applies the rules due to the text read, for owners that the channel
// concerns ("" concerns all) and that wanted allows; nil allows all.
func (m *matcher) judge(channel casework.Channel, wanted []bool) {
	where := channelIndex(channel)
	slices.Sort(m.due)
	for _, number := range m.due {
		r := &m.rules[number]
		o := &m.owners[r.owner]
		if channel != "" && !o.channels.admits(where) || wanted != nil && !wanted[r.owner] || !m.possible(r) {
			continue
		}
		m.apply(number, r, o)
	}
}

// possible reports whether every slot of the rule came up somewhere.
func (m *matcher) possible(r *rule) bool {
	for _, set := range r.slots {
		if m.seen[set] != m.now {
			return false
		}
	}
	return r.before < 0 || m.seen[r.before] == m.now
}

// original gives the stretch of the original that a hit covers.
func (m *matcher) original(h *hit) span {
	return span{m.spans[h.start].start, m.spans[h.end-1].end}
}
