package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"xiaobao/casework"
	"xiaobao/importing"
)

// importCommand brings files in.
func importCommand() *cobra.Command {
	r := importing.Request{}
	var mapping string
	cmd := &cobra.Command{
		Use:   "import KIND FILE",
		Short: "Import touchpoints, customers, staff or orgs from JSONL, CSV or XLSX (数据导入)",
		Long: "Import a file. It is read twice: first to find everything wrong with it; a file with invalid rows is\n" +
			"then refused whole, unless --skip-invalid is given. CSV may be UTF-8 or GB18030. An import that was\n" +
			"killed goes on where it stopped when the same file is imported again; one that was done changes nothing.",
		GroupID: "online",
		Example: `  xiaobao import touchpoints calls.csv --mapping calls-mapping.yaml --dry-run
  xiaobao import touchpoints calls.csv --mapping calls-mapping.yaml --skip-invalid
  xiaobao import orgs units.xlsx`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 2 {
				return casework.Errorf(casework.Invalid, "name what to import and the file, such as \"xiaobao import touchpoints calls.jsonl\"")
			}
			return nil
		},
	}
	asJSON := jsonFlag(cmd)
	cmd.Flags().StringVar(&mapping, "mapping", "", "YAML file that says which column is which field")
	cmd.Flags().BoolVar(&r.DryRun, "dry-run", false, "find what is wrong, take nothing in")
	cmd.Flags().BoolVar(&r.SkipInvalid, "skip-invalid", false, "take the valid rows in and leave the others out")
	cmd.RunE = asUser(func(ctx context.Context, s *system, u casework.User, cmd *cobra.Command, args []string) error {
		r.Kind, r.File = args[0], args[1]
		if mapping != "" {
			text, err := os.ReadFile(mapping)
			if err != nil {
				return casework.Errorf(casework.NotFound, "the mapping %s cannot be read", mapping).Because(err)
			}
			r.Mapping = text
		}
		bar := newProgress(cmd.ErrOrStderr(), "importing")
		r.Progress = func(_ string, rows, of int) { bar.set(rows, of) }
		run, err := s.desk.ImportFile(ctx, u, r)
		bar.done()
		if showing := showImport(cmd, run, *asJSON); showing != nil {
			return showing
		}
		if err == nil && r.DryRun && run.Invalid > 0 && !r.SkipInvalid {
			return casework.Errorf(casework.Invalid, "%d of %d rows are invalid", run.Invalid, run.Rows)
		}
		if err == nil && run.Conflicts > 0 {
			return casework.Errorf(casework.Conflict, "%d rows have the id of a record with other content; those records stayed as they were", run.Conflicts)
		}
		return err
	})
	return cmd
}

// shownProblems is how many row errors a terminal gets; --json has more.
const shownProblems = 20

func showImport(cmd *cobra.Command, run casework.ImportRun, asJSON bool) error {
	if run.ID == "" {
		return nil // nothing began; the error says why
	}
	if asJSON {
		return printJSON(cmd.OutOrStdout(), run)
	}
	w := cmd.OutOrStdout()
	if run.DryRun {
		if _, err := fmt.Fprintf(w, "%s: %d rows read, %d can be imported, %d invalid, %d conflicts\n", run.Kind, run.Rows, run.Valid(), run.Invalid, run.Conflicts); err != nil {
			return err
		}
		if run.RepeatsMissed() {
			if _, err := fmt.Fprintf(w, "the file has more than %d ids; beyond them it was not looked for repeated ones\n", casework.MaxRepeatsKnown); err != nil {
				return err
			}
		}
		return showProblems(cmd.ErrOrStderr(), run.Problems)
	}
	if _, err := fmt.Fprintf(w, "%s: %d rows read, %d added, %d updated, %d unchanged, %d invalid, %d conflicts\n",
		run.Kind, run.Rows, run.Added, run.Updated, run.Unchanged, run.Invalid, run.Conflicts); err != nil {
		return err
	}
	return showProblems(cmd.ErrOrStderr(), run.Problems)
}

func showProblems(w io.Writer, problems []casework.RowError) error {
	for i, p := range problems {
		if i == shownProblems {
			_, err := fmt.Fprintf(w, "… and %d more; --json lists up to %d\n", len(problems)-i, casework.MaxRowErrors)
			return err
		}
		if _, err := fmt.Fprintln(w, importing.Line(p)); err != nil {
			return err
		}
	}
	return nil
}
