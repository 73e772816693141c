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

	// Conflict describes the i-th record of the batch, which is in conflict, so
	// that it is recorded too. Nil: conflicts are only counted.
	Conflict func(i int) RowError
}

// MaxRowErrors bounds the row errors kept for one import run. Counts go on.
const MaxRowErrors = 1000

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
