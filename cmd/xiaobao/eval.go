package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"xiaobao/casework"
	"xiaobao/screening"
)

// evalTasks are what can be evaluated: each makes a function that judges one
// line of gold.
var evalTasks = map[string]func(*screening.Engine) func(jsonLine) (verdict, error){
	"screen": evalScreening,
	"review": evalReview,
}

// evalCommand measures conclusions against labelled data.
func evalCommand() *cobra.Command {
	tasks := strings.Join(slices.Sorted(maps.Keys(evalTasks)), "|")
	cmd := &cobra.Command{
		Use:   "eval --task " + tasks + " DATA.jsonl",
		Short: "Measure screening or review against labelled data",
		Long: "Measure screening or review against labelled data: precision, recall and F1 for each label, with\n" +
			"counts and 95 % intervals (Wilson), over all (micro) and as a mean of labels (macro).\n\n" +
			`Lines are those of screen with "expected" and, if wanted, "acceptable" lists of indicators, or those of` + "\n" +
			`review with "labels" (categories) and "level". An acceptable label counts neither way.`,
		Example: "  xiaobao eval --task screen labelled.jsonl\n  xiaobao eval --task review materials.jsonl --json",
		GroupID: "offline",
		Args:    oneInput,
	}
	rules := rulesFlag(cmd)
	task := cmd.Flags().String("task", "", "what to measure: "+tasks)
	asJSON := cmd.Flags().Bool("json", false, "print JSON")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		open, ok := evalTasks[*task]
		if !ok {
			return casework.Errorf(casework.Invalid, "--task %q: give one of %s", *task, tasks)
		}
		engine, err := openEngine(*rules)
		if err != nil {
			return err
		}
		in, size, err := openInput(args, cmd.InOrStdin())
		if err != nil {
			return err
		}
		result, err := evaluate(cmd.Context(), *task, newJSONLines(withProgress(in, size, "evaluating")), open(engine))
		if err = errors.Join(err, in.Close()); err != nil {
			return err
		}
		if *asJSON {
			return printJSON(cmd.OutOrStdout(), result)
		}
		return result.print(cmd.OutOrStdout())
	}
	return cmd
}

// A verdict is what was concluded of one line, beside what it should be.
type verdict struct {
	expected, acceptable, given []string
	levelAsked, levelRight      bool
}

func evalScreening(engine *screening.Engine) func(jsonLine) (verdict, error) {
	screener := engine.NewScreener()
	return func(line jsonLine) (verdict, error) {
		var gold struct {
			casework.Touchpoint
			Expected   *[]string `json:"expected"`
			Acceptable []string  `json:"acceptable"`
		}
		if err := line.decode(&gold); err != nil {
			return verdict{}, err
		}
		if err := gold.Check(time.Time{}); err != nil {
			return verdict{}, line.at(err)
		}
		if gold.Expected == nil {
			return verdict{}, casework.Errorf(casework.Invalid, "line %d has no list expected; give [] if nothing is", line.number)
		}
		v := verdict{expected: *gold.Expected, acceptable: gold.Acceptable}
		for _, s := range screener.Screen(&gold.Touchpoint) {
			v.given = append(v.given, s.Indicator)
		}
		return v, screener.Faults()
	}
}

func evalReview(engine *screening.Engine) func(jsonLine) (verdict, error) {
	screener := engine.NewScreener()
	return func(line jsonLine) (verdict, error) {
		var gold struct {
			screening.Material
			Labels     *[]string `json:"labels"`
			Acceptable []string  `json:"acceptable"`
			Level      string    `json:"level"`
		}
		if err := line.decode(&gold); err != nil {
			return verdict{}, err
		}
		if gold.Labels == nil {
			return verdict{}, casework.Errorf(casework.Invalid, "line %d has no list labels; give [] if there are none", line.number)
		}
		review := screener.Review(gold.Material)
		v := verdict{expected: *gold.Labels, acceptable: gold.Acceptable,
			levelAsked: gold.Level != "", levelRight: gold.Level == review.Level}
		for _, remark := range review.Findings {
			v.given = append(v.given, remark.Label)
		}
		return v, screener.Faults()
	}
}

// evaluate judges every line and counts.
func evaluate(ctx context.Context, task string, lines *jsonLines, judge func(jsonLine) (verdict, error)) (*evaluation, error) {
	e := &evaluation{Task: task, Labels: map[string]*score{}}
	levels, right := 0, 0
	for ctx.Err() == nil {
		line, err := lines.next()
		if errors.Is(err, io.EOF) {
			if e.Texts == 0 {
				return nil, casework.Errorf(casework.Invalid, "the data has no lines")
			}
			e.finish()
			if levels > 0 {
				share := float64(right) / float64(levels)
				e.LevelAccuracy = &share
			}
			return e, nil
		}
		if err != nil {
			return nil, err
		}
		v, err := judge(line)
		if err != nil {
			return nil, err
		}
		e.count(v)
		if v.levelAsked {
			levels++
		}
		if v.levelRight {
			right++
		}
	}
	return nil, ctx.Err()
}

// print writes the evaluation as a table.
func (e *evaluation) print(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "label\texpected\thit\tfalse\tmissed\tbase rate\tprecision\t95 %\trecall\t95 %\tF1\t")
	for _, name := range slices.Sorted(maps.Keys(e.Labels)) {
		e.Labels[name].row(table, name)
	}
	e.Micro.row(table, "all (micro)")
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\nmean of %d labels (macro): precision %.3f, recall %.3f, F1 %.3f\n"+
		"texts: %d; without expected labels: %d, alerts on them: %d, per 1,000: %.1f (95 %%: %.1f to %.1f)\n",
		e.Macro.Labels, e.Macro.Precision, e.Macro.Recall, e.Macro.F1,
		e.Texts, e.CleanTexts, e.CleanAlerted, e.AlertsPer1000, 1000*e.CleanInterval[0], 1000*e.CleanInterval[1])
	if err == nil && e.LevelAccuracy != nil {
		_, err = fmt.Fprintf(w, "level right: %.3f\n", *e.LevelAccuracy)
	}
	return err
}

func (s *score) row(w io.Writer, name string) {
	fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%.4f\t%.3f\t%.2f–%.2f\t%.3f\t%.2f–%.2f\t%.3f\t\n", name, s.Expected, s.Hit, s.False, s.Missed,
		s.BaseRate, s.Precision, s.PrecisionInterval[0], s.PrecisionInterval[1], s.Recall, s.RecallInterval[0], s.RecallInterval[1], s.F1)
}
