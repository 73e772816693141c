package screening

import (
	"cmp"
	"slices"
	"strings"

	"xiaobao/casework"
	"xiaobao/rulebook"
)

// A Material is a piece of marketing content (营销宣传材料) to review.
type Material struct {
	ID      string           `json:"id"`
	Product string           `json:"product,omitempty"`
	Channel casework.Channel `json:"channel,omitempty"`
	Text    string           `json:"text"`
}

// What is to be done about a wording, the gravest first: it must go, it needs
// a companion statement, a person decides, nothing.
const (
	Block    = "BLOCK"
	Fix      = "FIX"
	Reviewed = "REVIEW"
	None     = "NONE"
)

var actions = []string{Block, Fix, Reviewed, None}

// A Review is what the rules say about a material. Level is the gravest
// action of its wordings. What it does not show is listed beside it, with an
// action of its own, and leaves the level alone: a material is often one part
// of an offer, whose other parts show the rest, and only a person sees the whole.
type Review struct {
	Level    string              `json:"level"`
	Findings []Remark            `json:"findings"`
	Missing  []MissingDisclosure `json:"missing_disclosures"`
}

// A Remark is a risky wording found in a material.
type Remark struct {
	Label      string              `json:"label"` // of the category: "M01"
	PhraseID   string              `json:"phrase_id"`
	Title      string              `json:"title"`
	Action     string              `json:"action"`
	Version    string              `json:"version"`
	Certainty  float64             `json:"certainty"`
	Basis      []string            `json:"basis"`
	Suggestion string              `json:"suggestion"`
	Evidence   []casework.Evidence `json:"evidence"`
	Obscured   bool                `json:"obscured,omitempty"`
}

// A MissingDisclosure is something that a material for the product must show
// and does not.
type MissingDisclosure struct {
	Element string   `json:"element"`
	Product string   `json:"product"` // whose list wants it; "any" is for all
	Title   string   `json:"title"`
	Action  string   `json:"action"`
	Basis   []string `json:"basis"`
	Sample  string   `json:"sample,omitempty"`
}

// phrase is what Review needs of rulebook.Phrase.
type phrase struct {
	*rulebook.Phrase
	category *rulebook.Category
	action   string
	products []string
	when     *rulebook.Condition
	basis    []string
	stamp    string
}

// element is what Review needs of rulebook.Element.
type element struct {
	*rulebook.Element
	product string
	shown   int32 // owner of the patterns that show it
	calls   int32 // owner of the patterns that call for it, or -1
	basis   []string
}

// materials are the rules for marketing content.
type materials struct {
	*ruleset
	view     *view
	phrases  []phrase // owners 0…
	elements []element
}

// unguarded are the guards of disclosures: what is shown is shown, in
// whatever words around it.
var unguarded = &[]string{}

// compileMaterials compiles categories and disclosures.
func compileMaterials(b *rulebook.Book) (*materials, error) {
	m, build := &materials{}, newBuilder(b)
	for _, category := range b.Categories {
		for i := range category.Phrases {
			p := &category.Phrases[i]
			compiled, err := compilePhrase(b, category, p)
			if err == nil {
				_, err = build.owner(owner{}, p.Patterns, p.Guards)
			}
			if err != nil {
				return nil, faultOf(p.Position, p.ID, err)
			}
			m.phrases = append(m.phrases, compiled)
		}
	}
	for _, d := range b.Disclosures {
		for i := range d.Elements {
			e := element{Element: &d.Elements[i], product: d.Product, calls: -1, basis: citations(d.Elements[i].Basis)}
			var err error
			if e.shown, err = build.owner(owner{}, e.Patterns, unguarded); err == nil && len(e.If) > 0 {
				e.calls, err = build.owner(owner{}, e.If, unguarded)
			}
			if err != nil {
				return nil, faultOf(e.Position, d.Product+" "+e.ID, err)
			}
			m.elements = append(m.elements, e)
		}
	}
	m.ruleset = build.build()
	m.view = m.everything()
	return m, nil
}

func compilePhrase(b *rulebook.Book, category *rulebook.Category, p *rulebook.Phrase) (phrase, error) {
	out := phrase{
		Phrase: p, category: category, action: cmp.Or(p.Action, category.Action),
		products: p.Products, basis: citations(category.Basis),
	}
	if len(out.products) == 0 {
		out.products = category.Products
	}
	if category.Pack != nil {
		out.stamp = category.Pack.Stamp()
	}
	var err error
	if p.When != "" {
		out.when, err = b.CompileCondition(p.When)
	}
	return out, err
}

