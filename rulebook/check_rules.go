package rulebook

import (
	"regexp"
	"slices"
	"strings"

	"xiaobao/casework"
)

var (
	indicatorID = regexp.MustCompile(`^[a-z]+_[a-z0-9_]+$`)
	actions     = []string{"BLOCK", "FIX", "REVIEW"}
	weights     = []string{"high", "medium", "low", "restricted"}
	kinds       = []string{"text", "system", "both", "ui", "composite"}
)

// indicator checks one indicator in full.
func (c *checker) indicator(i *Indicator) {
	s := c.at(i.Position, i.ID)
	s.unique(i.ID)
	if !indicatorID.MatchString(i.ID) {
		s.fault("the id is not lower-case words joined by _, with a prefix")
	}
	s.text("title", i.Title)
	s.text("means", i.Means)
	s.text("advice", i.Advice)
	if i.Level == casework.NoLevel {
		s.fault("level is missing; use blue, yellow, orange or red")
	}
	s.oneOf("kind", i.Kind, kinds)
	if len(i.Channels) == 0 {
		s.fault("has no channels")
	}
	s.channels(i.Channels)
	for _, speaker := range i.Speakers {
		s.oneOf("speaker", string(speaker), plain(casework.Speakers()))
	}
	if len(i.Basis) == 0 {
		s.fault("has no basis")
	}
	s.basis(i.Basis)
	s.patterns(i.Patterns)
	s.guards(i.Guards)
	s.condition("when", i.When)
	s.rises(i)
	s.proof(i)
}

// rises wants conditions that lead upwards; a rule never lowers a level.
func (s spot) rises(i *Indicator) {
	for _, rise := range i.Rises {
		if rise.When == "" {
			s.fault("a rise has no when")
		}
		s.condition("when of a rise", rise.When)
		if rise.To <= i.Level {
			s.fault("a rise goes to %s, which is not above %s", rise.To, i.Level)
		}
	}
}

// proof checks that an indicator has what its kind works with, and examples
// that prove it.
func (s spot) proof(i *Indicator) {
	switch i.Kind {
	case "text":
		if len(i.Patterns) == 0 {
			s.fault("is of kind text and has no patterns")
		}
		s.examples(i.Fires, i.Not, 2, 2)
		return
	case "system", "composite":
		if i.When == "" {
			s.fault("is of kind %s and has no when", i.Kind)
		}
		if len(i.Patterns) > 0 {
			s.fault("is of kind %s and has patterns; make it of kind both", i.Kind)
		}
	default:
		if len(i.Patterns) == 0 && i.When == "" {
			s.fault("has neither patterns nor when")
		}
	}
	s.examples(i.Fires, i.Not, 1, 1)
}

// category checks a marketing category with its phrases.
func (c *checker) category(m *Category) {
	s := c.at(m.Position, m.ID)
	s.unique(m.ID)
	s.text("title", m.Title)
	s.text("advice", m.Advice)
	s.oneOf("action", m.Action, actions)
	if len(m.Basis) == 0 {
		s.fault("has no basis")
	}
	s.basis(m.Basis)
	if len(m.Phrases) == 0 {
		s.fault("has no phrases")
	}
	for i := range m.Phrases {
		phrase := &m.Phrases[i]
		p := c.at(phrase.Position, phrase.ID)
		p.unique(phrase.ID)
		if !strings.HasPrefix(phrase.ID, m.ID+"-") {
			p.fault("the id of a phrase begins with that of its category, %s-", m.ID)
		}
		p.phrase(phrase)
	}
}

func (s spot) phrase(p *Phrase) {
	if p.Action != "" {
		s.oneOf("action", p.Action, actions)
	}
	if len(p.Patterns) == 0 {
		s.fault("has no patterns")
	}
	s.patterns(p.Patterns)
	s.guards(p.Guards)
	s.condition("when", p.When)
	s.text("suggestion", p.Suggestion)
	for _, companion := range p.Companions {
		if known := s.c.elementIDs(); !slices.Contains(known, companion) {
			s.fault("companion %q is no disclosure element%s", companion, hint(companion, known))
		}
	}
	s.examples(p.Fires, p.Not, 1, 1)
}

// elementIDs are the ids of all disclosure elements.
func (c *checker) elementIDs() []string {
	var ids []string
	for _, disclosure := range c.book.Disclosures {
		for i := range disclosure.Elements {
			ids = append(ids, disclosure.Elements[i].ID)
		}
	}
	return ids
}

// disclosure checks what a product's material must show. The same element may
// be asked for by several products.
func (c *checker) disclosure(d *Disclosure) {
	s := c.at(d.Position, d.Product)
	s.text("title", d.Title)
	if len(d.Elements) == 0 {
		s.fault("has no elements")
	}
	seen := map[string]bool{}
	for i := range d.Elements {
		element := &d.Elements[i]
		e := c.at(element.Position, d.Product+" "+element.ID)
		if element.ID == "" || seen[element.ID] {
			e.fault("the element's id is missing or stands twice")
		}
		seen[element.ID] = true
		e.text("title", element.Title)
		e.text("sample", element.Sample)
		e.basis(element.Basis)
		if len(element.Patterns) == 0 {
			e.fault("has no patterns to be found by")
		}
		e.patterns(element.Patterns)
		e.patterns(element.If)
		e.channels(element.Channels)
		if element.Action != "" {
			e.oneOf("action", element.Action, actions)
		}
	}
}

// clue checks a black- or grey-industry clue. What it must not be used for
// is part of it: such clues touch people's rights.
func (c *checker) clue(k *Clue) {
	s := c.at(k.Position, k.ID)
	s.unique(k.ID)
	s.text("title", k.Title)
	s.text("means", k.Means)
	s.text("limits", k.Limits)
	s.oneOf("weight", k.Weight, weights)
	s.basis(k.Basis)
	s.channels(k.Where)
	s.patterns(k.Words)
	s.condition("when", k.When)
	if len(k.Words) == 0 && k.When == "" {
		s.fault("has neither patterns nor when")
	}
	s.examples(k.Fires, k.Not, 1, 1)
}
