package console

import (
	"errors"
	"net/url"
	"slices"

	"xiaobao/casework"
)

type schedulesPage struct {
	Base
	list
	Items []casework.Schedule
}

type newSchedulePage struct {
	Base
	Form       fields
	Checklists []choice
	Scope      scopeChoices
	Everies    []string
	Windows    []string
}

var (
	everies = []string{"day", "week", "month", "quarter"}
	windows = []string{"previous_day", "previous_week", "previous_month", "previous_quarter"}
)

// schedules lists the inspections that start by themselves.
func (c *Console) schedules(v *visit) (reply, error) {
	page := schedulesPage{list: v.list("/schedules")}
	var err error
	if page.Items, err = c.Desk.Schedules(v.Context(), v.User); err != nil {
		return reply{}, err
	}
	page.filled(len(page.Items), len(page.Items), "")
	if err := page.finish(v); err != nil {
		return reply{}, err
	}
	page.Base = v.base("schedules.title")
	return show("schedules", page)
}

func (c *Console) exportSchedules(v *visit) (reply, error) {
	if err := v.User.Permit(casework.ManageSchedules); err != nil {
		return reply{}, err
	}
	columns := []column[casework.Schedule]{
		{"column.id", func(s casework.Schedule) any { return s.ID }},
		{"column.name", func(s casework.Schedule) any { return s.Name }},
		{"column.checklist", func(s casework.Schedule) any { return s.Checklist }},
		{"column.every", func(s casework.Schedule) any { return wordIn(c.words, v.Lang, "every", s.Every) }},
		{"column.window", func(s casework.Schedule) any { return wordIn(c.words, v.Lang, "window", s.Window) }},
		{"column.next_run", func(s casework.Schedule) any { return s.NextRun }},
		{"column.last_run", func(s casework.Schedule) any { return s.LastRun }},
		{"column.owned_by", func(s casework.Schedule) any { return v.person(s.OwnedBy) }},
	}
	return export(v, "schedules", columns, whole(c.Desk.Schedules(v.Context(), v.User)))
}

// newSchedule is the form for a new schedule.
func (c *Console) newSchedule(v *visit) (reply, error) {
	scope, err := v.scopeChoices()
	if err != nil {
		return reply{}, err
	}
	defaults := url.Values{
		"every": {"month"}, "window": {"previous_month"}, "hour": {"6"}, "coverage": {"full"}, "sample": {"500"}, "seed": {"1"},
		"checklist": {c.checklist("").ID},
	}
	return show("schedule_new", newSchedulePage{
		Base: v.base("schedule_new.title"), Form: v.fields(defaults), Checklists: c.checklistChoices(v.Lang),
		Scope: scope, Everies: everies, Windows: windows,
	})
}

// addSchedule files a new schedule.
func (c *Console) addSchedule(v *visit) (reply, error) {
	name := v.text("name")
	v.PostForm.Set("period", "last_month") // any will do: each start sets its own
	scope, problems := v.scope()
	scope.From, scope.To = casework.Scope{}.From, casework.Scope{}.To
	s := casework.Schedule{
		Name: name, Checklist: v.text("checklist"), Scope: scope, Every: v.text("every"), Window: v.text("window"), OwnedBy: v.User.ID,
	}
	hour, err := v.number("hour")
	if err != nil || hour > 23 {
		problems = append(problems, badField("hour", "give an hour from 0 to 23", "请填写 0 到 23 点"))
	}
	s.AtHour = int(hour)
	if s.Name == "" {
		problems = append(problems, badField("name", "give the schedule a name", "请填写计划名称"))
	}
	if !slices.Contains(everies, s.Every) {
		problems = append(problems, badField("every", "choose how often", "请选择频率"))
	}
	if !slices.Contains(windows, s.Window) {
		problems = append(problems, badField("window", "choose which period to inspect", "请选择每次检查的期间"))
	}
	if err := errors.Join(problems...); err != nil {
		return v.refused(err, c.newSchedule)
	}
	added, err := c.Desk.AddSchedule(v.Context(), v.User, s)
	if err != nil {
		return v.refused(err, c.newSchedule)
	}
	v.say("schedules.added", added.Name)
	return goTo("/schedules")
}

// stepSchedule pauses, resumes, triggers or deletes a schedule.
func (c *Console) stepSchedule(v *visit) (reply, error) {
	id, step := v.PathValue("id"), v.PathValue("step")
	var err error
	switch step {
	case "pause", "resume":
		err = c.Desk.PauseSchedule(v.Context(), v.User, id, step == "pause")
	case "trigger":
		err = c.Desk.TriggerSchedule(v.Context(), v.User, id)
	case "delete":
		err = c.Desk.DeleteSchedule(v.Context(), v.User, id)
	default:
		return c.notFound(v)
	}
	if err != nil {
		return v.refused(err, c.schedules)
	}
	v.say("schedules." + step)
	return goTo("/schedules")
}
