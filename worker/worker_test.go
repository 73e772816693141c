package worker_test

import (
	"log/slog"
	"testing"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	sdk "go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"xiaobao/activities"
	"xiaobao/worker"
	"xiaobao/workflows"
)

// A list is a registry that remembers what it was told.
type list struct {
	sdk.Registry
	workflows  map[string]workflow.VersioningBehavior
	activities map[string]bool
}

func newList() *list {
	return &list{workflows: map[string]workflow.VersioningBehavior{}, activities: map[string]bool{}}
}

func (l *list) RegisterWorkflowWithOptions(_ any, o workflow.RegisterOptions) {
	l.workflows[o.Name] = o.VersioningBehavior
}

func (l *list) RegisterActivityWithOptions(_ any, o activity.RegisterOptions) {
	l.activities[o.Name] = true
}

func TestEveryWorkflowHasANameAndSaysHowItMovesToANewVersion(t *testing.T) {
	t.Parallel()
	l := newList()
	worker.RegisterWorkflows(l)
	for _, name := range []string{workflows.InspectName, workflows.ConsultName} {
		if _, ok := l.workflows[name]; !ok {
			t.Errorf("%s is not registered", name)
		}
	}
	for name, behaviour := range l.workflows {
		if name == "" || behaviour == workflow.VersioningBehaviorUnspecified {
			t.Errorf("workflow %q has no name or does not say how it is versioned", name)
		}
	}
}

func TestEveryActivityOfTheContractHasItsWork(t *testing.T) {
	t.Parallel()
	l := newList()
	acts := new(activities.Activities)
	acts.Register(l)
	acts.RegisterFirst(l)
	acts.RegisterSecond(l)
	for _, name := range []string{
		workflows.OpenInspection.Name, workflows.RecordInspection.Name, workflows.DrawScope.Name,
		workflows.TestTouchpoints.Name, workflows.TestByQuery.Name, workflows.AskPeople.Name,
		workflows.RecordVerdict.Name, workflows.RecordAnswer.Name, workflows.ScoreInspection.Name, workflows.FileReport.Name,
		workflows.GatherUndecided.Name, workflows.JudgeBatch.Name, workflows.SecondOpinion.Name, workflows.LeaveToPeople.Name,
		workflows.AnswerConsultation.Name, workflows.FailConsultation.Name,
	} {
		if !l.activities[name] {
			t.Errorf("nobody does %s", name)
		}
	}
}

// A worker whose server is away says so when it is started, instead of
// waiting in silence.
func TestAWorkerWithoutAServerDoesNotStart(t *testing.T) {
	t.Parallel()
	c, err := client.NewLazyClient(client.Options{
		HostPort: "127.0.0.1:1",
		Logger:   worker.Logger(slog.New(slog.DiscardHandler)),
		ConnectionOptions: client.ConnectionOptions{
			GetSystemInfoTimeout: time.Second,
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for name, options := range map[string]worker.Options{
		"plain":     {},
		"versioned": {Build: "2026.11.1", StopWithin: time.Second, OnFatal: func(error) {}},
		"on trial":  {Trial: true},
		"paced":     {First: worker.Pace{PerSecond: 2, AtOnce: 8}, Second: worker.Pace{PerSecond: 0.5}},
	} {
		w := worker.New(c, &activities.Activities{}, options)
		if err := w.Start(); err == nil {
			w.Stop()
			t.Errorf("the %s worker started without a server", name)
		}
	}
}
