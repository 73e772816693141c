package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"xiaobao/casework"
	"xiaobao/rulebook"
)

// rulesCommand looks into the rulebook.
func rulesCommand() *cobra.Command {
	rules := &cobra.Command{
		Use:     "rules",
		Short:   "Check, list and show the rulebook (规则库)",
		GroupID: "offline",
		Example: "  xiaobao rules check ./our-rules\n  xiaobao rules show C-01",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	rules.AddCommand(
		rulesCheckCommand(),
		rulesListCommand(),
		rulesShowCommand(),
		rulesTestCommand(),
	)
	return rules
}

// rulesFlag gives a command the flag --rules, with the environment behind it.
func rulesFlag(cmd *cobra.Command) *[]string {
	return cmd.Flags().StringArray("rules", nil,
		"directory of packs laid over the built-in ones; may be repeated (default $XIAOBAO_RULES_DIR)")
}

// openBook loads the built-in packs with the directories laid over them, or
// those of the environment if none are named.
func openBook(dirs []string) (*rulebook.Book, error) {
	if len(dirs) == 0 {
		dirs = filepath.SplitList(os.Getenv("XIAOBAO_RULES_DIR"))
	}
	if len(dirs) == 0 {
		return rulebook.Builtin()
	}
	overlays := make([]fs.FS, len(dirs))
	for i, dir := range dirs {
		overlays[i] = rulebook.OpenFolder(dir)
	}
	return rulebook.Load(overlays...)
}

func rulesCheckCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check [DIR...]",
		Short: "Check the packs, with those of DIR laid over the built-in ones",
		Long: "Check the packs, with those of DIR laid over the built-in ones.\n\n" +
			"Every problem is one line, file:line: entry: reason, and the exit status is 2.",
		Example: "  xiaobao rules check\n  xiaobao rules check ./our-rules",
	}
	rules := rulesFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, dirs []string) error {
		book, err := openBook(slices.Concat(*rules, dirs))
		if problems, ok := errors.AsType[*rulebook.Problems](err); ok {
			fmt.Fprintln(cmd.OutOrStdout(), problems.Error())
			return casework.Errorf(casework.Invalid, "problems in the packs: %d", len(problems.List))
		}
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(cmd.OutOrStdout(), inventory(book))
		return err
	}
	return cmd
}

// inventory says in a line what the book holds.
func inventory(b *rulebook.Book) string {
	parts := []string{fmt.Sprintf("%d packs", len(b.Packs))}
	for _, kind := range rulebook.Kinds() {
		name := kind
		switch kind {
		case "marketing":
			name = "marketing categories"
		case "context":
			name = "context rules"
		case "holidays":
			name = "holiday years"
		}
		parts = append(parts, fmt.Sprintf("%d %s", len(b.Entries(kind)), name))
	}
	return strings.Join(parts, ", ") + ": all good, version " + b.Version()
}

func rulesListCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the entries of one kind",
		Example: "  xiaobao rules list --kind deadlines\n  xiaobao rules list --kind regulations --json",
		Args:    noArgs,
	}
	kind := cmd.Flags().String("kind", "indicators", "what to list: "+strings.Join(rulebook.Kinds(), ", "))
	asJSON := cmd.Flags().Bool("json", false, "print JSON")
	rules := rulesFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if !slices.Contains(rulebook.Kinds(), *kind) {
			return casework.Errorf(casework.Invalid, "there is no kind %q; use one of %s", *kind, strings.Join(rulebook.Kinds(), ", "))
		}
		book, err := openBook(*rules)
		if err != nil {
			return err
		}
		entries := book.Entries(*kind)
		if *asJSON {
			return printJSON(cmd.OutOrStdout(), entries)
		}
		return printEntries(cmd.OutOrStdout(), entries)
	}
	return cmd
}

// printEntries prints a table. Chinese stands last, where its width does not
// matter.
func printEntries(w io.Writer, entries []rulebook.Entry) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tDETAIL\tTITLE\t名称")
	for _, e := range entries {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", e.ID, e.Detail, e.Title.En, e.Title.Zh)
	}
	return table.Flush()
}

func rulesShowCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "show ID",
		Short:   "Show one entry of the rulebook, whatever its kind",
		Example: "  xiaobao rules show R03\n  xiaobao rules show C-01 --json",
		Args:    oneID,
	}
	asJSON := cmd.Flags().Bool("json", false, "print JSON")
	rules := rulesFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		book, err := openBook(*rules)
		if err != nil {
			return err
		}
		entry, ok := book.Lookup(args[0])
		if !ok {
			return unknownEntry(args[0], book.Nearest(args[0]))
		}
		if *asJSON {
			return printJSON(cmd.OutOrStdout(), entry)
		}
		text, err := entry.YAML()
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(), "# %s, %s\n%s", entry.Kind, entry.Where, text)
		return err
	}
	return cmd
}

// noArgs refuses arguments as bad usage.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return casework.Errorf(casework.Invalid, "%s takes no argument %q; see --help", cmd.CommandPath(), args[0])
	}
	return nil
}

// oneID wants exactly one argument, in words that cobra's own check lacks.
func oneID(_ *cobra.Command, args []string) error {
	if len(args) != 1 {
		return casework.Errorf(casework.Invalid, "name one id, such as C-01")
	}
	return nil
}

func unknownEntry(id string, near []string) error {
	if len(near) == 0 {
		return casework.Errorf(casework.NotFound, "nothing in the rulebook has the id %q; see xiaobao rules list", id)
	}
	return casework.Errorf(casework.NotFound, "nothing in the rulebook has the id %q; near it: %s", id, strings.Join(near, ", "))
}

func printJSON(w io.Writer, value any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(value)
}
