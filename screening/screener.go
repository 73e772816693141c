package screening

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"xiaobao/casework"
	"xiaobao/rulebook"
)

// A Screener screens one touchpoint after the other. Its buffers are reused,
// so that a clean text costs no allocation; it serves one goroutine.
type Screener struct {
	engine *Engine
	texts  *matcher // made on first use

	materials *materialReader // made on first use
	clues     *matcher

	wanted []bool // by indicator; nil is all
	facts  rulebook.Facts
	faults []error
	memory memory
	asked  []int32 // buffer of conditional
}

// NewScreener gives a screener of its own to a goroutine.
func (e *Engine) NewScreener() *Screener {
	return &Screener{engine: e, memory: memory{map[occasion][]int32{}}}
}

// Only limits the screener to the indicators named; nil is all of them.
func (s *Screener) Only(indicators []string) {
	if indicators == nil {
		s.wanted = nil
		return
	}
	s.wanted = make([]bool, len(s.engine.indicators))
	for i := range s.engine.indicators {
		s.wanted[i] = slices.Contains(indicators, s.engine.indicators[i].ID)
	}
}

// Screen gives the signals in a touchpoint, the most serious first; nil if
// it is clean.
func (s *Screener) Screen(t *casework.Touchpoint) []casework.Signal {
	s.note(t)
	if s.texts == nil {
		s.texts = newMatcher(s.engine.texts())
	}
	s.texts.read(t, s.engine.views[channelIndex(t.Channel)]())
	s.texts.judge("", s.wanted)
	signals := s.byConditions(t.Channel, s.byWords())
	slices.SortFunc(signals, func(a, b casework.Signal) int {
		return cmp.Or(-cmp.Compare(a.Level, b.Level), strings.Compare(a.Indicator, b.Indicator))
	})
	return signals
}

// note keeps what conditions ask about a touchpoint.
func (s *Screener) note(t *casework.Touchpoint) {
	s.faults = s.faults[:0]
	speaker := t.Speaker
	if speaker == "" {
		speaker = t.Channel.DefaultSpeaker()
	}
	s.facts = rulebook.Facts{
		Channel: t.Channel, Product: t.Product, Speaker: speaker, At: t.OccurredAt, Attributes: t.Attributes,
	}
}

// Faults are what went wrong with conditions on the last touchpoint: its
// attributes could not be compared as a rule wants, so that rule was not applied.
func (s *Screener) Faults() error { return errors.Join(s.faults...) }

// byWords makes a signal of the marks of each indicator.
func (s *Screener) byWords() []casework.Signal {
	s.confirm(s.texts)
	if len(s.texts.marks) == 0 {
		return nil
	}
	var signals []casework.Signal
	for number, marks := range s.texts.owned() {
		if ind := &s.engine.indicators[number]; !ind.needsOne || s.holds(ind.when) {
			signals = append(signals, s.signal(ind, marks))
		}
	}
	return signals
}

// confirm drops the marks of patterns whose condition does not hold.
func (s *Screener) confirm(m *matcher) {
	asked, held := int32(-1), false
	m.marks = slices.DeleteFunc(m.marks, func(k mark) bool {
		if k.rule != asked {
			asked, held = k.rule, s.holds(m.rules[k.rule].when)
		}
		return !held
	})
}

// byConditions adds the indicators that a condition alone fires.
func (s *Screener) byConditions(channel casework.Channel, signals []casework.Signal) []casework.Signal {
	for _, number := range s.conditional(channelIndex(channel)) {
		ind := &s.engine.indicators[number]
		if s.wanted != nil && !s.wanted[number] {
			continue
		}
		at := slices.IndexFunc(signals, func(x casework.Signal) bool { return x.Indicator == ind.ID })
		if at >= 0 {
			signals[at].Certainty = 1
			continue
		}
		signals = append(signals, s.signal(ind, nil))
	}
	return signals
}

// holds evaluates a condition; none always holds.
func (s *Screener) holds(c *rulebook.Condition) bool {
	if c == nil {
		return true
	}
	ok, err := c.Holds(&s.facts)
	if err != nil {
		s.faults = append(s.faults, err)
	}
	return ok
}

// signal makes the signal of an indicator from its marks; without any, a
// condition fired it, and what that saw takes the place of evidence.
func (s *Screener) signal(ind *indicator, marks []mark) casework.Signal {
	out := casework.Signal{
		Indicator: ind.ID, Title: ind.Title.Zh, Engine: casework.ByRule, Version: ind.stamp, Basis: ind.basis,
	}
	if len(marks) == 0 {
		out.Level, out.Certainty, out.Facts = ind.Level, 1, s.see(nil, ind.when)
	}
	for _, k := range marks {
		r := &s.texts.rules[k.rule]
		out.Level = max(out.Level, cmp.Or(r.level, ind.Level))
		out.Certainty = max(out.Certainty, k.certainty(r))
		out.Obscured = out.Obscured || k.obscured
	}
	for _, r := range ind.rises {
		if r.to > out.Level && s.holds(r.when) {
			out.Level = r.to
			if len(marks) == 0 {
				out.Facts = s.see(out.Facts, r.when)
			}
		}
	}
	out.Evidence = s.texts.evidence(marks)
	return out
}

// bySoundOnly is how much less sure a word is that was found by its sound.
const bySoundOnly = 0.6

func (k *mark) certainty(r *rule) float64 {
	if k.bySound {
		return r.certainty * bySoundOnly
	}
	return r.certainty
}
