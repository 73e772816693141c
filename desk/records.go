package desk

import (
	"context"
	"time"

	"xiaobao/casework"
	"xiaobao/importing"
)

// Records is what the desk asks of the database. Package store has it all.
type Records interface {
	touchpointRecords
	inspectionRecords
	scheduleRecords
	peopleRecords
	importRecords
	auditRecords
	modelRecords
	consultationRecords
}

type touchpointRecords interface {
	Touchpoint(ctx context.Context, id string) (casework.Touchpoint, error)
	TouchpointsOf(ctx context.Context, ids []string) (map[string]casework.Touchpoint, error)
	Touchpoints(ctx context.Context, f casework.TouchpointFilter, p casework.PageRequest) (casework.Listing[casework.Touchpoint], error)
	Products(ctx context.Context) ([]string, error)
	CountTouchpoints(ctx context.Context, s casework.Scope) (int, error)

	// TouchpointSpan gives when the first and the last touchpoint happened;
	// zero times if there are none.
	TouchpointSpan(ctx context.Context) (first, last time.Time, err error)

	// CustomerNames are the names of customers by id, as far as they are on
	// record: what is shown of their words must not have them.
	CustomerNames(ctx context.Context, ids []string) (map[string]string, error)
}

type inspectionRecords interface {
	CreateInspection(ctx context.Context, i casework.Inspection) error
	Inspection(ctx context.Context, id string) (casework.Inspection, error)
	Inspections(ctx context.Context, f casework.InspectionFilter, p casework.PageRequest) (casework.Listing[casework.Inspection], error)

	// OrderedBefore lists inspections that were ordered before t and whose
	// procedure has not written a step since.
	OrderedBefore(ctx context.Context, t time.Time) ([]casework.Inspection, error)

	// CloseFailedInspection records as cancelled an inspection whose procedure
	// has ended without its last step; false if it has ended already.
	CloseFailedInspection(ctx context.Context, id string, by casework.Actor, at time.Time, noteRef string) (bool, error)
	InspectionItems(ctx context.Context, inspection string) ([]casework.InspectionItem, error)
	Occurrences(ctx context.Context, about string) ([]casework.Occurrence, error)
	Finding(ctx context.Context, id string) (casework.Finding, error)
	Findings(ctx context.Context, f casework.FindingFilter, p casework.PageRequest) (casework.Listing[casework.Finding], error)
	// Neighbours are the candidates before and after a finding in its inspection.
	Neighbours(ctx context.Context, finding string) (before, after string, err error)
	CountFindings(ctx context.Context, f casework.FindingFilter) (map[casework.Level]casework.FindingCounts, error)
	Question(ctx context.Context, id string) (casework.Question, error)
	Questions(ctx context.Context, f casework.QuestionFilter, p casework.PageRequest) (casework.Listing[casework.Question], error)
	AddNote(ctx context.Context, n casework.Note) error
	ToDos(ctx context.Context, u casework.User, within []string) ([]casework.ToDo, error)
}

type scheduleRecords interface {
	SaveSchedule(ctx context.Context, s casework.Schedule) error
	Schedule(ctx context.Context, id string) (casework.Schedule, error)
	Schedules(ctx context.Context, within []string) ([]casework.Schedule, error)
	DeleteSchedule(ctx context.Context, id string) error
}

