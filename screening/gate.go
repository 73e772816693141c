package screening

import "slices"

// A gate is what of a rule can be told from which sets came up where, before
// any of its words is looked at. One is asked when the rule's watched set has
// come up.
type gate struct {
	others   [mostGated]int32 // slots beside the watched one, the rarest first; -1 beyond the last
	speakers mask
	whole    bool
}

// mostGated is about how many slots of a rule its gate asks.
const mostGated = 4

func (rs *ruleset) gateOf(r *rule) gate {
	g := gate{speakers: rs.owners[r.owner].speakers, whole: r.scope == whole}
	others := slices.Clone(r.slots)
	slices.SortFunc(others, rs.compareRarity)
	others = slices.Compact(others)[1:]
	for i := range g.others {
		g.others[i] = -1
		if i < len(others) {
			g.others[i] = others[i]
		}
	}
	return g
}

// passes gives the utterances in which a rule may hold after words of its
// watched set came up in some; none is none.
func (m *matcher) passes(number int32, watched utterances) utterances {
	g := &m.gates[number]
	by := m.by(g.speakers)
	where := watched & by
	if where == 0 {
		return 0
	}
	if g.whole {
		where = by
	}
	for _, set := range g.others {
		if set < 0 {
			break
		}
		found := m.places(set, where)
		if found == 0 {
			return 0
		}
		if !g.whole {
			where = found
		}
	}
	if r := &m.rules[number]; r.before >= 0 && m.places(r.before, m.turnsBefore(r, where)) == 0 {
		return 0
	}
	return where
}

// turnsBefore gives the utterances that a rule looks at for what was said
// before those given.
func (m *matcher) turnsBefore(r *rule, those utterances) (all utterances) {
	if len(m.said) > sharing {
		return ^utterances(0)
	}
	for number := int32(1); int(number) < len(m.said); number++ {
		if !those.has(number) {
			continue
		}
		turns := 0
		for i := number - 1; i >= 0 && turns < r.turns; i-- {
			if m.speaksBefore(r, i, number) {
				all |= only(i)
				turns++
			}
		}
	}
	return all
}

// manyEndings make a text so long that what came up in it is summed up once,
// by ending, instead of being gone through for each set and rule.
const manyEndings = 2048

// places gives those of the utterances in which words of a set came up.
func (m *matcher) places(set int32, in utterances) utterances {
	switch {
	case m.view.watched.has(set):
		return m.cameIn[set] & in
	case len(m.ends) <= manyEndings:
		return m.placesAmong(set, in)
	case m.placed[set] != m.now:
		m.placed[set], m.placedIn[set] = m.now, m.placesInSum(set)
	}
	return m.placedIn[set] & in
}

// placesInSum gives all utterances in which words of a set came up.
func (m *matcher) placesInSum(set int32) (found utterances) {
	if m.summed != m.now {
		m.sum()
	}
	members := m.members[set]
	for _, e := range m.different {
		if members.has(e) {
			found |= m.endedIn[e]
		}
	}
	return found
}

// sum notes in which utterances each ending is.
func (m *matcher) sum() {
	m.summed = m.now
	if m.endedIn == nil {
		m.endedIn = make([]utterances, m.exact.endings())
	}
	for _, e := range m.different {
		m.endedIn[e] = 0
	}
	m.different = m.different[:0]
	note := func(e, number int32) {
		if m.endedIn[e] == 0 {
			m.different = append(m.different, e)
		}
		m.endedIn[e] |= only(number)
	}
	for number := range m.said {
		s := &m.said[number]
		for _, e := range m.ends[s.from:s.upto] {
			note(e.number, int32(number))
		}
	}
	for _, h := range m.heard {
		note(m.endings[h.word], h.said)
	}
}

// placesAmong looks through what came up in the utterances.
func (m *matcher) placesAmong(set int32, in utterances) (found utterances) {
	members := m.members[set]
	for rest := in; rest != 0; rest &= rest - 1 {
		for number := rest.first(); int(number) < len(m.said); number += sharing {
			if m.cameUpIn(members, number) {
				found |= only(number)
				break
			}
		}
	}
	for _, h := range m.heard {
		if members.has(m.endings[h.word]) {
			found |= only(h.said) & in
		}
	}
	return found
}

// cameUpIn reports whether a word of a set is in an utterance, as it is spelt.
func (m *matcher) cameUpIn(members bits, number int32) bool {
	s := &m.said[number]
	for _, e := range m.ends[s.from:s.upto] {
		if members.has(e.number) {
			return true
		}
	}
	return false
}

// by gives the utterances of the speakers; no speakers are all.
func (m *matcher) by(speakers mask) utterances {
	if speakers == 0 {
		return ^utterances(0)
	}
	var all utterances
	for who := range allSpeakers {
		if speakers&(1<<who) != 0 {
			all |= m.spokeIn[who]
		}
	}
	return all
}
