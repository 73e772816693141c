package main

import (
	"os"

	"github.com/spf13/cobra"

	"xiaobao/casework"
	"xiaobao/localstack"
)

// resetCommand stops the system of this machine and forgets all it holds.
func resetCommand() *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:     "reset --yes",
		Short:   "Stop the system on this machine and delete all its data",
		GroupID: "system",
		Args:    cobra.NoArgs,
		Example: "  xiaobao reset --yes",
		RunE: func(cmd *cobra.Command, _ []string) error {
			home, err := localstack.FindHome(os.Getenv("XIAOBAO_HOME"))
			if err != nil {
				return err
			}
			if !yes {
				return casework.Errorf(casework.Invalid, "this deletes all cases, touchpoints and logins in %s; say --yes if that is meant", home).
					InChinese("这会删除 %s 中的全部案件、触点和账号；确认请加 --yes。", home)
			}
			release, err := lock(cmd.Context(), home, cmd.OutOrStdout())
			if err != nil {
				return err
			}
			defer release()
			return localstack.Reset(cmd.Context(), home, cmd.OutOrStdout())
		},
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "do it")
	return cmd
}
