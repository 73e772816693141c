package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"xiaobao/casework"
)

func llmStatusCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "status", Short: "Show where models stand: endpoints, switches, today's use", Args: noArgs, GroupID: "online",
		Example: "  xiaobao llm status --json",
	}
	asJSON := jsonFlag(cmd)
	cmd.RunE = asUser(func(ctx context.Context, s *system, u casework.User, cmd *cobra.Command, _ []string) error {
		standing, err := s.desk.Models(ctx, u)
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(cmd.OutOrStdout(), standing)
		}
		return printStanding(cmd.OutOrStdout(), standing)
	})
	return cmd
}

func printStanding(w io.Writer, standing casework.ModelsStanding) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, "ENDPOINT\tMODEL\tHOST\tSWITCH\tCALLS\tFAILED\tTOKENS\tCOST") // Flush reports errors
	bare := 0
	for _, e := range standing.Endpoints {
		name := e.Model
		if !e.Configured {
			name, bare = "not set in this shell", bare+1
		}
		_, _ = fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%d\t%d\t%s\t%s\n", e.Endpoint, name, e.Host, switched(e.Switch), e.Today.Calls, e.Today.Failed,
			bounded(fmt.Sprint(e.Today.Tokens), fmt.Sprint(e.Today.Limit.Tokens)),
			bounded(fmt.Sprintf("%.2f", e.Today.Cost), fmt.Sprint(e.Today.Limit.Cost))+" "+e.Today.Currency)
	}
	_, _ = fmt.Fprintf(t, "\nall endpoints\t%s\nlocal model\t%s\nmasking\t%s\nshare asked about\t%.3g %%\n",
		switched(standing.All), cmp.Or(standing.Local, "none"), standing.Masking, 100*standing.Share)
	for _, e := range standing.Endpoints {
		if e.Warning != "" {
			_, _ = fmt.Fprintf(t, "warning\t%s: %s\n", e.Endpoint, e.Warning)
		}
	}
	if bare == len(standing.Endpoints) {
		_, _ = fmt.Fprintln(t, "\nModels are set by XIAOBAO_LLM_... of each program. What worker and console have, the console's page of engines (/models) shows.")
	}
	return t.Flush()
}

func switched(s *casework.ModelSwitch) string {
	switch {
	case s == nil:
		return "on"
	case s.Off:
		return fmt.Sprintf("off since %s by %s", s.At.In(casework.Beijing).Format(time.DateTime), s.By)
	}
	return fmt.Sprintf("on since %s by %s", s.At.In(casework.Beijing).Format(time.DateTime), s.By)
}

// bounded writes a use with its limit; zero is none.
func bounded(used, limit string) string {
	if limit == "0" {
		return used
	}
	return used + " of " + limit
}

// llmSwitchCommand is "llm off" or "llm on".
func llmSwitchCommand(off bool) *cobra.Command {
	word, short := "on", "Turn models on again"
	if off {
		word, short = "off", "Turn models off at once, for work under way too"
	}
	var why string
	cmd := &cobra.Command{
		Use: word + " [primary|second|all]", Short: short, Args: cobra.MaximumNArgs(1), GroupID: "online",
		Example: "  xiaobao llm " + word + " all --why \"provider reports wrong answers\"",
	}
	cmd.Flags().StringVar(&why, "why", "", "the reason, which is kept")
	cmd.RunE = asUser(func(ctx context.Context, s *system, u casework.User, cmd *cobra.Command, args []string) error {
		endpoint := casework.AllModels
		if len(args) == 1 {
			endpoint = args[0]
		}
		if err := s.desk.SwitchModel(ctx, u, endpoint, off, why); err != nil {
			return err
		}
		_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s: %s\n", endpoint, word)
		return err
	})
	return cmd
}

func llmCallsCommand() *cobra.Command {
	var f casework.ModelCallFilter
	var purpose string
	cmd := &cobra.Command{
		Use: "calls", Short: "List the calls to models, the newest first", Args: noArgs, GroupID: "online",
		Long:    "List what models were asked, as it is kept for audits: no text, only what was asked for, by what, and how it went.",
		Example: "  xiaobao llm calls --failed --limit 20",
	}
	page, asJSON := pageFlags(cmd), jsonFlag(cmd)
	cmd.Flags().StringVar(&f.Endpoint, "endpoint", "", "only of this endpoint: primary or second")
	cmd.Flags().StringVar(&purpose, "purpose", "", "only for this purpose, such as judge")
	cmd.Flags().StringVar(&f.Case, "case", "", "only for this inspection or consultation")
	cmd.Flags().BoolVar(&f.Failed, "failed", false, "only those that did not go well")
	cmd.RunE = asUser(func(ctx context.Context, s *system, u casework.User, cmd *cobra.Command, _ []string) error {
		f.Purpose = casework.Purpose(purpose)
		list, err := s.desk.ModelCalls(ctx, u, f, *page)
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(cmd.OutOrStdout(), list)
		}
		t := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 4, 2, ' ', 0)
		_, _ = fmt.Fprintln(t, "AT\tENDPOINT\tMODEL\tPROMPT\tCASE\tTOOK\tTOKENS\tOUTCOME") // Flush reports errors
		for _, c := range list.Rows {
			_, _ = fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s\n", c.At.In(casework.Beijing).Format(time.DateTime), c.Endpoint,
				cmp.Or(c.Answered, c.Asked), c.Prompt, c.Case, c.Took.Round(time.Millisecond), c.TokensIn+c.TokensOut, outcomeOf(c))
		}
		if err := t.Flush(); err != nil {
			return err
		}
		return more(cmd.OutOrStdout(), list.Next)
	})
	return cmd
}

// outcomeOf says in a word how a call went.
func outcomeOf(c casework.ModelCall) string {
	switch {
	case c.Trouble != "":
		return string(c.Trouble)
	case c.Cached:
		return "ok (kept)"
	case c.Repaired:
		return "ok (repaired)"
	}
	return "ok"
}
