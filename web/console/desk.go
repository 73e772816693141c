package console

import (
	"context"
	"io"

	"xiaobao/casework"
	"xiaobao/desk"
)

// A Desk is all that the console asks of the rest of the house. Every method
// but Login, User and Names takes the user who asks, refuses what their role or
// unit does not allow with a casework.Error, and writes the audit trail.
type Desk interface {
	Accounts
	Touchpoints
	Inspections
	Findings
	Questions
	Schedules
	Imports
	Institution
	Trail
	Models
	Consultations
}

// Accounts are who may log in, and as whom.
type Accounts interface {
	// Login checks a password. Address is where the request came from, for the
	// throttle. Busy means too many attempts, Denied a wrong login or password.
	Login(ctx context.Context, login, password, address, via string) (casework.User, error)
	// User is who a session belongs to; asked at every request, so that a
	// disabled account is out at once (NotFound or Denied).
	User(ctx context.Context, id casework.Actor, via string) (casework.User, error)
	ChangePassword(ctx context.Context, u casework.User, old, fresh string) error
	SetLanguage(ctx context.Context, u casework.User, language string) error
	// Names are the names of all users, by id, for "decided by" and the like.
	Names(ctx context.Context) (map[casework.Actor]string, error)

	Users(ctx context.Context, u casework.User) ([]casework.User, error)
	AddUser(ctx context.Context, u casework.User, added casework.User, password string) (casework.User, error)
	SetActive(ctx context.Context, u casework.User, id casework.Actor, active bool) error
	ResetPassword(ctx context.Context, u casework.User, id casework.Actor, password string) error
}

// Touchpoints are the records of contacts with consumers.
type Touchpoints interface {
	Touchpoints(ctx context.Context, u casework.User, f casework.TouchpointFilter, p casework.PageRequest) (casework.Listing[casework.Touchpoint], error)
	// Touchpoint is one contact with personal data masked. Masking keeps the
	// number of characters, so that evidence offsets hold in both readings.
	Touchpoint(ctx context.Context, u casework.User, id string) (casework.Touchpoint, error)
	// RevealTouchpoint is the same unmasked; each time is on the audit trail.
	RevealTouchpoint(ctx context.Context, u casework.User, id string) (casework.Touchpoint, error)
	// Products are the product codes on record, sorted.
	Products(ctx context.Context, u casework.User) ([]string, error)
}

// Inspections are the self-inspections.
type Inspections interface {
	PreviewScope(ctx context.Context, u casework.User, s casework.Scope) (int, error)
	StartInspection(ctx context.Context, u casework.User, r desk.InspectionRequest) (casework.Inspection, error)
	Inspections(ctx context.Context, u casework.User, f casework.InspectionFilter, p casework.PageRequest) (casework.Listing[casework.Inspection], error)
	Inspection(ctx context.Context, u casework.User, id string) (casework.Inspection, error)
	InspectionItems(ctx context.Context, u casework.User, id string) ([]casework.InspectionItem, error)
	Timeline(ctx context.Context, u casework.User, id string) ([]casework.Occurrence, error)
	SubmitReport(ctx context.Context, u casework.User, inspection, request string) error
	ConfirmReport(ctx context.Context, u casework.User, inspection, request string, accept bool, why string) error
	CancelInspection(ctx context.Context, u casework.User, inspection, request, why string) error
	// ReportXLSX writes the report as a workbook.
	ReportXLSX(ctx context.Context, u casework.User, id string, w io.Writer) error
	ToDos(ctx context.Context, u casework.User) ([]casework.ToDo, error)
}

// Findings are what inspections saw.
type Findings interface {
	Findings(ctx context.Context, u casework.User, f casework.FindingFilter, p casework.PageRequest) (casework.Listing[casework.Finding], error)
	Finding(ctx context.Context, u casework.User, id string) (casework.Finding, error)
	// Neighbours are the candidates before and after a finding in its
	// inspection, in the natural order of the list; empty at either end.
	Neighbours(ctx context.Context, u casework.User, id string) (before, after string, err error)
	// CountFindings counts the findings that match by level.
	CountFindings(ctx context.Context, u casework.User, f casework.FindingFilter) (map[casework.Level]casework.FindingCounts, error)
	Decide(ctx context.Context, u casework.User, inspection string, r desk.VerdictRequest) (casework.VerdictResult, error)
}

// Questions are what inspections ask of people.
type Questions interface {
	Questions(ctx context.Context, u casework.User, f casework.QuestionFilter, p casework.PageRequest) (casework.Listing[casework.Question], error)
	Question(ctx context.Context, u casework.User, id string) (casework.Question, error)
	Answer(ctx context.Context, u casework.User, r desk.AnswerRequest) error
}

