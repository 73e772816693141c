package casework

import "time"

// An InspectionRecord is a step in an inspection's course, to be written down
// with its line of the timeline. Writing the same step twice changes nothing.
type InspectionRecord struct {
	ID      string           `json:"id"`
	Event   string           `json:"event"` // for the timeline: "inspection.submitted"
	Status  InspectionStatus `json:"status"`
	At      time.Time        `json:"at"`
	By      Actor            `json:"by,omitempty"` // who took the step; empty: the system
	Due     *time.Time       `json:"due,omitempty"`
	Overdue bool             `json:"overdue,omitempty"` // questions still open are marked unanswered
	NoteRef string           `json:"note_ref,omitempty"`
	Why     string           `json:"why,omitempty"` // a code: "empty_scope"
	RunID   string           `json:"run_id,omitempty"`
}

// Step tells the records of an inspection apart: the same event may come
// again after a report is returned, but not at the same moment.
func (r InspectionRecord) Step() string { return r.Event + "@" + r.At.UTC().Format(time.RFC3339Nano) }

// WhyProcedureFailed is why an inspection was cancelled whose procedure broke
// or was ended past itself.
const WhyProcedureFailed = "procedure_failed"

// The events of an inspection's timeline.
const (
	EventOrdered   = "inspection.ordered"
	EventDrawing   = "inspection.drawing"
	EventTesting   = "inspection.testing"
	EventJudging   = "inspection.judging"      // models are asked about what rules left undecided
	EventJudged    = "inspection.judged"       // and have answered; why says what kept them from it
	EventOpened    = "inspection.adjudicating" // findings wait for officers, questions for answers
	EventOverdue   = "inspection.overdue"
	EventSubmitted = "inspection.submitted"
	EventReturned  = "inspection.returned"
	EventConfirmed = "inspection.confirmed"
	EventReported  = "inspection.reported"
	EventVoid      = "inspection.void"
	EventCancelled = "inspection.cancelled"
	EventReopened  = "finding.reopened" // a merged finding waits again: what it had gone into was dismissed
)

// Remaining is what still waits for people in an inspection.
type Remaining struct {
	Candidates int `json:"candidates"` // findings without a verdict
	Unanswered int `json:"unanswered"` // questions without an answer
}

// A VerdictOrder is an officer's verdict on some findings. The same ID again
// is answered as it was the first time, with what is left now.
type VerdictOrder struct {
	ID         string        `json:"id"`
	Inspection string        `json:"inspection"`
	By         Actor         `json:"by"`
	At         time.Time     `json:"at"`
	Verdict    Verdict       `json:"verdict"`
	Findings   []string      `json:"findings"`
	Reason     DismissReason `json:"reason,omitempty"`
	MergeInto  string        `json:"merge_into,omitempty"`
	NoteRef    string        `json:"note_ref,omitempty"`
	Overrule   bool          `json:"overrule,omitempty"` // also what has been decided already
}

// A VerdictResult is what came of a verdict.
type VerdictResult struct {
	Decided int              `json:"decided"`
	Refused []RefusedFinding `json:"refused,omitempty"`
	Left    int              `json:"left"` // candidates in the whole inspection
}

// A RefusedFinding is one that the verdict did not change.
type RefusedFinding struct {
	ID  string `json:"id"`
	Why string `json:"why"`          // a code: "decided", "unknown", "merge_target", "merge_other_matter"
	By  Actor  `json:"by,omitempty"` // who had decided it
}

// An AnswerOrder is an answer to a question. The same ID again changes nothing
// and is told what is left now.
type AnswerOrder struct {
	ID         string      `json:"id"`
	Inspection string      `json:"inspection"`
	Question   string      `json:"question"`
	By         Actor       `json:"by"`
	At         time.Time   `json:"at"`
	Outcome    ItemOutcome `json:"outcome"`
	NoteRef    string      `json:"note_ref,omitempty"`
}

// An AnswerResult is what came of an answer.
type AnswerResult struct {
	Left int `json:"left"` // questions of the whole inspection that wait for an answer
}

// CheckAnswer refuses an answer that says nothing.
func CheckAnswer(question string, outcome ItemOutcome, hasNote bool) error {
	switch {
	case question == "":
		return Errorf(Invalid, "say which question is answered").InChinese("请选择要答复的问题").WithCode("field:question")
	case outcome == ItemFailed && !hasNote, outcome == ItemNotApplicable && !hasNote:
		return Errorf(Invalid, "this answer needs a note that says why").InChinese("答复“不符合”或“不适用”时请填写说明").WithCode("field:note")
	case outcome != ItemPassed && outcome != ItemFailed && outcome != ItemNotApplicable:
		return Errorf(Invalid, "answer passed, failed or not applicable").InChinese("请答复“符合”“不符合”或“不适用”").WithCode("field:outcome")
	}
	return nil
}
