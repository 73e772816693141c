package console

import (
	"xiaobao/casework"
	"xiaobao/rulebook"
)

type rulebookEntryPage struct {
	Base
	Kind       string
	ID         string
	Indicator  *rulebook.Indicator
	Category   *rulebook.Category
	Regulation *rulebook.Regulation
	Deadline   *rulebook.Deadline
	Checklist  *rulebook.Checklist
	Elements   []elementView
	Cites      []citation
	Pack       string
	Cited      []ruleRow // what stands on this regulation
}

// rulebookEntry shows one entry with its examples.
func (c *Console) rulebookEntry(v *visit) (reply, error) {
	page := rulebookEntryPage{Kind: v.PathValue("kind"), ID: v.PathValue("id")}
	title, found := "", false
	var pack *rulebook.Pack
	switch page.Kind {
	case "indicators":
		if page.Indicator, found = c.Book.Indicator(page.ID); found {
			title, pack = page.Indicator.Title.In(v.Lang), page.Indicator.Pack
			page.Cites = c.citations(textsOf(page.Indicator.Basis), v.Lang)
		}
	case "marketing":
		if page.Category, found = c.Book.Category(page.ID); found {
			title, pack = page.Category.Title.In(v.Lang), page.Category.Pack
			page.Cites = c.citations(textsOf(page.Category.Basis), v.Lang)
		}
	case "regulations":
		if page.Regulation, found = c.Book.Regulation(page.ID); found {
			title, pack = page.Regulation.Title.In(v.Lang), page.Regulation.Pack
			page.Cited = c.citing(page.ID, v.Lang)
		}
	case "deadlines":
		if page.Deadline, found = c.Book.Deadline(page.ID); found {
			title, pack = page.Deadline.Title.In(v.Lang), page.Deadline.Pack
			page.Cites = c.citations(textsOf(page.Deadline.Basis), v.Lang)
		}
	case "checklists":
		if page.Checklist, found = c.Book.Checklist(page.ID); found {
			title, pack = page.Checklist.Title.In(v.Lang), page.Checklist.Pack
			page.Elements = elements(page.Checklist)
		}
	}
	if !found {
		return reply{}, casework.Errorf(casework.NotFound, "the rulebook has no such entry").InChinese("规则库中没有这一条")
	}
	page.Pack = stamp(pack)
	page.Base = v.base(title)
	return show("rulebook_entry", page)
}

// citing are the indicators that stand on a regulation.
func (c *Console) citing(ref, language string) []ruleRow {
	var rows []ruleRow
	for _, i := range c.Book.Indicators {
		for _, b := range i.Basis {
			if b.Ref == ref {
				rows = append(rows, ruleRow{ID: i.ID, Title: i.Title.In(language), Level: i.Level.String()})
				break
			}
		}
	}
	return rows
}

// Name is the name of an indicator that a checklist item tests.
func (p rulebookEntryPage) Name(id string) string {
	if i, ok := p.v.console.Book.Indicator(id); ok {
		return i.Title.In(p.Lang)
	}
	return id
}
