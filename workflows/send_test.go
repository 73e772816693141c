package workflows_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"xiaobao/casework"
	"xiaobao/workflows"
)

// silent is a Temporal that takes an update, if it does, and never answers.
type silent struct {
	client.Client
	takes bool
	says  error // what the caller hears in the end
}

func (s silent) UpdateWorkflow(ctx context.Context, _ client.UpdateWorkflowOptions) (client.WorkflowUpdateHandle, error) {
	if s.takes {
		return silentUpdate{silent: s}, nil
	}
	return nil, s.wait(ctx)
}

func (s silent) wait(ctx context.Context) error {
	<-ctx.Done()
	return client.NewWorkflowUpdateServiceTimeoutOrCanceledError(s.says)
}

type silentUpdate struct {
	client.WorkflowUpdateHandle
	silent
}

func (u silentUpdate) Get(ctx context.Context, _ any) error { return u.wait(ctx) }

func TestAnUpdateThatIsNotAnsweredIsBusyAfterAWhile(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		temporal silent
		patience time.Duration // of the caller; 0: without end
		want     time.Duration
	}{
		"away":             {silent{says: serviceerror.NewUnavailable("connection refused")}, 0, 15 * time.Second},
		"late":             {silent{says: serviceerror.NewDeadlineExceeded("deadline")}, 0, 15 * time.Second},
		"taken, no answer": {silent{takes: true, says: context.DeadlineExceeded}, 0, 15 * time.Second},
		"a hasty caller":   {silent{says: context.DeadlineExceeded}, 3 * time.Second, 3 * time.Second},
		"a patient caller": {silent{says: context.DeadlineExceeded}, time.Minute, 15 * time.Second},
		"in unknown words": {silent{says: serviceerror.NewInternal("broken pipe")}, 0, 15 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if test.patience > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, test.patience)
					defer cancel()
				}
				began := time.Now()
				_, err := workflows.CancelInspection.Send(ctx, test.temporal, "inspection/i", "u", workflows.Cancellation{})
				if casework.KindOf(err) != casework.Busy || casework.WordsZh(err) == "" {
					t.Errorf("told as %v", err)
				}
				if took := time.Since(began); took != test.want {
					t.Errorf("told after %v, want %v", took, test.want)
				}
			})
		})
	}
}

func TestACallerWhoGivesUpIsNotToldThatTheProcedureIsBusy(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, says := range []error{context.Canceled, serviceerror.NewCanceled("gone")} {
		_, err := workflows.CancelInspection.Send(ctx, silent{says: says}, "inspection/i", "u", workflows.Cancellation{})
		if casework.KindOf(err) != casework.Internal {
			t.Errorf("%v is told as %v", says, err)
		}
	}
}
