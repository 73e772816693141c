package main

import (
	"context"
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
var evalTasks = map[string]func(context.Context, *evalJob) (func(jsonLine) (verdict, error), error){
	"screen": evalScreening,
	"review": evalReview,
}

// evalCommand measures conclusions against labelled data.
func evalCommand() *cobra.Command {
	names := slices.AppendSeq(slices.Collect(maps.Keys(evalTasks)), maps.Keys(otherEvals))
	slices.Sort(names)
	tasks := strings.Join(names, "|")
	cmd := &cobra.Command{
		Use:   "eval --task " + tasks + " DATA.jsonl",
		Short: "Measure screening or review against labelled data",
		Long: "Measure screening or review against labelled data: precision, recall and F1 for each label, with\n" +
			"counts and 95 % intervals (Wilson), over all (micro) and as a mean of labels (macro).\n\n" +
			`Lines are those of screen with "expected" and, if wanted, "acceptable" lists of indicators, or those of` + "\n" +
			`review with "labels" (categories) and "level". An acceptable label counts neither way. Lines of mask have` + "\n" +
			`"text" and gold "spans"; counted are spans, characters, what leaks and what is masked without need.`,
		Example: "  xiaobao eval --task screen labelled.jsonl\n  xiaobao eval --task review materials.jsonl --json",
		GroupID: "offline",
		Args:    oneInput,
	}
	rules := rulesFlag(cmd)
	var job evalJob
	flags := cmd.Flags()
	flags.StringVar(&job.task, "task", "", "what to measure: "+tasks)
	flags.StringVar(&job.engine, "engine", "rules", "what concludes: "+strings.Join(evalEngines, "|"))
	flags.StringVar(&job.model, "model", "", "file of the local model; without it one is trained from the rulebook")
	flags.BoolVar(&job.changes, "changes", false, "also try each text with another name, sex and region, and with words that instruct a model")
	flags.StringVar(&job.out, "out", "", "also write the report to this file, for compare")
	asJSON := flags.Bool("json", false, "print JSON")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if run, ok := otherEvals[job.task]; ok {
			return run(cmd, args, *asJSON)
		}
		engine, err := openEngine(*rules)
		if err != nil {
			return err
		}
		if job.book, err = openBook(*rules); err != nil {
			return err
		}
		job.screens = engine
		result, err := job.run(cmd.Context(), args, cmd.InOrStdin())
		if err != nil {
			return err
		}
		if *asJSON {
			return printJSON(cmd.OutOrStdout(), result)
		}
		return printEvaluation(cmd.OutOrStdout(), result)
	}
	cmd.AddCommand(evalCompareCommand(), evalSaveCommand())
	return cmd
}

// A verdict is what was concluded of one line, beside what it should be.
type verdict struct {
	expected, acceptable, given []string
	levelAsked, levelRight      bool
}

// A contactJudge gives the indicators that one touchpoint shows.
type contactJudge func(context.Context, *casework.Touchpoint) ([]string, error)

// contactJudges are the engines that can judge touchpoints.
var contactJudges = map[string]func(context.Context, *evalJob) (contactJudge, error){
	"rules":       judgeByRules,
	"local":       judgeByLocal,
	"rules+local": judgeByRulesAndLocal,
	"llm":         judgeByModel,
	"cascade":     judgeByCascade,
}

// evalEngines are the names of the engines.
var evalEngines = []string{"rules", "local", "rules+local", "llm", "cascade"}

func judgeByRules(_ context.Context, job *evalJob) (contactJudge, error) {
	screener := job.screens.NewScreener()
	return func(_ context.Context, t *casework.Touchpoint) ([]string, error) {
		var given []string
		for _, s := range screener.Screen(t) {
			given = append(given, s.Indicator)
		}
		return given, screener.Faults()
	}, nil
}

func evalScreening(ctx context.Context, job *evalJob) (func(jsonLine) (verdict, error), error) {
	open, ok := contactJudges[job.engine]
	if !ok {
		return nil, casework.Errorf(casework.Invalid, "--engine %q: give one of %s", job.engine, strings.Join(evalEngines, ", "))
	}
	judge, err := open(ctx, job)
	if err != nil {
		return nil, err
	}
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
		v.given, err = judge(ctx, &gold.Touchpoint)
		if err == nil && job.changes {
			err = job.tryChanges(ctx, judge, &gold.Touchpoint, v.given)
		}
		return v, err
	}, nil
}

func evalReview(_ context.Context, job *evalJob) (func(jsonLine) (verdict, error), error) {
	if job.engine != "rules" {
		return nil, casework.Errorf(casework.Invalid, "materials are evaluated by --engine rules; %q is for touchpoints", job.engine)
	}
	screener := job.screens.NewScreener()
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
	}, nil
}

// printEvaluation writes an evaluation as a table.
func printEvaluation(w io.Writer, e *casework.Evaluation) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "label\texpected\thit\tfalse\tmissed\tbase rate\tprecision\t95 %\trecall\t95 %\tF1\t")
	for _, name := range slices.Sorted(maps.Keys(e.Labels)) {
		printScore(table, name, e.Labels[name])
	}
	printScore(table, "all (micro)", &e.Micro)
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
	for _, f := range e.Flips {
		if err == nil {
			_, err = fmt.Fprintf(w, "conclusions that changed with the %s: %d of %d (95 %%: %.1f %% to %.1f %%)\n",
				f.Change, f.Flipped, f.Tried, 100*f.Interval[0], 100*f.Interval[1])
		}
	}
	if u := e.Usage; err == nil && u != nil {
		_, err = fmt.Fprintf(w, "model %s: asked about %d texts (%.1f %%), %.1f calls and %.4f %s per 1,000 texts; findings located in the text: %d of %d\n",
			e.Model, u.Asked, 100*u.AskedShare, u.CallsPer1000, u.CostPer1000, u.Currency, u.Grounded, u.Stated)
	}
	return err
}

func printScore(w io.Writer, name string, s *casework.Score) {
	fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%d\t%.4f\t%.3f\t%.2f–%.2f\t%.3f\t%.2f–%.2f\t%.3f\t\n", name, s.Expected, s.Hit, s.False, s.Missed,
		s.BaseRate, s.Precision, s.PrecisionInterval[0], s.PrecisionInterval[1], s.Recall, s.RecallInterval[0], s.RecallInterval[1], s.F1)
}
