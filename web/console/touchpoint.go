package console

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"xiaobao/casework"
	"xiaobao/rulebook"
)

type touchpointPage struct {
	Base
	Touchpoint casework.Touchpoint
	Masked     bool
	Lines      []line
	Signals    []signalView
	Attributes []attributeView
	Findings   []casework.Finding // of inspections, whatever engine
}

// A signalView is a signal with the texts it stands on.
type signalView struct {
	casework.Signal
	Name  string
	Cites []citation
	Seen  []attributeView // its facts
}

// A citation is one basis with the words of the register.
type citation struct {
	Ref        string
	Title      string
	Duty       string
	Confidence casework.Confidence
	Link       string
}

type attributeView struct {
	Name, Doc, Value string
}

// touchpoint shows one contact, with personal data masked.
func (c *Console) touchpoint(v *visit) (reply, error) {
	found, err := c.Desk.Touchpoint(v.Context(), v.User, v.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	return c.showTouchpoint(v, &found, true)
}

// revealTouchpoint shows it unmasked. It answers the POST itself: an address
// that reveals would be one that can be shared and reloaded unseen.
func (c *Console) revealTouchpoint(v *visit) (reply, error) {
	found, err := c.Desk.RevealTouchpoint(v.Context(), v.User, v.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	return c.showTouchpoint(v, &found, false)
}

// showTouchpoint lays a touchpoint out with what the rulebook in force sees
// in it. Masked text is as long as the original, so the marks fit either.
func (c *Console) showTouchpoint(v *visit, t *casework.Touchpoint, masked bool) (reply, error) {
	signals := c.Screener().Screen(t)
	marks := marksOf(signals)
	page := touchpointPage{
		Base: v.base(v.t("touchpoint.title", short(t.ID))), Touchpoint: *t, Masked: masked,
		Attributes: c.attributes(t.Attributes, v.Lang),
	}
	if v.User.May(casework.ViewInspections) {
		found, err := c.Desk.Findings(v.Context(), v.User, casework.FindingFilter{Touchpoint: t.ID}, casework.PageRequest{Limit: 100})
		if err != nil {
			return reply{}, err
		}
		page.Findings = found.Rows
		for i := range found.Rows {
			f := &found.Rows[i]
			f.Title = c.indicator(f.Indicator, f.Title, v.Lang)
			if f.Engine != casework.ByRule { // what rules see is marked already
				marks = append(marks, marksOf([]casework.Signal{{Title: f.Title, Level: f.Level, Evidence: f.Evidence}})...)
			}
		}
	}
	page.Lines = conversation(t, marks)
	for _, s := range signals {
		page.Signals = append(page.Signals, c.signal(s, v.Lang))
	}
	return show("touchpoint", page)
}

// attributes are the facts that came with a touchpoint or that a finding rests
// on, by the names that the rulebook declares. What is counted or read off the
// clock has no declaration; the console has names for that.
func (c *Console) attributes(values map[string]any, language string) []attributeView {
	declared := map[string]rulebook.Attribute{}
	for _, pack := range c.Book.Packs {
		for _, a := range pack.Attributes {
			declared[a.Name] = a
		}
	}
	var views []attributeView
	for _, name := range slices.Sorted(maps.Keys(values)) {
		a := declared[name]
		doc := a.Doc.In(language)
		if a.Type == "text" { // behind the colon are its codes, which show in words
			doc, _, _ = strings.Cut(doc, "：")
			doc, _, _ = strings.Cut(doc, ": ")
		}
		if key := "fact." + name; doc == "" && c.words.knows(language, key) {
			doc = c.words.say(language, key)
		}
		views = append(views, attributeView{Name: name, Doc: doc, Value: c.factValue(name, values[name], language)})
	}
	return views
}

// factValue is a fact as people read it: numbers short, codes in words.
func (c *Console) factValue(name string, value any, language string) string {
	switch value := value.(type) {
	case bool:
		return c.words.say(language, "answer."+strconv.FormatBool(value))
	case float64:
		return strconv.FormatFloat(math.Round(value*1e4)/1e4, 'f', -1, 64)
	case string:
		if at, err := time.Parse(time.RFC3339Nano, value); err == nil {
			return minuteOf(at)
		}
		return wordIn(c.words, language, "fact_value", name+"."+value)
	}
	return textOf(value)
}

func (c *Console) signal(s casework.Signal, language string) signalView {
	return signalView{
		Signal: s, Name: c.indicator(s.Indicator, s.Title, language), Cites: c.citations(s.Basis, language),
		Seen: c.attributes(s.Facts, language),
	}
}

// indicator is the name of an indicator in the rulebook, or else the title
// that the conclusion was filed with.
func (c *Console) indicator(id, filed, language string) string {
	if i, ok := c.Book.Indicator(id); ok {
		return i.Title.In(language)
	}
	return filed
}

// citations look up what conclusions stand on. A basis is "R02 23(四)".
func (c *Console) citations(bases []string, language string) []citation {
	cites := make([]citation, len(bases))
	for i, basis := range bases {
		ref, article, _ := strings.Cut(basis, " ")
		cite := citation{Ref: basis}
		if r, ok := c.Book.Regulation(ref); ok {
			cite.Title, cite.Confidence, cite.Link = r.Title.In(language), r.Confidence, "/rulebook/regulations/"+ref
			cite.Duty, cite.Confidence = duty(r, article, language)
		} else if d, ok := c.Book.Deadline(ref); ok {
			cite.Title, cite.Duty, cite.Link = d.Title.In(language), d.Text.In(language), "/rulebook/deadlines/"+ref
		}
		cites[i] = cite
	}
	return cites
}

func duty(r *rulebook.Regulation, article, language string) (string, casework.Confidence) {
	for _, a := range r.Articles {
		if article != "" && a.No == article {
			return a.Duty.In(language), a.Confidence
		}
	}
	return r.Scope.In(language), r.Confidence
}
