package rulebook

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"time"

	"xiaobao/casework"
)

var (
	statuses  = []string{"in_force", "superseded", "repealed", "title_only", "reserved", "practice"}
	groups    = []string{"complaint", "contact", "retention", "governance", "supervision"}
	units     = []string{"", "calendar_day", "working_day", "hour", "minute", "month", "year", "per_day", "per_year", "percent", "count"}
	facets    = []string{"A", "B", "C", "source", "level", "urgency", "flag", "reason", "appeal", "result", "callback"}
	leads     = []string{"", "complaint", "warning", "task"}
	idPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

	attributeName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
)

// register checks regulations, deadlines and complaint codes.
func (c *checker) register() {
	for _, regulation := range c.book.Regulations {
		c.regulation(regulation)
	}
	for _, deadline := range c.book.Deadlines {
		s := c.at(deadline.Position, deadline.ID)
		s.id(deadline.ID)
		s.oneOf("group", deadline.Group, groups)
		s.text("title", deadline.Title)
		s.text("text", deadline.Text)
		if deadline.Unit != "" {
			s.oneOf("unit", deadline.Unit, units[1:])
		}
		if deadline.Value < 0 || deadline.Value > 0 && deadline.Unit == "" {
			s.fault("a value needs a unit and cannot be negative")
		}
		if len(deadline.Basis) == 0 && !deadline.Settable {
			s.fault("has no basis, so it is policy: mark it settable")
		}
		s.basis(deadline.Basis)
	}
	for _, code := range c.book.Codes {
		c.complaintCode(code)
	}
}

// id wants an id that can stand on a command line, and is nobody else's.
func (s spot) id(id string) {
	if !idPattern.MatchString(id) {
		s.fault("the id has characters other than letters, digits, dot, - and _")
	}
	s.unique(id)
}

func (c *checker) regulation(r *Regulation) {
	s := c.at(r.Position, r.ID)
	s.id(r.ID)
	s.text("title", r.Title)
	s.oneOf("status", r.Status, statuses)
	if r.Status != "reserved" {
		s.oneOf("confidence", string(r.Confidence), confidences)
	}
	for what, date := range map[string]string{"issued": r.Issued, "effective": r.Effective} {
		if date != "" && !isDate(date) {
			s.fault("%s %q is no date; write as much as is known of 2026-03-02, or leave it empty", what, date)
		}
	}
	for _, article := range r.Articles {
		s.text("duty of article "+article.No, article.Duty)
		s.oneOf("confidence of article "+article.No, string(article.Confidence), confidences)
	}
}

// isDate accepts a day, a month or a year: sources often give no more.
func isDate(date string) bool {
	for _, layout := range []string{time.DateOnly, "2006-01", "2006"} {
		if _, err := time.Parse(layout, date); err == nil {
			return true
		}
	}
	return false
}

func (c *checker) complaintCode(code *ComplaintCode) {
	s := c.at(code.Position, code.ID)
	s.id(code.ID)
	s.oneOf("facet", code.Facet, facets)
	s.text("title", code.Title)
	s.oneOf("confidence", string(code.Confidence), confidences)
	s.oneOf("leads_to", code.LeadsTo, leads)
	for _, sign := range code.Signs {
		if word, weight := Sign(sign); word == "" || weight < 1 || weight > 9 {
			s.fault("sign %q: write a word, or a word with a weight from 1 to 9 as in 词*3", sign)
		}
	}
	if code.Parent == "" {
		return
	}
	// A walk up the parents ends at a root, or has gone in a circle.
	seen := []string{code.ID}
	for parent := code.Parent; parent != ""; {
		above, ok := c.book.code[parent]
		switch {
		case !ok:
			s.fault("there is no parent %q", parent)
			return
		case above.Facet != code.Facet:
			s.fault("parent %q is of facet %s, not %s", parent, above.Facet, code.Facet)
			return
		case slices.Contains(seen, parent):
			s.fault("is its own ancestor")
			return
		}
		seen = append(seen, parent)
		parent = above.Parent
	}
}

// attributes checks the declarations that conditions are held against.
func (c *checker) attributes() {
	for _, attribute := range c.book.Attributes {
		s := c.at(attribute.Position, attribute.Name)
		if !attributeName.MatchString(attribute.Name) {
			s.fault("the name is not lower-case letters, digits and _")
		}
		s.oneOf("type", attribute.Type, AttributeTypes())
		s.text("doc", attribute.Doc)
	}
}

func (c *checker) attributeNames() []string {
	var all []string
	for _, attribute := range c.book.Attributes {
		all = append(all, attribute.Name)
	}
	return all
}

// holidays checks that runs of days are dates in order, and that no day is
// both off and worked.
func (c *checker) holidays() {
	off := map[casework.Day]string{}
	for _, year := range c.book.Holidays {
		s := c.at(year.Position, strconv.Itoa(year.Year))
		if year.Year < 1949 || year.Year > 2999 {
			s.fault("year %d is no year", year.Year)
		}
		if year.Source == "" {
			s.fault("has no source")
		}
		for _, rest := range year.Off {
			s.rest(year.Year, rest)
			for day := range rest.days() {
				off[day] = rest.Name
			}
		}
	}
	for _, year := range c.book.Holidays {
		s := c.at(year.Position, strconv.Itoa(year.Year))
		for _, rest := range year.Worked {
			s.rest(year.Year, rest)
			for day := range rest.days() {
				if name, ok := off[day]; ok {
					s.fault("%s is off for %s and worked for %s", day, name, rest.Name)
				}
				if weekday := day.Midnight().Weekday(); weekday != time.Saturday && weekday != time.Sunday {
					s.fault("%s is worked anyway, it is a %s", day, weekday)
				}
			}
		}
	}
}

// rest checks one run of days. The days around 1 January may lie in the year
// before.
func (s spot) rest(year int, r Rest) {
	first, last := r.From.Midnight(), cmp.Or(r.To, r.From).Midnight()
	switch {
	case r.Name == "":
		s.fault("a run of days has no name")
	case first.IsZero() || last.IsZero():
		s.fault("%s from %q to %q are no dates such as 2026-10-01", r.Name, r.From, r.To)
	case last.Before(first):
		s.fault("%s ends on %s before it begins on %s", r.Name, r.To, r.From)
	case last.Sub(first) > longestRest*24*time.Hour:
		s.fault("%s is longer than %d days", r.Name, longestRest)
	case first.Year() != year && first.Year() != year-1 || last.Year() != year && last.Year() != year-1:
		s.fault("%s from %s is not in %d", r.Name, r.From, year)
	}
}