type peopleRecords interface {
	Org(ctx context.Context, id string) (casework.Org, error)
	Orgs(ctx context.Context) ([]casework.Org, error)
	AddOrgs(ctx context.Context, orgs []casework.Org) (casework.BatchResult, error)

	// OrgsBelow lists the ids of units and all below them.
	OrgsBelow(ctx context.Context, units []string) ([]string, error)
	SetRespondent(ctx context.Context, org, kind string, user casework.Actor) error

	// Respondent is who answers in a unit or, by default, above it.
	Respondent(ctx context.Context, org, kind string) (casework.Actor, error)
	AddUser(ctx context.Context, u casework.User, passwordHash string) error
	User(ctx context.Context, id casework.Actor) (casework.User, error)
	UserByLogin(ctx context.Context, login string) (casework.User, string, error)
	Users(ctx context.Context) ([]casework.User, error)
	SetPassword(ctx context.Context, id casework.Actor, passwordHash string) error
	SetActive(ctx context.Context, id casework.Actor, active bool) error
	SetLanguage(ctx context.Context, id casework.Actor, language string) error
	LoginFailures(ctx context.Context, login, address string, since time.Time) (casework.LoginFailures, error)
	NoteLogin(ctx context.Context, login, address string, at time.Time, success bool) error

	// AddToken keeps a token's hash; UserByToken is whose it is.
	AddToken(ctx context.Context, token string, user casework.Actor, now, expires time.Time) error
	UserByToken(ctx context.Context, token string, now time.Time) (casework.User, error)
	Views(ctx context.Context, owner casework.Actor, list string) ([]casework.SavedView, error)
	SaveView(ctx context.Context, v casework.SavedView) error
	DeleteView(ctx context.Context, owner casework.Actor, id string) error
}

type importRecords interface {
	importing.Records
	Imports(ctx context.Context, p casework.PageRequest) (casework.Listing[casework.ImportRun], error)
}

type auditRecords interface {
	AppendAudit(ctx context.Context, e casework.AuditEntry) error
	Audit(ctx context.Context, f casework.AuditFilter, p casework.PageRequest) (casework.Listing[casework.AuditEntry], error)

	// VerifyAudit walks the trail: how many entries hold, and the first that
	// does not, if any.
	VerifyAudit(ctx context.Context) (entries int, broken *int64, err error)
}

type modelRecords interface {
	// ModelSwitches are the latest of each endpoint that was ever switched.
	ModelSwitches(ctx context.Context) ([]casework.ModelSwitch, error)
	SwitchModel(ctx context.Context, m casework.ModelSwitch) error
	ModelDays(ctx context.Context, from time.Time) ([]casework.ModelDay, error)
	ModelCalls(ctx context.Context, f casework.ModelCallFilter, p casework.PageRequest) (casework.Listing[casework.ModelCall], error)

	// VerifyCalls walks the record of calls as VerifyAudit walks the trail.
	VerifyCalls(ctx context.Context) (calls int, broken *int64, err error)
	ActiveLocalModel(ctx context.Context) (version string, err error)
	LocalModels(ctx context.Context) ([]casework.LocalModel, error)
	PublishLocalModel(ctx context.Context, m casework.LocalModel, content []byte) error

	// LabelledTouchpoints hands on officers' decisions, unmasked.
	LabelledTouchpoints(ctx context.Context, each func(casework.LabelledTouchpoint) error) error
	Cascade(ctx context.Context, inspection string) (*casework.CascadeCount, error)
	FileEvaluation(ctx context.Context, e casework.FiledEvaluation) error
	Evaluation(ctx context.Context, id string) (casework.FiledEvaluation, error)
	Evaluations(ctx context.Context, p casework.PageRequest) (casework.Listing[casework.FiledEvaluation], error)
}

type consultationRecords interface {
	// AddConsultation keeps a consultation and its document, unless there is
	// one of its id.
	AddConsultation(ctx context.Context, c casework.Consultation, d casework.Document) error
	Consultation(ctx context.Context, id string) (casework.Consultation, error)
	ConsultationDocument(ctx context.Context, id string) (casework.Document, error)
	Consultations(ctx context.Context, within []string, p casework.PageRequest) (casework.Listing[casework.Consultation], error)

	// LeftConsultations are those asked before t that nobody has answered.
	LeftConsultations(ctx context.Context, t time.Time) ([]casework.Consultation, error)
	PrivacyMap(ctx context.Context, about string) (sealed []byte, err error)
}
