package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"xiaobao/casework"
	"xiaobao/screening"
	"xiaobao/screening/charmodel"
)

// A localMeasure says what a local model is worth beside the rules.
type localMeasure struct {
	Local string `json:"local_model"`
	Texts int    `json:"texts"`

	Rules         casework.Score `json:"rules"`
	InDoubt       casework.Score `json:"in_doubt"` // the model alone, all it has doubts about
	Accepted      casework.Score `json:"accepted"` // the model alone, what it is sure of
	RulesAccepted casework.Score `json:"rules_and_accepted"`
	Alerts        alertRates     `json:"alerts_per_1000_clean"`

	Silent         int `json:"silent"`           // texts in which no rule found anything
	SilentInDoubt  int `json:"silent_in_doubt"`  // of those, in doubt: what a model or people would be asked about
	Missed         int `json:"missed"`           // labels of gold that rules missed
	MissedInDoubt  int `json:"missed_in_doubt"`  // of those, in doubt
	Reached        int `json:"reached"`          // of the missed, those in texts in which no rule found anything
	ReachedInDoubt int `json:"reached_in_doubt"` // of those, in doubt
	Clean          int `json:"clean"`            // silent texts that show nothing
	CleanInDoubt   int `json:"clean_in_doubt"`
}

// alertRates are alerts on 1,000 texts that show nothing.
type alertRates struct {
	Rules         float64 `json:"rules"`
	InDoubt       float64 `json:"in_doubt"`
	Accepted      float64 `json:"accepted"`
	RulesAccepted float64 `json:"rules_and_accepted"`
}

func modelMeasureCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "measure DATA.jsonl",
		Short: "Measure what the local model adds to the rules",
		Long: "Measure what the local model adds to the rules: how good it is alone, how good rules are with what it is sure\n" +
			"of, and how much of what rules miss it has doubts about, at what workload.\n\n" +
			`Lines are those of eval --task screen; without "expected" a line counts for the workload only.`,
		Example: "  xiaobao model measure labelled.jsonl\n  xiaobao model measure --model local.model touchpoints.jsonl --json",
		Args:    oneInput,
	}
	rules := rulesFlag(cmd)
	file := cmd.Flags().String("model", "", "file of the local model; without it one is trained from the rulebook")
	asJSON := cmd.Flags().Bool("json", false, "print JSON")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		engine, err := openEngine(*rules)
		if err != nil {
			return err
		}
		book, err := openBook(*rules)
		if err != nil {
			return err
		}
		m, err := localModel(*file, book)
		if err != nil {
			return err
		}
		in, size, err := openInput(args, cmd.InOrStdin())
		if err != nil {
			return err
		}
		measure, err := measureLocal(engine, m, newJSONLines(withProgress(in, size, "measuring")))
		if err = errors.Join(err, in.Close()); err != nil {
			return err
		}
		if *asJSON {
			return printJSON(cmd.OutOrStdout(), measure)
		}
		return measure.print(cmd.OutOrStdout())
	}
	return cmd
}

// measureLocal judges every line by rules and by the model.
func measureLocal(engine *screening.Engine, m *charmodel.Model, lines *jsonLines) (*localMeasure, error) {
	out := &localMeasure{Local: m.Version()}
	var rules, doubt, accept, both casework.Evaluation
	screener, reader := engine.NewScreener(), m.NewReader()
	for {
		line, err := lines.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		var gold struct {
			casework.Touchpoint
			Expected   *[]string `json:"expected"`
			Acceptable []string  `json:"acceptable"`
		}
		if err := line.decode(&gold); err != nil {
			return nil, err
		}
		if err := gold.Check(time.Time{}); err != nil {
			return nil, line.at(err)
		}
		var found []string
		for _, s := range screener.Screen(&gold.Touchpoint) {
			found = append(found, s.Indicator)
		}
		guesses := reader.Rank(&gold.Touchpoint, nil)
		suspects, sure := suspected(guesses, false), suspected(guesses, true)
		out.count(found, suspects, gold.Expected)
		if gold.Expected != nil {
			rules.Count(*gold.Expected, gold.Acceptable, found)
			doubt.Count(*gold.Expected, gold.Acceptable, suspects)
			accept.Count(*gold.Expected, gold.Acceptable, sure)
			both.Count(*gold.Expected, gold.Acceptable, slices.Concat(found, sure))
		}
	}
	if out.Texts == 0 {
		return nil, casework.Errorf(casework.Invalid, "the data has no lines")
	}
	for _, e := range []*casework.Evaluation{&rules, &doubt, &accept, &both} {
		e.Finish()
	}
	out.Rules, out.InDoubt, out.Accepted, out.RulesAccepted = rules.Micro, doubt.Micro, accept.Micro, both.Micro
	out.Alerts = alertRates{rules.AlertsPer1000, doubt.AlertsPer1000, accept.AlertsPer1000, both.AlertsPer1000}
	return out, nil
}

// count adds a text to what the doubts reach, and what they cost.
func (m *localMeasure) count(found, suspects []string, expected *[]string) {
	m.Texts++
	silent := len(found) == 0
	if silent {
		m.Silent++
		m.SilentInDoubt += min(1, len(suspects))
	}
	if expected == nil {
		return
	}
	if silent && len(*expected) == 0 {
		m.Clean++
		m.CleanInDoubt += min(1, len(suspects))
	}
	for _, id := range *expected {
		if slices.Contains(found, id) {
			continue
		}
		inDoubt := 0
		if slices.Contains(suspects, id) {
			inDoubt = 1
		}
		m.Missed++
		m.MissedInDoubt += inDoubt
		if silent {
			m.Reached++
			m.ReachedInDoubt += inDoubt
		}
	}
}

// print writes the measure for a reader.
func (m *localMeasure) print(w io.Writer) error {
	for _, each := range []struct {
		name   string
		score  *casework.Score
		alerts float64
	}{
		{"rules alone", &m.Rules, m.Alerts.Rules}, {"local model alone, all doubts", &m.InDoubt, m.Alerts.InDoubt},
		{"local model alone, accepted", &m.Accepted, m.Alerts.Accepted},
		{"rules and accepted", &m.RulesAccepted, m.Alerts.RulesAccepted},
	} {
		fmt.Fprintf(w, "%s: hit %d, false %d, missed %d; precision %.3f (%.2f–%.2f), recall %.3f (%.2f–%.2f), F1 %.3f; alerts per 1,000 clean %.1f\n",
			each.name, each.score.Hit, each.score.False, each.score.Missed,
			each.score.Precision, each.score.PrecisionInterval[0], each.score.PrecisionInterval[1],
			each.score.Recall, each.score.RecallInterval[0], each.score.RecallInterval[1], each.score.F1, each.alerts)
	}
	_, err := fmt.Fprintf(w, "labels that rules missed: %d, of them in doubt: %d; in texts without any rule's finding: %d, of them in doubt: %d\n"+
		"texts without any rule's finding: %d, of them in doubt: %d; clean ones of these: %d, of them in doubt: %d\nmodel: %s\n",
		m.Missed, m.MissedInDoubt, m.Reached, m.ReachedInDoubt, m.Silent, m.SilentInDoubt, m.Clean, m.CleanInDoubt, m.Local)
	return err
}

// printLine writes a value as one line of JSON.
func printLine(w io.Writer, value any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(value)
}
