package console

import (
	"context"
	"io"
	"time"

	"xiaobao/casework"
)

// A Desk is all that the console asks of the rest of the house. Every method
// but Login and UserByID takes the user who asks, refuses what their role or
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
}

// Accounts are who may log in, and as whom.
type Accounts interface {
	// Login checks a password. From is the address of the caller, for the
	// throttle. Busy means too many attempts, Denied a wrong login or password.
	Login(ctx context.Context, login, password, from string) (casework.User, error)
	// UserByID is who a session belongs to; asked at every request, so that a
	// disabled account is out at once.
	UserByID(ctx context.Context, id casework.Actor) (casework.User, error)
	ChangePassword(ctx context.Context, u casework.User, old, fresh string) error
	SetLanguage(ctx context.Context, u casework.User, language string) error
	// Names are the names of all users, by id, for "decided by" and the like.
	Names(ctx context.Context, u casework.User) (map[casework.Actor]string, error)

	Users(ctx context.Context, u casework.User) ([]casework.User, error)
	AddUser(ctx context.Context, u casework.User, r UserRequest) (casework.User, error)
	SetUserActive(ctx context.Context, u casework.User, id casework.Actor, active bool) error
	ResetPassword(ctx context.Context, u casework.User, id casework.Actor, password string) error
}

// Touchpoints are the records of contacts with consumers.
type Touchpoints interface {
	Touchpoints(ctx context.Context, u casework.User, f casework.TouchpointFilter, p casework.PageRequest) (casework.Listing[casework.Touchpoint], error)
	// Touchpoint is one contact with personal data masked. Masking keeps the
	// number of characters, so that evidence offsets hold in both readings.
	Touchpoint(ctx context.Context, u casework.User, id string) (TouchpointReading, error)
	// RevealTouchpoint is the same unmasked; each time is on the audit trail.
	RevealTouchpoint(ctx context.Context, u casework.User, id string) (TouchpointReading, error)
	// Products are the product codes on record, sorted.
	Products(ctx context.Context, u casework.User) ([]string, error)
}

// Inspections are the self-inspections.
type Inspections interface {
	PreviewScope(ctx context.Context, u casework.User, s casework.Scope) (int, error)
	StartInspection(ctx context.Context, u casework.User, r InspectionRequest) (casework.Inspection, error)
	Inspections(ctx context.Context, u casework.User, f casework.InspectionFilter, p casework.PageRequest) (casework.Listing[casework.Inspection], error)
	Inspection(ctx context.Context, u casework.User, id string) (casework.Inspection, error)
	InspectionItems(ctx context.Context, u casework.User, id string) ([]casework.InspectionItem, error)
	Timeline(ctx context.Context, u casework.User, id string) ([]casework.Occurrence, error)
	SubmitReport(ctx context.Context, u casework.User, id, requestID string) error
	ConfirmReport(ctx context.Context, u casework.User, id string, accept bool, note, requestID string) error
	CancelInspection(ctx context.Context, u casework.User, id, note, requestID string) error
	// WriteReport writes the report as an XLSX file.
	WriteReport(ctx context.Context, u casework.User, id string, w io.Writer) error
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
	Decide(ctx context.Context, u casework.User, inspection string, r VerdictRequest) (VerdictResult, error)
}

// Questions are what inspections ask of people.
type Questions interface {
	Questions(ctx context.Context, u casework.User, f QuestionFilter) ([]casework.Question, error)
	Question(ctx context.Context, u casework.User, id string) (casework.Question, error)
	Answer(ctx context.Context, u casework.User, r AnswerRequest) error
}

// Schedules start inspections by themselves.
type Schedules interface {
	Schedules(ctx context.Context, u casework.User) ([]casework.Schedule, error)
	AddSchedule(ctx context.Context, u casework.User, s casework.Schedule, requestID string) (casework.Schedule, error)
	PauseSchedule(ctx context.Context, u casework.User, id string, paused bool) error
	TriggerSchedule(ctx context.Context, u casework.User, id, requestID string) error
	DeleteSchedule(ctx context.Context, u casework.User, id string) error
}

