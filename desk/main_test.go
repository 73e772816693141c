package desk_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"xiaobao/casework"
	"xiaobao/desk"
	"xiaobao/rulebook"
	"xiaobao/store"
	"xiaobao/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// noon is now in these tests.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, casework.Beijing)

// temporal records what it is asked and answers nothing; whatever else the
// desk might call is not there.
type temporal struct {
	client.Client
	sync.Mutex
	started    map[string]any                    // orders by workflow id
	updates    []client.UpdateWorkflowOptions    // each id once
	schedules  map[string]client.ScheduleOptions // by id
	steps      []string                          // on schedules
	fail       error
	procedures map[string]enums.WorkflowExecutionStatus // how workflows stand by id, if there are any; they take no updates
}

func (c *temporal) DescribeWorkflowExecution(_ context.Context, id, _ string) (*workflowservice.DescribeWorkflowExecutionResponse, error) {
	c.Lock()
	defer c.Unlock()
	status, ok := c.procedures[id]
	if !ok {
		return nil, serviceerror.NewNotFound("no such workflow")
	}
	return &workflowservice.DescribeWorkflowExecutionResponse{WorkflowExecutionInfo: &workflow.WorkflowExecutionInfo{Status: status}}, nil
}

func (c *temporal) ExecuteWorkflow(_ context.Context, o client.StartWorkflowOptions, _ any, args ...any) (client.WorkflowRun, error) {
	c.Lock()
	defer c.Unlock()
	if c.fail != nil {
		return nil, c.fail
	}
	if _, twice := c.started[o.ID]; twice {
		return nil, serviceerror.NewWorkflowExecutionAlreadyStarted("twice", "", "")
	}
	c.started[o.ID] = args[0]
	return nil, nil
}

func (c *temporal) UpdateWorkflow(_ context.Context, o client.UpdateWorkflowOptions) (client.WorkflowUpdateHandle, error) {
	c.Lock()
	defer c.Unlock()
	if c.procedures != nil && c.procedures[o.WorkflowID] != enums.WORKFLOW_EXECUTION_STATUS_RUNNING {
		return nil, serviceerror.NewNotFound("workflow execution already completed")
	}
	for _, known := range c.updates {
		if known.WorkflowID == o.WorkflowID && known.UpdateID == o.UpdateID {
			return answer{}, nil
		}
	}
	c.updates = append(c.updates, o)
	return answer{}, nil
}

type answer struct{ client.WorkflowUpdateHandle }

func (answer) Get(context.Context, any) error { return nil }

func (c *temporal) ScheduleClient() client.ScheduleClient { return scheduler{c: c} }

type scheduler struct {
	client.ScheduleClient
	c *temporal
}

func (s scheduler) Create(_ context.Context, o client.ScheduleOptions) (client.ScheduleHandle, error) {
	c := s.c
	c.Lock()
	defer c.Unlock()
	c.schedules[o.ID] = o
	return nil, nil
}

func (s scheduler) GetHandle(_ context.Context, id string) client.ScheduleHandle {
	return scheduled{c: s.c, id: id}
}

type scheduled struct {
	client.ScheduleHandle
	c  *temporal
	id string
}

func (s scheduled) note(step string) error {
	s.c.Lock()
	defer s.c.Unlock()
	s.c.steps = append(s.c.steps, step+" "+s.id)
	return nil
}

func (s scheduled) Describe(context.Context) (*client.ScheduleDescription, error) {
	return nil, serviceerror.NewNotFound("never came to run")
}
func (s scheduled) Pause(context.Context, client.SchedulePauseOptions) error { return s.note("pause") }
func (s scheduled) Unpause(context.Context, client.ScheduleUnpauseOptions) error {
	return s.note("unpause")
}
func (s scheduled) Trigger(context.Context, client.ScheduleTriggerOptions) error {
	return s.note("trigger")
}
func (s scheduled) Update(_ context.Context, o client.ScheduleUpdateOptions) error {
	s.c.Lock()
	known, ok := s.c.schedules[s.id]
	s.c.Unlock()
	if !ok {
		return serviceerror.NewNotFound("never came to run")
	}
	update, err := o.DoUpdate(client.ScheduleUpdateInput{Description: client.ScheduleDescription{Schedule: client.Schedule{
		State: &client.ScheduleState{Paused: true}, Spec: &known.Spec, Action: known.Action,
	}}})
	if err != nil {
		return err
	}
	known.Spec, known.Action, known.Paused = *update.Schedule.Spec, update.Schedule.Action, update.Schedule.State.Paused
	s.c.Lock()
	s.c.schedules[s.id] = known
	s.c.Unlock()
	return s.note("update")
}
func (s scheduled) Delete(context.Context) error { return s.note("delete") }

