package workflows

import (
	"time"

	"xiaobao/casework"
)

// An InspectionState is all that a run of Inspect knows besides its order. It
// is what one run hands to the next when its history has grown long.
type InspectionState struct {
	Status       casework.InspectionStatus `json:"status"`
	RulebookHash string                    `json:"rulebook_hash,omitempty"`
	Touchpoints  int                       `json:"touchpoints"`
	Tested       int                       `json:"tested"`
	Found        int                       `json:"found"`
	Candidates   int                       `json:"candidates"`
	Unanswered   int                       `json:"unanswered"`
	Due          time.Time                 `json:"due,omitzero"`
	Overdue      bool                      `json:"overdue,omitempty"`
	Submission   *Submission               `json:"submission,omitempty"`
	Confirmation *Confirmation             `json:"confirmation,omitempty"`
	Cancellation *Cancellation             `json:"cancellation,omitempty"`
	Report       string                    `json:"report,omitempty"`

	// Answered are the ids of the updates that moved the inspection on. A
	// repetition that arrives in a later run is answered, not carried out.
	Answered []string `json:"answered,omitempty"`
}
