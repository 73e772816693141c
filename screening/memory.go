package screening

import (
	"slices"

	"xiaobao/casework"
	"xiaobao/rulebook"
)

// A memory keeps which indicators fire by their condition alone on a
// touchpoint without attributes: most touchpoints of a day then ask nothing
// that was not asked before.
type memory struct{ fired map[occasion][]int32 }

// An occasion is all that such conditions can look at, as finely as they do.
type occasion struct {
	channel casework.Channel
	speaker casework.Speaker
	product string
	hour    int // of the week; -1 if the time is not known
}

// mostOccasions bounds the memory; products come from outside.
const mostOccasions = 4096

// conditional gives the indicators that conditions alone fire.
func (s *Screener) conditional(where int) []int32 {
	list := &s.engine.always[where]
	if len(s.facts.Attributes) > 0 {
		return s.ask(s.asked[:0], list.byHour, list.byMoment)
	}
	now := occasion{s.facts.Channel, s.facts.Speaker, s.facts.Product, -1}
	if at := s.facts.At.In(casework.Beijing); !s.facts.At.IsZero() {
		now.hour = int(at.Weekday())*24 + at.Hour()
	}
	known, ok := s.memory.fired[now]
	if !ok {
		known = slices.Clone(s.ask(s.asked[:0], list.byHour))
		if len(s.memory.fired) >= mostOccasions {
			clear(s.memory.fired)
		}
		s.memory.fired[now] = known
	}
	return s.ask(append(s.asked[:0], known...), list.byMoment)
}

// ask adds to fired those indicators of the lists whose conditions hold.
func (s *Screener) ask(fired []int32, lists ...[]int32) []int32 {
	for _, list := range lists {
		for _, number := range list {
			if s.holds(s.engine.indicators[number].when) {
				fired = append(fired, number)
			}
		}
	}
	s.asked = fired
	return fired
}

// askable are indicators that a condition alone can fire, by how long an
// answer serves.
type askable struct{ byHour, byMoment []int32 }

func (a *askable) add(number int32, c *rulebook.Condition) {
	if c.Grain() == rulebook.ByMoment {
		a.byMoment = append(a.byMoment, number)
	} else {
		a.byHour = append(a.byHour, number)
	}
}
