package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"xiaobao/casework"
	"xiaobao/desk"
)

// inspectCommand is everything about inspections.
func inspectCommand() *cobra.Command {
	return group("inspect", "Order inspections, decide their findings, file their reports (自查)",
		`  xiaobao inspect start --name "Q3 collection" --from 2026-07-01 --to 2026-09-30 --channels collection_call --watch
  xiaobao inspect findings i-… --status candidate
  xiaobao inspect decide i-… --dismiss lawful_context f-…
  xiaobao inspect submit i-…`,
		inspectStartCommand(), inspectListCommand(), inspectShowCommand(), inspectWatchCommand(),
		inspectFindingsCommand(), inspectDecideCommand(),
		inspectQuestionsCommand(), inspectAnswerCommand(),
		inspectSubmitCommand(), inspectConfirmCommand(), inspectCancelCommand(), inspectReportCommand())
}

// scopeFlags give a command the flags of a scope.
func scopeFlags(cmd *cobra.Command) func() (casework.Scope, error) {
	var from, to string
	var channels []string
	var s casework.Scope
	f := cmd.Flags()
	f.StringVar(&from, "from", "", "first day, such as 2026-07-01")
	f.StringVar(&to, "to", "", "last day, included")
	f.StringSliceVar(&channels, "channels", nil, "channels, separated by commas; all if left out")
	f.StringSliceVar(&s.Orgs, "orgs", nil, "units, each with all below it")
	f.StringSliceVar(&s.Products, "products", nil, "products")
	f.StringSliceVar(&s.Agents, "agents", nil, "agents, by staff id")
	f.IntVar(&s.Sample, "sample", 0, "draw a sample of so many touchpoints; 0 is full coverage")
	f.Int64Var(&s.Seed, "seed", 0, "seed of the sample; the same seed draws the same touchpoints")
	return func() (casework.Scope, error) {
		for _, c := range channels {
			s.Channels = append(s.Channels, casework.Channel(c))
		}
		s.From, s.To = casework.Day(from).Midnight(), casework.Day(to).Midnight()
		if s.From.IsZero() || s.To.IsZero() {
			return s, casework.Errorf(casework.Invalid, "give --from and --to as days, such as 2026-07-01")
		}
		s.To = s.To.AddDate(0, 0, 1)
		return s, nil
	}
}

func inspectStartCommand() *cobra.Command {
	var r desk.InspectionRequest
	var watch bool
	cmd := &cobra.Command{
		Use: "start", Short: "Order an inspection", Args: noArgs,
		Example: `  xiaobao inspect start --name "Sample of calls" --from 2026-07-01 --to 2026-09-30 --sample 500 --seed 7 --watch`,
	}
	scope, asJSON := scopeFlags(cmd), jsonFlag(cmd)
	cmd.Flags().StringVar(&r.Name, "name", "", "what officers call it")
	cmd.Flags().StringVar(&r.Checklist, "checklist", "annual", "checklist")
	cmd.Flags().StringSliceVar(&r.Items, "items", nil, "items, such as I-057,I-060; the whole checklist if left out")
	cmd.Flags().StringVar(&r.RequestID, "request-id", "", "makes it safe to repeat: the same id orders once")
	cmd.Flags().DurationVar(&r.AdjudicateWithin, "adjudicate-within", 0, "how long officers have (default 240h)")
	cmd.Flags().DurationVar(&r.AnswerWithin, "answer-within", 0, "how long respondents have (default 120h)")
	cmd.Flags().BoolVar(&watch, "watch", false, "show progress until the tests are done")
	cmd.RunE = asUser(func(ctx context.Context, s *system, u casework.User, cmd *cobra.Command, _ []string) error {
		var err error
		if r.Scope, err = scope(); err != nil {
			return err
		}
		i, err := s.desk.StartInspection(ctx, u, r)
		if err != nil {
			return err
		}
		if watch {
			if i, err = s.watch(ctx, u, i.ID, cmd.ErrOrStderr()); err != nil {
				return err
			}
		}
		return showInspection(cmd.OutOrStdout(), s, i, *asJSON)
	})
	return cmd
}

func inspectWatchCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "watch INSPECTION", Short: "Show progress until the tests are done", Args: oneArg("inspection"),
		Example: "  xiaobao inspect watch i-1f2e…",
	}
	asJSON := jsonFlag(cmd)
	cmd.RunE = asUser(func(ctx context.Context, s *system, u casework.User, cmd *cobra.Command, args []string) error {
		i, err := s.watch(ctx, u, args[0], cmd.ErrOrStderr())
		if err != nil {
			return err
		}
		return showInspection(cmd.OutOrStdout(), s, i, *asJSON)
	})
	return cmd
}

// watchEvery is how often progress is looked at.
const watchEvery = 500 * time.Millisecond

// A stall notices that an inspection waits for a worker: for a while it has
// been ordered or drawing, and nothing has come of it.
type stall struct {
	since time.Time
	at    casework.InspectionStatus
	told  bool
}

// stallAfter is how long an inspection may take to be taken up.
const stallAfter = 15 * time.Second

// waits reports, once, that it is time to say that nobody seems to work.
func (s *stall) waits(status casework.InspectionStatus, now time.Time) bool {
	if status != s.at || s.since.IsZero() {
		s.at, s.since = status, now
	}
	if s.told || status != casework.InspectionOrdered && status != casework.InspectionDrawing || now.Sub(s.since) < stallAfter {
		return false
	}
	s.told = true
	return true
}

// watch shows progress until people have to act or the inspection has ended.
// While the database is away it goes on asking.
func (s *system) watch(ctx context.Context, u casework.User, id string, w io.Writer) (casework.Inspection, error) {
	bar := newProgress(w, "testing")
	var idle stall
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		i, err := s.desk.Inspection(ctx, u, id)
		switch kind := casework.KindOf(err); {
		case err == nil:
			bar.set(i.Progress.Tested, i.Progress.Touchpoints)
			if i.Status.Final() || i.Status == casework.InspectionAdjudicating || i.Status == casework.InspectionConfirming {
				bar.done()
				return i, nil
			}
			if idle.waits(i.Status, time.Now()) {
				_, _ = fmt.Fprintln(w, "no worker seems to run; see xiaobao status") // the watching matters more
			}
		case kind != casework.Busy && kind != casework.Internal:
			return i, err
		}
		select {
		case <-ctx.Done():
			return i, ctx.Err()
		case <-tick.C:
		}
	}
}

func inspectListCommand() *cobra.Command {
	var status []string
	cmd := &cobra.Command{
		Use: "list", Short: "List inspections, the newest first", Args: noArgs,
		Example: "  xiaobao inspect list --status adjudicating",
	}
	page, asJSON := pageFlags(cmd), jsonFlag(cmd)
	cmd.Flags().StringSliceVar(&status, "status", nil, "only these statuses")
	cmd.RunE = asUser(func(ctx context.Context, s *system, u casework.User, cmd *cobra.Command, _ []string) error {
		var f casework.InspectionFilter
		for _, st := range status {
			f.Status = append(f.Status, casework.InspectionStatus(st))
		}
		list, err := s.desk.Inspections(ctx, u, f, *page)
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(cmd.OutOrStdout(), list)
		}
		t := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 4, 2, ' ', 0)
		_, _ = fmt.Fprintln(t, "INSPECTION\tSTATUS\tPERIOD\tTESTED\tCANDIDATES\tCONFIRMED\tNAME") // Flush reports errors
		for _, i := range list.Rows {
			_, _ = fmt.Fprintf(t, "%s\t%s\t%s…%s\t%d/%d\t%d\t%d\t%s\n", i.ID, i.Status, casework.DayOf(i.Scope.From),
				casework.DayOf(i.Scope.To.Add(-time.Second)), i.Progress.Tested, i.Progress.Touchpoints, i.Counts.Candidate, i.Counts.Confirmed, i.Name)
		}
		if err := t.Flush(); err != nil {
			return err
		}
		return more(cmd.OutOrStdout(), list.Next)
	})
	return cmd
}

func inspectShowCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "show INSPECTION", Short: "Show where an inspection stands", Args: oneArg("inspection"),
		Example: "  xiaobao inspect show i-1f2e…",
	}
	asJSON := jsonFlag(cmd)
	cmd.RunE = asUser(func(ctx context.Context, s *system, u casework.User, cmd *cobra.Command, args []string) error {
		i, err := s.desk.Inspection(ctx, u, args[0])
		if err != nil {
			return err
		}
		return showInspection(cmd.OutOrStdout(), s, i, *asJSON)
	})
	return cmd
}

func showInspection(w io.Writer, s *system, i casework.Inspection, asJSON bool) error {
	if asJSON {
		return printJSON(w, i)
	}
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	line := func(name string, value any) { _, _ = fmt.Fprintf(t, "%s\t%v\n", name, value) } // Flush reports errors
	line("inspection", i.ID)
	line("name", i.Name)
	line("status", i.Status)
	line("period", fmt.Sprintf("%s … %s", casework.DayOf(i.Scope.From), casework.DayOf(i.Scope.To.Add(-time.Second))))
	line("touchpoints", fmt.Sprintf("%d of %d tested", i.Progress.Tested, i.Progress.Touchpoints))
	line("items", fmt.Sprintf("%d of %d done", i.Progress.ItemsDone, i.Progress.Items))
	line("questions", fmt.Sprintf("%d of %d answered", i.Progress.Answered, i.Progress.Questions))
	line("findings", fmt.Sprintf("%d candidate, %d confirmed, %d dismissed, %d merged",
		i.Counts.Candidate, i.Counts.Confirmed, i.Counts.Dismissed, i.Counts.Merged))
	if i.Score != nil {
		line("score", fmt.Sprintf("%.1f of 100, over %d of %d items", i.Score.Points, i.Score.Tested, i.Score.Total))
	}
	if i.Note != "" {
		line("note", i.Note)
	}
	if i.ReportHash != "" {
		line("report sha256", i.ReportHash)
	}
	if s.temporalUI != "" {
		line("history", s.temporalUI+"/namespaces/"+s.namespace+"/workflows/"+strings.ReplaceAll(i.WorkflowID, "/", "%2F"))
	}
	return t.Flush()
}

func inspectReportCommand() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use: "report INSPECTION", Short: "Print an inspection's report, or write it as XLSX", Args: oneArg("inspection"),
		Example: "  xiaobao inspect report i-1f2e… --xlsx report.xlsx",
	}
	asJSON := jsonFlag(cmd)
	cmd.Flags().StringVar(&file, "xlsx", "", "write the workbook with every finding to this file")
	cmd.RunE = asUser(func(ctx context.Context, s *system, u casework.User, cmd *cobra.Command, args []string) error {
		if file != "" {
			return writeWhole(file, func(w io.Writer) error { return s.desk.ReportXLSX(ctx, u, args[0], w) })
		}
		r, err := s.desk.Report(ctx, u, args[0])
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(cmd.OutOrStdout(), r)
		}
		if err := showInspection(cmd.OutOrStdout(), s, r.Inspection, false); err != nil {
			return err
		}
		t := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 4, 2, ' ', 0)
		_, _ = fmt.Fprintln(t, "\nITEM\tOUTCOME\tTESTED\tCONFIRMED\tTITLE") // Flush reports errors
		for _, item := range r.Items {
			_, _ = fmt.Fprintf(t, "%s\t%s\t%d\t%d\t%s\n", item.Item, item.Outcome, item.Tested, item.Counts.Confirmed, item.Title)
		}
		return t.Flush()
	})
	return cmd
}

// writeWhole writes a file whole or not at all.
func writeWhole(name string, write func(io.Writer) error) error {
	part := name + ".part"
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	err = write(f)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		_ = os.Remove(part) // the error that matters is the first
		return err
	}
	return os.Rename(part, name)
}
