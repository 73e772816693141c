package activities

import (
	"maps"
	"slices"

	"xiaobao/casework"
	"xiaobao/rulebook"
)

// planItems says how each item asked for is tested, by the checklist as it
// stands now. An item that cannot be tested is planned as not run, with why.
func (a *Activities) planItems(checklist *rulebook.Checklist, wanted []string) []casework.PlannedItem {
	byID := map[string]rulebook.ChecklistItem{}
	for _, item := range checklist.Items {
		byID[item.ID] = item
	}
	weights := map[string]float64{}
	for _, element := range checklist.Elements {
		weights[element.ID] = element.Weight
	}
	var planned []casework.PlannedItem
	for _, id := range itemIDs(checklist, wanted) {
		item, ok := byID[id]
		if !ok {
			planned = append(planned, casework.PlannedItem{
				Item: id, Title: id, Outcome: casework.ItemNotRun, Why: casework.WhyUnknown("item", id),
			})
			continue
		}
		planned = append(planned, a.planItem(item, weights[item.Element]))
	}
	return planned
}

// itemIDs are the items asked for, or all of the checklist, each once.
func itemIDs(checklist *rulebook.Checklist, wanted []string) []string {
	var ids []string
	for _, item := range checklist.Items {
		ids = append(ids, item.ID)
	}
	if len(wanted) == 0 {
		return ids
	}
	ids = nil
	for _, id := range wanted {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

func (a *Activities) planItem(item rulebook.ChecklistItem, elementWeight float64) casework.PlannedItem {
	p := casework.PlannedItem{
		Item: item.ID, Element: item.Element, ElementWeight: elementWeight,
		Title: item.Title.Zh, TitleEn: item.Title.En, Weight: item.Weight, Method: item.Method,
		Query: item.Query, Params: item.Params,
		Question: item.Question.Zh, Respondent: item.Respondent,
		Pass: casework.PassRule{
			MaxFindings: item.Pass.MaxFindings, MaxPerThousand: item.Pass.MaxPerThousand, MaxRed: item.Pass.MaxRed,
		},
		Outcome: casework.ItemWaiting,
	}
	for _, basis := range item.Basis {
		p.Basis = append(p.Basis, basis.String())
	}
	switch {
	case item.Method == casework.ByIndicators:
		a.planIndicators(&p, item.Indicators)
	case item.Method == casework.ByQuery && !a.Inspections.KnowsQuery(item.Query):
		p.Outcome, p.Why = casework.ItemNotRun, casework.WhyUnknown("query", item.Query)
	case item.Method == casework.ByAsking && item.Question.Zh == "":
		p.Outcome, p.Why = casework.ItemNotRun, casework.WhyUnknown("question", item.ID)
	}
	return p
}

// planIndicators keeps the indicators that are in the rulebook, and the
// channels they look at. An item is not run if none of them is there, and
// says so if some are not.
func (a *Activities) planIndicators(p *casework.PlannedItem, named []string) {
	channels, everywhere := map[casework.Channel]bool{}, false
	missing := p.Item
	for _, id := range named {
		indicator, ok := a.Rules.Indicator(id)
		if !ok {
			missing = id
			p.Why = casework.WhyUnknown("indicator", id)
			continue
		}
		p.Indicators = append(p.Indicators, id)
		everywhere = everywhere || len(indicator.Channels) == 0
		for _, c := range indicator.Channels {
			channels[c] = true
		}
	}
	if len(p.Indicators) == 0 {
		p.Outcome, p.Why = casework.ItemNotRun, casework.WhyUnknown("indicator", missing)
	}
	if !everywhere {
		p.Channels = slices.Sorted(maps.Keys(channels))
	}
}

// stamp names the version of the pack that the checklist came with.
func stamp(c *rulebook.Checklist) string {
	if c.Pack == nil {
		return c.ID
	}
	return c.Pack.Stamp()
}

func noChecklist(id string) error {
	return casework.Errorf(casework.NotFound, "there is no checklist %q in the rulebook", id).
		InChinese("规则库中没有检查清单“%s”", id).WithCode("field:checklist")
}
