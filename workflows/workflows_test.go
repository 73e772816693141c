package workflows_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	sdkactivity "go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"
	sdk "go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"xiaobao/casework"
	"xiaobao/worker"
	"xiaobao/workflows"
)

// start is when every test begins: a Monday, nine in the morning in Beijing.
var start = time.Date(2026, 3, 2, 9, 0, 0, 0, casework.Beijing)

const day = 24 * time.Hour

// quiet is a log that nobody reads.
var quiet = log.NewStructuredLogger(slog.New(slog.DiscardHandler))

// An env is a Temporal that skips the time in which nothing happens.
type env struct {
	*testsuite.TestWorkflowEnvironment
	t *testing.T
}

// newEnv makes one that knows our workflows and none of our activities, and
// treats errors as a production worker does.
func newEnv(t *testing.T) env {
	t.Helper()
	suite := new(testsuite.WorkflowTestSuite)
	suite.SetLogger(quiet)
	e := env{suite.NewTestWorkflowEnvironment(), t}
	e.SetStartTime(start)
	e.SetWorkerOptions(sdk.Options{Interceptors: []interceptor.WorkerInterceptor{worker.Errors()}})
	worker.RegisterWorkflows(e)
	return e
}

// on has something happen a while into the workflow.
func (e env) on(after time.Duration, do func(env)) {
	e.RegisterDelayedCallback(func() { do(e) }, after)
}

// during has something happen once, while an activity is under way.
func (e env) during(activity string, do func(env)) {
	happened := false
	e.SetOnActivityStartedListener(func(info *sdkactivity.Info, _ context.Context, _ converter.EncodedValues) {
		if info.ActivityType.Name == activity && !happened {
			happened = true
			do(e)
		}
	})
}

// serve has an activity done by a stand-in under its production name.
func serve[In, Out any](e env, a workflows.Activity[In, Out], do func(In) (Out, error)) {
	a.Register(e, func(_ context.Context, in In) (Out, error) { return do(in) })
}

// An answer is what came of an update, once it came.
type answer[Out any] struct {
	done bool
	out  Out
	err  error
}

// send sends an update and keeps what comes of it.
func send[In, Out any](e env, u workflows.Update[In, Out], id string, in In) *answer[Out] {
	a := new(answer[Out])
	e.UpdateWorkflow(u.Name, id, &testsuite.TestUpdateCallback{
		OnReject: func(err error) { a.done, a.err = true, workflows.FromTemporal(err) },
		OnComplete: func(out any, err error) {
			a.done, a.err = true, workflows.FromTemporal(err)
			if value, ok := out.(Out); ok {
				a.out = value
			}
		},
	}, in)
	return a
}

// tell sends an update that must be carried out.
func tell[In, Out any](e env, u workflows.Update[In, Out], in In) *answer[Out] {
	e.t.Helper()
	a := send(e, u, "", in)
	e.t.Cleanup(func() {
		e.t.Helper()
		if !a.done || a.err != nil {
			e.t.Errorf("update %q with %+v was not carried out: %v", u.Name, in, a.err)
		}
	})
	return a
}

// refused sends an update that must be refused, with the code, and in words
// that an officer reads in Chinese.
func refused[In, Out any](e env, u workflows.Update[In, Out], in In, code string) {
	e.t.Helper()
	a := send(e, u, "", in)
	e.t.Cleanup(func() {
		e.t.Helper()
		ours, ok := errors.AsType[*casework.Error](a.err)
		switch {
		case !ok:
			e.t.Errorf("update %q with %+v met %v, want a refusal", u.Name, in, a.err)
		case ours.Code != code:
			e.t.Errorf("update %q was refused with %q, want %q", u.Name, ours.Code, code)
		case ours.Chinese == "" || ours.Message == "":
			e.t.Errorf("the refusal of %q has no words in both languages: %+v", u.Name, ours)
		}
	})
}

// result is what the workflow came to.
func result[T any](e env) T {
	e.t.Helper()
	var v T
	if !e.IsWorkflowCompleted() {
		e.t.Fatal("the workflow has not ended")
	}
	if err := e.GetWorkflowResult(&v); err != nil {
		e.t.Fatal(err)
	}
	return v
}

// carriedOver is what a run handed to the next, as it would arrive there.
func carriedOver[T any](e env) T {
	e.t.Helper()
	var v T
	next, ok := errors.AsType[*workflow.ContinueAsNewError](e.GetWorkflowError())
	if !ok {
		e.t.Fatalf("ended with %v, want a new run", e.GetWorkflowError())
	}
	if err := converter.GetDefaultDataConverter().FromPayloads(next.Input, &v); err != nil {
		e.t.Fatal(err)
	}
	return v
}
