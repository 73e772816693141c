package workflows

import (
	"context"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// TaskQueue is where our workers look for work.
const TaskQueue = "xiaobao"

// None is given where success is all there is to say.
type None = struct{}

// An Activity is a piece of work outside the workflow. Name is what histories
// call it, for ever; Options say how patient the workflow is with it. Package
// activities does the work, and the compiler checks that it fits.
type Activity[In, Out any] struct {
	Name    string
	Options workflow.ActivityOptions
}

// Do has the work done and waits for what comes of it.
func (a Activity[In, Out]) Do(ctx workflow.Context, in In) (Out, error) {
	return a.About(ctx, a.Options.Summary, in)
}

// About is Do with a summary of its own for the Temporal UI, such as the item
// that is tested. A summary holds ids and counts only.
func (a Activity[In, Out]) About(ctx workflow.Context, summary string, in In) (Out, error) {
	options := a.Options
	options.Summary = summary
	var out Out
	err := workflow.ExecuteActivity(workflow.WithActivityOptions(ctx, options), a.Name, in).Get(ctx, &out)
	return out, err
}

// Register names the function that does the work.
func (a Activity[In, Out]) Register(r worker.ActivityRegistry, do func(context.Context, In) (Out, error)) {
	r.RegisterActivityWithOptions(do, activity.RegisterOptions{Name: a.Name})
}

// An Update is what a person may ask of a running workflow, which may refuse.
type Update[In, Out any] struct {
	Name        string
	Description string
}

// Handle has the workflow answer the update. May sees it first, changes
// nothing, and leaves no trace of what it refuses in the history.
func (u Update[In, Out]) Handle(
	ctx workflow.Context,
	may func(workflow.Context, In) error,
	apply func(workflow.Context, In) (Out, error),
) error {
	return workflow.SetUpdateHandlerWithOptions(ctx, u.Name, apply, workflow.UpdateHandlerOptions{
		Validator:   may,
		Description: u.Description,
	})
}

// updateWithin is how long people are kept waiting for the answer to an
// update. A procedure that takes longer is away, or so are its workers.
const updateWithin = 15 * time.Second

// Send asks, and waits for the answer, but not for long: whoever gets none is
// told that the procedure is busy. With the same id it may be sent again: the
// second answer is the first. Errors are the domain's, in its words.
func (u Update[In, Out]) Send(ctx context.Context, c client.Client, workflowID, id string, in In) (Out, error) {
	ctx, cancel := context.WithTimeout(ctx, updateWithin)
	defer cancel()
	var out Out
	handle, err := c.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
		WorkflowID:   workflowID,
		UpdateID:     id,
		UpdateName:   u.Name,
		Args:         []any{in},
		WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	if err != nil {
		return out, FromTemporal(err)
	}
	err = handle.Get(ctx, &out)
	return out, FromTemporal(err)
}

// A Query asks a workflow where it stands. Lists are not asked of workflows;
// they come from the database.
type Query[Out any] struct {
	Name        string
	Description string
}

// Handle has the workflow answer the query.
func (q Query[Out]) Handle(ctx workflow.Context, answer func() (Out, error)) error {
	return workflow.SetQueryHandlerWithOptions(ctx, q.Name, answer, workflow.QueryHandlerOptions{Description: q.Description})
}

// Ask asks the workflow, running or ended.
func (q Query[Out]) Ask(ctx context.Context, c client.Client, workflowID string) (Out, error) {
	var out Out
	value, err := c.QueryWorkflow(ctx, workflowID, "", q.Name)
	if err != nil {
		return out, FromTemporal(err)
	}
	err = value.Get(&out)
	return out, err
}
