package worker

import (
	"log/slog"
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

	// OnFatal is told when the worker cannot go on, so that the process ends
	// and is started anew. It may be called from any goroutine.
	OnFatal func(error)
}

// New makes a worker. Start it with Start and stop it with Stop, which lets
// the activities save what they have.
func New(c client.Client, acts *activities.Activities, o Options) sdk.Worker {
	w := sdk.New(c, workflows.TaskQueue, options(o))
	RegisterWorkflows(w)
	acts.Register(w)
	return w
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
