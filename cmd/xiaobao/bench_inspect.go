package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"xiaobao/casework"
	"xiaobao/desk"
	"xiaobao/localstack"
)

// benchInspectCommand measures an inspection on a system of its own.
func benchInspectCommand() *cobra.Command {
	var n int
	cmd := &cobra.Command{
		Use:   "inspect",
		Short: "Measure an inspection of many touchpoints, on a system of its own",
		Long: "Start PostgreSQL, Temporal, a worker and a console in a temporary home, on free ports, load touchpoints\n" +
			"composed for the purpose, and inspect them all by every item that a machine tests. What runs already is\n" +
			"left alone. It needs what \"xiaobao up\" needs.",
		Example: "  xiaobao bench inspect\n  xiaobao bench inspect --touchpoints 1000000 --json",
		Args:    noArgs,
	}
	asJSON := jsonFlag(cmd)
	cmd.Flags().IntVar(&n, "touchpoints", 100_000, "how many touchpoints")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if n < 1 || n > 50_000_000 {
			return casework.Errorf(casework.Invalid, "--touchpoints %d: give 1 to 50,000,000", n)
		}
		figures, err := measureInspection(cmd.Context(), n, cmd.ErrOrStderr())
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(cmd.OutOrStdout(), figures)
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(),
			"inspected   %d touchpoints in %.1f s (%.0f a second)\nworker      %.0f MiB at most\nhistory     %d events\nfindings    %d\n",
			figures.Touchpoints, figures.Seconds, float64(figures.Touchpoints)/figures.Seconds, figures.PeakRSSMiB, figures.HistoryEvents, figures.Findings)
		return err
	}
	return cmd
}

// inspectFigures are what the benchmark finds.
type inspectFigures struct {
	Touchpoints   int     `json:"touchpoints"`
	Seconds       float64 `json:"seconds"` // from the order until officers can decide
	PeakRSSMiB    float64 `json:"peak_rss_mib"`
	HistoryEvents int64   `json:"history_events"`
	Findings      int     `json:"findings"`
	LoadSeconds   float64 `json:"load_seconds"`
}

