package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"xiaobao/casework"
)

// touchpointCommand looks at touchpoints on record.
func touchpointCommand() *cobra.Command {
	return group("touchpoint", "Look at touchpoints on record (触点)",
		"  xiaobao touchpoint list --from 2026-09-01 --to 2026-09-30 --channels collection_call\n  xiaobao touchpoint show tp-000001",
		touchpointListCommand(), touchpointShowCommand())
}

func touchpointListCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "list", Short: "List touchpoints of a period, the newest first", Args: noArgs,
		Example: "  xiaobao touchpoint list --from 2026-09-01 --to 2026-09-30 --json"}
	scope, page, asJSON := scopeFlags(cmd), pageFlags(cmd), jsonFlag(cmd)
	cmd.RunE = asUser(func(ctx context.Context, s *system, u casework.User, cmd *cobra.Command, _ []string) error {
		sc, err := scope()
		if err != nil {
			return err
		}
		list, err := s.desk.Touchpoints(ctx, u, casework.TouchpointFilter{Scope: sc}, *page)
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(cmd.OutOrStdout(), list)
		}
		t := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 4, 2, ' ', 0)
		_, _ = fmt.Fprintln(t, "TOUCHPOINT\tCHANNEL\tAT\tUNIT\tAGENT\tPRODUCT") // Flush reports errors
		for _, row := range list.Rows {
			_, _ = fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", row.ID, row.Channel, row.OccurredAt.In(casework.Beijing).Format(time.DateTime), row.OrgID, row.AgentID, row.Product)
		}
		if err := t.Flush(); err != nil {
			return err
		}
		return more(cmd.OutOrStdout(), list.Next)
	})
	return cmd
}

func touchpointShowCommand() *cobra.Command {
	var reveal bool
	cmd := &cobra.Command{Use: "show TOUCHPOINT", Short: "Show one touchpoint and the signals in it", Args: oneArg("touchpoint"),
		Example: "  xiaobao touchpoint show tp-000001 --json"}
	asJSON := jsonFlag(cmd)
	cmd.Flags().BoolVar(&reveal, "reveal", false, "show personal data unmasked; each time is on the audit trail")
	cmd.RunE = asUser(func(ctx context.Context, s *system, u casework.User, cmd *cobra.Command, args []string) error {
		read := s.desk.Touchpoint
		if reveal {
			read = s.desk.RevealTouchpoint
		}
		r, err := read(ctx, u, args[0])
		if err != nil {
			return err
		}
		engine, err := s.engine()
		if err != nil {
			return err
		}
		signals := engine.NewScreener().Screen(&r)
		if *asJSON {
			return printJSON(cmd.OutOrStdout(), struct {
				casework.Touchpoint
				Signals []casework.Signal `json:"signals"`
			}{r, signals})
		}
		return showTouchpoint(cmd, r, signals)
	})
	return cmd
}

func showTouchpoint(cmd *cobra.Command, t casework.Touchpoint, signals []casework.Signal) error {
	w := cmd.OutOrStdout()
	if _, err := fmt.Fprintf(w, "%s  %s  %s\n\n%s\n", t.ID, t.Channel, t.OccurredAt.In(casework.Beijing).Format(time.DateTime), t.Content()); err != nil {
		return err
	}
	for _, s := range signals {
		if _, err := fmt.Fprintf(w, "\n%s  %s  %s\n", s.Level, s.Indicator, s.Title); err != nil {
			return err
		}
		for _, e := range s.Evidence {
			if _, err := fmt.Fprintf(w, "  %d–%d %s: %s\n", e.Start, e.End, e.Speaker, e.Quote); err != nil {
				return err
			}
		}
	}
	return nil
}
