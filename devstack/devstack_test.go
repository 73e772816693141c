package main_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

const queue = "devstack-test"

func TestAKilledServerLosesNothingAndTheWorkflowFinishes(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.start(t)
	c := s.dial(t)
	run, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{
		ID: "journey", TaskQueue: queue,
		TypedSearchAttributes: temporal.NewSearchAttributes(
			temporal.NewSearchAttributeKeyKeyword("XiaobaoCase").ValueSet("c-1"),
			temporal.NewSearchAttributeKeyTime("XiaobaoDue").ValueSet(time.Now()),
		),
	}, journey)
	if err != nil {
		t.Fatal(err)
	}
	stopWorker := work(t, c)
	await(t, "the first step is in history", func() bool { return steps(t, c, run.GetID()) == 1 })
	stopWorker()

	// Acknowledged in the last moment before the kill: none may be missing.
	for i := range 20 {
		if err := c.SignalWorkflow(t.Context(), run.GetID(), "", "word", i); err != nil {
			t.Fatal(err)
		}
	}
	c.Close()
	s.end(t, syscall.SIGKILL)

	if took := s.start(t); took > 5*time.Second {
		t.Errorf("the second start took %s, want at most 5 s", took)
	}
	c = s.dial(t)
	defer c.Close()
	defer work(t, c)()
	var words int
	if err := c.GetWorkflow(t.Context(), run.GetID(), "").Get(t.Context(), &words); err != nil {
		t.Fatal(err)
	}
	if words != 20 {
		t.Errorf("the workflow received %d of 20 acknowledged signals", words)
	}
	await(t, "the list finds the case by its attribute", func() bool {
		found, err := c.CountWorkflow(t.Context(), &workflowservice.CountWorkflowExecutionsRequest{
			Query: "XiaobaoCase = 'c-1' AND ExecutionStatus = 'Completed'"})
		return err == nil && found.GetCount() == 1
	})
	s.end(t, syscall.SIGTERM)
}

func TestTheNamespaceKeepsThirtyDaysAndKnowsOurAttributes(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.start(t)
	c := s.dial(t)
	defer c.Close()
	ns, err := c.WorkflowService().DescribeNamespace(t.Context(), &workflowservice.DescribeNamespaceRequest{Namespace: "default"})
	if err != nil {
		t.Fatal(err)
	}
	if got := ns.GetConfig().GetWorkflowExecutionRetentionTtl().AsDuration(); got != 30*24*time.Hour {
		t.Errorf("retention is %s, want 720h", got)
	}
	attributes, err := c.OperatorService().ListSearchAttributes(t.Context(), &operatorservice.ListSearchAttributesRequest{Namespace: "default"})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]enumspb.IndexedValueType{
		"XiaobaoCase": enumspb.INDEXED_VALUE_TYPE_KEYWORD, "XiaobaoStatus": enumspb.INDEXED_VALUE_TYPE_KEYWORD,
		"XiaobaoDue": enumspb.INDEXED_VALUE_TYPE_DATETIME,
	} {
		if got := attributes.GetCustomAttributes()[name]; got != want {
			t.Errorf("search attribute %s is %s, want %s", name, got, want)
		}
	}
	for _, page := range []string{"/", "/api/v1/namespaces/default"} {
		if got := status(t, s.ui+page); got != http.StatusOK {
			t.Errorf("web interface %s answers %d, want 200", page, got)
		}
	}
}

func TestATermEndsCleanlyAndLeavesOneFile(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.start(t)
	began := time.Now()
	s.end(t, syscall.SIGTERM)
	if took := time.Since(began); took > 15*time.Second {
		t.Errorf("stopping took %s", took)
	}
	if info, err := os.Stat(s.db + "-wal"); err == nil && info.Size() > 0 {
		t.Errorf("%d bytes are left outside the database file", info.Size())
	}
	if info, err := os.Stat(s.db); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("database file: %v, %v; want mode 0600", info, err)
	}
}

func TestASecondServerOnTheSameFileIsRefused(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.start(t)
	second := newStack(t)
	second.db = s.db
	refused(t, second, "another devstack is using")
}

func TestATakenPortIsNamed(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	l, err := net.Listen("tcp", s.address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	refused(t, s, "--port: "+s.address+" is not to be had")
}

func TestAFileOfAnotherSchemaIsLeftAlone(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.start(t)
	s.end(t, syscall.SIGTERM)
	f, err := os.OpenFile(s.db, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	// The user version is the big-endian number at offset 60 of the header.
	if _, err := f.WriteAt([]byte{0, 0, 0, 7}, 60); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	refused(t, s, "has schema 7")
}

func TestSettingsThatCannotWorkAreRefusedInWords(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, want string }{
		{"", "--db is needed"},
		{"--db x --ip 0.0.0.0", "not a loopback address"},
		{"--db x --ip here", "not an IP address"},
		{"--db x --port 0", "--port: 0"},
		{"--db x --ui-port 70000", "--ui-port: 70000"},
		{"--db x --log-level loud", "--log-level"},
		{"--db x --namespace=", "--namespace"},
		{"--db x more", "unexpected argument"},
	} {
		t.Run(test.want, func(t *testing.T) {
			t.Parallel()
			out, err := program(t.Context(), strings.Fields(test.name)...).CombinedOutput()
			if err == nil || !strings.Contains(string(out), test.want) {
				t.Errorf("devstack %s: %v, %s; want %q", test.name, err, out, test.want)
			}
		})
	}
}

// journey does a step, waits for twenty words, and does another: a worker and
// a server may come and go in between.
func journey(ctx workflow.Context) (int, error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Minute})
	if err := workflow.ExecuteActivity(ctx, "step").Get(ctx, nil); err != nil {
		return 0, err
	}
	words := workflow.GetSignalChannel(ctx, "word")
	n := 0
	for ; n < 20; n++ {
		words.Receive(ctx, nil)
	}
	if err := workflow.Sleep(ctx, 200*time.Millisecond); err != nil {
		return 0, err
	}
	return n, workflow.ExecuteActivity(ctx, "step").Get(ctx, nil)
}