// An office is a desk with an institution: a head office HQ with two branches
// B1 (with the outlet B11 below) and B2, a partner P beside it, and one user
// of each role in HQ ("hq-officer"), B1 and P.
type office struct {
	*desk.Desk
	store    *store.Store
	temporal *temporal
}

func newOffice(t *testing.T) *office {
	t.Helper()
	book, err := rulebook.Builtin()
	must(t, err)
	o := &office{store: storetest.New(t), temporal: &temporal{started: map[string]any{}, schedules: map[string]client.ScheduleOptions{}}}
	o.Desk = &desk.Desk{
		Temporal: o.temporal, Records: o.store, Book: book, Log: slog.New(slog.NewJSONHandler(t.Output(), nil)),
		Home: t.TempDir(), Now: func() time.Time { return noon },
	}
	_, err = o.store.AddOrgs(t.Context(), []casework.Org{
		{ID: "HQ", Name: "总部", Kind: "head_office"}, {ID: "B1", ParentID: "HQ", Name: "一分行", Kind: "branch"},
		{ID: "B11", ParentID: "B1", Name: "营业部", Kind: "department"}, {ID: "B2", ParentID: "HQ", Name: "二分行", Kind: "branch"},
		{ID: "P", Name: "合作机构", Kind: "partner"},
	})
	must(t, err)
	for _, org := range []string{"HQ", "B1", "P"} {
		for _, role := range casework.Roles() {
			u := o.user(org, role)
			must(t, o.store.AddUser(t.Context(), u, ""))
		}
	}
	return o
}

// user is a user of the office.
func (o *office) user(org string, role casework.Role) casework.User {
	login := strings.ToLower(org) + "-" + string(role)
	return casework.User{ID: casework.Actor("u-" + login), Login: login, Name: role.Chinese(), Role: role, OrgID: org, Active: true, Language: "zh-CN", Via: "console"}
}

// touchpoints adds one call of each unit.
func (o *office) touchpoints(t *testing.T) {
	t.Helper()
	var batch []casework.Touchpoint
	for i, org := range []string{"HQ", "B1", "B11", "B2", ""} {
		batch = append(batch, casework.Touchpoint{
			ID: "t-" + org, Channel: casework.CollectionCall, OccurredAt: noon.Add(-time.Duration(i) * time.Hour), OrgID: org, Text: "客户张伟，电话13912345678",
			Attributes: map[string]any{"phone": 13912345678.0, "more": map[string]any{"phones": []any{"13912345678"}}, "calls_today": 3.0},
		})
	}
	_, err := o.store.AddTouchpoints(t.Context(), "", batch)
	must(t, err)
}

// march is a scope that holds the touchpoints.
func march() casework.Scope {
	return casework.Scope{From: noon.AddDate(0, 0, -30), To: noon.AddDate(0, 0, 1)}
}

// inspection orders one as a user, without questions.
func (o *office) inspection(t *testing.T, u casework.User, request string) casework.Inspection {
	t.Helper()
	i, err := o.StartInspection(t.Context(), u, desk.InspectionRequest{
		RequestID: request, Name: "三月检查", Checklist: "annual", Items: []string{o.item(casework.ByIndicators)}, Scope: march(),
	})
	must(t, err)
	return i
}

// item is the first item of the annual checklist that is tested so.
func (o *office) item(m casework.Method) string {
	list, _ := o.Book.Checklist("annual")
	for _, item := range list.Items {
		if item.Method == m {
			return item.ID
		}
	}
	return ""
}

// trail is the whole audit trail, the oldest first.
func (o *office) trail(t *testing.T) []casework.AuditEntry {
	t.Helper()
	page, err := o.store.Audit(t.Context(), casework.AuditFilter{}, casework.PageRequest{Sort: "seq", Limit: 500})
	must(t, err)
	return page.Rows
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// kind fails the test unless the error is of the kind that is wanted; "" is none.
func kind(t testing.TB, err error, want casework.Kind) {
	t.Helper()
	got := casework.Kind("")
	if err != nil {
		got = casework.KindOf(err)
	}
	if got != want {
		t.Errorf("error of kind %q, want %q: %v", got, want, err)
	}
}

func text(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(data)
}
