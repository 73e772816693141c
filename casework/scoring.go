package casework

import (
	"maps"
	"slices"
)

// An ItemScore is one checklist item as scoring sees it.
type ItemScore struct {
	Item    string
	Element string
	Weight  float64
	Outcome ItemOutcome
	Worst   Level // of its confirmed findings; NoLevel if failed by answer
}

// An InspectionScore is what an inspection came to, out of 100 points over
// the items that were tested. Items that were not tested are counted, not
// forgiven: Tested of Total tells how far the score carries.
type InspectionScore struct {
	Points   float64            `json:"points"`
	Tested   int                `json:"tested"`
	Total    int                `json:"total"`
	Elements map[string]float64 `json:"elements"` // points per evaluation element, of 100
}

// deductions are the shares of an item's weight that its worst confirmed
// finding costs. They are policy, not law.
var deductions = map[Level]float64{NoLevel: 1, Blue: 0.25, Yellow: 0.5, Orange: 0.75, Red: 1}

// ScoreInspection weighs the items. An element's points are the weighted mean
// of its tested items, and the total is the mean of the elements that had
// any, weighted as the checklist says.
func ScoreInspection(items []ItemScore, elementWeights map[string]float64) InspectionScore {
	score := InspectionScore{Total: len(items), Elements: map[string]float64{}}
	weight, earned := map[string]float64{}, map[string]float64{}
	for _, item := range items {
		share := 0.0
		switch item.Outcome {
		case ItemPassed:
			share = 1
		case ItemFailed:
			share = 1 - deductions[item.Worst]
		default:
			continue
		}
		score.Tested++
		weight[item.Element] += item.Weight
		earned[item.Element] += item.Weight * share
	}
	var total, points float64
	for _, element := range slices.Sorted(maps.Keys(weight)) { // sorted: sums of floats depend on their order
		w := weight[element]
		if w == 0 {
			continue
		}
		score.Elements[element] = 100 * earned[element] / w
		total += elementWeights[element]
		points += elementWeights[element] * score.Elements[element]
	}
	if total > 0 {
		score.Points = points / total
	}
	return score
}
