package console

import (
	"errors"
	"net/url"
	"time"

	"xiaobao/casework"
	"xiaobao/desk"
	"xiaobao/rulebook"
)

type newInspectionPage struct {
	Base
	Form       fields
	Checklists []choice
	Checklist  *rulebook.Checklist
	Elements   []elementView
	Scope      scopeChoices
	Preview    preview
}

// An elementView is one element of a checklist with its items.
type elementView struct {
	rulebook.EvalElement
	Items []rulebook.ChecklistItem
}

// scopeChoices are what a scope can be made of.
type scopeChoices struct {
	Periods  []string
	Channels []casework.Channel
	Units    []unit
	Products []choice
}

// A preview is what a scope would draw.
type preview struct {
	Asked   bool
	Count   int
	Problem string
}

func (v *visit) scopeChoices() (scopeChoices, error) {
	products, err := v.products()
	return scopeChoices{Periods: presets, Channels: casework.Channels(), Units: tree(v.orgs()), Products: products}, err
}

// checklist is the checklist asked for, or the first there is.
func (c *Console) checklist(id string) *rulebook.Checklist {
	if chosen, ok := c.Book.Checklist(id); ok {
		return chosen
	}
	if len(c.Book.Checklists) == 0 {
		return &rulebook.Checklist{}
	}
	return c.Book.Checklists[0]
}

func elements(list *rulebook.Checklist) []elementView {
	var views []elementView
	for _, element := range list.Elements {
		view := elementView{EvalElement: element}
		for _, item := range list.Items {
			if item.Element == element.ID {
				view.Items = append(view.Items, item)
			}
		}
		if len(view.Items) > 0 {
			views = append(views, view)
		}
	}
	return views
}

func (c *Console) checklistChoices(language string) []choice {
	var choices []choice
	for _, list := range c.Book.Checklists {
		choices = append(choices, choice{Value: list.ID, Name: list.Title.In(language)})
	}
	return choices
}

// newInspection is the form that orders an inspection.
func (c *Console) newInspection(v *visit) (reply, error) {
	scope, err := v.scopeChoices()
	if err != nil {
		return reply{}, err
	}
	asked := v.URL.Query().Get("checklist")
	if v.Entered != nil {
		asked = url.Values(v.Entered).Get("checklist")
	}
	chosen := c.checklist(asked)
	defaults := url.Values{
		"name":   {v.t("inspection_new.default_name", c.Now().In(casework.Beijing).Format("2006-01"))},
		"period": {"last_month"}, "whole": {"yes"}, "coverage": {"full"}, "days": {"10"}, "sample": {"500"},
		"seed": {c.Now().In(casework.Beijing).Format("20060102")}, "checklist": {chosen.ID},
	}
	return show("inspection_new", newInspectionPage{
		Base: v.base("inspection_new.title"), Form: v.fields(defaults), Checklist: chosen,
		Checklists: c.checklistChoices(v.Lang), Elements: elements(chosen), Scope: scope,
	})
}

// previewInspection counts what the scope so far would draw.
func (c *Console) previewInspection(v *visit) (reply, error) {
	scope, problems := v.scope()
	shown := preview{Asked: true}
	err := errors.Join(problems...)
	if err == nil {
		shown.Count, err = c.Desk.PreviewScope(v.Context(), v.User, scope)
	}
	if err != nil && casework.KindOf(err) == casework.Internal {
		return reply{}, err
	}
	if err != nil {
		shown.Problem = v.words(err)
	}
	if v.Header.Get("HX-Request") == "true" {
		return fragment("inspection_new", "preview", shown)
	}
	v.Entered = v.PostForm
	answer, err := c.newInspection(v)
	if page, ok := answer.data.(newInspectionPage); ok {
		page.Preview = shown
		answer.data = page
	}
	return answer, err
}

// startInspection orders the inspection.
func (c *Console) startInspection(v *visit) (reply, error) {
	if v.text("step") == "preview" {
		return c.previewInspection(v)
	}
	scope, problems := v.scope()
	request := desk.InspectionRequest{Name: v.text("name"), Checklist: v.text("checklist"), Scope: scope, RequestID: v.text("request_id")}
	if request.Name == "" {
		problems = append(problems, badField("name", "give the inspection a name", "请填写检查名称"))
	}
	if v.text("whole") != "yes" {
		if request.Items = v.texts("item"); len(request.Items) == 0 {
			problems = append(problems, badField("items", "choose at least one item", "请至少选择一个检查条目"))
		}
	}
	days, err := v.number("days")
	if err != nil || days < 1 || days > 180 {
		problems = append(problems, badField("days", "give 1 to 180 days", "认定期限请填写 1 到 180 天"))
	}
	request.AdjudicateWithin = time.Duration(days) * 24 * time.Hour
	if err := errors.Join(problems...); err != nil {
		return v.refused(err, c.newInspection)
	}
	started, err := c.Desk.StartInspection(v.Context(), v.User, request)
	if err != nil {
		return v.refused(err, c.newInspection)
	}
	v.say("inspection_new.started", started.Name)
	return goTo("/inspections/" + url.PathEscape(started.ID))
}
