package casework_test

import (
	"testing"

	"xiaobao/casework"
)

func TestItemConcludesByItsPassRule(t *testing.T) {
	t.Parallel()
	rate, none := 2.0, 0
	planned := func(m casework.Method, pass casework.PassRule) casework.PlannedItem {
		return casework.PlannedItem{Item: "I-001", Method: m, Pass: pass, Outcome: casework.ItemWaiting}
	}
	notRun := casework.PlannedItem{Item: "I-001", Outcome: casework.ItemNotRun, Why: "no such query"}
	confirmed := casework.FindingCounts{Confirmed: 2, Dismissed: 7}
	for name, test := range map[string]struct {
		tally casework.ItemTally
		want  casework.ItemOutcome
	}{
		"nothing confirmed":          {casework.ItemTally{PlannedItem: planned(casework.ByIndicators, casework.PassRule{}), Tested: 9}, casework.ItemPassed},
		"more than allowed":          {casework.ItemTally{PlannedItem: planned(casework.ByIndicators, casework.PassRule{MaxFindings: 1}), Tested: 9, Counts: confirmed}, casework.ItemFailed},
		"as many as allowed":         {casework.ItemTally{PlannedItem: planned(casework.ByQuery, casework.PassRule{MaxFindings: 2}), Tested: 9, Counts: confirmed}, casework.ItemPassed},
		"within the rate":            {casework.ItemTally{PlannedItem: planned(casework.ByQuery, casework.PassRule{MaxPerThousand: &rate}), Tested: 1000, Counts: confirmed}, casework.ItemPassed},
		"above the rate":             {casework.ItemTally{PlannedItem: planned(casework.ByQuery, casework.PassRule{MaxPerThousand: &rate}), Tested: 999, Counts: confirmed}, casework.ItemFailed},
		"a red one too many":         {casework.ItemTally{PlannedItem: planned(casework.ByQuery, casework.PassRule{MaxFindings: 5, MaxRed: &none}), Tested: 9, Counts: confirmed, Red: 1}, casework.ItemFailed},
		"nothing in scope":           {casework.ItemTally{PlannedItem: planned(casework.ByIndicators, casework.PassRule{})}, casework.ItemNotRun},
		"could not be tested":        {casework.ItemTally{PlannedItem: notRun, Tested: 9}, casework.ItemNotRun},
		"nobody answered":            {casework.ItemTally{PlannedItem: planned(casework.ByAsking, casework.PassRule{}), Answer: casework.ItemWaiting}, casework.ItemUnanswered},
		"answered not applicable":    {casework.ItemTally{PlannedItem: planned(casework.ByAsking, casework.PassRule{}), Answer: casework.ItemNotApplicable}, casework.ItemNotApplicable},
		"answered that it is failed": {casework.ItemTally{PlannedItem: planned(casework.ByAsking, casework.PassRule{}), Answer: casework.ItemFailed}, casework.ItemFailed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := test.tally.Conclude()
			if got.Outcome != test.want {
				t.Errorf("concluded %s, want %s", got.Outcome, test.want)
			}
			if got.Outcome == casework.ItemNotRun && got.Why == "" {
				t.Error("an item that was not run does not say why")
			}
			if score := test.tally.ScoreOf(); score.Outcome != got.Outcome {
				t.Errorf("scored as %s, concluded %s", score.Outcome, got.Outcome)
			}
		})
	}
}

func TestAnswersSayWhy(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		question string
		outcome  casework.ItemOutcome
		note     bool
		ok       bool
	}{
		"passed":                      {"q-1", casework.ItemPassed, false, true},
		"failed with a note":          {"q-1", casework.ItemFailed, true, true},
		"failed without a note":       {"q-1", casework.ItemFailed, false, false},
		"not applicable, no note":     {"q-1", casework.ItemNotApplicable, false, false},
		"no question":                 {"", casework.ItemPassed, true, false},
		"an outcome people lack":      {"q-1", casework.ItemNotRun, true, false},
		"an answer that is no answer": {"q-1", casework.ItemWaiting, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := casework.CheckAnswer(test.question, test.outcome, test.note)
			if (err == nil) != test.ok {
				t.Errorf("got %v", err)
			}
			if err != nil && casework.WordsZh(err) == casework.Words(err) {
				t.Error("there are no words for officers")
			}
		})
	}
}

func TestChunksGrowSoThatThereAreFew(t *testing.T) {
	t.Parallel()
	plan := casework.ChunkPlan{Most: 64, Least: 1000}
	for touchpoints, want := range map[int]int{0: 1000, 1: 1000, 64_000: 1000, 64_001: 1001, 10_000_000: 156_250} {
		if got := plan.Size(touchpoints); got != want {
			t.Errorf("%d touchpoints: chunks of %d, want %d", touchpoints, got, want)
		}
	}
}
