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

	now      uint32   // number of the text, to tell fresh entries below from stale
	known    []uint32 // by word: the text in which it last came up
	seen     []uint32 // by set: the text in which a word of it last came up
	gathered []uint32 // by set: the text whose hits are in byset
	due      []int32  // rules to look at
	byset    []int32  // hits by set
	from     []int32  // by set: where its hits are in byset
	upto     []int32

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

// A hit is a word of the dictionary in the text, in units. Start is set when
// the hit is first gathered: few are.
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
		known: make([]uint32, len(rs.words)), seen: make([]uint32, len(rs.sets)), gathered: make([]uint32, len(rs.sets)),
		from: make([]int32, len(rs.sets)), upto: make([]int32, len(rs.sets)),
	}
}

// read takes a touchpoint in and finds the words of the dictionary.
func (m *matcher) read(t *casework.Touchpoint) {
	m.reset()
	m.said, m.hits, m.byset, m.due, m.marks = m.said[:0], m.hits[:0], m.byset[:0], m.due[:0], m.marks[:0]
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
	a, state, hits := m.exact, int32(0), m.hits
	for i, u := range m.units[s.first:s.past] {
		if state = a.step(state, u); state == 0 {
			continue
		}
		end := s.first + int32(i) + 1
		for at := a.cells[state].found; a.found[at] >= 0; at++ {
			word := a.found[at]
			hits = append(hits, hit{word: word, said: number, end: end})
			if m.known[word] != m.now {
				m.meet(word)
			}
		}
	}
	m.hits = hits
}

// meet notes the first hit of a word in a text: the sets that come up by it
// and the rules that concerns.
func (m *matcher) meet(word int32) {
	m.known[word] = m.now
	for _, set := range m.memberOf[word] {
		if m.seen[set] != m.now {
			m.seen[set] = m.now
			m.due = append(m.due, m.watchers[set]...)
		}
	}
}

// of gives the hits of a set in the order they end. They are gathered when
// they are first asked for: most sets that come up belong to rules that lack
// another word.
func (m *matcher) of(set int32) []int32 {
	if set < 0 || m.seen[set] != m.now {
		return nil
	}
	if m.gathered[set] != m.now {
		m.gathered[set] = m.now
		m.from[set] = int32(len(m.byset))
		members := m.members[set]
		for i := range m.hits {
			if h := &m.hits[i]; members.has(h.word) {
				if !h.bySound {
					h.start = h.end - m.lengths[h.word]
				}
				m.byset = append(m.byset, int32(i))
			}
		}
		m.upto[set] = int32(len(m.byset))
	}
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
