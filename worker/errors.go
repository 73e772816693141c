package worker

import (
	"context"

	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/workflow"

	"xiaobao/workflows"
)

// Errors carries the domain's errors over the border to Temporal, whether
// they come of an activity, a validator or an update, so that none of these
// needs to know that there is a border.
func Errors() interceptor.WorkerInterceptor { return &errorsInterceptor{} }

type errorsInterceptor struct {
	interceptor.WorkerInterceptorBase
}

// InterceptActivity is called once for every attempt at an activity.
func (*errorsInterceptor) InterceptActivity(_ context.Context, next interceptor.ActivityInboundInterceptor) interceptor.ActivityInboundInterceptor {
	a := &activityErrors{}
	a.Next = next
	return a
}

// InterceptWorkflow is called once for every run in memory.
func (*errorsInterceptor) InterceptWorkflow(_ workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	w := &workflowErrors{}
	w.Next = next
	return w
}

type activityErrors struct {
	interceptor.ActivityInboundInterceptorBase
}

// ExecuteActivity translates what the activity fails with.
func (a *activityErrors) ExecuteActivity(ctx context.Context, in *interceptor.ExecuteActivityInput) (any, error) {
	result, err := a.Next.ExecuteActivity(ctx, in)
	return result, workflows.ToTemporal(err)
}

type workflowErrors struct {
	interceptor.WorkflowInboundInterceptorBase
}

// ValidateUpdate translates why an update is refused.
func (w *workflowErrors) ValidateUpdate(ctx workflow.Context, in *interceptor.UpdateInput) error {
	return workflows.ToTemporal(w.Next.ValidateUpdate(ctx, in))
}

// ExecuteUpdate translates what an update fails with.
func (w *workflowErrors) ExecuteUpdate(ctx workflow.Context, in *interceptor.UpdateInput) (any, error) {
	result, err := w.Next.ExecuteUpdate(ctx, in)
	return result, workflows.ToTemporal(err)
}
