package casework_test

import (
	"math"
	"testing"

	"xiaobao/casework"
)

// The figures are worked out by hand.
func TestAnInspectionIsScoredByElementAndWeight(t *testing.T) {
	t.Parallel()
	weights := map[string]float64{"MK": 25, "DR": 25, "GV": 10, "ED": 10}
	items := []casework.ItemScore{
		{Item: "1", Element: "MK", Weight: 3, Outcome: casework.ItemPassed},                         // 3
		{Item: "2", Element: "MK", Weight: 1, Outcome: casework.ItemFailed, Worst: casework.Yellow}, // 0.5
		{Item: "3", Element: "MK", Weight: 4, Outcome: casework.ItemFailed, Worst: casework.Orange}, // 1 of 4
		{Item: "4", Element: "DR", Weight: 2, Outcome: casework.ItemFailed, Worst: casework.Red},    // 0
		{Item: "5", Element: "DR", Weight: 2, Outcome: casework.ItemFailed, Worst: casework.Blue},   // 1.5
		{Item: "6", Element: "GV", Weight: 5, Outcome: casework.ItemFailed},                         // 0: failed by answer
		{Item: "7", Element: "ED", Weight: 9, Outcome: casework.ItemNotRun},
		{Item: "8", Element: "MK", Weight: 9, Outcome: casework.ItemUnanswered},
		{Item: "9", Element: "MK", Weight: 9, Outcome: casework.ItemNotApplicable},
		{Item: "10", Element: "DR", Weight: 9, Outcome: casework.ItemWaiting},
	}
	score := casework.ScoreInspection(items, weights)
	// MK 4.5 of 8 = 56.25; DR 1.5 of 4 = 37.5; GV 0; ED not tested.
	for element, want := range map[string]float64{"MK": 56.25, "DR": 37.5, "GV": 0} {
		if got, ok := score.Elements[element]; !ok || math.Abs(got-want) > 1e-9 {
			t.Errorf("%s: %v, want %v", element, got, want)
		}
	}
	if _, ok := score.Elements["ED"]; ok {
		t.Error("an element without a tested item has points")
	}
	// (25*56.25 + 25*37.5 + 10*0) / 60 = 2343.75 / 60
	if want := 39.0625; math.Abs(score.Points-want) > 1e-9 {
		t.Errorf("points %v, want %v", score.Points, want)
	}
	if score.Tested != 6 || score.Total != 10 {
		t.Errorf("tested %d of %d", score.Tested, score.Total)
	}
}

func TestNothingTestedScoresNothing(t *testing.T) {
	t.Parallel()
	for name, items := range map[string][]casework.ItemScore{
		"no items":   nil,
		"none run":   {{Element: "MK", Weight: 1, Outcome: casework.ItemNotRun}},
		"no weight":  {{Element: "MK", Weight: 0, Outcome: casework.ItemPassed}},
		"no element": {{Element: "XX", Weight: 1, Outcome: casework.ItemPassed}},
	} {
		score := casework.ScoreInspection(items, map[string]float64{"MK": 25})
		if score.Points != 0 || math.IsNaN(score.Points) || score.Total != len(items) {
			t.Errorf("%s: %+v", name, score)
		}
	}
}

func TestAllPassedScoresAHundred(t *testing.T) {
	t.Parallel()
	score := casework.ScoreInspection([]casework.ItemScore{
		{Element: "MK", Weight: 2, Outcome: casework.ItemPassed},
		{Element: "DR", Weight: 7, Outcome: casework.ItemPassed},
	}, map[string]float64{"MK": 25, "DR": 25})
	if score.Points != 100 {
		t.Errorf("points %v", score.Points)
	}
}

func TestAWorseFindingNeverScoresBetter(t *testing.T) {
	t.Parallel()
	last := math.Inf(1)
	for _, worst := range []casework.Level{casework.Blue, casework.Yellow, casework.Orange, casework.Red} {
		score := casework.ScoreInspection([]casework.ItemScore{{Element: "MK", Weight: 1, Outcome: casework.ItemFailed, Worst: worst}}, map[string]float64{"MK": 25})
		if score.Points >= last {
			t.Errorf("%s scores %v, not below %v", worst, score.Points, last)
		}
		last = score.Points
	}
}
