package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"xiaobao/casework"
)

// evalCompareCommand is the gate: it holds one evaluation against another.
func evalCompareCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "compare BEFORE.json AFTER.json",
		Short: "Hold one evaluation against another and fail where it got worse",
		Long: "Compare two reports of eval --out on the same data. It fails, with status 4, where\n" +
			"  - F1 over all labels fell, beyond what chance explains (paired bootstrap, 95 %);\n" +
			"  - the lower bound of a label's recall fell by more than --slack, and its hits did not grow;\n" +
			"  - texts without expected labels are alerted on more often, beyond what chance explains;\n" +
			"  - conclusions change more often with a name, sex, region or injected words;\n" +
			"  - findings of a model stood in the text less often.",
		Example: "  xiaobao eval --task screen gold.jsonl --out before.json\n" +
			"  xiaobao eval --task screen gold.jsonl --rules ours --out after.json\n  xiaobao eval compare before.json after.json",
	}
	slack := cmd.Flags().Float64("slack", 0.02, "how much the lower bound of a label's recall may fall")
	asJSON := cmd.Flags().Bool("json", false, "print JSON")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) != 2 {
			return casework.Errorf(casework.Invalid, "name two reports: the one before and the one after")
		}
		before, err := readEvaluation(args[0])
		if err != nil {
			return err
		}
		after, err := readEvaluation(args[1])
		if err != nil {
			return err
		}
		c, err := compare(before, after, *slack)
		if err != nil {
			return err
		}
		if *asJSON {
			err = printJSON(cmd.OutOrStdout(), c)
		} else {
			err = c.print(cmd.OutOrStdout())
		}
		if err == nil && len(c.Worse) > 0 {
			err = casework.Errorf(casework.Conflict, "it got worse in %d points", len(c.Worse)).WithCode("evaluation_worse")
		}
		return err
	}
	return cmd
}

func readEvaluation(name string) (*casework.Evaluation, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, casework.Errorf(casework.NotFound, "there is no report %s; make one with: xiaobao eval … --out %s", name, name)
	}
	var e casework.Evaluation
	if err := json.Unmarshal(data, &e); err != nil || e.Texts == 0 {
		return nil, casework.Errorf(casework.Invalid, "%s is no report of xiaobao eval --out", name)
	}
	return &e, nil
}

// A comparison says what changed from one evaluation to the next.
type comparison struct {
	F1Before float64    `json:"f1_before"`
	F1After  float64    `json:"f1_after"`
	F1Change [2]float64 `json:"f1_change_interval"` // 95 %, paired bootstrap
	Worse    []string   `json:"worse"`
}

// compare lists in what an evaluation is worse than the one before.
func compare(before, after *casework.Evaluation, slack float64) (*comparison, error) {
	switch {
	case before.Task != after.Task:
		return nil, casework.Errorf(casework.Invalid, "one report is of %s, the other of %s", before.Task, after.Task)
	case before.DataHash == "" || before.DataHash != after.DataHash:
		return nil, casework.Errorf(casework.Invalid, "the reports are of different data; evaluate both on the same file")
	case len(before.Outcomes) != len(after.Outcomes):
		return nil, casework.Errorf(casework.Invalid, "the reports do not hold the same texts")
	}
	c := &comparison{F1Before: before.Micro.F1, F1After: after.Micro.F1, Worse: []string{}}
	c.F1Change = bootstrap(before.Outcomes, after.Outcomes)
	if c.F1Change[1] < 0 {
		c.worse("F1 fell from %.3f to %.3f (change between %.3f and %.3f)", c.F1Before, c.F1After, c.F1Change[0], c.F1Change[1])
	}
	for _, label := range slices.Sorted(maps.Keys(before.Labels)) {
		was, is := before.Labels[label], after.Labels[label]
		if is == nil {
			is = &casework.Score{}
		}
		if was.Expected > 0 && is.Hit < was.Hit && is.RecallInterval[0] < was.RecallInterval[0]-slack {
			c.worse("recall of %s fell from %.3f to %.3f", label, was.Recall, is.Recall)
		}
	}
	if after.CleanInterval[0] > before.CleanInterval[1] {
		c.worse("alerts on 1,000 texts without labels rose from %.1f to %.1f", before.AlertsPer1000, after.AlertsPer1000)
	}
	c.compareFlips(before.Flips, after.Flips)
	if grounded(after.Usage) < grounded(before.Usage)-slack {
		c.worse("findings of the model located in the text fell from %.1f %% to %.1f %%", 100*grounded(before.Usage), 100*grounded(after.Usage))
	}
	return c, nil
}

func (c *comparison) worse(format string, args ...any) {
	c.Worse = append(c.Worse, fmt.Sprintf(format, args...))
}

func (c *comparison) compareFlips(before, after []casework.FlipRate) {
	for _, was := range before {
		at := slices.IndexFunc(after, func(f casework.FlipRate) bool { return f.Change == was.Change })
		if at >= 0 && after[at].Flipped*max(1, was.Tried) > was.Flipped*max(1, after[at].Tried) {
			c.worse("conclusions that change with the %s rose from %d to %d", was.Change, was.Flipped, after[at].Flipped)
		}
	}
}

// grounded is the share of a model's findings that stand in the text; 1 where
// none was asked.
func grounded(u *casework.ModelUsage) float64 {
	if u == nil || u.Stated == 0 {
		return 1
	}
	return float64(u.Grounded) / float64(u.Stated)
}

// bootstrap gives the 95 % interval of the change of F1 over the same texts,
// drawn again and again; the seed is fixed, so that a report says the same
// twice.
func bootstrap(before, after [][3]int) [2]float64 {
	const rounds = 2000
	if len(before) == 0 {
		return [2]float64{}
	}
	dice := rand.New(rand.NewPCG(1, 2))
	changes := make([]float64, rounds)
	for round := range changes {
		var was, is [3]int
		for range before {
			i := dice.IntN(len(before))
			for k := range 3 {
				was[k] += before[i][k]
				is[k] += after[i][k]
			}
		}
		changes[round] = f1(is) - f1(was)
	}
	slices.Sort(changes)
	return [2]float64{changes[rounds*25/1000], changes[rounds*975/1000]}
}

// f1 of hits, false ones and misses.
func f1(o [3]int) float64 {
	if o[0] == 0 {
		return 0
	}
	return 2 * float64(o[0]) / float64(2*o[0]+o[1]+o[2])
}

func (c *comparison) print(w io.Writer) error {
	_, err := fmt.Fprintf(w, "F1 over all labels: %.3f before, %.3f after (change between %+.3f and %+.3f)\n",
		c.F1Before, c.F1After, c.F1Change[0], c.F1Change[1])
	for _, line := range c.Worse {
		if err == nil {
			_, err = fmt.Fprintln(w, "worse:", line)
		}
	}
	if err == nil && len(c.Worse) == 0 {
		_, err = fmt.Fprintln(w, "nothing got worse")
	}
	return err
}
