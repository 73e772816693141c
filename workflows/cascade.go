package workflows

import (
	"errors"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"xiaobao/casework"
)

// Where work for language models waits. Each endpoint has a queue of its own,
// on which the server itself keeps to the endpoint's pace, however many
// workers there are.
const (
	ModelQueue       = "xiaobao-model"
	SecondModelQueue = "xiaobao-model-second"
)

// A GatherOrder asks for what is undecided to be shared out.
type GatherOrder struct {
	Inspection   string               `json:"inspection"`
	RulebookHash string               `json:"rulebook_hash"`
	Plan         casework.CascadePlan `json:"plan"`
	Touchpoints  int                  `json:"touchpoints"` // drawn
}

// A JudgeOrder asks a model about the undecided touchpoints of some batches.
type JudgeOrder struct {
	Inspection   string               `json:"inspection"`
	RulebookHash string               `json:"rulebook_hash"`
	Plan         casework.CascadePlan `json:"plan"`
	Batches      []int                `json:"batches"`
}

// A LeaveOrder leaves to people what no model has decided in some batches.
type LeaveOrder struct {
	Inspection   string                `json:"inspection"`
	RulebookHash string                `json:"rulebook_hash"`
	Plan         casework.CascadePlan  `json:"plan"`
	Batches      []int                 `json:"batches"`
	Why          casework.ModelTrouble `json:"why"`
}

// GatherUndecided shares out what neither rules nor the local model decided:
// the likeliest into batches that a model is asked about, the rest to people
// or, where it is too unlikely, to nobody. Done again, it is the same.
var GatherUndecided = Activity[GatherOrder, casework.Gathering]{"GatherUndecided", lengthy("share out what is undecided", 2*time.Hour)}

// JudgeBatch asks the first model about one touchpoint after the other and
// saves each answer at once, for a while; what then waits is for the next
// call. Each order has its own patience.
var JudgeBatch = Activity[JudgeOrder, casework.JudgeResult]{"JudgeBatch", asking("ask the model", ModelQueue)}

// SecondOpinion asks the second model about what is disputed.
var SecondOpinion = Activity[JudgeOrder, casework.JudgeResult]{"SecondOpinion", asking("ask the second model", SecondModelQueue)}

// LeaveToPeople makes of what no model decided findings of the local model,
// where they are likely enough, and counts the rest.
var LeaveToPeople = Activity[LeaveOrder, casework.JudgeResult]{"LeaveToPeople", lengthy("leave it to people", 2*time.Hour)}

// asking is the patience with a model that may be away. How long it lasts is
// set for each order.
func asking(summary, queue string) workflow.ActivityOptions {
	return workflow.ActivityOptions{
		TaskQueue:           queue,
		StartToCloseTimeout: 15 * time.Minute,
		HeartbeatTimeout:    30 * time.Second,
		RetryPolicy:         &temporal.RetryPolicy{MaximumInterval: time.Minute},
		WaitForCancellation: true,
		Summary:             summary,
	}
}

// usualPatience is how long a batch is tried where the plan does not say.
const usualPatience = 20 * time.Minute

// PatienceOf is how long a plan has a model tried for.
func PatienceOf(plan casework.CascadePlan) time.Duration {
	patience, err := time.ParseDuration(plan.Patience)
	if err != nil || patience <= 0 {
		return usualPatience
	}
	return patience
}

// patiently is the activity, tried for as long as the plan says.
func patiently[In, Out any](a Activity[In, Out], plan casework.CascadePlan) Activity[In, Out] {
	a.Options.ScheduleToCloseTimeout = PatienceOf(plan)
	return a
}

// modelTrouble is the type of failures that say why a model cannot be asked.
const modelTrouble = "model"

// ModelFailure is the failure of an activity that a model kept from its work.
// One that is away is tried again, after a pause where it asked for one; all
// else is not worth a second attempt. It holds a code and no words of anyone.
func ModelFailure(trouble casework.ModelTrouble, pause time.Duration) error {
	return temporal.NewApplicationErrorWithOptions("the model cannot be asked: "+string(trouble), modelTrouble, temporal.ApplicationErrorOptions{
		NonRetryable: trouble != casework.TroubleAway, NextRetryDelay: pause,
		Category: temporal.ApplicationErrorCategoryBenign, Details: []any{trouble},
	})
}

// troubleOf is what kept a model from an activity's work. It does not know
// failures that have another reason.
func troubleOf(err error) (casework.ModelTrouble, bool) {
	if e, ok := errors.AsType[*temporal.ApplicationError](err); ok && e.Type() == modelTrouble {
		var trouble casework.ModelTrouble
		if e.HasDetails() && e.Details(&trouble) == nil {
			return trouble, true
		}
	}
	if _, late := errors.AsType[*temporal.TimeoutError](err); late {
		return casework.TroubleAway, true
	}
	return "", false
}
