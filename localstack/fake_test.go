package localstack_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// TestMain makes the test binary stand in for the programs that the supervisor
// runs: real processes that listen, die, or refuse to.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && !strings.HasPrefix(os.Args[1], "-test.") {
		if err := fake(os.Args[1], os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// fake is a program: the words of xiaobao and devstack as the plan uses them,
// and a few that misbehave.
func fake(word string, args []string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	switch word {
	case "listen":
		return listen(ctx, args[0])
	case "die":
		fmt.Println("the reason why it died")
		return fmt.Errorf("giving up")
	case "deaf":
		signal.Ignore(syscall.SIGTERM)
		return listen(context.Background(), args[0])
	case "migrate":
		return note("migrate")
	case "setup":
		fmt.Println(`{"login":"admin","password":"first-secret"}`)
		return note("setup")
	case "sample":
		return note("sample")
	case "work":
		<-ctx.Done()
		return nil
	case "serve":
		return listen(ctx, os.Getenv("XIAOBAO_LISTEN"))
	case "--db":
		return temporal(ctx, args)
	}
	return fmt.Errorf("no such fake: %s", word)
}

// note leaves a line in the home for each run of a step.
func note(word string) error {
	f, err := os.OpenFile(os.Getenv("XIAOBAO_HOME")+"/log/steps", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	_, err = fmt.Fprintln(f, word, strings.HasPrefix(os.Getenv("XIAOBAO_DATABASE_URL"), "postgres://xiaobao:"))
	return err
}

func listen(ctx context.Context, address string) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})}
	go func() { _ = server.Serve(l) }()
	<-ctx.Done()
	return server.Close()
}

// temporal answers what the supervisor asks of a Temporal.
func temporal(ctx context.Context, args []string) error {
	flags := map[string]string{}
	for i := 1; i+1 < len(args); i += 2 {
		flags[args[i]] = args[i+1]
	}
	l, err := net.Listen("tcp", flags["--ip"]+":"+flags["--port"])
	if err != nil {
		return err
	}
	server := grpc.NewServer()
	healthy := health.NewServer()
	healthy.SetServingStatus("temporal.api.workflowservice.v1.WorkflowService", grpc_health_v1.HealthCheckResponse_SERVING)
	grpc_health_v1.RegisterHealthServer(server, healthy)
	workflowservice.RegisterWorkflowServiceServer(server, pollers{})
	go func() { _ = server.Serve(l) }()
	defer server.Stop()
	return listen(ctx, flags["--ip"]+":"+flags["--ui-port"])
}

// pollers says that a worker asked for work just now.
type pollers struct {
	workflowservice.UnimplementedWorkflowServiceServer
}

func (pollers) DescribeTaskQueue(context.Context, *workflowservice.DescribeTaskQueueRequest) (*workflowservice.DescribeTaskQueueResponse, error) {
	return &workflowservice.DescribeTaskQueueResponse{Pollers: []*taskqueue.PollerInfo{{LastAccessTime: timestamppb.Now()}}}, nil
}
