package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"xiaobao/casework"
)

// auditCommand reads and proves the audit trail.
func auditCommand() *cobra.Command {
	return group("audit", "Read and prove the audit trail (审计)",
		"  xiaobao audit list --action inspection.start\n  xiaobao audit verify",
		auditListCommand(), auditVerifyCommand())
}

func auditListCommand() *cobra.Command {
	var f casework.AuditFilter
	var by string
	cmd := &cobra.Command{Use: "list", Short: "List what was done, the newest first", Args: noArgs, Example: "  xiaobao audit list --by u-officer"}
	page, asJSON := pageFlags(cmd), jsonFlag(cmd)
	cmd.Flags().StringVar(&by, "by", "", "only by this user id")
	cmd.Flags().StringVar(&f.Action, "action", "", "only this action")
	cmd.Flags().StringVar(&f.Object, "object", "", "only about this object, such as inspection/i-1f2e…")
	cmd.RunE = asUser(func(ctx context.Context, s *system, u casework.User, cmd *cobra.Command, _ []string) error {
		f.By = casework.Actor(by)
		list, err := s.desk.Audit(ctx, u, f, *page)
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(cmd.OutOrStdout(), list)
		}
		t := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 4, 2, ' ', 0)
		_, _ = fmt.Fprintln(t, "SEQ\tAT\tBY\tFROM\tACTION\tOBJECT\tDETAIL") // Flush reports errors
		for _, e := range list.Rows {
			_, _ = fmt.Fprintf(t, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n", e.Seq, e.At.In(casework.Beijing).Format(time.DateTime), e.By, e.From, e.Action, e.Object, e.Detail)
		}
		if err := t.Flush(); err != nil {
			return err
		}
		return more(cmd.OutOrStdout(), list.Next)
	})
	return cmd
}

func auditVerifyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "verify", Short: "Prove that nothing in the audit trail was changed or removed", Args: noArgs,
		Long: "Walk the whole hash chain of the audit trail, and that of the calls to models. The exit status is 4 if a\n" +
			"link does not hold.",
		Example: "  xiaobao audit verify --json",
	}
	asJSON := jsonFlag(cmd)
	cmd.RunE = asUser(func(ctx context.Context, s *system, u casework.User, cmd *cobra.Command, _ []string) error {
		entries, broken, err := s.desk.VerifyAudit(ctx, u)
		if err != nil {
			return err
		}
		calls, lost, err := s.desk.VerifyCalls(ctx, u)
		if err != nil {
			return err
		}
		if *asJSON {
			err = printJSON(cmd.OutOrStdout(), map[string]int64{
				"entries": int64(entries), "broken_at": broken, "calls": int64(calls), "calls_broken_at": lost,
			})
		} else if broken == 0 && lost == 0 {
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "all %d entries hold, and all %d records of calls to models\n", entries, calls)
		}
		switch {
		case err != nil:
			return err
		case broken != 0:
			return casework.Errorf(casework.Conflict, "the audit trail is broken at entry %d; %d entries before it hold", broken, entries)
		case lost != 0:
			return casework.Errorf(casework.Conflict, "the record of calls to models is broken at %d; %d before it hold", lost, calls)
		}
		return nil
	})
	return cmd
}