func work(t *testing.T, c client.Client) (stop func()) {
	t.Helper()
	w := worker.New(c, queue, worker.Options{})
	w.RegisterWorkflow(journey)
	w.RegisterActivityWithOptions(func(context.Context) error { return nil }, activity.RegisterOptions{Name: "step"})
	if err := w.Start(); err != nil {
		t.Fatal(err)
	}
	return w.Stop
}

// steps counts the activities that the workflow has completed.
func steps(t *testing.T, c client.Client, id string) int {
	t.Helper()
	n := 0
	history := c.GetWorkflowHistory(t.Context(), id, "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for history.HasNext() {
		event, err := history.Next()
		if err != nil {
			t.Fatal(err)
		}
		if event.GetEventType() == enumspb.EVENT_TYPE_ACTIVITY_TASK_COMPLETED {
			n++
		}
	}
	return n
}

// stack is one devstack process and where it keeps its things.
type stack struct {
	db, address, ui string
	args            []string
	cmd             *exec.Cmd
	out             *output
	ended           chan struct{}
}

func newStack(t *testing.T) *stack {
	t.Helper()
	a, b := freePort(t), freePort(t)
	return &stack{
		db: filepath.Join(t.TempDir(), "temporal.db"), address: "127.0.0.1:" + a, ui: "http://127.0.0.1:" + b,
		args: []string{"--port", a, "--ui-port", b},
	}
}

// start runs the program until it says that it is ready.
func (s *stack) start(t *testing.T) time.Duration {
	t.Helper()
	began := time.Now()
	s.out, s.ended = &output{}, make(chan struct{})
	s.cmd = program(context.Background(), append([]string{"--db", s.db}, s.args...)...)
	s.cmd.Stdout, s.cmd.Stderr = s.out, s.out
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	cmd, ended := s.cmd, s.ended
	go func() { _ = cmd.Wait(); close(ended) }()
	t.Cleanup(func() { _ = cmd.Process.Kill(); <-ended })
	await(t, "devstack is ready", func() bool {
		select {
		case <-ended:
			t.Fatalf("devstack ended: %s", s.out)
		default:
		}
		return strings.Contains(s.out.String(), "ready after")
	})
	return time.Since(began)
}

// end sends the signal and waits; after a polite one the program must say
// that all went well.
func (s *stack) end(t *testing.T, signal syscall.Signal) {
	t.Helper()
	if err := s.cmd.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	select {
	case <-s.ended:
	case <-time.After(30 * time.Second):
		t.Fatalf("devstack does not end: %s", s.out)
	}
	if signal == syscall.SIGTERM && !s.cmd.ProcessState.Success() {
		t.Errorf("devstack ended with %s: %s", s.cmd.ProcessState, s.out)
	}
}

func (s *stack) dial(t *testing.T) client.Client {
	t.Helper()
	c, err := client.Dial(client.Options{HostPort: s.address, Logger: log.NewStructuredLogger(slog.New(slog.DiscardHandler))})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// refused runs a stack that must not start and must say why.
func refused(t *testing.T, s *stack, why string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	out, err := program(ctx, append([]string{"--db", s.db}, s.args...)...).CombinedOutput()
	if err == nil || !strings.Contains(string(out), why) {
		t.Errorf("devstack: %v, %s; want it refused with %q", err, out, why)
	}
}

func status(t *testing.T, url string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}

func await(t *testing.T, what string, so func() bool) {
	t.Helper()
	const within = 45 * time.Second
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(within); !so(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("not within %s: %s", within, what)
		}
	}
}

// freePort comes from below the range that outgoing connections use: there, a
// port that is free between a kill and a restart may be gone by then.
func freePort(t *testing.T) string {
	t.Helper()
	const first, many = 20_000, 12_000
	for range many {
		port := fmt.Sprint(first + (os.Getpid()*61+int(tried.Add(1)))%many)
		if l, err := net.Listen("tcp", "127.0.0.1:"+port); err == nil {
			_ = l.Close()
			return port
		}
	}
	t.Fatal("there is no free port")
	return ""
}

var tried atomic.Int64

// output collects what a process writes while the test reads it.
type output struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.all.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.all.String()
}
