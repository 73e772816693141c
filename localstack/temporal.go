package localstack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"

	"xiaobao/casework"
)

// The kinds of Temporal that a home may use. What it began with it stays
// with: their files differ.
const (
	temporalDevstack  = "devstack"
	temporalCLI       = "cli"
	temporalElsewhere = elsewhereNote
)

// searchAttributes are registered by the command line server at its start;
// devstack does it by itself, and `xiaobao setup` sees to it anywhere.
var searchAttributes = []string{"XiaobaoCase=Keyword", "XiaobaoStatus=Keyword", "XiaobaoDue=Datetime"}

// temporalKind decides which Temporal serves this home.
func temporalKind(h Home, getenv func(string) string) (string, error) {
	if getenv("TEMPORAL_ADDRESS") != "" {
		return temporalElsewhere, nil
	}
	for kind, file := range map[string]string{temporalDevstack: h.devstackFile(), temporalCLI: h.cliFile()} {
		if _, err := os.Stat(file); err == nil {
			return kind, nil
		}
	}
	if _, err := exec.LookPath("temporal"); err == nil {
		return temporalCLI, nil
	}
	return temporalDevstack, nil
}

func (h Home) devstackFile() string { return h.path("temporal", "devstack.db") }
func (h Home) cliFile() string      { return h.path("temporal", "temporal.db") }

// temporalPart is a Temporal of our own, of either kind.
func temporalPart(h Home, s State, program string, getenv func(string) string) (Part, error) {
	command, err := temporalCommand(h, s, program, getenv)
	if err != nil {
		return Part{}, err
	}
	return Part{
		Name: "temporal", Command: command,
		Address: s.TemporalAddress, URL: s.TemporalUI,
		Prepare: func(context.Context) error {
			if err := os.MkdirAll(h.path("temporal"), 0o700); err != nil {
				return fmt.Errorf("temporal: %w", err)
			}
			return nil
		},
		Ready: func(ctx context.Context, _ Record) error {
			if err := temporalServes(ctx, s.TemporalAddress); err != nil {
				return err
			}
			return answersHTTP(ctx, s.TemporalUI+"/healthz")
		},
		Within: 90 * time.Second,
	}, nil
}

func temporalCommand(h Home, s State, program string, getenv func(string) string) (Command, error) {
	port, ui := strconv.Itoa(s.Ports["temporal"]), strconv.Itoa(s.Ports["temporal_ui"])
	if s.Temporal == temporalCLI {
		path, err := exec.LookPath("temporal")
		if err != nil {
			return Command{}, casework.Errorf(casework.NotFound, "this home uses the program `temporal`, which is not on the PATH any more; bring it back, or begin anew with `xiaobao reset --yes`")
		}
		args := []string{"server", "start-dev", "--ip", loopback, "--port", port, "--ui-port", ui, "--namespace", s.Namespace,
			"--db-filename", h.cliFile(), "--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=full", "--log-level", "warn"}
		for _, a := range searchAttributes {
			args = append(args, "--search-attribute", a)
		}
		return Command{Path: path, Args: args}, nil
	}
	path := getenv("XIAOBAO_DEVSTACK")
	if path == "" {
		path = filepath.Join(filepath.Dir(program), "devstack")
	}
	if !executable(path) {
		return Command{}, casework.Errorf(casework.NotFound, "the local Temporal server is not built: there is no %s; run `make build-devstack` (about five minutes the first time), "+
			"put a `temporal` on the PATH, or set TEMPORAL_ADDRESS to a server elsewhere", path).
			InChinese("还没有构建本地 Temporal：缺少 %s；请运行 make build-devstack，或用 TEMPORAL_ADDRESS 指定已有的服务。", path)
	}
	return Command{Path: path, Args: []string{"--db", h.devstackFile(), "--ip", loopback, "--port", port, "--ui-port", ui, "--namespace", s.Namespace}}, nil
}

// elsewhereTemporal is a server that TEMPORAL_ADDRESS names.
func elsewhereTemporal(s State) Part {
	return Part{
		Name: "temporal", Address: s.TemporalAddress, URL: s.TemporalUI, Elsewhere: true,
		Ready: func(ctx context.Context, _ Record) error { return temporalServes(ctx, s.TemporalAddress) },
	}
}

// temporalServes asks the frontend for its health.
func temporalServes(ctx context.Context, address string) error {
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return fmt.Errorf("temporal at %s: %w", address, err)
	}
	defer func() { _ = conn.Close() }()
	ctx, cancel := context.WithTimeout(ctx, askNoLonger)
	defer cancel()
	answer, err := grpc_health_v1.NewHealthClient(conn).Check(ctx, &grpc_health_v1.HealthCheckRequest{
		Service: "temporal.api.workflowservice.v1.WorkflowService"})
	if err != nil {
		return fmt.Errorf("temporal at %s does not answer: %w", address, err)
	}
	if answer.GetStatus() != grpc_health_v1.HealthCheckResponse_SERVING {
		return fmt.Errorf("temporal at %s is %s", address, answer.GetStatus())
	}
	return nil
}

// direct asks without any proxy: what we ask is on this machine.
var direct = &http.Client{
	Transport:     &http.Transport{DisableKeepAlives: true},
	Timeout:       askNoLonger,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// answersHTTP is nil when a page answers with anything but a server error.
func answersHTTP(ctx context.Context, url string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return fmt.Errorf("%s: %w", url, err)
	}
	answer, err := direct.Do(request)
	if err != nil {
		return errors.New(url + " does not answer yet")
	}
	_ = answer.Body.Close()
	if answer.StatusCode >= http.StatusInternalServerError {
		return fmt.Errorf("%s answers %s", url, answer.Status)
	}
	return nil
}