// Schedules start inspections by themselves.
type Schedules interface {
	Schedules(ctx context.Context, u casework.User) ([]casework.Schedule, error)
	AddSchedule(ctx context.Context, u casework.User, s casework.Schedule) (casework.Schedule, error)
	ChangeSchedule(ctx context.Context, u casework.User, s casework.Schedule) (casework.Schedule, error)
	PauseSchedule(ctx context.Context, u casework.User, id string, pause bool) error
	TriggerSchedule(ctx context.Context, u casework.User, id string) error
	DeleteSchedule(ctx context.Context, u casework.User, id string) error
}

// Imports bring files in. A dry run reads the whole file, keeps it, and gives
// a preview; RunImport then takes the rows of that file in.
type Imports interface {
	Imports(ctx context.Context, u casework.User, p casework.PageRequest) (casework.Listing[casework.ImportRun], error)
	Import(ctx context.Context, u casework.User, id string) (casework.ImportRun, error)
	DryRunImport(ctx context.Context, u casework.User, r ImportRequest) (casework.ImportRun, error)
	RunImport(ctx context.Context, u casework.User, id string, skipInvalid bool) (casework.ImportRun, error)

	// What a file of a kind can hold, and an empty table of it; nil if there
	// is no such kind.
	ImportFields(kind string) []casework.ImportField
	ImportTemplate(kind string) []byte
}

// Institution is how the institution is organised.
type Institution interface {
	// Orgs are the units, for forms, filters and names. Everyone may ask.
	Orgs(ctx context.Context, u casework.User) ([]casework.Org, error)
	AddOrg(ctx context.Context, u casework.User, o casework.Org) error
}

// Trail is who did what, and what users keep for themselves.
type Trail interface {
	Audit(ctx context.Context, u casework.User, f casework.AuditFilter, p casework.PageRequest) (casework.Listing[casework.AuditEntry], error)
	// VerifyAudit goes through the chain; broken is the first link that does
	// not hold, 0 if all do.
	VerifyAudit(ctx context.Context, u casework.User) (entries int, broken int64, err error)
	// Exported puts on the audit trail that a list leaves the house.
	Exported(ctx context.Context, u casework.User, list string) error

	Views(ctx context.Context, u casework.User, list string) ([]casework.SavedView, error)
	SaveView(ctx context.Context, u casework.User, v casework.SavedView) error
	DeleteView(ctx context.Context, u casework.User, id string) error
}

// A Screener says what the rulebook sees in a text; it keeps nothing.
type Screener interface {
	Screen(t *casework.Touchpoint) []casework.Signal
}

// An ImportRequest is a file to read.
type ImportRequest = desk.ImportRequest

var _ Desk = (*desk.Desk)(nil)

// Models are the engines beyond the rules, and how well each does.
type Models interface {
	Models(ctx context.Context, u casework.User) (casework.ModelsStanding, error)
	ModelCalls(ctx context.Context, u casework.User, f casework.ModelCallFilter, p casework.PageRequest) (casework.Listing[casework.ModelCall], error)
	// SwitchModel turns an endpoint, or with casework.AllModels every one, off
	// or on; the reason is on the audit trail.
	SwitchModel(ctx context.Context, u casework.User, endpoint string, off bool, reason string) error
	LocalModels(ctx context.Context, u casework.User) ([]casework.LocalModel, error)
	// Cascade says how many touchpoints of an inspection each engine decided;
	// nil where there were only rules.
	Cascade(ctx context.Context, u casework.User, inspection string) (*casework.CascadeCount, error)
	Evaluations(ctx context.Context, u casework.User, p casework.PageRequest) (casework.Listing[casework.FiledEvaluation], error)
	Evaluation(ctx context.Context, u casework.User, id string) (casework.FiledEvaluation, error)
}

// Consultations have one document read for one purpose.
type Consultations interface {
	Consult(ctx context.Context, u casework.User, request string, p casework.Purpose, d casework.Document) (id string, err error)
	// Consultation is one with its document, personal data masked; masking
	// keeps the number of characters.
	Consultation(ctx context.Context, u casework.User, id string) (casework.Consultation, casework.Document, error)
	// RevealConsultation is the same unmasked; each time is on the audit trail.
	RevealConsultation(ctx context.Context, u casework.User, id string) (casework.Consultation, casework.Document, error)
	Consultations(ctx context.Context, u casework.User, p casework.PageRequest) (casework.Listing[casework.Consultation], error)
	// Trial is what each engine but the language model makes of a touchpoint
	// that was consulted about, and what would be sent to that.
	Trial(ctx context.Context, u casework.User, id string) (casework.Trial, error)
}
