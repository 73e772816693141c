package localstack

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"xiaobao/casework"
)

// taskQueue is where our worker looks for work.
const taskQueue = "xiaobao"

const (
	migrateWithin = 10 * time.Minute
	setupWithin   = 2 * time.Minute
	sampleWithin  = 10 * time.Minute
)

// productStages are our own programs: the one binary under several commands.
func productStages(h Home, s State, o Options, database string) []Stage {
	env := append([]string{
		"XIAOBAO_HOME=" + string(h),
		"XIAOBAO_DATABASE_URL=" + database,
		"XIAOBAO_LISTEN=" + s.Console,
		"XIAOBAO_TEMPORAL_UI=" + s.TemporalUI,
		"TEMPORAL_ADDRESS=" + s.TemporalAddress,
		"TEMPORAL_NAMESPACE=" + s.Namespace,
	}, append(modelEnvironment(o.getenv), o.Env...)...)
	run := func(args ...string) Command { return Command{Path: o.Program, Args: args, Env: env} }

	steps := []Step{
		{Name: "migrate", Command: run("migrate"), Within: migrateWithin},
		{Name: "setup", Command: run("setup", "--json"), Within: setupWithin, Keep: h.keepLogin},
	}
	if o.Sample {
		steps = append(steps, Step{Name: "sample", Command: run("sample", "load"), Within: sampleWithin})
	}
	return []Stage{
		{Steps: steps},
		{Parts: []Part{
			{
				Name: "worker", Command: run("work"),
				Ready: func(ctx context.Context, r Record) error { return polls(ctx, s, r.Since) },
			},
			{
				Name: "console", Command: run("serve"), Address: s.Console, URL: "http://" + s.Console,
				Ready: func(ctx context.Context, _ Record) error { return answersHTTP(ctx, "http://"+s.Console+"/") },
			},
		}},
	}
}

// modelEnvironment are the settings of models as they stand now. Our programs
// would inherit them anyway; named here they are part of what a program is
// started with, so that "up" starts it again when they have changed.
func modelEnvironment(getenv func(string) string) []string {
	names := []string{"XIAOBAO_LLM_SHARE", "XIAOBAO_LLM_PATIENCE", "XIAOBAO_PRIVACY_KEY", "XIAOBAO_LAC_DIR", "XIAOBAO_RULES_DIR"}
	for _, endpoint := range []string{"XIAOBAO_LLM_", "XIAOBAO_LLM2_"} {
		for _, setting := range []string{
			"BASE_URL", "API_KEY", "MODEL", "DIALECT", "TIMEOUT", "RATE", "AT_ONCE", "MAX_TOKENS", "DAILY_TOKENS", "DAILY_COST", "PRICE",
		} {
			names = append(names, endpoint+setting)
		}
	}
	var set []string
	for _, name := range names {
		if value := getenv(name); value != "" {
			set = append(set, name+"="+value)
		}
	}
	return set
}

// polls is nil when somebody has asked for our work since the worker started.
func polls(ctx context.Context, s State, since time.Time) error {
	conn, err := grpc.NewClient(s.TemporalAddress, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return fmt.Errorf("ask for pollers: %w", err)
	}
	defer func() { _ = conn.Close() }()
	ctx, cancel := context.WithTimeout(ctx, askNoLonger)
	defer cancel()
	queue, err := workflowservice.NewWorkflowServiceClient(conn).DescribeTaskQueue(ctx, &workflowservice.DescribeTaskQueueRequest{
		Namespace: s.Namespace, TaskQueue: &taskqueue.TaskQueue{Name: taskQueue}, TaskQueueType: enumspb.TASK_QUEUE_TYPE_WORKFLOW,
	})
	if err != nil {
		return fmt.Errorf("ask for pollers: %w", err)
	}
	for _, p := range queue.GetPollers() {
		if p.GetLastAccessTime().AsTime().After(since) {
			return nil
		}
	}
	return fmt.Errorf("nobody asks for work on task queue %s yet", taskQueue)
}

// Login is the first account, as `xiaobao setup` made it.
type Login struct {
	Login    string `json:"login"`
	Password string `json:"password"`
}

// keepLogin keeps what setup printed when it made the first account: it prints
// that once, and a command killed a moment later must not lose it.
func (h Home) keepLogin(output []byte) error {
	output = bytes.TrimSpace(output)
	if len(output) == 0 {
		return nil
	}
	var l Login
	if err := json.Unmarshal(output, &l); err != nil {
		return casework.Errorf(casework.Internal, "setup answered something else than the first login").Because(err)
	}
	if l.Login == "" || l.Password == "" {
		return nil // nothing new: the account was there before
	}
	return h.keepSecret("first_login.json", string(output))
}

// FirstLogin is the account made on the first start; false when it was made
// elsewhere or its note was removed.
func (h Home) FirstLogin() (Login, bool) {
	var l Login
	text, err := h.Secret("first_login.json")
	if err != nil || text == "" || json.Unmarshal([]byte(text), &l) != nil {
		return l, false
	}
	return l, true
}
