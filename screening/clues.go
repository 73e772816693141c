package screening

import (
	"xiaobao/casework"
	"xiaobao/rulebook"
)

// A Clue is a black- or grey-industry clue (黑灰产线索) seen in a touchpoint.
// It is a reason to look closer, never to refuse a complaint.
type Clue struct {
	ID       string
	Weight   string // high, medium, low, restricted
	Evidence []casework.Evidence
}

// clue is what Clues needs of rulebook.Clue.
type clue struct {
	*rulebook.Clue
	channels mask
	when     *rulebook.Condition
}

// compileClues compiles the clues; their places are the owners.
func compileClues(b *rulebook.Book) ([]clue, *ruleset, error) {
	var clues []clue
	build := newBuilder(b)
	for _, source := range b.Clues {
		c := clue{Clue: source, channels: maskOf(source.Where, allChannels)}
		_, err := build.owner(owner{channels: c.channels}, source.Words, nil)
		if err == nil && source.When != "" {
			c.when, err = b.CompileCondition(source.When)
		}
		if err != nil {
			return nil, nil, faultOf(source.Position, source.ID, err)
		}
		clues = append(clues, c)
	}
	return clues, build.build(), nil
}

// Clues gives the clues in a touchpoint, in the order of the rulebook. One
// that has both words and a condition shows by either.
func (s *Screener) Clues(t *casework.Touchpoint) []Clue {
	if s.clues == nil {
		s.clues = newMatcher(s.engine.clueRules)
	}
	s.note(t)
	s.clues.read(t, s.engine.clueView)
	s.clues.judge(t.Channel, nil)
	s.confirm(s.clues)
	evidence := map[int32][]casework.Evidence{}
	for number, marks := range s.clues.owned() {
		evidence[number] = s.clues.evidence(marks)
	}
	var out []Clue
	where := channelIndex(t.Channel)
	for i := range s.engine.clues {
		c := &s.engine.clues[i]
		found, ok := evidence[int32(i)]
		if ok || c.when != nil && c.channels.admits(where) && s.holds(c.when) {
			out = append(out, Clue{c.ID, c.Weight, found})
		}
	}
	return out
}
