package worker

import (
	"log/slog"
	"sync"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/log"
	sdk "go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"xiaobao/activities"
	"xiaobao/workflows"
)

// Deployment is what the versions of this worker are versions of.
const Deployment = "xiaobao"

// heartbeatEvery bounds how long a cancelled activity goes on: it learns of
// it when it next tells how far it is.
const heartbeatEvery = 2 * time.Second

// Options are the choices left to the operator. The zero value serves.
type Options struct {
	// Build makes this worker one version of the deployment. It gets work once
	// an operator has made that version current. Empty: not versioned.
	Build string

	// StopWithin is how long activities get to save what they have when the
	// worker stops; 0 means 30 seconds.
	StopWithin time.Duration

	// Trial has a workflow fail where its code and its history disagree. In
	// production it waits instead, until the code is mended.
	Trial bool

	// First and Second are the paces of the models' endpoints. The zero value
	// is the pace of one that is not configured: its queue is looked at all
	// the same, so that work for it learns at once that there is no model.
	First, Second Pace

	// OnFatal is told when the worker cannot go on, so that the process ends
	// and is started anew. It may be called from any goroutine.
	OnFatal func(error)
}

// A Pace is how much an endpoint takes.
type Pace struct {
	PerSecond float64 // calls that begin, over all workers; 0: no bound
	AtOnce    int     // calls under way in this worker; 0: 4
}

// A Worker looks for work of all kinds.
type Worker struct {
	queues []sdk.Worker
}

// New makes a worker. Start it with Start and stop it with Stop, which lets
// the activities save what they have.
func New(c client.Client, acts *activities.Activities, o Options) *Worker {
	w := sdk.New(c, workflows.TaskQueue, options(o))
	RegisterWorkflows(w)
	acts.Register(w)
	first := sdk.New(c, workflows.ModelQueue, o.First.options(options(o)))
	acts.RegisterFirst(first)
	second := sdk.New(c, workflows.SecondModelQueue, o.Second.options(options(o)))
	acts.RegisterSecond(second)
	return &Worker{[]sdk.Worker{w, first, second}}
}

// Start begins to look for work. When it cannot, nothing has begun.
func (w *Worker) Start() error {
	for n, queue := range w.queues {
		if err := queue.Start(); err != nil {
			stopAll(w.queues[:n])
			return err
		}
	}
	return nil
}

// Stop takes no more work and waits until what is under way has been saved.
func (w *Worker) Stop() { stopAll(w.queues) }

// stopAll stops all at once, so that they share the time they have.
func stopAll(queues []sdk.Worker) {
	var stopping sync.WaitGroup
	for _, queue := range queues {
		stopping.Go(queue.Stop)
	}
	stopping.Wait()
}

// usuallyAtOnce is how many calls are under way where the endpoint does not
// say.
const usuallyAtOnce = 4

// options are those of a worker for a model's queue, which runs no workflows.
// The server keeps the pace of the queue for all workers together.
func (p Pace) options(o sdk.Options) sdk.Options {
	o.DisableWorkflowWorker = true
	o.TaskQueueActivitiesPerSecond = p.PerSecond
	o.MaxConcurrentActivityExecutionSize = p.AtOnce
	if p.AtOnce <= 0 {
		o.MaxConcurrentActivityExecutionSize = usuallyAtOnce
	}
	return o
}

// options are the worker's options for the SDK.
func options(o Options) sdk.Options {
	if o.StopWithin <= 0 {
		o.StopWithin = 30 * time.Second
	}
	panics := sdk.BlockWorkflow
	if o.Trial {
		panics = sdk.FailWorkflow
	}
	return sdk.Options{
		DeploymentOptions: sdk.DeploymentOptions{
			UseVersioning: o.Build != "",
			Version:       sdk.WorkerDeploymentVersion{DeploymentName: Deployment, BuildID: o.Build},
		},
		Interceptors:                 []interceptor.WorkerInterceptor{Errors()},
		DisableRegistrationAliasing:  true,
		WorkflowPanicPolicy:          panics,
		WorkerStopTimeout:            o.StopWithin,
		MaxHeartbeatThrottleInterval: heartbeatEvery,
		OnFatalError:                 o.OnFatal,
	}
}

// RegisterWorkflows registers every workflow under its lasting name. Inspect
// finishes on the version it began on, or moves to the current one when it
// goes on in a new run; Consult ends within minutes.
func RegisterWorkflows(r sdk.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(workflows.Inspect, workflow.RegisterOptions{
		Name:               workflows.InspectName,
		VersioningBehavior: workflow.VersioningBehaviorPinned,
	})
	r.RegisterWorkflowWithOptions(workflows.Consult, workflow.RegisterOptions{
		Name:               workflows.ConsultName,
		VersioningBehavior: workflow.VersioningBehaviorPinned,
	})
}

// Logger has Temporal's SDK write to our log.
func Logger(l *slog.Logger) log.Logger { return log.NewStructuredLogger(l) }
