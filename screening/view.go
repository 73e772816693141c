package screening

// A view is what of a ruleset concerns one channel, so that what is said
// there is held against nothing else.
type view struct {
	relevant bits      // endings of the automaton with a word of any rule
	tracked  bits      // sets that a rule cannot do without
	holding  lists     // of these, the sets that have a word of each ending
	watchers [][]int32 // by set: the rules to look at once a word of it has come up
}

// everything is the view of all rules.
func (rs *ruleset) everything() *view { return rs.viewOf(func(int32) bool { return true }) }

// viewOf is the view of the rules whose owners are chosen.
func (rs *ruleset) viewOf(chosen func(owner int32) bool) *view {
	v := &view{tracked: newBits(len(rs.sets)), watchers: make([][]int32, len(rs.sets))}
	used := newBits(len(rs.sets))
	for i := range rs.rules {
		r := &rs.rules[i]
		if !chosen(r.owner) {
			continue
		}
		for _, set := range r.slots {
			v.tracked.add(set)
			used.add(set)
		}
		for _, set := range []int32{r.unless, r.absent, r.before, r.beforeNot} {
			if set >= 0 {
				used.add(set)
			}
		}
		if r.before >= 0 {
			v.tracked.add(r.before)
		}
		set := rs.rarest(r.slots)
		v.watchers[set] = append(v.watchers[set], int32(i))
	}
	v.relevant = newBits(rs.exact.endings())
	var tracked []int32
	for ending := range int32(rs.exact.endings()) {
		tracked = tracked[:0]
		for _, set := range rs.holding.of(ending) {
			if used.has(set) {
				v.relevant.add(ending)
			}
			if v.tracked.has(set) {
				tracked = append(tracked, set)
			}
		}
		v.holding.add(tracked)
	}
	return v
}

// A gate is what of a rule can be told from which sets came up where, before
// any of its words is looked at.
type gate struct {
	slots    [mostGated]int32 // -1 beyond the last
	before   int32
	speakers mask
	whole    bool
}

// mostGated is how many slots of a rule its gate asks about.
const mostGated = 4

func gateOf(r *rule, o *owner) gate {
	g := gate{before: r.before, speakers: o.speakers, whole: r.scope == whole}
	for i := range g.slots {
		g.slots[i] = -1
		if i < len(r.slots) {
			g.slots[i] = r.slots[i]
		}
	}
	return g
}

// passes gives the utterances in which a rule may hold; none is none.
func (m *matcher) passes(g *gate) utterances {
	if g.before >= 0 && m.cameIn[g.before] == 0 {
		return 0
	}
	where := ^utterances(0)
	for _, set := range g.slots {
		if set < 0 {
			break
		}
		if in := m.cameIn[set]; !g.whole {
			where &= in
		} else if in&m.by(g.speakers) == 0 {
			return 0
		}
	}
	if where == 0 {
		return 0
	}
	return where & m.by(g.speakers)
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
