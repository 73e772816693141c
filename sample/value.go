package sample

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A value is what may stand in a slot or an attribute: one of some choices,
// or a number of a range.
type value struct {
	choices        []any
	from, to, step float64
}

// UnmarshalYAML reads a list of choices, a range {from, to, step}, or one
// thing that it always is.
func (v *value) UnmarshalYAML(n *yaml.Node) error {
	switch n.Kind {
	case yaml.SequenceNode:
		return n.Decode(&v.choices)
	case yaml.MappingNode:
		var span struct{ From, To, Step float64 }
		if err := n.Decode(&span); err != nil {
			return err
		}
		if span.Step <= 0 || span.To < span.From {
			return fmt.Errorf("line %d: a range wants from, to and a step", n.Line)
		}
		v.from, v.to, v.step = span.From, span.To, span.Step
		return nil
	}
	v.choices = make([]any, 1)
	return n.Decode(&v.choices[0])
}

// draw takes one of what the value may be. Numbers come as float64, as they
// would from JSON.
func (v *value) draw(r *rand.Rand) any {
	if len(v.choices) > 0 {
		chosen := v.choices[r.IntN(len(v.choices))]
		if whole, ok := chosen.(int); ok {
			return float64(whole)
		}
		return chosen
	}
	return v.from + v.step*float64(r.IntN(int((v.to-v.from)/v.step)+1))
}

// spoken is a value as a text says it.
func spoken(v any) string {
	if number, ok := v.(float64); ok {
		return strconv.FormatFloat(number, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// A filler fills the slots of one contact: a slot keeps its words throughout.
type filler struct {
	rand  *rand.Rand
	slots map[string]value
	said  map[string]string
}

// fill replaces {slot} by words. A slot that nobody knows is a mistake in the
// texts, which a test finds by its braces.
func (f *filler) fill(text string) string {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			out.WriteString("{" + rest)
			return out.String()
		}
		out.WriteString(f.words(name))
		text = after
	}
}

// words are what a slot says. A slot whose name ends in * says something new
// each time.
func (f *filler) words(slot string) string {
	name, fresh := strings.CutSuffix(slot, "*")
	if said, ok := f.said[name]; ok && !fresh {
		return said
	}
	v, ok := f.slots[name]
	if !ok {
		return "{" + slot + "}"
	}
	said := f.fill(spoken(v.draw(f.rand)))
	if !fresh {
		f.said[name] = said
	}
	return said
}
