package workflows

import (
	"strings"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"xiaobao/casework"
)

// InspectName is what Inspect is called in every history.
const InspectName = "Inspect"

// inspectionPrefix begins the workflow id of every inspection.
const inspectionPrefix = "inspection/"

// InspectionWorkflowID is the workflow id of an inspection.
func InspectionWorkflowID(inspection string) string { return inspectionPrefix + inspection }

// InspectionOf is the inspection a workflow id names.
func InspectionOf(workflowID string) string { return strings.TrimPrefix(workflowID, inspectionPrefix) }

// An InspectionOrder asks for an inspection (检查). Its policy is part of the
// order: what holds when it begins holds to its end.
type InspectionOrder struct {
	ID               string         `json:"id"` // empty on a schedule: what the workflow id says
	Checklist        string         `json:"checklist"`
	RulebookHash     string         `json:"rulebook_hash,omitempty"` // empty on a schedule: the rulebook in force when it is drawn
	Items            []string       `json:"items,omitempty"`         // empty: the whole checklist
	Scope            casework.Scope `json:"scope"`
	OrderedBy        casework.Actor `json:"ordered_by"`
	OrgID            string         `json:"org_id"`
	Schedule         string         `json:"schedule,omitempty"`
	Window           string         `json:"window,omitempty"` // on a schedule: the period before it starts
	AdjudicateWithin time.Duration  `json:"adjudicate_within"`
	AnswerWithin     time.Duration  `json:"answer_within"`

	// Carried is what an earlier run of the same inspection hands on.
	Carried *InspectionState `json:"carried,omitempty"`
}

// An InspectionClosing is what an inspection came to.
type InspectionClosing struct {
	Inspection string                    `json:"inspection"`
	Status     casework.InspectionStatus `json:"status"`
	Report     string                    `json:"report,omitempty"` // SHA-256
}

// A Draw is what an inspection looks at and how.
type Draw struct {
	RulebookHash string `json:"rulebook_hash"`
	casework.Drawing
	Items []PlannedItem `json:"items"`

	// Cascade is what the inspection goes by beyond rules; nil: nothing.
	Cascade *casework.CascadePlan `json:"cascade,omitempty"`
}

// A PlannedItem is one checklist item and how it is tested.
type PlannedItem struct {
	Item    string               `json:"item"`
	Method  casework.Method      `json:"method"`
	Outcome casework.ItemOutcome `json:"outcome"` // not_run if it cannot be tested
}

// A ChunkTest asks for one chunk to be tested.
type ChunkTest struct {
	Inspection   string         `json:"inspection"`
	RulebookHash string         `json:"rulebook_hash"`
	Scope        casework.Scope `json:"scope"`
	Chunk        casework.Chunk `json:"chunk"`
	Local        string         `json:"local,omitempty"` // version of the local model to rank with; empty: none
}

// A ChunkResult is what came of one chunk.
type ChunkResult struct {
	Tested int `json:"tested"`
	Found  int `json:"found"`
}

// A QueryTest asks for one item to be tested by its query.
type QueryTest struct {
	Inspection   string         `json:"inspection"`
	RulebookHash string         `json:"rulebook_hash"`
	Scope        casework.Scope `json:"scope"`
	Item         string         `json:"item"`
}

// An ItemResult is what came of one item.
type ItemResult struct {
	Item    string               `json:"item"`
	Outcome casework.ItemOutcome `json:"outcome"` // waiting for verdicts, or not_run
	Tested  int                  `json:"tested"`
	Found   int                  `json:"found"`
}

// An AskOrder asks people about the items no machine can test.
type AskOrder struct {
	Inspection string         `json:"inspection"`
	OrgID      string         `json:"org_id"`
	OrderedBy  casework.Actor `json:"ordered_by"` // answers where nobody else is named
	Due        time.Time      `json:"due"`
}

// Asked is how many questions went out.
type Asked struct {
	Questions int `json:"questions"`
}

// A ReportFiled is a report on file.
type ReportFiled struct {
	SHA256 string `json:"sha256"`
}

// Answers of the updates, shared with the store.
type (
	// VerdictResult is what came of a verdict.
	VerdictResult = casework.VerdictResult
	// RefusedFinding is a finding that a verdict did not change.
	RefusedFinding = casework.RefusedFinding
	// AnswerResult is what came of an answer.
	AnswerResult = casework.AnswerResult
)

// A FindingsVerdict is an officer's verdict on some findings. Free text is on
// file under NoteRef.
type FindingsVerdict struct {
	By        casework.Actor         `json:"by"`
	Verdict   casework.Verdict       `json:"verdict"`
	Findings  []string               `json:"findings"`
	Reason    casework.DismissReason `json:"reason,omitempty"`
	MergeInto string                 `json:"merge_into,omitempty"`
	NoteRef   string                 `json:"note_ref,omitempty"`
	Overrule  bool                   `json:"overrule,omitempty"` // also what has been decided already
}

