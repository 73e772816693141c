package rulebook

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// A shelf gathers the entries of one kind from all layers.
type shelf[T any] struct {
	kind  string // "indicator", for messages
	order []string
	held  map[string]held[T]
	fault func(Problem)
}

// held is an entry with where it comes from.
type held[T any] struct {
	entry *T
	layer int
	at    Position
}

// put adds an entry. One of an earlier layer gives way and its place in the
// order is kept; two of one layer contradict each other.
func (s *shelf[T]) put(layer int, id string, entry *T, at Position) {
	if id == "" {
		s.fault(Problem{at, "", s.kind + " has no id"})
		return
	}
	if s.held == nil {
		s.held = map[string]held[T]{}
	}
	earlier, ok := s.held[id]
	switch {
	case !ok:
		s.order = append(s.order, id)
	case earlier.layer == layer:
		s.fault(Problem{at, id, "another " + s.kind + " has this id, at " + earlier.at.String()})
		return
	}
	s.held[id] = held[T]{entry, layer, at}
}

// list gives the entries in the order they first came.
func (s *shelf[T]) list() []*T {
	entries := make([]*T, len(s.order))
	for i, id := range s.order {
		entries[i] = s.held[id].entry
	}
	return entries
}

// index gives the entries by id.
func (s *shelf[T]) index() map[string]*T {
	entries := make(map[string]*T, len(s.held))
	for id, h := range s.held {
		entries[id] = h.entry
	}
	return entries
}

// shelves are one shelf a kind.
type shelves struct {
	packs       shelf[Pack]
	regulations shelf[Regulation]
	deadlines   shelf[Deadline]
	codes       shelf[ComplaintCode]
	holidays    shelf[HolidayYear]
	attributes  shelf[Attribute]
	lexicons    shelf[Lexicon]
	indicators  shelf[Indicator]
	categories  shelf[Category]
	disclosures shelf[Disclosure]
	contexts    shelf[ContextRule]
	clues       shelf[Clue]
	checklists  shelf[Checklist]
}

func newShelves(fault func(Problem)) *shelves {
	return &shelves{
		packs:       shelf[Pack]{kind: "pack", fault: fault},
		regulations: shelf[Regulation]{kind: "regulation", fault: fault},
		deadlines:   shelf[Deadline]{kind: "deadline", fault: fault},
		codes:       shelf[ComplaintCode]{kind: "complaint code", fault: fault},
		holidays:    shelf[HolidayYear]{kind: "holiday year", fault: fault},
		attributes:  shelf[Attribute]{kind: "attribute", fault: fault},
		lexicons:    shelf[Lexicon]{kind: "lexicon", fault: fault},
		indicators:  shelf[Indicator]{kind: "indicator", fault: fault},
		categories:  shelf[Category]{kind: "marketing category", fault: fault},
		disclosures: shelf[Disclosure]{kind: "disclosure", fault: fault},
		contexts:    shelf[ContextRule]{kind: "context rule", fault: fault},
		clues:       shelf[Clue]{kind: "black or grey clue", fault: fault},
		checklists:  shelf[Checklist]{kind: "checklist", fault: fault},
	}
}

// own tells every entry which pack it is of.
func (p *Pack) own() {
	for i := range p.Regulations {
		p.Regulations[i].Pack = p
	}
	for i := range p.Deadlines {
		p.Deadlines[i].Pack = p
	}
	for i := range p.ComplaintCodes {
		p.ComplaintCodes[i].Pack = p
	}
	for i := range p.Indicators {
		p.Indicators[i].Pack = p
	}
	for i := range p.Categories {
		p.Categories[i].Pack = p
	}
	for i := range p.Disclosures {
		p.Disclosures[i].Pack = p
	}
	for i := range p.Clues {
		p.Clues[i].Pack = p
	}
	for i := range p.Checklists {
		p.Checklists[i].Pack = p
	}
}

// assemble makes the book of all layers.
func (l *loading) assemble() *Book {
	s := newShelves(func(p Problem) { l.problems = append(l.problems, p) })
	sum := sha256.New()
	for layer, packs := range l.layers {
		for _, pack := range packs {
			sum.Write([]byte(pack.Hash + "\n"))
			// Signals name packs by id, so an id is used once over all layers.
			s.packs.put(0, pack.ID, pack, Position{pack.File, 1})
			s.texts(layer, pack)
			s.rules(layer, pack)
		}
	}
	return s.book(hex.EncodeToString(sum.Sum(nil)))
}

// texts shelves what a pack says of law, words and days.
func (s *shelves) texts(layer int, p *Pack) {
	for i := range p.Regulations {
		e := &p.Regulations[i]
		s.regulations.put(layer, e.ID, e, e.Position)
	}
	for i := range p.Deadlines {
		e := &p.Deadlines[i]
		s.deadlines.put(layer, e.ID, e, e.Position)
	}
	for i := range p.ComplaintCodes {
		e := &p.ComplaintCodes[i]
		s.codes.put(layer, e.ID, e, e.Position)
	}
	for i := range p.Holidays {
		e := &p.Holidays[i]
		s.holidays.put(layer, strconv.Itoa(e.Year), e, e.Position)
	}
	for i := range p.Attributes {
		e := &p.Attributes[i]
		s.attributes.put(layer, e.Name, e, e.Position)
	}
	for i := range p.Lexicons {
		e := &p.Lexicons[i]
		s.lexicons.put(layer, e.Name, e, e.Position)
	}
	for i := range p.ContextRules {
		e := &p.ContextRules[i]
		s.contexts.put(layer, e.ID, e, e.Position)
	}
}

// rules shelves what a pack has tested.
func (s *shelves) rules(layer int, p *Pack) {
	for i := range p.Indicators {
		e := &p.Indicators[i]
		s.indicators.put(layer, e.ID, e, e.Position)
	}
	for i := range p.Categories {
		e := &p.Categories[i]
		s.categories.put(layer, e.ID, e, e.Position)
	}
	for i := range p.Disclosures {
		e := &p.Disclosures[i]
		s.disclosures.put(layer, e.Product, e, e.Position)
	}
	for i := range p.Clues {
		e := &p.Clues[i]
		s.clues.put(layer, e.ID, e, e.Position)
	}
	for i := range p.Checklists {
		e := &p.Checklists[i]
		s.checklists.put(layer, e.ID, e, e.Position)
	}
}

// book is the finished book.
func (s *shelves) book(hash string) *Book {
	b := &Book{
		Packs:       s.packs.list(),
		Regulations: s.regulations.list(),
		Deadlines:   s.deadlines.list(),
		Codes:       s.codes.list(),
		Holidays:    s.holidays.list(),
		Attributes:  s.attributes.list(),
		Lexicons:    s.lexicons.index(),
		Indicators:  s.indicators.list(),
		Categories:  s.categories.list(),
		Disclosures: s.disclosures.list(),
		Contexts:    s.contexts.list(),
		Clues:       s.clues.list(),
		Checklists:  s.checklists.list(),
		Hash:        hash,

		regulation: s.regulations.index(),
		deadline:   s.deadlines.index(),
		code:       s.codes.index(),
		attribute:  s.attributes.index(),
		indicator:  s.indicators.index(),
		category:   s.categories.index(),
		disclosure: s.disclosures.index(),
		clue:       s.clues.index(),
		checklist:  s.checklists.index(),
		phrase:     map[string]*Phrase{},
	}
	for _, category := range b.Categories {
		for i := range category.Phrases {
			b.phrase[category.Phrases[i].ID] = &category.Phrases[i]
		}
	}
	b.calendar = calendarOf(b.Holidays)
	return b
}
