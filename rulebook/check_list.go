package rulebook

import (
	"slices"

	"xiaobao/casework"
)

// Respondents are the kinds of units that answer questions.
func Respondents() []string { return slices.Clone(respondents) }

var (
	automations = []string{"SQL", "RULE", "LLM", "MAN"}
	frequencies = []string{"monthly", "quarterly", "yearly"}
	respondents = []string{"compliance", "marketing", "collection", "it", "hr", "service", "finance", "risk", "wealth", "complaints"}
	methods     = []string{string(casework.ByIndicators), string(casework.ByQuery), string(casework.ByAsking)}
)

// checklist checks a checklist with its elements and items.
func (c *checker) checklist(l *Checklist) {
	s := c.at(l.Position, l.ID)
	s.id(l.ID)
	s.text("title", l.Title)
	elements := map[string]bool{}
	var known []string
	for _, element := range l.Elements {
		s.text("title of element "+element.ID, element.Title)
		if element.ID == "" || elements[element.ID] {
			s.fault("the element id %q is missing or stands twice", element.ID)
		}
		if element.Weight <= 0 || element.Weight > 100 {
			s.fault("element %s weighs %v; give more than 0 and at most 100 percent", element.ID, element.Weight)
		}
		elements[element.ID] = true
		known = append(known, element.ID)
	}
	if len(l.Items) == 0 {
		s.fault("has no items")
	}
	seen := map[string]Position{}
	for i := range l.Items {
		item := &l.Items[i]
		p := c.at(item.Position, item.ID)
		if earlier, ok := seen[item.ID]; ok || item.ID == "" {
			p.fault("the item's id is missing or stands twice (%s)", earlier)
		}
		seen[item.ID] = item.Position
		p.oneOf("element", item.Element, known)
		p.item(item)
	}
}

// item checks one thing to check.
func (s spot) item(i *ChecklistItem) {
	s.text("title", i.Title)
	s.text("criterion", i.Criterion)
	s.text("question", i.Question) // any item can be asked if its data is not connected
	s.basis(i.Basis)
	s.oneOf("frequency", i.Frequency, frequencies)
	s.oneOf("respondent", i.Respondent, respondents)
	for _, automation := range i.Automation {
		s.oneOf("automation", automation, automations)
	}
	if i.Weight <= 0 {
		s.fault("weight is %v; give more than 0", i.Weight)
	}
	if p := i.Pass.MaxPerThousand; i.Pass.MaxFindings < 0 || p != nil && *p < 0 || i.Pass.MaxRed != nil && *i.Pass.MaxRed < 0 {
		s.fault("pass has a negative bound")
	}
	s.method(i)
}

// method checks that an item has what its way of testing needs.
func (s spot) method(i *ChecklistItem) {
	s.oneOf("method", string(i.Method), methods)
	if (i.Method == casework.ByIndicators) != (len(i.Indicators) > 0) {
		s.fault("indicators go with method rule, and it needs them")
	}
	if (i.Method == casework.ByQuery) != (i.Query != "") {
		s.fault("query goes with method query, and it needs one")
	}
	if i.Query != "" {
		s.oneOf("query", i.Query, Queries())
	}
	for _, id := range i.Indicators {
		if _, ok := s.c.book.indicator[id]; !ok {
			s.fault("unknown indicator %q%s", id, hint(id, s.c.indicatorIDs()))
		}
	}
}

func (c *checker) indicatorIDs() []string {
	var ids []string
	for _, indicator := range c.book.Indicators {
		ids = append(ids, indicator.ID)
	}
	return ids
}
