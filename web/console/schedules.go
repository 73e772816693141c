package console

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"xiaobao/casework"
)

type schedulesPage struct {
	Base
	list
	Items []casework.Schedule
}

type schedulePage struct {
	Base
	Known      *casework.Schedule // the one to change; nil: a new one
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
		{"column.items", func(s casework.Schedule) any { return len(s.Items) }},
		{"column.channel", func(s casework.Schedule) any {
			return joined(each(s.Scope.Channels, func(c casework.Channel) string { return nameIn(v.Lang, c) }))
		}},
		{"column.org", func(s casework.Schedule) any { return joined(s.Scope.Orgs) }},
		{"column.product", func(s casework.Schedule) any { return joined(s.Scope.Products) }},
		{"column.sample", func(s casework.Schedule) any { return s.Scope.Sample }},
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
	return c.scheduleForm(v, nil, url.Values{
		"every": {"month"}, "window": {"previous_month"}, "hour": {"6"}, "coverage": {"full"}, "sample": {"500"}, "seed": {"1"},
		"checklist": {c.checklist("").ID},
	})
}

// editSchedule is the form that changes a schedule.
func (c *Console) editSchedule(v *visit) (reply, error) {
	known, err := v.schedule(v.PathValue("id"))
	if err != nil {
		return reply{}, err
	}
	values := url.Values{
		"name": {known.Name}, "checklist": {known.Checklist}, "every": {known.Every}, "window": {known.Window}, "hour": {strconv.Itoa(known.AtHour)},
		"channel": each(known.Scope.Channels, func(c casework.Channel) string { return string(c) }), "product": known.Scope.Products, "org": known.Scope.Orgs, "agents": {strings.Join(known.Scope.Agents, " ")},
		"coverage": {"full"}, "sample": {"500"}, "seed": {"1"},
	}
	if known.Scope.Sample > 0 {
		values["coverage"], values["sample"], values["seed"] = []string{"sample"}, []string{strconv.Itoa(known.Scope.Sample)}, []string{strconv.FormatInt(known.Scope.Seed, 10)}
	}
	return c.scheduleForm(v, &known, values)
}

// schedule is one schedule of those the visitor may see.
func (v *visit) schedule(id string) (casework.Schedule, error) {
	all, err := v.console.Desk.Schedules(v.Context(), v.User)
	if err != nil {
		return casework.Schedule{}, err
	}
	if i := slices.IndexFunc(all, func(s casework.Schedule) bool { return s.ID == id }); i >= 0 {
		return all[i], nil
	}
	return casework.Schedule{}, casework.Errorf(casework.NotFound, "there is no such schedule").InChinese("没有找到该计划")
}

func (c *Console) scheduleForm(v *visit, known *casework.Schedule, values url.Values) (reply, error) {
	scope, err := v.scopeChoices()
	if err != nil {
		return reply{}, err
	}
	title := "schedule_new.title"
	if known != nil {
		title = "schedule_new.edit"
	}
	return show("schedule_new", schedulePage{
		Base: v.base(title), Known: known, Form: v.fields(values), Checklists: c.checklistChoices(v.Lang),
		Scope: scope, Everies: everies, Windows: windows,
	})
}

// addSchedule files a new schedule, once for each form.
func (c *Console) addSchedule(v *visit) (reply, error) {
	s, err := v.enteredSchedule()
	if err != nil {
		return v.refused(err, c.newSchedule)
	}
	s.ID = v.text("request_id")
	added, err := c.Desk.AddSchedule(v.Context(), v.User, s)
	if err != nil {
		return v.refused(err, c.newSchedule)
	}
	v.say("schedules.added", added.Name)
	return goTo("/schedules")
}

// changeSchedule has a schedule go on otherwise.
func (c *Console) changeSchedule(v *visit) (reply, error) {
	s, err := v.enteredSchedule()
	if err != nil {
		return v.refused(err, c.editSchedule)
	}
	s.ID = v.PathValue("id")
	changed, err := c.Desk.ChangeSchedule(v.Context(), v.User, s)
	if err != nil {
		return v.refused(err, c.editSchedule)
	}
	v.say("schedules.changed", changed.Name)
	return goTo("/schedules")
}

// enteredSchedule is what a form says of a schedule.
func (v *visit) enteredSchedule() (casework.Schedule, error) {
	v.PostForm.Set("period", "last_month") // any will do: each start sets its own
	scope, problems := v.scope()
	scope.From, scope.To = casework.Scope{}.From, casework.Scope{}.To
	s := casework.Schedule{
		Name: v.text("name"), Checklist: v.text("checklist"), Scope: scope, Every: v.text("every"), Window: v.text("window"), OwnedBy: v.User.ID,
	}
	hour, err := v.number("hour")
	if err != nil || hour < 0 || hour > 23 {
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
	return s, errors.Join(problems...)
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

// each turns every element of a list into something else.
func each[T, U any](list []T, as func(T) U) []U {
	all := make([]U, len(list))
	for i, element := range list {
		all[i] = as(element)
	}
	return all
}
