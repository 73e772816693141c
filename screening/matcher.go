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
	view *view // what the channel at hand wants
	said []said

	ends    []ending     // words in the text, in the order they end
	heard   []hit        // words found by sound
	cameUp  []int32      // the watched sets that came up, each once
	cameIn  []utterances // of these, by set
	spokeIn []utterances // by speaker

	placed    []uint32     // by set: the text whose placedIn stands
	placedIn  []utterances // by set: where it came up; see places
	summed    uint32       // the text whose endings are summed up
	different []int32      // endings, each once
	endedIn   []utterances // by ending: where it is

	due      []due
	hits     []hit    // of the sets that were asked for, set by set
	now      uint32   // number of the text, to tell fresh entries below from stale
	gathered []uint32 // by set: the text whose hits are in hits
	from     []int32  // by set: where its hits are
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
	from, upto  int32 // in matcher.ends
}

// An ending is a place of the text where words of the dictionary end, in
// units: all those of one state of the automaton.
type ending struct{ number, end int32 }

// A due rule is one whose words came up together in some utterances.
type due struct {
	rule  int32
	where utterances
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
		cameIn: make([]utterances, len(rs.sets)),
		placed: make([]uint32, len(rs.sets)), placedIn: make([]utterances, len(rs.sets)),
		spokeIn: make([]utterances, len(allSpeakers)+1), gathered: make([]uint32, len(rs.sets)),
		from: make([]int32, len(rs.sets)), upto: make([]int32, len(rs.sets)),
	}
}

// read takes a touchpoint in and finds the words of the dictionary that the
// view has a use for.
func (m *matcher) read(t *casework.Touchpoint, v *view) {
	m.clear()
	m.view = v
	split(t, func(p piece) {
		if !p.spoken {
			m.skip(p.text)
			return
		}
		m.seal()
		s := said{who: speakerIndex(p.speaker), start: int32(len(m.runes)), first: int32(len(m.units))}
		m.add(p.text)
		s.end, s.past = int32(len(m.runes)), int32(len(m.units))
		m.spokeIn[s.who] |= only(int32(len(m.said)))
		m.said = append(m.said, s)
	})
	for i := range m.said {
		m.findWords(int32(i))
		if len(m.spoken) > 0 {
			m.findSounds(int32(i))
		}
	}
	for _, h := range m.heard {
		m.meet(m.endings[h.word], h.said)
	}
}

// clear forgets the text before.
func (m *matcher) clear() {
	m.reset()
	for _, set := range m.cameUp {
		m.cameIn[set] = 0
	}
	clear(m.spokeIn)
	m.cameUp, m.said, m.ends, m.heard = m.cameUp[:0], m.said[:0], m.ends[:0], m.heard[:0]
	m.hits, m.due, m.marks = m.hits[:0], m.due[:0], m.marks[:0]
	m.now++
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
	units := m.units[s.first:s.past]
	a, relevant, state, count := m.exact, m.view.relevant, int32(0), len(m.ends)
	m.ends = slices.Grow(m.ends, len(units))
	ends := m.ends[:count+len(units)]
	s.from = int32(count)
	for i, u := range units {
		state = a.step(state, u)
		// Every ending is written down and stays if it is of use: whether it is
		// cannot be foreseen, and a wrong guess would cost more than writing.
		e := a.cells[state].ending
		ends[count] = ending{e, s.first + int32(i) + 1}
		count += relevant.one(e)
	}
	m.ends, s.upto = ends[:count], int32(count)
	for _, e := range m.ends[s.from:] {
		if m.view.starting.has(e.number) {
			m.meet(e.number, number)
		}
	}
}

// meet notes that words of the watched sets came up in an utterance.
func (m *matcher) meet(ending, number int32) {
	in := only(number)
	for _, set := range m.view.holding.of(ending) {
		if m.cameIn[set] == 0 {
			m.cameUp = append(m.cameUp, set)
		}
		m.cameIn[set] |= in
	}
}

// of gives the hits of a set, from one place in m.hits up to another, in the
// order they end. They are gathered when they are first asked for: most sets
// that come up belong to rules that lack another word.
func (m *matcher) of(set int32) (from, upto int32) {
	if set < 0 {
		return 0, 0
	}
	if m.gathered[set] != m.now {
		m.gathered[set] = m.now
		m.gather(set)
	}
	return m.from[set], m.upto[set]
}

// count tells how many hits a set has.
func (m *matcher) count(set int32) int {
	from, upto := m.of(set)
	return int(upto - from)
}

func (m *matcher) gather(set int32) {
	in := ^utterances(0)
	if m.view.watched.has(set) {
		in = m.cameIn[set]
	} else if m.placed[set] == m.now {
		in = m.placedIn[set]
	}
	m.from[set] = int32(len(m.hits))
	members := m.members[set]
	for number := range m.said {
		if !in.has(int32(number)) {
			continue
		}
		s := &m.said[number]
		for _, e := range m.ends[s.from:s.upto] {
			if members.has(e.number) {
				m.gatherWords(set, int32(number), e)
			}
		}
	}
	exact := len(m.hits)
	for _, h := range m.heard {
		if _, is := slices.BinarySearch(m.sets[set], h.word); is {
			m.hits = append(m.hits, h)
		}
	}
	if len(m.hits) > exact {
		slices.SortStableFunc(m.hits[m.from[set]:], func(a, b hit) int { return cmp.Compare(a.end, b.end) })
	}
	m.upto[set] = int32(len(m.hits))
}

// gatherWords adds the words of an ending that are in the set.
func (m *matcher) gatherWords(set, number int32, e ending) {
	words := m.exact.words(e.number)
	for _, word := range words {
		if len(words) > 1 {
			if _, is := slices.BinarySearch(m.sets[set], word); !is {
				continue
			}
		}
		m.hits = append(m.hits, hit{word: word, said: number, start: e.end - m.lengths[word], end: e.end})
	}
}

// judge applies the rules due to the text read, for owners that the channel
// concerns ("" concerns all) and that wanted allows; nil allows all.
func (m *matcher) judge(channel casework.Channel, wanted []bool) {
	where := channelIndex(channel)
	for _, set := range m.cameUp {
		for _, number := range m.view.watchers[set] {
			if in := m.passes(number, m.cameIn[set]); in != 0 {
				m.due = append(m.due, due{number, in})
			}
		}
	}
	slices.SortFunc(m.due, func(a, b due) int { return cmp.Compare(a.rule, b.rule) })
	for _, d := range m.due {
		r := &m.rules[d.rule]
		o := &m.owners[r.owner]
		if channel != "" && !o.channels.admits(where) || wanted != nil && !wanted[r.owner] {
			continue
		}
		m.apply(d.rule, r, o, d.where)
	}
}

// original gives the stretch of the original that a hit covers.
func (m *matcher) original(h *hit) span {
	return span{m.spans[h.start].start, m.spans[h.end-1].end}
}
