package casework

import "fmt"

// A PassRule bounds the confirmed findings of an item that has passed.
type PassRule struct {
	MaxFindings    int      `json:"max_findings"`
	MaxPerThousand *float64 `json:"max_per_thousand,omitempty"` // of what was tested, instead of MaxFindings
	MaxRed         *int     `json:"max_red,omitempty"`          // and of red ones
}

// Passed reports whether so many confirmed findings, so many of them red,
// among so many tested are within the rule.
func (r PassRule) Passed(confirmed, red, tested int) bool {
	if r.MaxRed != nil && red > *r.MaxRed {
		return false
	}
	if r.MaxPerThousand != nil && tested > 0 {
		return float64(confirmed)*1000 <= *r.MaxPerThousand*float64(tested)
	}
	return confirmed <= r.MaxFindings
}

// An ItemTally is an item of an inspection with what stands against it.
type ItemTally struct {
	PlannedItem
	Tested int
	Counts FindingCounts
	Worst  Level       // of the confirmed findings
	Red    int         // confirmed findings that are red
	Answer ItemOutcome // to the item's question; waiting until answered
}

// An ItemVerdict is the outcome of an item, with the reason if it was not
// tested.
type ItemVerdict struct {
	Item    string
	Outcome ItemOutcome
	Why     string
}

// Conclude is what came of the item. What nobody tested has not been passed,
// and what nobody answered has not been answered well.
func (t ItemTally) Conclude() ItemVerdict {
	v := ItemVerdict{Item: t.Item, Outcome: ItemFailed}
	switch {
	case t.Outcome == ItemNotRun:
		v.Outcome, v.Why = ItemNotRun, t.Why
	case t.Method == ByAsking && (t.Answer == ItemWaiting || t.Answer == ""):
		v.Outcome = ItemUnanswered
	case t.Method == ByAsking:
		v.Outcome = t.Answer
	case t.Tested == 0:
		v.Outcome, v.Why = ItemNotRun, WhyNothingInScope
	case t.Pass.Passed(t.Counts.Confirmed, t.Red, t.Tested):
		v.Outcome = ItemPassed
	}
	return v
}

// ScoreOf is the item as scoring sees it.
func (t ItemTally) ScoreOf() ItemScore {
	return ItemScore{Item: t.Item, Element: t.Element, Weight: t.Weight, Outcome: t.Conclude().Outcome, Worst: t.Worst}
}

// WhyNothingInScope is why an item was not tested though it could have been.
const WhyNothingInScope = "范围内没有可供测试的记录 (nothing in scope to test)"

// WhyUnknown is why an item was not tested: the rulebook or the records lack
// what it names.
func WhyUnknown(what, name string) string {
	words := map[string]string{"indicator": "指标", "query": "查询", "item": "检查项", "question": "问题"}
	return fmt.Sprintf("规则库中没有该%s：%s (there is no %s %q)", words[what], name, what, name)
}
