package main

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"xiaobao/casework"
)

// evalSaveCommand files a report where the console shows it.
func evalSaveCommand() *cobra.Command {
	var name string
	cmd := &cobra.Command{
		Use:     "save REPORT.json",
		Short:   "File a report of eval --out, so that the console shows it",
		Example: "  xiaobao eval save after.json --name \"held half, November\"",
		Args:    oneArg("report"),
	}
	cmd.Flags().StringVar(&name, "name", "", "what the data is called; without it, the file's name")
	asJSON := jsonFlag(cmd)
	cmd.RunE = asUser(func(ctx context.Context, s *system, u casework.User, cmd *cobra.Command, args []string) error {
		report, err := readEvaluation(args[0])
		if err != nil {
			return err
		}
		id, err := s.desk.FileEvaluation(ctx, u, cmp.Or(name, filepath.Base(args[0])), *report)
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(cmd.OutOrStdout(), map[string]string{"id": id})
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "filed as %s\n", id)
		return err
	})
	return cmd
}
