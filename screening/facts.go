package screening

import (
	"math"
	"time"

	"xiaobao/casework"
	"xiaobao/rulebook"
)

// hourFact is the name under which facts give the hour in Beijing.
const hourFact = "hour"

// see adds to facts, made when needed, what a condition looks at and the
// touchpoint has. Facts go where words may not, so only figures, switches,
// times and codes are among them.
func (s *Screener) see(facts map[string]any, c *rulebook.Condition) map[string]any {
	add := func(name string, value any) {
		if facts == nil {
			facts = map[string]any{}
		}
		facts[name] = value
	}
	names, clock := c.Reads()
	for _, name := range names {
		given, ok := s.facts.Attributes[name]
		if !ok {
			continue
		}
		if attribute, ok := s.engine.book.Attribute(name); ok {
			if value, ok := tellable(attribute, given); ok {
				add(name, value)
			}
		}
	}
	if clock && !s.facts.At.IsZero() {
		add(hourFact, s.facts.At.In(casework.Beijing).Hour())
	}
	return facts
}

// tellable gives an attribute as a fact, unless it may be somebody's words or
// JSON has no way to write it.
func tellable(attribute *rulebook.Attribute, given any) (any, bool) {
	value, ok := attribute.Read(given)
	if !ok {
		return nil, false
	}
	switch v := value.(type) {
	case float64:
		return v, !math.IsNaN(v) && !math.IsInf(v, 0)
	case time.Time:
		return v.In(casework.Beijing).Format(time.RFC3339), true
	case string:
		return v, isCode(v)
	}
	return value, true
}

const (
	longestCode = 32
	mostDigits  = 6 // in a row: more may be a number to call or an identity
)

// isCode reports whether a text is an identifier such as third_party or
// TPL-07. Spaces, other scripts and long numbers are how people and their
// contacts are written.
func isCode(text string) bool {
	digits := 0
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			if digits++; digits > mostDigits {
				return false
			}
			continue
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r == '_', r == '-', r == '.':
		default:
			return false
		}
		digits = 0
	}
	return text != "" && len(text) <= longestCode
}
