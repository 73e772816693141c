package rulebook

import (
	"regexp"
	"strings"
	"time"

	"xiaobao/casework"
)

// GuardNames are the readings that may excuse a hit.
func GuardNames() []string { return []string{"negation", "quotation", "report", "question", "warning"} }

// Scopes are the stretches of text that a pattern may look at.
func Scopes() []string { return []string{"clause", "sentence", "turn", "text"} }

// lexicons checks the shared words.
func (c *checker) lexicons() {
	for _, name := range c.book.lexiconNames() {
		lexicon := c.book.Lexicons[name]
		s := c.at(lexicon.Position, lexicon.Name)
		s.unique("$" + lexicon.Name)
		if !attributeName.MatchString(lexicon.Name) {
			s.fault("the lexicon's name is not lower-case letters, digits and _")
		}
		if len(lexicon.Words) == 0 {
			s.fault("the lexicon has no words")
		}
		for _, word := range lexicon.Words {
			if strings.HasPrefix(word, "$") {
				s.fault("a lexicon cannot take in another (%q)", word)
				continue
			}
			s.word(word)
		}
	}
}

// word wants a literal that can be found: not empty, not padded, at most
// marked as exact.
func (s spot) word(word string) {
	word, exact := strings.CutPrefix(word, "=")
	if exact && strings.HasPrefix(word, "$") {
		s.fault("= marks a literal as exact, not a lexicon (%q); mark the words in it", word)
	}
	if strings.TrimSpace(word) != word || word == "" {
		s.fault("the word %q is empty or has space around it", word)
	}
}

// words wants literals, or lexicons that exist.
func (s spot) words(words Alternatives) {
	for _, word := range words {
		name, isLexicon := strings.CutPrefix(word, "$")
		if !isLexicon {
			s.word(word)
			continue
		}
		if _, ok := s.c.book.Lexicons[name]; !ok {
			s.fault("unknown lexicon $%s%s", name, hint(name, s.c.book.lexiconNames()))
		}
	}
}

// guards wants known readings.
func (s spot) guards(guards *[]string) {
	if guards == nil {
		return
	}
	for _, guard := range *guards {
		s.oneOf("guard", guard, GuardNames())
	}
}

// patterns checks each pattern at its own line.
func (s spot) patterns(patterns []Pattern) {
	for i := range patterns {
		s.in(patterns[i].Position).pattern(&patterns[i])
	}
}

func (s spot) pattern(p *Pattern) {
	s.subject(p)
	s.words(p.With)
	s.words(p.Unless)
	s.words(p.Absent)
	s.guards(p.Guards)
	s.condition("when of a pattern", p.When)
	if p.Scope != "" {
		s.oneOf("scope", p.Scope, Scopes())
	}
	if p.Gap < 0 || p.Gap > 0 && len(p.Seq) == 0 {
		s.fault("gap is a number of characters between the words of seq, and there is %d", p.Gap)
	}
	if p.Certainty < 0 || p.Certainty > 1 {
		s.fault("certainty %v is not between 0 and 1", p.Certainty)
	}
	if p.Opening < 0 {
		s.fault("opening is negative")
	}
	if p.After != nil {
		s.oneOf("speaker of after", string(p.After.Speaker), plain(casework.Speakers()))
		s.words(p.After.Words)
		s.words(p.After.Unless)
		if len(p.After.Words) == 0 {
			s.fault("after has no words")
		}
		if p.After.Turns < 0 {
			s.fault("turns of after is negative")
		}
	}
}

// subject wants exactly one way of saying what to look for.
func (s spot) subject(p *Pattern) {
	ways := 0
	for _, given := range []bool{len(p.Words) > 0, len(p.Seq) > 0, len(p.All) > 0, p.Regex != ""} {
		if given {
			ways++
		}
	}
	if ways != 1 {
		s.fault("a pattern needs exactly one of words, seq, all and regex, and has %d", ways)
	}
	s.words(p.Words)
	s.groups("seq", p.Seq)
	s.groups("all", p.All)
	switch {
	case p.Regex != "":
		if _, err := regexp.Compile(p.Regex); err != nil {
			s.fault("regex does not compile: %s", err)
		}
		if len(p.With) == 0 {
			s.fault("regex needs with: a word that must stand near, so that it is not tried on every text")
		}
	case len(p.With) > 0:
		s.fault("with goes with regex only; use all")
	}
}

func (s spot) groups(what string, groups []Alternatives) {
	if len(groups) == 1 {
		s.fault("%s has a single group; use words", what)
	}
	for _, group := range groups {
		if s.words(group); len(group) == 0 {
			s.fault("%s has an empty group", what)
		}
	}
}

// examples checks that examples can be run, and that there are enough.
func (s spot) examples(fires, not []Example, wantFires, wantNot int) {
	if len(fires) < wantFires {
		s.fault("has %d examples under fires; give at least %d", len(fires), wantFires)
	}
	if len(not) < wantNot {
		s.fault("has %d examples under not; give at least %d", len(not), wantNot)
	}
	for _, examples := range [][]Example{fires, not} {
		for i := range examples {
			s.in(examples[i].Position).example(&examples[i])
		}
	}
}

func (s spot) example(e *Example) {
	if strings.TrimSpace(e.Text) == "" && len(e.Attributes) == 0 && e.At == "" {
		s.fault("the example has neither text nor attributes nor a time")
	}
	if e.Speaker != "" {
		s.oneOf("speaker", string(e.Speaker), plain(casework.Speakers()))
	}
	if e.Channel != "" {
		s.oneOf("channel", string(e.Channel), plain(casework.Channels()))
	}
	if e.At != "" {
		if _, err := time.Parse(time.RFC3339, e.At); err != nil {
			s.fault("at %q is no time; write it as 2026-03-02T21:30:00+08:00", e.At)
		}
	}
	if e.Level != "" {
		if _, err := casework.ParseLevel(e.Level); err != nil {
			s.fault("%s", err)
		}
	}
	for name, value := range e.Attributes {
		attribute, ok := s.c.book.attribute[name]
		if !ok {
			s.fault("attribute %q is not declared%s", name, hint(name, s.c.attributeNames()))
			continue
		}
		if _, ok := attribute.Read(value); !ok {
			s.fault("attribute %q is no %s", name, attribute.Type)
		}
	}
}
