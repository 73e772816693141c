package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"xiaobao/casework"
	"xiaobao/screening"
)

// rulesTestCommand tries the rulebook's own examples.
func rulesTestCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "test",
		Short: "Try every example in the packs",
		Long: "Try every example in the packs: each must be judged as it says.\n\n" +
			"Every failure is one line, file:line: entry: reason: text, and the exit status is 2.",
		Example: "  xiaobao rules test\n  xiaobao rules test --rules ./our-rules",
		Args:    noArgs,
	}
	rules := rulesFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		engine, err := openEngine(*rules)
		if err != nil {
			return err
		}
		failures := screening.RunExamples(engine)
		for _, f := range failures {
			fmt.Fprintln(cmd.OutOrStdout(), f)
		}
		if len(failures) > 0 {
			return casework.Errorf(casework.Invalid, "examples that fail: %d of %d", len(failures), screening.CountExamples(engine.Book()))
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "%d examples, all judged as they say\n", screening.CountExamples(engine.Book()))
		return err
	}
	return cmd
}
