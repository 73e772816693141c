package rulebook

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"xiaobao/casework"
)

// check validates the assembled book and gives all that is wrong.
func check(b *Book) []Problem {
	c := &checker{book: b, ids: map[string]Position{}}
	for _, pack := range b.Packs {
		c.pack(pack)
	}
	c.register()
	c.holidays()
	c.attributes()
	c.lexicons()
	for _, indicator := range b.Indicators {
		c.indicator(indicator)
	}
	for _, category := range b.Categories {
		c.category(category)
	}
	for _, disclosure := range b.Disclosures {
		c.disclosure(disclosure)
	}
	for _, rule := range b.Contexts {
		c.at(rule.Position, rule.ID).text("title", rule.Title)
	}
	for _, clue := range b.Clues {
		c.clue(clue)
	}
	for _, checklist := range b.Checklists {
		c.checklist(checklist)
	}
	return c.problems
}

// A checker gathers what is wrong with a book.
type checker struct {
	book     *Book
	ids      map[string]Position // every id that can be asked for, with its first place
	problems []Problem
}

// A spot is an entry, or a part of one, that is being checked.
type spot struct {
	c     *checker
	place Position
	entry string
}

func (c *checker) at(place Position, entry string) spot { return spot{c, place, entry} }

// in is a part of the same entry that has a line of its own.
func (s spot) in(place Position) spot {
	s.place = place
	return s
}

func (s spot) fault(format string, args ...any) {
	s.c.problems = append(s.c.problems, Problem{s.place, s.entry, fmt.Sprintf(format, args...)})
}

// unique notes an id and refuses one that another kind of entry has already:
// people and findings name entries by id alone.
func (s spot) unique(id string) {
	if earlier, ok := s.c.ids[id]; ok {
		s.fault("the id %q is taken by the entry at %s", id, earlier)
		return
	}
	s.c.ids[id] = s.place
}

// text wants both languages.
func (s spot) text(what string, t Text) {
	if strings.TrimSpace(t.Zh) == "" {
		s.fault("%s has no zh", what)
	}
	if strings.TrimSpace(t.En) == "" {
		s.fault("%s has no en", what)
	}
}

// oneOf wants one of the known words.
func (s spot) oneOf(what, word string, known []string) {
	switch {
	case slices.Contains(known, word):
	case word == "":
		s.fault("%s is missing; use one of %s", what, strings.Join(known, ", "))
	default:
		s.fault("unknown %s %q%s; use one of %s", what, word, hint(word, known), strings.Join(known, ", "))
	}
}

// channels wants known channels, none of them twice.
func (s spot) channels(channels []casework.Channel) {
	for i, channel := range channels {
		if s.oneOf("channel", string(channel), plain(casework.Channels())); slices.Contains(channels[:i], channel) {
			s.fault("channel %q stands twice", channel)
		}
	}
}

var confidences = []string{
	string(casework.TextRead), string(casework.Secondary), string(casework.Unverified), string(casework.Practice),
}

// basis wants references into the register of regulations or the table of
// deadlines, each with how well it is verified.
func (s spot) basis(basis []casework.Basis) {
	for _, b := range basis {
		s.reference(b)
		s.oneOf("confidence of basis "+b.String(), string(b.Confidence), confidences)
	}
}

func (s spot) reference(b casework.Basis) {
	if _, ok := s.c.book.regulation[b.Ref]; ok {
		return
	}
	if _, ok := s.c.book.deadline[b.Ref]; ok {
		return
	}
	if b.Ref == "" {
		s.fault("a basis has no ref")
		return
	}
	s.fault("basis %q is neither in the register of regulations nor among the deadlines", b.Ref)
}

// condition wants an expression that compiles.
func (s spot) condition(what, source string) {
	if source == "" {
		return
	}
	if _, err := s.c.book.CompileCondition(source); err != nil {
		s.fault("%s: %s", what, err)
	}
}

var (
	packID  = regexp.MustCompile(`^[a-z][a-z0-9_-]*$`)
	version = regexp.MustCompile(`^\d+(\.\d+)+$`)
)

// pack checks the heading.
func (c *checker) pack(p *Pack) {
	s := c.at(Position{p.File, 1}, p.ID)
	if !packID.MatchString(p.ID) {
		s.fault("the pack's id %q is not lower-case letters, digits, - and _", p.ID)
	}
	if !version.MatchString(p.Version) {
		s.fault("the pack's version %q is not numbers with dots, such as 2026.11.1", p.Version)
	}
	s.text("title", p.Title)
}
