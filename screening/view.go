package screening

// A view is what of a ruleset concerns one channel, so that what is said
// there is held against nothing else.
//
// Of the sets that a rule cannot do without, one is watched, the rarest:
// nothing else of the rule is looked at until a word of that comes up.
type view struct {
	relevant bits      // endings of the automaton with a word of any rule
	starting bits      // of these, those with a word of a watched set
	watched  bits      // sets
	holding  lists     // of these, the sets that have a word of each ending
	watchers [][]int32 // by set: the rules to look at once a word of it has come up
}

// everything is the view of all rules.
func (rs *ruleset) everything() *view { return rs.viewOf(func(int32) bool { return true }) }

// viewOf is the view of the rules whose owners are chosen.
func (rs *ruleset) viewOf(chosen func(owner int32) bool) *view {
	v := &view{watched: newBits(len(rs.sets)), watchers: make([][]int32, len(rs.sets))}
	used := newBits(len(rs.sets))
	for i := range rs.rules {
		r := &rs.rules[i]
		if !chosen(r.owner) {
			continue
		}
		for _, set := range r.slots {
			used.add(set)
		}
		for _, set := range []int32{r.unless, r.absent, r.before, r.beforeNot} {
			if set >= 0 {
				used.add(set)
			}
		}
		set := rs.rarest(r.slots)
		v.watched.add(set)
		v.watchers[set] = append(v.watchers[set], int32(i))
	}
	v.relevant, v.starting = newBits(rs.exact.endings()), newBits(rs.exact.endings())
	var starting []int32
	for ending := range int32(rs.exact.endings()) {
		starting = starting[:0]
		for _, set := range rs.holding.of(ending) {
			if used.has(set) {
				v.relevant.add(ending)
			}
			if v.watched.has(set) {
				v.starting.add(ending)
				starting = append(starting, set)
			}
		}
		v.holding.add(starting)
	}
	return v
}
