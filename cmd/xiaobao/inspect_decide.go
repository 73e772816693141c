package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"xiaobao/casework"
	"xiaobao/desk"
)

func inspectFindingsCommand() *cobra.Command {
	var f casework.FindingFilter
	var status []string
	cmd := &cobra.Command{
		Use: "findings INSPECTION", Short: "List an inspection's findings", Args: oneArg("inspection"),
		Example: "  xiaobao inspect findings i-1f2e… --status candidate --item I-060",
	}
	page, asJSON := pageFlags(cmd), jsonFlag(cmd)
	cmd.Flags().StringSliceVar(&status, "status", nil, "candidate, confirmed, dismissed, merged")
	cmd.Flags().StringVar(&f.Item, "item", "", "only of this item")
	cmd.Flags().StringVar(&f.Agent, "agent", "", "only of this agent")
	cmd.Flags().StringVar(&f.Indicator, "indicator", "", "only of this indicator")
	cmd.RunE = asUser(func(ctx context.Context, s *system, u casework.User, cmd *cobra.Command, args []string) error {
		f.Inspection = args[0]
		for _, st := range status {
			f.Status = append(f.Status, casework.FindingStatus(st))
		}
		list, err := s.desk.Findings(ctx, u, f, *page)
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(cmd.OutOrStdout(), list)
		}
		t := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 4, 2, ' ', 0)
		_, _ = fmt.Fprintln(t, "FINDING\tLEVEL\tSTATUS\tITEM\tINDICATOR\tTOUCHPOINT\tEVIDENCE") // Flush reports errors
		for _, row := range list.Rows {
			quote := ""
			if len(row.Evidence) > 0 {
				quote = strings.ReplaceAll(row.Evidence[0].Quote, "\n", " ")
			}
			_, _ = fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", row.ID, row.Level, row.Status, row.Item, row.Indicator, row.Touchpoint, quote)
		}
		if err := t.Flush(); err != nil {
			return err
		}
		return more(cmd.OutOrStdout(), list.Next)
	})
	return cmd
}

func inspectDecideCommand() *cobra.Command {
	var r desk.VerdictRequest
	var confirm bool
	var dismiss, merge string
	cmd := &cobra.Command{
		Use: "decide INSPECTION FINDING…", Short: "Confirm, dismiss or merge findings", Args: cobra.MinimumNArgs(2),
		Long: "Decide findings. Those that somebody else decided in the meantime are listed as refused, and the exit\n" +
			"status is 4 if none could be decided. With --overrule what has been decided is decided anew, as after a\n" +
			"report was returned. Only findings of the same touchpoint, or of the same customer and agent, can be merged.",
		Example: `  xiaobao inspect decide i-1f2e… --confirm f-01… f-02…
  xiaobao inspect decide i-1f2e… --dismiss other --note "training call" f-03…
  xiaobao inspect decide i-1f2e… --merge f-01… f-04…
  xiaobao inspect decide i-1f2e… --overrule --dismiss no_evidence f-01…`,
	}
	asJSON := jsonFlag(cmd)
	cmd.Flags().BoolVar(&confirm, "confirm", false, "confirm them")
	cmd.Flags().StringVar(&dismiss, "dismiss", "", "dismiss them: false_hit, lawful_context, not_ours, no_evidence, already_handled, other")
	cmd.Flags().StringVar(&merge, "merge", "", "merge them into this finding")
	cmd.Flags().StringVar(&r.Note, "note", "", "say why, in your own words")
	cmd.Flags().BoolVar(&r.Overrule, "overrule", false, "decide anew what has been decided already")
	cmd.Flags().StringVar(&r.RequestID, "request-id", "", "makes it safe to repeat: the same id decides once")
	cmd.MarkFlagsMutuallyExclusive("confirm", "dismiss", "merge")
	cmd.MarkFlagsOneRequired("confirm", "dismiss", "merge")
	cmd.RunE = asUser(func(ctx context.Context, s *system, u casework.User, cmd *cobra.Command, args []string) error {
		r.Findings = args[1:]
		switch {
		case confirm:
			r.Verdict = casework.Confirm
		case dismiss != "":
			r.Verdict, r.Reason = casework.Dismiss, casework.DismissReason(dismiss)
		default:
			r.Verdict, r.MergeInto = casework.Merge, merge
		}
		result, err := s.desk.Decide(ctx, u, args[0], r)
		if err != nil {
			return err
		}
		if *asJSON {
			err = printJSON(cmd.OutOrStdout(), result)
		} else {
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d decided, %d refused, %d candidates left\n", result.Decided, len(result.Refused), result.Left)
			for _, no := range result.Refused {
				_, _ = fmt.Fprintf(cmd.OutOrStdout(), "  %s: %s %s\n", no.ID, no.Why, no.By)
			}
		}
		if err == nil && result.Decided == 0 && len(result.Refused) > 0 {
			return casework.Errorf(casework.Conflict, "none of the findings could be decided; the list says why of each")
		}
		return err
	})
	return cmd
}

