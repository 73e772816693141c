package casework

import "time"

// A BatchResult is what came of a batch of records. A record with a known id
// and the same content is unchanged; touchpoints never change, so one with a
// known id and other content is a conflict; of master data (units, staff,
// customers) it is an update.
type BatchResult struct {
	Added     int
	Unchanged int
	Updated   int
	Conflicts []int // indexes into the batch
}

// An ImportStep is how far one batch brings an import run. It is recorded in
// the same transaction as the batch, so that an interrupted import resumes
// exactly where it stopped.
type ImportStep struct {
	Upto     int        // rows of the file that are done, this batch included
	Invalid  int        // rows of this step that were refused before the batch
	Problems []RowError // of this step; the first MaxRowErrors of a run are kept
}

// MaxRowErrors bounds the row errors kept for one import run. Counts go on.
const MaxRowErrors = 1000

// A DrawnTouchpoint is a touchpoint with its place in an inspection's draw:
// the ingest sequence under full coverage, the ordinal in a sample.
type DrawnTouchpoint struct {
	Position int64
	Touchpoint
}

// An InspectionDraw is the population of an inspection, recorded once. Later
// imports do not change it.
type InspectionDraw struct {
	Touchpoints int
	HighWater   int64  // the ingest sequence up to which touchpoints belong to it
	Digest      string // SHA-256 over the drawn ids in order, each followed by a line feed
	Sampled     bool
	Chunks      []DrawChunk
}

// A DrawChunk is one part of a draw: the positions after After up to Upto.
type DrawChunk struct {
	No      int // from 1
	After   int64
	Upto    int64
	Count   int
	Sampled bool
}

// ChunkProgress is how far one chunk is tested. Figures are totals of the
// chunk and not increments, so that a repeated attempt counts once.
type ChunkProgress struct {
	Position   int64          // last position tested
	Tested     int            // touchpoints tested so far
	ItemTested map[string]int // by checklist item; for items that test only part of the touchpoints
	Done       bool
}

// An InspectionChange is a step of an inspection's life as its workflow
// records it. Zero fields stay as they are.
type InspectionChange struct {
	Status      InspectionStatus
	Due         *time.Time
	SubmittedBy Actor
	ConfirmedBy Actor
	NoteID      string // why it was returned, cancelled or void
	EndedAt     *time.Time
	Seconds     float64 // that the automatic tests took
	RunID       string
	Returned    bool // from confirming back to adjudicating, the one way back
}

// A VerdictEntry is one decision of an officer on candidates, as recorded.
type VerdictEntry struct {
	RequestID  string // the same request decides once
	Inspection string
	By         Actor
	At         time.Time
	Verdict    Verdict
	Findings   []string
	Reason     DismissReason
	NoteID     string
	MergeInto  string
}

// A VerdictOutcome is what came of a verdict. Findings that somebody decided
// in the meantime are refused one by one; the others are decided.
type VerdictOutcome struct {
	Decided []string         `json:"decided"`
	Refused []VerdictRefusal `json:"refused,omitempty"`
	Left    int              `json:"left"` // candidates of the inspection that wait
}

// A VerdictRefusal says why one finding was not decided.
type VerdictRefusal struct {
	ID     string        `json:"id"`
	Why    string        `json:"why"` // decided, unknown
	Status FindingStatus `json:"status,omitempty"`
	By     Actor         `json:"by,omitempty"` // who decided it
	At     *time.Time    `json:"at,omitempty"`
}

// A Label (标注) is an officer's decision on a machine's conclusion.
type Label struct {
	Finding   string        `json:"finding"`
	Indicator string        `json:"indicator"`
	Version   string        `json:"version"`
	Engine    Engine        `json:"engine"`
	Level     Level         `json:"level"`
	Certainty float64       `json:"certainty"`
	Verdict   Verdict       `json:"verdict"`
	Reason    DismissReason `json:"reason,omitempty"`
	By        Actor         `json:"by"`
	At        time.Time     `json:"at"`
}

// A Note is free text of a person on a case. Procedures carry its id only.
type Note struct {
	ID   string    `json:"id"`
	Case string    `json:"case"`
	By   Actor     `json:"by"`
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

// A QuestionFilter narrows the list of questions.
type QuestionFilter struct {
	Inspection string
	Respondent Actor
	Waiting    bool     // only those without an answer
	Within     []string // units, with all below, whose inspections may be seen; empty: all
}

// LoginFailures counts refused logins of late.
type LoginFailures struct {
	ByLogin   int // since the last login that succeeded
	ByAddress int
}
