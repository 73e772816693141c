package workflows_test

import (
	"path/filepath"
	"strings"
	"testing"

	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/sdk/converter"
	sdk "go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"xiaobao/worker"
	"xiaobao/workflows"
)

// TestReplay runs the histories of earlier releases through today's code. If
// it fails, a run begun before this change would get stuck after it; see
// changes.go for what to do.
func TestReplay(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/histories/*.json")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatal("no histories recorded; testdata/histories/README.md says how")
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			replayer := sdk.NewWorkflowReplayer()
			worker.RegisterWorkflows(replayer)
			if err := replayer.ReplayWorkflowHistoryFromJSONFile(nil, file); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestReplayCatchesAChangedProcedure shows that the test above can fail: the
// beginning of an inspection replays through Inspect, and does not through
// one that draws before it has written the order down.
func TestReplayCatchesAChangedProcedure(t *testing.T) {
	t.Parallel()
	hasty := func(ctx workflow.Context, o workflows.InspectionOrder) (workflows.InspectionClosing, error) {
		_, err := workflows.DrawScope.Do(ctx, o)
		return workflows.InspectionClosing{}, err
	}
	replay := func(register func(sdk.WorkflowReplayer)) error {
		replayer := sdk.NewWorkflowReplayer()
		register(replayer)
		return replayer.ReplayWorkflowHistory(quiet, beginning(t))
	}
	if err := replay(func(r sdk.WorkflowReplayer) { worker.RegisterWorkflows(r) }); err != nil {
		t.Errorf("Inspect does not replay: %v", err)
	}
	err := replay(func(r sdk.WorkflowReplayer) {
		r.RegisterWorkflowWithOptions(hasty, workflow.RegisterOptions{Name: workflows.InspectName})
	})
	if err == nil || !strings.Contains(err.Error(), "TMPRL1100") {
		t.Errorf("the changed procedure replays with %v, want a nondeterminism error", err)
	}
}

// beginning is the history of an inspection up to its second activity.
func beginning(t *testing.T) *history.History {
	t.Helper()
	input, err := converter.GetDefaultDataConverter().ToPayloads(order())
	if err != nil {
		t.Fatal(err)
	}
	queue := &taskqueue.TaskQueue{Name: workflows.TaskQueue}
	h := &history.History{}
	add := func(e *history.HistoryEvent) {
		e.EventId = int64(len(h.Events) + 1)
		h.Events = append(h.Events, e)
	}
	task := func(at int64) {
		add(&history.HistoryEvent{EventType: enums.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
			Attributes: &history.HistoryEvent_WorkflowTaskScheduledEventAttributes{WorkflowTaskScheduledEventAttributes: &history.WorkflowTaskScheduledEventAttributes{TaskQueue: queue}}})
		add(&history.HistoryEvent{EventType: enums.EVENT_TYPE_WORKFLOW_TASK_STARTED,
			Attributes: &history.HistoryEvent_WorkflowTaskStartedEventAttributes{WorkflowTaskStartedEventAttributes: &history.WorkflowTaskStartedEventAttributes{ScheduledEventId: at}}})
		add(&history.HistoryEvent{EventType: enums.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
			Attributes: &history.HistoryEvent_WorkflowTaskCompletedEventAttributes{WorkflowTaskCompletedEventAttributes: &history.WorkflowTaskCompletedEventAttributes{ScheduledEventId: at, StartedEventId: at + 1}}})
	}
	scheduled := func(id, name string) {
		add(&history.HistoryEvent{EventType: enums.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED,
			Attributes: &history.HistoryEvent_ActivityTaskScheduledEventAttributes{ActivityTaskScheduledEventAttributes: &history.ActivityTaskScheduledEventAttributes{
				ActivityId: id, ActivityType: &common.ActivityType{Name: name}, TaskQueue: queue, Input: input}}})
	}
	add(&history.HistoryEvent{EventType: enums.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
		Attributes: &history.HistoryEvent_WorkflowExecutionStartedEventAttributes{WorkflowExecutionStartedEventAttributes: &history.WorkflowExecutionStartedEventAttributes{
			WorkflowType: &common.WorkflowType{Name: workflows.InspectName}, TaskQueue: queue, Input: input, OriginalExecutionRunId: "r-1"}}})
	task(2)
	scheduled("5", workflows.OpenInspection.Name)
	add(&history.HistoryEvent{EventType: enums.EVENT_TYPE_ACTIVITY_TASK_STARTED,
		Attributes: &history.HistoryEvent_ActivityTaskStartedEventAttributes{ActivityTaskStartedEventAttributes: &history.ActivityTaskStartedEventAttributes{ScheduledEventId: 5}}})
	add(&history.HistoryEvent{EventType: enums.EVENT_TYPE_ACTIVITY_TASK_COMPLETED,
		Attributes: &history.HistoryEvent_ActivityTaskCompletedEventAttributes{ActivityTaskCompletedEventAttributes: &history.ActivityTaskCompletedEventAttributes{ScheduledEventId: 5, StartedEventId: 6}}})
	task(8)
	scheduled("11", workflows.RecordInspection.Name)
	return h
}