// A QuestionAnswer is a respondent's answer to a question.
type QuestionAnswer struct {
	By       casework.Actor       `json:"by"`
	Question string               `json:"question"`
	Outcome  casework.ItemOutcome `json:"outcome"` // passed, failed, not_applicable
	NoteRef  string               `json:"note_ref,omitempty"`
}

// A Submission hands the report to a second person.
type Submission struct {
	By casework.Actor `json:"by"`
}

// A Confirmation is the second person's word on the report. One that does
// not accept it returns it, and says why in a note.
type Confirmation struct {
	By      casework.Actor `json:"by"`
	Accept  bool           `json:"accept"`
	NoteRef string         `json:"note_ref,omitempty"`
}

// A Cancellation ends an inspection before its report; the note says why.
type Cancellation struct {
	By      casework.Actor `json:"by"`
	NoteRef string         `json:"note_ref"`
}

// An InspectionStanding is where a running inspection stands, in counts.
type InspectionStanding struct {
	Inspection  string                    `json:"inspection"`
	Status      casework.InspectionStatus `json:"status"`
	Touchpoints int                       `json:"touchpoints"`
	Tested      int                       `json:"tested"`
	Found       int                       `json:"found"`
	Candidates  int                       `json:"candidates"`
	Unanswered  int                       `json:"unanswered"`
	Due         *time.Time                `json:"due,omitempty"`
	Overdue     bool                      `json:"overdue,omitempty"`
	SubmittedBy casework.Actor            `json:"submitted_by,omitempty"`
	Report      string                    `json:"report,omitempty"` // SHA-256
}

// What people may ask of a running inspection. Each is answered once what it
// changes is on file.
var (
	DecideFindings   = Update[FindingsVerdict, VerdictResult]{"decide", "confirm, dismiss or merge findings"}
	AnswerQuestion   = Update[QuestionAnswer, AnswerResult]{"answer", "answer a question of the checklist"}
	SubmitReport     = Update[Submission, InspectionStanding]{"submit", "hand the report to a second person"}
	ConfirmReport    = Update[Confirmation, InspectionStanding]{"confirm", "accept the report, or return it with a reason"}
	CancelInspection = Update[Cancellation, InspectionStanding]{"cancel", "end the inspection without a report, with a reason"}
)

// InspectionStatus tells where an inspection stands.
var InspectionStatus = Query[InspectionStanding]{"status", "where the inspection stands, in counts"}

// OpenInspection writes down the order, unless the desk has done so.
var OpenInspection = Activity[InspectionOrder, None]{"OpenInspection", brief("write down the order")}

// RecordInspection writes down a step and tells what still waits for people.
var RecordInspection = Activity[casework.InspectionRecord, casework.Remaining]{"RecordInspection", brief("record the step")}

// DrawScope fixes what is looked at: the touchpoints, their digest, the
// chunks, and how each item is tested. Drawn again, it is the same.
var DrawScope = Activity[InspectionOrder, Draw]{"DrawScope", lengthy("draw the scope", 2*time.Hour)}

// TestTouchpoints screens one chunk for the indicators of the items, page by
// page, and goes on from the last page saved when it must start again.
var TestTouchpoints = Activity[ChunkTest, ChunkResult]{"TestTouchpoints", lengthy("test a chunk", 6*time.Hour)}

// TestByQuery tests one item by its query over the records.
var TestByQuery = Activity[QueryTest, ItemResult]{"TestByQuery", lengthy("test an item by query", 2*time.Hour)}

// AskPeople puts the questions to those who can answer them.
var AskPeople = Activity[AskOrder, Asked]{"AskPeople", brief("ask people")}

// RecordVerdict writes down a verdict, finding by finding.
var RecordVerdict = Activity[casework.VerdictOrder, VerdictResult]{"RecordVerdict", brief("record a verdict")}

// RecordAnswer writes down an answer.
var RecordAnswer = Activity[casework.AnswerOrder, AnswerResult]{"RecordAnswer", brief("record an answer")}

// ScoreInspection weighs what was found, and fixes each item's outcome.
var ScoreInspection = Activity[string, casework.InspectionScore]{"ScoreInspection", brief("score the inspection")}

// FileReport freezes the report as it was confirmed.
var FileReport = Activity[string, ReportFiled]{"FileReport", lengthy("file the report", time.Hour)}

// brief is the patience with a few statements in the database. Retries go on
// until they succeed: an inspection outlasts an outage.
func brief(summary string) workflow.ActivityOptions {
	return workflow.ActivityOptions{
		StartToCloseTimeout: time.Minute,
		RetryPolicy:         &temporal.RetryPolicy{MaximumInterval: time.Minute},
		Summary:             summary,
	}
}

// lengthy is the patience with work that tells how far it is. When it is
// cancelled the workflow waits until it has let go.
func lengthy(summary string, most time.Duration) workflow.ActivityOptions {
	options := brief(summary)
	options.StartToCloseTimeout = most
	options.HeartbeatTimeout = 30 * time.Second
	options.WaitForCancellation = true
	return options
}
