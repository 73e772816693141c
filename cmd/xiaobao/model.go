package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"xiaobao/casework"
	"xiaobao/screening/charmodel"
)

// modelCommand makes and shows local models.
func modelCommand() *cobra.Command {
	cmd := group("model", "Train, show and measure the small local model (本地模型)",
		"  xiaobao model train --out local.model\n  xiaobao model show local.model",
		modelTrainCommand(), modelShowCommand(), modelRankCommand(), modelMeasureCommand())
	cmd.GroupID = "offline"
	cmd.AddGroup(&cobra.Group{ID: "online", Title: "With a running system:"})
	cmd.AddCommand(modelPublishCommand(), modelLabelsCommand())
	return cmd
}

func modelTrainCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "train --out FILE",
		Short: "Train the local model on the rulebook's examples and on labels",
		Long: "Train the local model on the rulebook's examples, on ordinary contacts that come with this program, and on\n" +
			"labels, if there are any: JSON Lines of touchpoints with \"shows\", the indicators that one shows, or \"not\",\n" +
			"those that it was suspected of and does not show, or both. The same input makes the same file.\n\n" +
			"The report is of cross-validation: every example is judged by a model that has not seen it.",
		Example: "  xiaobao model train --out local.model\n  xiaobao model train --labels decided.jsonl --out local.model --json",
		Args:    noArgs,
	}
	rules := rulesFlag(cmd)
	labels := cmd.Flags().StringArray("labels", nil, "file of labels; may be repeated")
	out := cmd.Flags().String("out", "", "file to write the model to")
	date := cmd.Flags().String("date", "", "day to put into the report, such as 2026-11-23 (default today)")
	asJSON := cmd.Flags().Bool("json", false, "print JSON")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if *out == "" {
			return casework.Errorf(casework.Invalid, "name the file to write the model to, such as --out local.model")
		}
		book, err := openBook(*rules)
		if err != nil {
			return err
		}
		examples, err := withLabels(ownExamples(book), *labels)
		if err != nil {
			return err
		}
		if *date == "" {
			*date = time.Now().In(casework.Beijing).Format(time.DateOnly)
		}
		bar := newProgress(cmd.ErrOrStderr(), "training")
		m, _, err := charmodel.Train(examples, charmodel.Options{Book: book, Date: *date, Progress: bar.set})
		bar.done()
		if err != nil {
			return err
		}
		if err := writeModel(*out, m); err != nil {
			return err
		}
		return showModel(cmd.OutOrStdout(), m, *asJSON)
	}
	return cmd
}

// withLabels adds what the files of labels hold.
func withLabels(examples []charmodel.Example, files []string) ([]charmodel.Example, error) {
	for _, name := range files {
		file, err := os.Open(name)
		if errors.Is(err, os.ErrNotExist) {
			return nil, casework.Errorf(casework.NotFound, "there is no file %s", name)
		}
		if err != nil {
			return nil, err
		}
		more, err := charmodel.FromLabels(file)
		if err = errors.Join(err, file.Close()); err != nil {
			return nil, casework.Errorf(casework.KindOf(err), "%s: %s", name, casework.Words(err))
		}
		examples = slices.Concat(examples, more)
	}
	return examples, nil
}

// writeModel writes the file whole or, if it cannot, says so.
func writeModel(name string, m *charmodel.Model) error {
	var content bytes.Buffer
	if _, err := m.WriteTo(&content); err != nil {
		return err
	}
	if err := os.WriteFile(name, content.Bytes(), 0o644); err != nil {
		return casework.Errorf(casework.Invalid, "the model cannot be written to %s: name a file in a folder that exists", name).Because(err)
	}
	return nil
}

func modelShowCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "show FILE",
		Short:   "Show what a local model was made of, and how good it is",
		Example: "  xiaobao model show local.model\n  xiaobao model show local.model --json",
		Args:    oneArg("file of the model"),
	}
	asJSON := cmd.Flags().Bool("json", false, "print JSON")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		m, err := localModel(args[0], nil)
		if err != nil {
			return err
		}
		return showModel(cmd.OutOrStdout(), m, *asJSON)
	}
	return cmd
}

func showModel(w io.Writer, m *charmodel.Model, asJSON bool) error {
	if asJSON {
		return printJSON(w, map[string]any{
			"version": m.Version(), "training_hash": m.TrainingHash, "rulebook_hash": m.RulebookHash,
			"options": m.Options, "report": m.Report,
		})
	}
	r := &m.Report
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "indicator\tshown\tnot\thit\tfalse\tmissed\tprecision\trecall\tF1\t")
	row := func(name string, shown, not int, t charmodel.Tally) {
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t%.3f\t%.3f\t%.3f\t\n", name, shown, not, t.Hit, t.False, t.Missed, t.Precision, t.Recall, t.F1)
	}
	for _, l := range r.Labels {
		row(l.Indicator, l.Shown, l.Not, l.InDoubt)
	}
	row("all, in doubt", r.InDoubt.Hit+r.InDoubt.Missed, r.Clean, r.InDoubt)
	row("all, accepted", r.InDoubt.Hit+r.InDoubt.Missed, r.Clean, r.Accepted)
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(w, "\npredicted and shown, by tenths of the probability:")
	for _, b := range r.Reliability {
		if b.Count > 0 {
			fmt.Fprintf(w, "  %.1f–%.1f: %d cases, %.3f predicted, %.3f shown\n", b.From, b.To, b.Count, b.Predicted, b.Shown)
		}
	}
	accept := fmt.Sprintf("accepts from %.3f", r.Accept)
	if r.Accept > 1 {
		accept = "accepts nothing by itself: no threshold is precise enough"
	}
	_, err := fmt.Fprintf(w, "calibration error (ECE): %.4f\n\n%s of %s, rulebook %.8s, training data %.8s: %d examples, %d character sequences\n"+
		"doubts from %.3f: %.1f %% of the %d examples showing nothing, %.1f %% of the %d ordinary ones; %s\n",
		r.ECE, m.Version(), r.Date, m.RulebookHash, m.TrainingHash, r.Examples, r.Sequences,
		r.Doubt, 100*r.CleanInDoubt, r.Clean, 100*r.OrdinaryInDoubt, r.Ordinary, accept)
	return err
}

func modelRankCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "rank FILE TOUCHPOINTS.jsonl",
		Short:   "List what a local model suspects touchpoints of",
		Long:    "List, as JSON Lines, what a local model suspects each touchpoint of; those it does not suspect are left out.",
		Example: "  xiaobao model rank local.model touchpoints.jsonl",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return casework.Errorf(casework.Invalid, "name the file of the model and that of the touchpoints")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			m, err := localModel(args[0], nil)
			if err != nil {
				return err
			}
			in, size, err := openInput(args[1:], cmd.InOrStdin())
			if err != nil {
				return err
			}
			err = rankAll(m, newJSONLines(withProgress(in, size, "ranking")), cmd.OutOrStdout())
			return errors.Join(err, in.Close())
		},
	}
}

// rankAll writes a line for each touchpoint in doubt.
func rankAll(m *charmodel.Model, lines *jsonLines, w io.Writer) error {
	reader := m.NewReader()
	for {
		line, err := lines.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var t casework.Touchpoint
		if err := line.decode(&t); err != nil {
			return err
		}
		if err := t.Check(time.Time{}); err != nil {
			return line.at(err)
		}
		guesses := reader.Rank(&t, nil)
		if len(guesses) == 0 {
			continue
		}
		if err := printLine(w, map[string]any{"touchpoint": t.ID, "guesses": guesses}); err != nil {
			return err
		}
	}
}
