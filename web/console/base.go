package console

import (
	"net/http"
	"strings"

	"xiaobao/casework"
)

// Base is what the frame of every page shows.
type Base struct {
	Title   string // key of the catalogue, or words as they are
	Lang    string
	Theme   string // auto, light, dark
	User    casework.User
	Menu    []menuGroup
	Notice  *notice
	Plain   bool // the design system is not installed
	Here    string
	Problem string // why the form just sent was refused

	v *visit
}

// A notice is one message from the last step: what came of it.
type notice struct {
	Kind string // success, warning
	Text string
}

type menuGroup struct {
	Name  string
	Items []menuItem
}

type menuItem struct {
	Name, Path, Icon string
	Current          bool
	needs            casework.Action
}

var menu = []menuGroup{
	{Items: []menuItem{
		{Name: "menu.home", Path: "/", Icon: "home"},
	}},
	{Name: "menu.work", Items: []menuItem{
		{Name: "menu.inspections", Path: "/inspections", Icon: "inspections", needs: casework.ViewInspections},
		{Name: "menu.findings", Path: "/findings", Icon: "findings", needs: casework.ViewInspections},
		{Name: "menu.questions", Path: "/questions", Icon: "questions", needs: casework.AnswerQuestions},
		{Name: "menu.schedules", Path: "/schedules", Icon: "schedules", needs: casework.ManageSchedules},
	}},
	{Name: "menu.records", Items: []menuItem{
		{Name: "menu.touchpoints", Path: "/touchpoints", Icon: "touchpoints", needs: casework.ViewTouchpoints},
		{Name: "menu.imports", Path: "/imports", Icon: "imports", needs: casework.ImportData},
		{Name: "menu.rulebook", Path: "/rulebook", Icon: "rulebook", needs: casework.ViewRulebook},
		{Name: "menu.try", Path: "/rulebook/try", Icon: "flask", needs: casework.ViewRulebook},
	}},
	{Name: "menu.models", Items: []menuItem{
		{Name: "menu.consult", Path: "/consult", Icon: "consult", needs: casework.Consult},
		{Name: "menu.engines", Path: "/models", Icon: "engine", needs: casework.ViewModels},
		{Name: "menu.evaluations", Path: "/evaluations", Icon: "measure", needs: casework.ViewModels},
	}},
	{Name: "menu.administration", Items: []menuItem{
		{Name: "menu.users", Path: "/users", Icon: "users", needs: casework.ManageUsers},
		{Name: "menu.organisations", Path: "/organisations", Icon: "organisations", needs: casework.ViewOrganisations},
		{Name: "menu.audit", Path: "/audit", Icon: "audit", needs: casework.ViewAudit},
		{Name: "menu.about", Path: "/about", Icon: "about"},
	}},
}

// base fills the frame of a page.
func (v *visit) base(title string) Base {
	b := Base{
		Title: title, Lang: v.Lang, Theme: theme(v.Request), User: v.User,
		Plain: !v.console.assets.complete, Here: v.URL.Path, v: v,
	}
	if v.User.ID != "" {
		b.Menu = menuFor(v.User, v.URL.Path)
	}
	if v.memo.problem != nil {
		b.Problem = v.words(v.memo.problem)
		if n := len(caseErrors(v.memo.problem)); n > 1 {
			b.Problem = v.t("form.problems", n)
		}
	}
	b.Notice = v.takeNotice()
	return b
}

// menuFor leaves out what the user may not open.
func menuFor(u casework.User, path string) []menuGroup {
	var groups []menuGroup
	best := ""
	for _, group := range menu {
		shown := menuGroup{Name: group.Name}
		for _, item := range group.Items {
			if item.needs != "" && !u.May(item.needs) {
				continue
			}
			shown.Items = append(shown.Items, item)
			under := path == item.Path || item.Path != "/" && strings.HasPrefix(path, item.Path+"/")
			if under && len(item.Path) > len(best) {
				best = item.Path
			}
		}
		if len(shown.Items) > 0 {
			groups = append(groups, shown)
		}
	}
	for _, group := range groups {
		for i := range group.Items {
			group.Items[i].Current = group.Items[i].Path == best
		}
	}
	return groups
}

// May reports whether the user may do an action, so that pages show only what
// will be accepted.
func (b Base) May(action string) bool { return b.User.May(casework.Action(action)) }

// Person is the name of a user, or the id where the name is not known.
func (b Base) Person(id casework.Actor) string { return b.v.person(id) }

// Org is the name of a unit, or the id where the name is not known.
func (b Base) Org(id string) string { return b.v.org(id) }

// theme is the colour scheme that this browser was told to use.
func theme(r *http.Request) string {
	if cookie, err := r.Cookie("xiaobao_theme"); err == nil && (cookie.Value == "light" || cookie.Value == "dark") {
		return cookie.Value
	}
	return "auto"
}

// memo keeps what a visit has asked of the desk, and what went wrong.
type memo struct {
	names   map[casework.Actor]string
	orgs    []casework.Org
	asked   bool
	problem error // why the form just sent was refused
}

func (v *visit) person(id casework.Actor) string {
	if id == "" || id == "system" { // what the program does by itself
		return v.t("actor.system")
	}
	if v.memo.names == nil {
		names, err := v.console.Desk.Names(v.Context())
		if err != nil {
			v.console.Log.WarnContext(v.Context(), "names of users are missing", "error", err)
		}
		if names == nil {
			names = map[casework.Actor]string{}
		}
		v.memo.names = names
	}
	if name := v.memo.names[id]; name != "" {
		return name
	}
	return string(id)
}

// orgs are the units that the user may see.
func (v *visit) orgs() []casework.Org {
	if !v.memo.asked {
		v.memo.asked = true
		orgs, err := v.console.Desk.Orgs(v.Context(), v.User)
		if err != nil {
			v.console.Log.WarnContext(v.Context(), "units are missing", "error", err)
		}
		v.memo.orgs = orgs
	}
	return v.memo.orgs
}

func (v *visit) org(id string) string {
	for _, org := range v.orgs() {
		if org.ID == id {
			return org.Name
		}
	}
	return id
}