// Imports bring files in. A dry run reads the whole file, keeps it, and gives
// a preview; RunImport then takes the rows of that file in.
type Imports interface {
	Imports(ctx context.Context, u casework.User, p casework.PageRequest) (casework.Listing[casework.ImportRun], error)
	Import(ctx context.Context, u casework.User, id string) (casework.ImportRun, error)
	DryRunImport(ctx context.Context, u casework.User, r ImportRequest) (casework.ImportRun, error)
	RunImport(ctx context.Context, u casework.User, id string, skipInvalid bool) (casework.ImportRun, error)
}

// Institution is how the institution is organised.
type Institution interface {
	// Orgs are the units the user may see, their own and all below. Everyone
	// may ask, because pages name units.
	Orgs(ctx context.Context, u casework.User) ([]casework.Org, error)
	AddOrg(ctx context.Context, u casework.User, o casework.Org) error
}

// Trail is who did what, and what users keep for themselves.
type Trail interface {
	Audit(ctx context.Context, u casework.User, f casework.AuditFilter, p casework.PageRequest) (casework.Listing[casework.AuditEntry], error)
	VerifyAudit(ctx context.Context, u casework.User) (AuditProof, error)
	// RecordExport puts on the audit trail that a list left the house.
	RecordExport(ctx context.Context, u casework.User, list string, rows int) error

	SavedViews(ctx context.Context, u casework.User, list string) ([]casework.SavedView, error)
	SaveView(ctx context.Context, u casework.User, v casework.SavedView) error
	DropView(ctx context.Context, u casework.User, id string) error
}

// A Screener says what the rulebook sees in a text; it keeps nothing.
type Screener interface {
	Screen(t *casework.Touchpoint) []casework.Signal
}

// A TouchpointReading is a touchpoint as one user may read it.
type TouchpointReading struct {
	Touchpoint casework.Touchpoint
	Masked     bool // personal data is hidden
	Signals    []casework.Signal
}

// An InspectionRequest orders an inspection.
type InspectionRequest struct {
	Name             string
	Checklist        string
	Items            []string // empty: all of the checklist
	Scope            casework.Scope
	AdjudicateWithin time.Duration // 0: the desk's default
	RequestID        string        // the same id again gives the same inspection
}

// A VerdictRequest decides findings of one inspection.
type VerdictRequest struct {
	Verdict   casework.Verdict
	Findings  []string
	Reason    casework.DismissReason
	MergeInto string
	Note      string
	RequestID string
}

// A VerdictResult is what came of a verdict. A refused finding does not stop
// the others.
type VerdictResult struct {
	Decided int
	Refused []RefusedFinding
	Left    int // candidates still open in the inspection
}

// A RefusedFinding is one that was not decided, and why.
type RefusedFinding struct {
	ID  string
	Why string // code: decided, not_found
	By  casework.Actor
}

// A QuestionFilter narrows the list of questions.
type QuestionFilter struct {
	Inspection string
	Mine       bool // asked of this user
	Open       bool // not yet answered
}

// An AnswerRequest answers a question.
type AnswerRequest struct {
	Question  string
	Outcome   casework.ItemOutcome // passed, failed, not_applicable
	Note      string
	RequestID string
}

// A UserRequest adds a user.
type UserRequest struct {
	Login    string
	Name     string
	Role     casework.Role
	OrgID    string
	Password string
}

// An ImportRequest is a file to read.
type ImportRequest struct {
	Kind    string // touchpoints, customers, staff, orgs
	File    string // base name
	Content io.Reader
	Mapping []byte // YAML; empty: columns are named as the format says
}

// An AuditProof is what verifying the chain came to.
type AuditProof struct {
	Entries  int
	BrokenAt *int64 // the first link that does not hold
	At       time.Time
}
