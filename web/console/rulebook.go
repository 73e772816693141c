package console

import (
	"slices"

	"xiaobao/casework"
	"xiaobao/rulebook"
)

// ruleKinds are the shelves of the rulebook.
var ruleKinds = []string{"indicators", "marketing", "regulations", "deadlines", "checklists"}

type rulebookPage struct {
	Base
	list
	Kinds    []ruleShelf
	Kind     string
	Items    []ruleRow
	Levels   []casework.Level
	Channels []casework.Channel
}

type ruleShelf struct {
	Kind  string
	Count int
}

// A ruleRow is one entry of a shelf.
type ruleRow struct {
	ID, Title, Detail string
	Level             string
	Channels          []casework.Channel
	Basis             []string
	Pack              string
}

// rulebook browses the institution's law as data.
func (c *Console) rulebook(v *visit) (reply, error) {
	page := rulebookPage{list: v.list("/rulebook"), Levels: casework.Levels(), Channels: casework.Channels()}
	page.Kind = page.Get("kind")
	if !slices.Contains(ruleKinds, page.Kind) {
		page.Kind = ruleKinds[0]
	}
	for _, kind := range ruleKinds {
		page.Kinds = append(page.Kinds, ruleShelf{Kind: kind, Count: len(c.ruleRows(kind, v.Lang))})
	}
	page.Items = page.narrow(c.ruleRows(page.Kind, v.Lang))
	page.filled(len(page.Items), len(page.Items), "")
	page.Export = "/rulebook/export"
	page.Base = v.base("rulebook.title")
	return show("rulebook", page)
}

// narrow keeps the entries that the filter asks for.
func (l list) narrow(rows []ruleRow) []ruleRow {
	level, channel := l.Get("level"), casework.Channel(l.Get("channel"))
	return slices.DeleteFunc(rows, func(r ruleRow) bool {
		return level != "" && r.Level != level || channel != "" && len(r.Channels) > 0 && !slices.Contains(r.Channels, channel)
	})
}

func (c *Console) ruleRows(kind, language string) []ruleRow {
	var rows []ruleRow
	switch kind {
	case "indicators":
		for _, i := range c.Book.Indicators {
			rows = append(rows, ruleRow{ID: i.ID, Title: i.Title.In(language), Detail: i.Means.In(language), Level: i.Level.String(), Channels: i.Channels, Basis: textsOf(i.Basis), Pack: stamp(i.Pack)})
		}
	case "marketing":
		for _, m := range c.Book.Categories {
			rows = append(rows, ruleRow{ID: m.ID, Title: m.Title.In(language), Detail: m.Advice.In(language), Level: m.Action, Basis: textsOf(m.Basis), Pack: stamp(m.Pack)})
		}
	case "regulations":
		for _, r := range c.Book.Regulations {
			rows = append(rows, ruleRow{ID: r.ID, Title: r.Title.In(language), Detail: r.Document, Level: r.Status, Pack: stamp(r.Pack)})
		}
	case "deadlines":
		for _, d := range c.Book.Deadlines {
			rows = append(rows, ruleRow{ID: d.ID, Title: d.Title.In(language), Detail: d.Text.In(language), Basis: textsOf(d.Basis), Pack: stamp(d.Pack)})
		}
	case "checklists":
		for _, list := range c.Book.Checklists {
			rows = append(rows, ruleRow{ID: list.ID, Title: list.Title.In(language), Detail: wordsCount(c, language, len(list.Items)), Pack: stamp(list.Pack)})
		}
	}
	return rows
}

func wordsCount(c *Console, language string, n int) string {
	return c.words.say(language, "rulebook.items", n)
}

func stamp(p *rulebook.Pack) string {
	if p == nil {
		return ""
	}
	return p.ID + "@" + p.Version
}

func (c *Console) exportRulebook(v *visit) (reply, error) {
	l := v.list("/rulebook")
	kind := l.Get("kind")
	if !slices.Contains(ruleKinds, kind) {
		kind = ruleKinds[0]
	}
	columns := []column[ruleRow]{
		{"column.id", func(r ruleRow) any { return r.ID }},
		{"column.title", func(r ruleRow) any { return r.Title }},
		{"column.level", func(r ruleRow) any { return wordIn(c.words, v.Lang, "rule", r.Level) }},
		{"column.detail", func(r ruleRow) any { return r.Detail }},
		{"column.basis", func(r ruleRow) any { return joined(r.Basis) }},
		{"column.version", func(r ruleRow) any { return r.Pack }},
	}
	return export(v, "rulebook-"+kind, columns, whole(l.narrow(c.ruleRows(kind, v.Lang)), nil))
}
