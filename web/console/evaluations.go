package console

import (
	"cmp"
	"iter"
	"maps"
	"slices"

	"xiaobao/casework"
)

func mapsKeys[V any](m map[string]V) iter.Seq[string] { return maps.Keys(m) }

type evaluationsPage struct {
	Base
	list
	Items []casework.FiledEvaluation
}

type evaluationPage struct {
	Base
	Filed  casework.FiledEvaluation
	Labels []labelScore
}

// A labelScore is one row of an evaluation.
type labelScore struct {
	ID, Name string
	casework.Score
}

// evaluations lists how well each engine did, when it was measured.
func (c *Console) evaluations(v *visit) (reply, error) {
	page := evaluationsPage{list: v.list("/evaluations")}
	rows, err := c.Desk.Evaluations(v.Context(), v.User, page.page())
	if err != nil {
		return reply{}, err
	}
	page.Items = rows.Rows
	page.filled(len(rows.Rows), rows.Total, rows.Next)
	page.Base = v.base("evaluations.title")
	return show("evaluations", page)
}

// evaluation shows one of them, label by label; the worst come first.
func (c *Console) evaluation(v *visit) (reply, error) {
	filed, err := c.Desk.Evaluation(v.Context(), v.User, v.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	page := evaluationPage{Filed: filed}
	for _, id := range slices.Sorted(maps.Keys(filed.Body.Labels)) {
		page.Labels = append(page.Labels, labelScore{id, c.labelName(id, v.Lang), *filed.Body.Labels[id]})
	}
	slices.SortStableFunc(page.Labels, func(a, b labelScore) int { return cmp.Compare(a.F1, b.F1) })
	page.Base = v.base(cmp.Or(filed.Name, "evaluations.title"))
	return show("evaluation", page)
}

// labelName is what an indicator or a marketing category is called.
func (c *Console) labelName(id, language string) string {
	if category, ok := c.Book.Category(id); ok {
		return category.Title.In(language)
	}
	return c.indicator(id, id, language)
}
