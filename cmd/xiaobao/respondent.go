package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"xiaobao/casework"
	"xiaobao/rulebook"
)

// respondentCommand says who answers inspections' questions.
func respondentCommand() *cobra.Command {
	return group("respondent", "Name who answers inspections' questions (答复人)",
		"  xiaobao respondent set BR-EAST marketing business-east\n  xiaobao respondent show BR-EAST",
		respondentSetCommand(), respondentShowCommand())
}

func respondentSetCommand() *cobra.Command {
	return &cobra.Command{
		Use: "set UNIT KIND LOGIN", Short: "Have somebody answer for a kind of work in a unit and below", Args: cobra.ExactArgs(3),
		Long:    fmt.Sprintf("Kinds of work are %v. Give \"\" as the login to name nobody.", rulebook.Respondents()),
		Example: "  xiaobao respondent set BR-EAST marketing business-east",
		RunE: asUser(func(ctx context.Context, s *system, u casework.User, cmd *cobra.Command, args []string) error {
			if err := s.desk.SetRespondent(ctx, u, args[0], args[1], args[2]); err != nil {
				return err
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s answers for %s in %s\n", args[2], args[1], args[0])
			return err
		}),
	}
}

func respondentShowCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "show UNIT", Short: "Show who answers in a unit", Args: oneArg("unit"), Example: "  xiaobao respondent show HQ"}
	asJSON := jsonFlag(cmd)
	cmd.RunE = asUser(func(ctx context.Context, s *system, u casework.User, cmd *cobra.Command, args []string) error {
		answers, err := s.desk.Respondents(ctx, u, args[0])
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(cmd.OutOrStdout(), answers)
		}
		t := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 4, 2, ' ', 0)
		for _, kind := range rulebook.Respondents() {
			_, _ = fmt.Fprintf(t, "%s\t%s\n", kind, answers[kind]) // Flush reports errors
		}
		return t.Flush()
	})
	return cmd
}
