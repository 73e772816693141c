package workflows

import (
	"errors"
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"xiaobao/casework"
)

// An InspectionState is all that a run of Inspect knows besides its order. It
// is what one run hands to the next when its history has grown long.
type InspectionState struct {
	Status       casework.InspectionStatus `json:"status"`
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
	Judging      *JudgingState             `json:"judging,omitempty"` // while models are asked

	// Answered are the ids of the updates that moved the inspection on. One
	// that is repeated in a later run is answered, not carried out again.
	Answered []string `json:"answered,omitempty"`
}

// A JudgingState is what a run hands on that ends while models are asked. How
// the batches stand is on file; a new run learns it from its first go at each.
type JudgingState struct {
	Before int                   `json:"before"`        // findings made before any batch
	Why    casework.ModelTrouble `json:"why,omitempty"` // why the first model was asked no more
}

// standing is what people are told of the state.
func (s *InspectionState) standing(inspection string) InspectionStanding {
	told := InspectionStanding{
		Inspection: inspection, Status: s.Status,
		Touchpoints: s.Touchpoints, Tested: s.Tested, Found: s.Found,
		Candidates: s.Candidates, Unanswered: s.Unanswered,
		Overdue: s.Overdue, Report: s.Report,
	}
	if !s.Due.IsZero() {
		due := s.Due
		told.Due = &due
	}
	if s.Submission != nil {
		told.SubmittedBy = s.Submission.By
	}
	return told
}

// answered reports whether the update at hand has been carried out before.
func (s *InspectionState) answered(ctx workflow.Context) bool {
	return slices.Contains(s.Answered, workflow.GetCurrentUpdateInfo(ctx).ID)
}

// answer remembers that the update at hand is carried out.
func (s *InspectionState) answer(ctx workflow.Context) {
	s.Answered = append(s.Answered, workflow.GetCurrentUpdateInfo(ctx).ID)
}

// errNewRun ends a run that hands its state to a new one.
var errNewRun = errors.New("time for a new run")

// timeForNewRun reports whether the history has grown long or a newer worker
// is ready. People think for weeks, so either may come while they do.
func timeForNewRun(ctx workflow.Context) bool {
	info := workflow.GetInfo(ctx)
	return info.GetContinueAsNewSuggested() || info.GetTargetWorkerDeploymentVersionChanged()
}

// handOn goes on in a new run, on the current version of the worker.
func (i *inspection) handOn(ctx workflow.Context) error {
	next := i.order
	next.Carried = &i.InspectionState
	return workflow.NewContinueAsNewErrorWithOptions(ctx, workflow.ContinueAsNewErrorOptions{
		InitialVersioningBehavior: workflow.ContinueAsNewVersioningBehaviorAutoUpgrade,
	}, InspectName, next)
}
