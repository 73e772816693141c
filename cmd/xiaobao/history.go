package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"

	"github.com/spf13/cobra"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/api/workflowservice/v1"
	sdk "go.temporal.io/sdk/worker"
	"google.golang.org/protobuf/encoding/protojson"

	"xiaobao/casework"
	"xiaobao/worker"
	"xiaobao/workflows"
)

// historyCommand saves and checks the histories of procedures.
func historyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "history", Short: "Save the histories of procedures, and check this build against them", GroupID: "system",
		Long: "Before a release, check that this build would go on with every procedure that is under way, and save\n" +
			"histories of the release that is running, so that later builds are tested against them.",
		Example: "  xiaobao history check\n  xiaobao history save 2026.11-undisturbed.json inspection/i-1f2e…", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(historySaveCommand(), historyCheckCommand())
	return cmd
}

func historySaveCommand() *cobra.Command {
	return &cobra.Command{
		Use: "save FILE WORKFLOW", Short: "Save the history of a procedure as JSON", Args: cobra.ExactArgs(2),
		Example: "  xiaobao history save workflows/testdata/histories/2026.11-undisturbed.json inspection/i-1f2e…",
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			s, err := connect(cmd.Context(), "cli")
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, s.close()) }()
			h, err := s.history(cmd.Context(), args[1], "")
			if err != nil {
				return err
			}
			text, err := protojson.MarshalOptions{Multiline: true, Indent: " "}.Marshal(h)
			if err != nil {
				return err
			}
			if err := os.WriteFile(args[0], append(text, '\n'), 0o644); err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d events\n", len(h.Events))
			return err
		},
	}
}

// history reads the whole history of a procedure.
func (s *system) history(ctx context.Context, id, run string) (*history.History, error) {
	h := &history.History{}
	events := s.temporal.GetWorkflowHistory(ctx, id, run, false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		if err != nil {
			return nil, workflows.FromTemporal(err)
		}
		h.Events = append(h.Events, event)
	}
	return h, nil
}

func historyCheckCommand() *cobra.Command {
	return &cobra.Command{
		Use: "check", Short: "Replay every procedure that is under way with this build", Args: noArgs,
		Long:    "Replay every procedure that is under way with this build. The exit status is 4 if one would get stuck.",
		Example: "  xiaobao history check",
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			s, err := connect(cmd.Context(), "cli")
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, s.close()) }()
			checked, stuck := 0, 0
			for id, err := range s.underWay(cmd.Context()) {
				if err != nil {
					return err
				}
				checked++
				if err := s.replay(cmd.Context(), id); err != nil {
					stuck++
					_, _ = fmt.Fprintf(cmd.ErrOrStderr(), "%s: %v\n", id, err) // the exit status tells as well
				}
			}
			if stuck > 0 {
				return casework.Errorf(casework.Conflict, "%d of %d procedures under way would get stuck with this build", stuck, checked)
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "all %d procedures under way go on with this build\n", checked)
			return err
		},
	}
}

// underWay are the workflow ids of all our procedures that run.
func (s *system) underWay(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		request := &workflowservice.ListWorkflowExecutionsRequest{
			Query: "ExecutionStatus = 'Running' AND WorkflowType = '" + workflows.InspectName + "'", PageSize: 100,
		}
		for {
			page, err := s.temporal.ListWorkflow(ctx, request)
			if err != nil {
				yield("", workflows.FromTemporal(err))
				return
			}
			for _, run := range page.Executions {
				if !yield(run.Execution.WorkflowId, nil) {
					return
				}
			}
			if request.NextPageToken = page.NextPageToken; len(request.NextPageToken) == 0 {
				return
			}
		}
	}
}

// replay runs a procedure's history through this build.
func (s *system) replay(ctx context.Context, id string) error {
	h, err := s.history(ctx, id, "")
	if err != nil {
		return err
	}
	replayer := sdk.NewWorkflowReplayer()
	worker.RegisterWorkflows(replayer)
	return replayer.ReplayWorkflowHistory(nil, h)
}