func citations(basis []casework.Basis) []string {
	out := make([]string, len(basis))
	for i, b := range basis {
		out[i] = b.String()
	}
	return out
}

// A materialReader is a matcher with what it notes about owners.
type materialReader struct {
	*matcher
	stands []bool // by owner: whether any of its patterns holds
}

// Review holds a material against the marketing rules and the disclosures
// that its product and channel want.
func (s *Screener) Review(material Material) Review {
	rules := s.engine.materials
	if s.materials == nil {
		s.materials = &materialReader{newMatcher(rules.ruleset), make([]bool, len(rules.owners))}
	}
	r := s.materials
	s.faults = s.faults[:0]
	s.facts = rulebook.Facts{Channel: material.Channel, Product: material.Product, Speaker: casework.Page}
	r.read(&casework.Touchpoint{Channel: material.Channel, Turns: []casework.Turn{{Speaker: casework.Page, Text: material.Text}}}, rules.view)
	r.judge("", nil)
	s.confirm(r.matcher)
	clear(r.stands)
	for _, k := range r.marks {
		r.stands[r.rules[k.rule].owner] = true
	}
	review := Review{Level: None, Findings: []Remark{}, Missing: s.missing(material)}
	for number, marks := range r.owned() {
		if int(number) >= len(rules.phrases) {
			break
		}
		if p := &rules.phrases[number]; s.concerns(p, material) {
			review.Findings = append(review.Findings, r.remark(p, marks))
		}
	}
	slices.SortStableFunc(review.Findings, func(a, b Remark) int {
		return cmp.Or(gravity(a.Action)-gravity(b.Action), strings.Compare(a.PhraseID, b.PhraseID))
	})
	if len(review.Findings) > 0 {
		review.Level = review.Findings[0].Action
	}
	return review
}

// gravity orders actions, the gravest first.
func gravity(action string) int { return slices.Index(actions, action) }

// concerns reports whether a phrase counts in this material: it is about its
// product, its condition holds, and no companion statements excuse it.
func (s *Screener) concerns(p *phrase, material Material) bool {
	switch {
	case len(p.products) > 0 && s.engine.sells(material.Product) && !slices.Contains(p.products, material.Product):
		return false
	case !s.holds(p.when):
		return false
	case p.action != Fix || len(p.Companions) == 0:
		return true
	}
	return slices.ContainsFunc(p.Companions, func(id string) bool { return !s.shows(id) })
}

// shows reports whether the material read last shows a disclosure, in the
// sense of any product's list.
func (s *Screener) shows(id string) bool {
	return slices.ContainsFunc(s.engine.materials.elements, func(e element) bool {
		return e.ID == id && s.materials.stands[e.shown]
	})
}

// missing lists what the material read last does not show.
func (s *Screener) missing(material Material) []MissingDisclosure {
	out := []MissingDisclosure{}
	for i := range s.engine.materials.elements {
		e := &s.engine.materials.elements[i]
		switch {
		case e.product != "any" && e.product != material.Product,
			len(e.Channels) > 0 && !slices.Contains(e.Channels, material.Channel),
			e.calls >= 0 && !s.materials.stands[e.calls],
			s.materials.stands[e.shown]:
			continue
		}
		out = append(out, MissingDisclosure{
			Element: e.ID, Product: e.product, Title: e.Title.Zh, Action: cmp.Or(e.Action, Fix),
			Basis: e.basis, Sample: e.Sample.Zh,
		})
	}
	return out
}

// remark makes a remark of a phrase from its marks.
func (m *matcher) remark(p *phrase, marks []mark) Remark {
	out := Remark{
		Label: p.category.ID, PhraseID: p.ID, Title: p.category.Title.Zh, Action: p.action, Version: p.stamp,
		Basis: p.basis, Suggestion: cmp.Or(p.Suggestion.Zh, p.category.Advice.Zh), Evidence: m.evidence(marks),
	}
	for _, k := range marks {
		out.Certainty = max(out.Certainty, k.certainty(&m.rules[k.rule]))
		out.Obscured = out.Obscured || k.obscured
	}
	return out
}

// sells reports whether the rulebook knows the product. Of one it does not
// know, every wording is held against every rule.
func (e *Engine) sells(product string) bool { return slices.Contains(e.Products(), product) }

// Products are the products that the rulebook wants disclosures for, without
// "any".
func (e *Engine) Products() []string {
	var products []string
	for _, d := range e.book.Disclosures {
		if d.Product != "any" {
			products = append(products, d.Product)
		}
	}
	return products
}
