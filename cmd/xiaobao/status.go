package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"xiaobao/casework"
	"xiaobao/localstack"
)

// statusCommand says how each part of the system on this machine is.
func statusCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "status",
		Short:   "Say which parts of the system on this machine are up",
		Long:    "Say which parts of the system on this machine are up. Exit status 0 when all are, 1 when one is not.",
		GroupID: "system",
		Args:    cobra.NoArgs,
		Example: "  xiaobao status\n  xiaobao status --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			program, err := os.Executable()
			if err != nil {
				return fmt.Errorf("find our own program: %w", err)
			}
			home, err := localstack.FindHome(os.Getenv("XIAOBAO_HOME"))
			if err != nil {
				return err
			}
			stack, err := localstack.Remembered(home, localstack.Options{Program: program, Getenv: os.Getenv})
			if err != nil {
				return err
			}
			return showStatus(cmd.OutOrStdout(), stack.Status(cmd.Context()), asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print an array of objects")
	return cmd
}

func showStatus(out io.Writer, all []localstack.PartStatus, asJSON bool) error {
	if asJSON {
		encoder := json.NewEncoder(out)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(all); err != nil {
			return fmt.Errorf("print status: %w", err)
		}
	} else if err := statusTable(out, all); err != nil {
		return fmt.Errorf("print status: %w", err)
	}
	if localstack.AllUp(all) {
		return nil
	}
	var missing []string
	for _, p := range all {
		if p.State != localstack.StateUp {
			missing = append(missing, p.Name+" is "+p.State)
		}
	}
	return casework.Errorf(casework.Internal, "%s; `xiaobao up` starts what is missing", strings.Join(missing, ", "))
}

func statusTable(out io.Writer, all []localstack.PartStatus) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "PART\tSTATE\tPROCESS\tADDRESS\tSINCE\tNOTE") // Flush reports errors
	for _, p := range all {
		process, since, where := "-", "-", p.URL
		if p.PID != 0 {
			process = fmt.Sprint(p.PID)
		}
		if !p.Since.IsZero() {
			since = p.Since.Local().Format(time.DateTime)
		}
		if p.URL == "" {
			where = p.Address
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", p.Name, p.State, process, where, since, p.Note)
	}
	return table.Flush()
}