func measureInspection(ctx context.Context, n int, notes io.Writer) (figures inspectFigures, err error) {
	dir, err := os.MkdirTemp("", "xiaobao-bench-")
	if err != nil {
		return figures, err
	}
	if err := os.Chmod(dir, 0o755); err != nil { // PostgreSQL's own user must get in
		return figures, err
	}
	home, err := localstack.OpenHome(dir)
	if err != nil {
		return figures, err
	}
	defer func() { err = errors.Join(err, localstack.Reset(context.WithoutCancel(ctx), home, io.Discard)) }()
	if err := startBench(ctx, home, notes); err != nil {
		return figures, err
	}
	s, err := connect(ctx, "cli")
	if err != nil {
		return figures, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	began := time.Now()
	if err := s.loadTalk(ctx, n); err != nil {
		return figures, err
	}
	figures.LoadSeconds = time.Since(began).Seconds()
	_, _ = fmt.Fprintf(notes, "loaded %d touchpoints in %.0f s; inspecting …\n", n, figures.LoadSeconds) // a note only
	return figures, s.inspectTalk(ctx, home, &figures)
}

// startBench starts a system in home, on free ports, and has this process
// talk to it.
func startBench(ctx context.Context, home localstack.Home, notes io.Writer) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	elsewhere := []string{"XIAOBAO_DATABASE_URL", "TEMPORAL_ADDRESS", "XIAOBAO_LISTEN", "XIAOBAO_TEMPORAL_UI"}
	for _, line := range os.Environ() { // and without language models, whose pace would be measured instead
		if name, _, _ := strings.Cut(line, "="); strings.HasPrefix(name, "XIAOBAO_LLM") {
			elsewhere = append(elsewhere, name)
		}
	}
	for _, name := range elsewhere {
		if err := os.Unsetenv(name); err != nil {
			return err
		}
	}
	stack, err := localstack.Plan(home, localstack.Options{Program: program, Getenv: os.Getenv, FreePorts: true, Out: notes})
	if err != nil {
		return err
	}
	if err := stack.Up(ctx); err != nil {
		return err
	}
	environment, err := home.Environment()
	if err != nil {
		return err
	}
	for _, line := range environment {
		name, value, _ := strings.Cut(line, "=")
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	return nil
}

// benchFrom and benchDays are the period the composed touchpoints fall into.
var benchFrom = time.Date(2026, 6, 1, 9, 0, 0, 0, casework.Beijing)

const benchDays = 90

// loadTalk loads ordinary talk, in which one touchpoint in fifty says
// something that the rulebook knows.
func (s *system) loadTalk(ctx context.Context, n int) error {
	const batch = 2000
	for at := 0; at < n; at += batch {
		talk := ordinaryTalk(uint64(at), min(batch, n-at))
		for i := range talk {
			t, k := &talk[i], at+i
			t.ID = fmt.Sprintf("bench-%08d", k)
			t.OccurredAt = benchFrom.AddDate(0, 0, k%benchDays).Add(time.Duration(k%600) * time.Minute / 2)
			t.CustomerID, t.AgentID, t.OrgID = fmt.Sprintf("c-%06d", k%20_000), fmt.Sprintf("a-%03d", k%200), headOffice
			if k%50 == 0 {
				t.Text += "\n坐席：" + planted[k/50%len(planted)]
			}
		}
		if _, err := s.store.AddTouchpoints(ctx, "", talk); err != nil {
			return err
		}
	}
	return nil
}

// planted are lines that break a rule, so that the benchmark has findings to
// save and not only clean text to read.
var planted = []string{
	"您尽管放心，这笔一定给您批下来。",
	"一天也就一杯奶茶的钱，利息可以忽略。",
	"今天再不还，我就叫人上你家去。",
	"反正额度放着也是放着，不借白不借。",
	"月收入您写高一点，系统容易过。",
}

// inspectTalk inspects all that was loaded, by every item that a machine tests.
func (s *system) inspectTalk(ctx context.Context, home localstack.Home, figures *inspectFigures) error {
	u, _, err := s.store.UserByLogin(ctx, string(casework.Officer))
	if err != nil {
		return err
	}
	list, ok := s.desk.Book.Checklist("annual")
	if !ok {
		return casework.Errorf(casework.NotFound, "the rulebook has no checklist annual")
	}
	r := desk.InspectionRequest{Name: "benchmark", Checklist: list.ID, Scope: casework.Scope{
		From: benchFrom.AddDate(0, 0, -1), To: benchFrom.AddDate(0, 0, benchDays+1),
	}}
	for _, item := range list.Items {
		if item.Method != casework.ByAsking {
			r.Items = append(r.Items, item.ID)
		}
	}
	began := time.Now()
	i, err := s.desk.StartInspection(ctx, u, r)
	if err != nil {
		return err
	}
	if i, err = s.watch(ctx, u, i.ID, io.Discard); err != nil {
		return err
	}
	figures.Seconds = time.Since(began).Seconds()
	figures.Touchpoints, figures.Findings = i.Progress.Tested, i.Counts.Total()
	described, err := s.temporal.DescribeWorkflowExecution(ctx, i.WorkflowID, "")
	if err != nil {
		return err
	}
	figures.HistoryEvents = described.WorkflowExecutionInfo.HistoryLength
	figures.PeakRSSMiB, err = workerPeak(ctx, home)
	return err
}

// workerPeak is the most memory that the worker ever held, in MiB.
func workerPeak(ctx context.Context, home localstack.Home) (float64, error) {
	stack, err := localstack.Remembered(home, localstack.Options{})
	if err != nil {
		return 0, err
	}
	for _, part := range stack.Status(ctx) {
		if part.Name == "worker" && part.PID != 0 {
			return peakRSS(part.PID)
		}
	}
	return 0, casework.Errorf(casework.NotFound, "the worker does not run any more; see its log in %s", string(home))
}

func peakRSS(pid int) (float64, error) {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	defer func() { _ = f.Close() }() // only read
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
			kib, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 64)
			return kib / 1024, err
		}
	}
	return 0, errors.Join(lines.Err(), fmt.Errorf("process %d: no VmHWM", pid))
}
