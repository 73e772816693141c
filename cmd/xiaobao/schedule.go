package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"xiaobao/casework"
)

// scheduleCommand is everything about inspections that start by themselves.
func scheduleCommand() *cobra.Command {
	step := func(use, short string, do func(ctx context.Context, s *system, u casework.User, id string) error) *cobra.Command {
		return &cobra.Command{
			Use: use + " SCHEDULE", Short: short, Args: oneArg("schedule"), Example: "  xiaobao schedule " + use + " s-1f2e…",
			RunE: asUser(func(ctx context.Context, s *system, u casework.User, cmd *cobra.Command, args []string) error {
				if err := do(ctx, s, u, args[0]); err != nil {
					return err
				}
				_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s: %s done\n", args[0], use)
				return err
			}),
		}
	}
	return group("schedule", "Have inspections start by themselves (定期检查)",
		`  xiaobao schedule add --name "Monthly collection" --items I-057,I-058,I-060 --every month --window previous_month --at 7
  xiaobao schedule list`,
		scheduleAddCommand(), scheduleListCommand(),
		step("pause", "Stop a schedule for now", func(ctx context.Context, s *system, u casework.User, id string) error {
			return s.desk.PauseSchedule(ctx, u, id, true)
		}),
		step("resume", "Let a schedule go on", func(ctx context.Context, s *system, u casework.User, id string) error {
			return s.desk.PauseSchedule(ctx, u, id, false)
		}),
		step("trigger", "Start a round now", func(ctx context.Context, s *system, u casework.User, id string) error {
			return s.desk.TriggerSchedule(ctx, u, id)
		}),
		step("delete", "End a schedule; rounds under way go on", func(ctx context.Context, s *system, u casework.User, id string) error {
			return s.desk.DeleteSchedule(ctx, u, id)
		}))
}

func scheduleAddCommand() *cobra.Command {
	var sc casework.Schedule
	var channels []string
	cmd := &cobra.Command{
		Use: "add", Short: "Add a schedule", Args: noArgs,
		Example: `  xiaobao schedule add --name "Daily curfew check" --items I-057 --every day --window previous_day --at 8`,
	}
	asJSON := jsonFlag(cmd)
	f := cmd.Flags()
	f.StringVar(&sc.Name, "name", "", "what officers call it")
	f.StringVar(&sc.Checklist, "checklist", "annual", "checklist")
	f.StringSliceVar(&sc.Items, "items", nil, "items; the whole checklist if left out")
	f.StringVar(&sc.Every, "every", "month", "day, week, month or quarter")
	f.StringVar(&sc.Window, "window", "previous_month", "previous_day, previous_week, previous_month or previous_quarter")
	f.IntVar(&sc.AtHour, "at", 6, "hour of the day in Beijing")
	f.StringSliceVar(&channels, "channels", nil, "channels; all if left out")
	f.StringSliceVar(&sc.Scope.Orgs, "orgs", nil, "units, each with all below it")
	f.IntVar(&sc.Scope.Sample, "sample", 0, "draw a sample of so many touchpoints; 0 is full coverage")
	f.Int64Var(&sc.Scope.Seed, "seed", 0, "seed of the sample")
	cmd.RunE = asUser(func(ctx context.Context, s *system, u casework.User, cmd *cobra.Command, _ []string) error {
		for _, c := range channels {
			sc.Scope.Channels = append(sc.Scope.Channels, casework.Channel(c))
		}
		added, err := s.desk.AddSchedule(ctx, u, sc)
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(cmd.OutOrStdout(), added)
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "added schedule %s\n", added.ID)
		return err
	})
	return cmd
}

func scheduleListCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "list", Short: "List schedules", Args: noArgs, Example: "  xiaobao schedule list --json"}
	asJSON := jsonFlag(cmd)
	cmd.RunE = asUser(func(ctx context.Context, s *system, u casework.User, cmd *cobra.Command, _ []string) error {
		schedules, err := s.desk.Schedules(ctx, u)
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(cmd.OutOrStdout(), schedules)
		}
		t := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 4, 2, ' ', 0)
		_, _ = fmt.Fprintln(t, "SCHEDULE\tEVERY\tWINDOW\tNEXT\tPAUSED\tNAME") // Flush reports errors
		for _, sc := range schedules {
			next := "-"
			if sc.NextRun != nil {
				next = sc.NextRun.In(casework.Beijing).Format(time.DateTime)
			}
			_, _ = fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%t\t%s\n", sc.ID, sc.Every, sc.Window, next, sc.Paused, sc.Name)
		}
		return t.Flush()
	})
	return cmd
}
