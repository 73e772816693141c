package casework

import (
	"slices"
	"time"
)

// A Role is what a user is here for.
type Role string

// The roles.
const (
	Officer  Role = "officer"  // 消保专员
	Reviewer Role = "reviewer" // 复核、主管: the second person
	Business Role = "business" // 业务经办: answers questions and findings
	Auditor  Role = "auditor"  // 审计、监管: sees everything, changes nothing
	Admin    Role = "admin"    // 系统管理员: users, organisations, imports
)

var roleNames = map[Role][2]string{
	Officer:  {"消保专员", "Officer"},
	Reviewer: {"复核主管", "Reviewer"},
	Business: {"业务经办", "Business line"},
	Auditor:  {"审计", "Auditor"},
	Admin:    {"系统管理员", "Administrator"},
}

// Roles are all roles.
func Roles() []Role { return []Role{Officer, Reviewer, Business, Auditor, Admin} }

// Known reports whether r is one of the roles.
func (r Role) Known() bool { return slices.Contains(Roles(), r) }

// Chinese is the name officers see.
func (r Role) Chinese() string { return named(roleNames, r, 0) }

// English is the name in the English console.
func (r Role) English() string { return named(roleNames, r, 1) }

// An Action is something that needs a permission.
type Action string

// The actions.
const (
	ViewTouchpoints   Action = "view_touchpoints"
	RevealPersonal    Action = "reveal_personal" // see personal data unmasked; audited each time
	ViewInspections   Action = "view_inspections"
	StartInspection   Action = "start_inspection"
	CancelInspection  Action = "cancel_inspection"
	DecideFindings    Action = "decide_findings"
	AnswerQuestions   Action = "answer_questions"
	SubmitReport      Action = "submit_report"
	ConfirmReport     Action = "confirm_report" // never by who submitted it
	ManageSchedules   Action = "manage_schedules"
	ViewRulebook      Action = "view_rulebook"
	ImportData        Action = "import_data"
	ExportData        Action = "export_data"
	ManageUsers       Action = "manage_users"
	ViewOrganisations Action = "view_organisations"
	ViewAudit         Action = "view_audit"
	ViewModels        Action = "view_models"   // endpoints, switches, budgets, calls
	SwitchModels      Action = "switch_models" // off and on, with a reason
	Consult           Action = "consult"       // ask about a document
)

// permissions is the one table of who may do what.
var permissions = map[Action][]Role{
	ViewTouchpoints:   {Officer, Reviewer, Auditor},
	RevealPersonal:    {Officer, Reviewer},
	ViewInspections:   {Officer, Reviewer, Business, Auditor},
	StartInspection:   {Officer, Reviewer},
	CancelInspection:  {Officer, Reviewer},
	DecideFindings:    {Officer, Reviewer},
	AnswerQuestions:   {Officer, Reviewer, Business},
	SubmitReport:      {Officer, Reviewer},
	ConfirmReport:     {Reviewer},
	ManageSchedules:   {Officer, Reviewer},
	ViewRulebook:      {Officer, Reviewer, Business, Auditor, Admin},
	ImportData:        {Officer, Admin},
	ExportData:        {Officer, Reviewer, Auditor},
	ManageUsers:       {Admin},
	ViewOrganisations: {Officer, Reviewer, Auditor, Admin},
	ViewAudit:         {Auditor, Admin, Reviewer},
	ViewModels:        {Officer, Reviewer, Auditor, Admin},
	SwitchModels:      {Reviewer, Admin},
	Consult:           {Officer, Reviewer},
}

// Actions are all actions, sorted.
func Actions() []Action {
	actions := make([]Action, 0, len(permissions))
	for a := range permissions {
		actions = append(actions, a)
	}
	slices.Sort(actions)
	return actions
}

// A User is someone who can log in.
type User struct {
	ID       Actor
	Login    string
	Name     string
	Role     Role
	OrgID    string // sees this unit and all below it
	Active   bool
	Language string // "zh-CN" or "en"
	Via      string // where they act from, for the audit trail: "console", "cli", "api", "system"

	// CredentialsAt is when their password was last set. Sessions that began
	// with another are over.
	CredentialsAt time.Time `json:"-"`
}

// May reports whether the user may do a.
func (u User) May(a Action) bool { return u.Active && slices.Contains(permissions[a], u.Role) }

// Permit refuses, in words, what the user may not do.
func (u User) Permit(a Action) error {
	if u.May(a) {
		return nil
	}
	return Errorf(Denied, "your role %s may not %s; ask someone whose role may", u.Role, a).
		InChinese("您的角色“%s”没有此项权限，请联系有权限的同事办理", u.Role.Chinese()).WithCode("denied:" + string(a))
}

// FourEyes refuses a second decision by the person who took the first.
func FourEyes(first, second Actor) error {
	if first != second {
		return nil
	}
	return Errorf(Denied, "a second person must decide this, not the one who submitted it").
		InChinese("需要由另一位同事复核，不能由提交人本人复核").WithCode("four_eyes")
}
