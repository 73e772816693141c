package main

import (
	"os"

	"github.com/spf13/cobra"

	"xiaobao/localstack"
)

// downCommand stops the system of this machine.
func downCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "down",
		Short:   "Stop the system on this machine; nothing is lost",
		GroupID: "system",
		Args:    cobra.NoArgs,
		Example: "  xiaobao down",
		RunE: func(cmd *cobra.Command, _ []string) error {
			home, err := localstack.FindHome(os.Getenv("XIAOBAO_HOME"))
			if err != nil {
				return err
			}
			release, err := lock(cmd.Context(), home, cmd.OutOrStdout())
			if err != nil {
				return err
			}
			defer release()
			return localstack.Down(cmd.Context(), home, cmd.OutOrStdout())
		},
	}
}