func inspectQuestionsCommand() *cobra.Command {
	var f casework.QuestionFilter
	var mine bool
	cmd := &cobra.Command{
		Use: "questions [INSPECTION]", Short: "List the questions put to people", Args: cobra.MaximumNArgs(1),
		Example: "  xiaobao inspect questions --mine --open",
	}
	page, asJSON := pageFlags(cmd), jsonFlag(cmd)
	cmd.Flags().BoolVar(&mine, "mine", false, "only those put to you")
	cmd.Flags().BoolVar(&f.Waiting, "open", false, "only those without an answer")
	cmd.RunE = asUser(func(ctx context.Context, s *system, u casework.User, cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			f.Inspection = args[0]
		}
		if mine {
			f.Respondent = u.ID
		}
		list, err := s.desk.Questions(ctx, u, f, *page)
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(cmd.OutOrStdout(), list)
		}
		t := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 4, 2, ' ', 0)
		_, _ = fmt.Fprintln(t, "QUESTION\tITEM\tRESPONDENT\tANSWER\tDUE\tTEXT") // Flush reports errors
		for _, q := range list.Rows {
			_, _ = fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", q.ID, q.Item, q.Respondent, q.Answer, casework.DayOf(q.Due), q.Text)
		}
		if err := t.Flush(); err != nil {
			return err
		}
		return more(cmd.OutOrStdout(), list.Next)
	})
	return cmd
}

func inspectAnswerCommand() *cobra.Command {
	var r desk.AnswerRequest
	var outcome string
	cmd := &cobra.Command{
		Use: "answer QUESTION…", Short: "Answer questions", Args: cobra.MinimumNArgs(1),
		Example: `  xiaobao inspect answer q-1a… --outcome passed
  xiaobao inspect answer q-1b… --outcome failed --note "two of ten systems are missing"`,
	}
	cmd.Flags().StringVar(&outcome, "outcome", "", "passed, failed or not_applicable")
	cmd.Flags().StringVar(&r.Note, "note", "", "say why; needed unless it passed")
	cmd.RunE = asUser(func(ctx context.Context, s *system, u casework.User, cmd *cobra.Command, args []string) error {
		r.Outcome = casework.ItemOutcome(outcome)
		for _, q := range args {
			r.Question = q
			if err := s.desk.Answer(ctx, u, r); err != nil {
				return err
			}
		}
		_, err := fmt.Fprintf(cmd.OutOrStdout(), "%d answered\n", len(args))
		return err
	})
	return cmd
}

// stepCommand is a step on one inspection that ends by showing it.
func stepCommand(use, short, example string, step func(ctx context.Context, s *system, u casework.User, id string) error) *cobra.Command {
	cmd := &cobra.Command{Use: use + " INSPECTION", Short: short, Args: oneArg("inspection"), Example: example}
	asJSON := jsonFlag(cmd)
	cmd.RunE = asUser(func(ctx context.Context, s *system, u casework.User, cmd *cobra.Command, args []string) error {
		if err := step(ctx, s, u, args[0]); err != nil {
			return err
		}
		i, err := s.desk.Inspection(ctx, u, args[0])
		if err != nil {
			return err
		}
		return showInspection(cmd.OutOrStdout(), s, i, *asJSON)
	})
	return cmd
}

func inspectSubmitCommand() *cobra.Command {
	return stepCommand("submit", "Hand the report to a second person", "  xiaobao inspect submit i-1f2e…",
		func(ctx context.Context, s *system, u casework.User, id string) error {
			return s.desk.SubmitReport(ctx, u, id, "")
		})
}

func inspectConfirmCommand() *cobra.Command {
	var why string
	cmd := stepCommand("confirm", "Accept the report as the second person, or return it",
		"  xiaobao inspect confirm i-1f2e…\n  xiaobao inspect confirm i-1f2e… --return \"item I-060 needs a second look\"",
		func(ctx context.Context, s *system, u casework.User, id string) error {
			return s.desk.ConfirmReport(ctx, u, id, "", why == "", why)
		})
	cmd.Flags().StringVar(&why, "return", "", "return it, and say why")
	return cmd
}

func inspectCancelCommand() *cobra.Command {
	var why string
	cmd := stepCommand("cancel", "End an inspection without a report", "  xiaobao inspect cancel i-1f2e… --why \"wrong period\"",
		func(ctx context.Context, s *system, u casework.User, id string) error {
			return s.desk.CancelInspection(ctx, u, id, "", why)
		})
	cmd.Flags().StringVar(&why, "why", "", "say why")
	return cmd
}
