package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"xiaobao/store"
)

// migrateCommand brings the database schema up to this build.
func migrateCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "migrate",
		Short:   "Bring the database schema up to this build",
		Long:    "Apply the migrations that this build carries and the database lacks. Safe to run again, and by several at once.",
		GroupID: "system",
		Example: "  XIAOBAO_DATABASE_URL=postgres://… xiaobao migrate",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := readConfig()
			if err != nil {
				return err
			}
			if err := store.Migrate(cmd.Context(), c.database); err != nil {
				return err
			}
			_, err = fmt.Fprintln(cmd.ErrOrStderr(), "the schema is up to date")
			return err
		},
	}
}
