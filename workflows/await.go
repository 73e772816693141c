package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"
)

// await waits until done holds or the deadline passes, and reports which of
// them it was. Why is what the Temporal UI calls the timer.
//
// The SDK's AwaitWithTimeout leaves its timer behind when the condition holds
// first, and weeks later that timer would wake the workflow for nothing; this
// one is cancelled.
func await(ctx workflow.Context, why string, deadline time.Time, done func() bool) (bool, error) {
	left := deadline.Sub(workflow.Now(ctx))
	if done() || left <= 0 {
		return done(), ctx.Err()
	}
	timing, stop := workflow.WithCancel(ctx)
	defer stop()
	timer := workflow.NewTimerWithOptions(timing, left, workflow.TimerOptions{Summary: why})
	err := workflow.Await(ctx, func() bool { return done() || timer.IsReady() })
	return done(), err
}
