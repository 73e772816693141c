package console

import (
	"slices"
	"strings"
	"time"

	"xiaobao/casework"
)

// A unit is one line of the tree of units.
type unit struct {
	casework.Org
	Depth int
	Below []unit
}

// tree arranges units by what they belong to. A unit whose parent the user
// may not see stands at the top.
func tree(orgs []casework.Org) []unit {
	known := map[string]bool{}
	for _, org := range orgs {
		known[org.ID] = true
	}
	return below("", 0, orgs, func(org casework.Org) string {
		if known[org.ParentID] && org.ParentID != org.ID {
			return org.ParentID
		}
		return ""
	})
}

func below(parent string, depth int, orgs []casework.Org, parentOf func(casework.Org) string) []unit {
	var units []unit
	for _, org := range orgs {
		if parentOf(org) == parent && depth < 20 { // deeper is a ring in the data
			units = append(units, unit{Org: org, Depth: depth, Below: below(org.ID, depth+1, orgs, parentOf)})
		}
	}
	return units
}

// flat lists a tree from the top, for menus.
func flat(units []unit) []unit {
	var all []unit
	for _, u := range units {
		all = append(all, u)
		all = append(all, flat(u.Below)...)
	}
	return all
}

// Indent sets a unit off in a menu by its depth.
func (u unit) Indent() string { return strings.Repeat("　", u.Depth) }

// units are the lines of the menu of units.
func (v *visit) units() []unit { return flat(tree(v.orgs())) }

// A choice is one value of a menu.
type choice struct {
	Value, Name string
}

// products are the products on record, with their names from the rulebook.
func (v *visit) products() ([]choice, error) {
	codes, err := v.console.Desk.Products(v.Context(), v.User)
	if err != nil {
		return nil, err
	}
	choices := make([]choice, len(codes))
	for i, code := range codes {
		choices[i] = choice{Value: code, Name: v.console.product(code, v.Lang)}
	}
	return choices, nil
}

// product is the name of a product, or its code where the rulebook has none.
func (c *Console) product(code, language string) string {
	for _, d := range c.Book.Disclosures {
		if d.Product == code {
			return d.Title.In(language)
		}
	}
	return wordIn(c.words, language, "product", code)
}

// Product is the name of a product.
func (b Base) Product(code string) string { return b.v.console.product(code, b.Lang) }

// The periods that a form offers, besides days of one's own choice.
var presets = []string{"last_month", "this_month", "last_quarter", "last_30", "last_90", "this_year", "custom"}

// preset is the period of that name, at now.
func preset(name string, now time.Time) (from, to time.Time, ok bool) {
	now = now.In(casework.Beijing)
	today := casework.DayOf(now).Midnight()
	month := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, casework.Beijing)
	quarter := time.Date(now.Year(), (now.Month()-1)/3*3+1, 1, 0, 0, 0, 0, casework.Beijing)
	switch name {
	case "last_month":
		return month.AddDate(0, -1, 0), month, true
	case "this_month":
		return month, today.AddDate(0, 0, 1), true
	case "last_quarter":
		return quarter.AddDate(0, -3, 0), quarter, true
	case "last_30":
		return today.AddDate(0, 0, -29), today.AddDate(0, 0, 1), true
	case "last_90":
		return today.AddDate(0, 0, -89), today.AddDate(0, 0, 1), true
	case "this_year":
		return time.Date(now.Year(), 1, 1, 0, 0, 0, 0, casework.Beijing), today.AddDate(0, 0, 1), true
	}
	return from, to, false
}

// scope reads the scope of a form.
func (v *visit) scope() (casework.Scope, []error) {
	var s casework.Scope
	var problems []error
	note := func(err error) {
		if err != nil {
			problems = append(problems, err)
		}
	}
	var err error
	var ok bool
	if s.From, s.To, ok = preset(v.text("period"), v.console.Now()); !ok {
		s.From, s.To, err = period(v.text("from"), v.text("to"))
		note(err)
	}
	for _, name := range v.texts("channel") {
		s.Channels = append(s.Channels, casework.Channel(name))
	}
	s.Orgs, s.Products = v.texts("org"), v.texts("product")
	s.Agents = words(v.text("agents"))
	if v.text("coverage") == "sample" {
		n, err := v.number("sample")
		note(err)
		if err == nil && n == 0 {
			note(badField("sample", "say how many to draw", "请填写抽样数量"))
		}
		s.Sample = int(min(n, casework.MaxSample+1))
		s.Seed, err = v.number("seed")
		note(err)
	}
	if len(problems) == 0 {
		note(s.Check())
	}
	return s, problems
}

// words splits a list that a person typed: by commas, blanks or lines.
func words(s string) []string {
	list := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",，、;； \t\r\n", r) })
	slices.Sort(list)
	return slices.Compact(list)
}
