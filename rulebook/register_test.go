package rulebook_test

import (
	"fmt"
	"slices"
	"testing"

	"xiaobao/casework"
	"xiaobao/rulebook"
)

func TestTheTableOfDeadlinesHasEveryRow(t *testing.T) {
	t.Parallel()
	b := builtin(t)
	for prefix, rows := range map[string]int{"C": 25, "F": 15, "K": 15, "G": 13, "S": 11} {
		for n := 1; n <= rows; n++ {
			if _, ok := b.Deadline(fmt.Sprintf("%s-%02d", prefix, n)); !ok {
				t.Errorf("%s-%02d is missing", prefix, n)
			}
		}
	}
}

// The figures that procedures will stand on, held against the register by hand.
func TestTheStatutoryFiguresAreAsRead(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]struct {
		value      float64
		unit       string
		basis      string
		confidence casework.Confidence
	}{
		"C-01": {15, "calendar_day", "R03 18", casework.TextRead},
		"C-02": {30, "calendar_day", "R03 18", casework.TextRead},
		"C-03": {60, "calendar_day", "R03 18", casework.TextRead},
		"C-12": {7, "working_day", "R03 33", casework.TextRead},
		"C-13": {15, "calendar_day", "R02 43", casework.TextRead},
		"C-18": {20, "count", "R03 29", casework.TextRead},
		"C-21": {20, "calendar_day", "R22 征信业管理条例 25", casework.TextRead},
		"F-02": {3, "per_day", "R12", casework.Secondary},
		"F-06": {6, "per_day", "R00", casework.Practice},
		"K-02": {5, "year", "R06 17", casework.TextRead},
		"K-07": {2, "year", "R13 68", casework.Unverified},
		"G-09": {72, "hour", "R02 34", casework.TextRead},
		"G-11": {2, "per_day", "R06 29", casework.TextRead},
		"S-06": {5, "working_day", "R02 9(一)", casework.TextRead},
	} {
		d, ok := builtin(t).Deadline(id)
		if !ok {
			t.Errorf("%s is missing", id)
			continue
		}
		if d.Value != want.value || d.Unit != want.unit || d.Basis[0].String() != want.basis || d.Basis[0].Confidence != want.confidence {
			t.Errorf("%s is %v %s by %s [%s], want %v", id, d.Value, d.Unit, d.Basis[0], d.Basis[0].Confidence, want)
		}
	}
}

// What is custom or unverified must never pass for law.
func TestWhatIsNotLawMayBeSetByTheInstitution(t *testing.T) {
	t.Parallel()
	for _, d := range builtin(t).Deadlines {
		firm := slices.ContainsFunc(d.Basis, func(b casework.Basis) bool {
			return b.Confidence == casework.TextRead || b.Confidence == casework.Secondary
		})
		if !firm && !d.Settable && d.ID != "F-05" { // F-05 is a duty to tell, with no figure to set
			t.Errorf("%s stands on %v and cannot be set", d.ID, d.Basis)
		}
	}
}

func TestTheComplaintFacetsAreComplete(t *testing.T) {
	t.Parallel()
	top := map[string]int{}
	for _, code := range builtin(t).Codes {
		if code.Parent == "" {
			top[code.Facet]++
		}
		if code.Official != "" {
			t.Errorf("%s claims the official code %q; that table is the institution's to load", code.ID, code.Official)
		}
	}
	for facet, want := range map[string]int{"A": 2, "B": 14, "C": 12, "source": 12, "level": 3, "urgency": 3, "flag": 8, "reason": 9, "appeal": 11, "result": 12} {
		if top[facet] != want {
			t.Errorf("facet %s has %d codes at the top, want %d", facet, top[facet], want)
		}
	}
	if code, ok := builtin(t).Code("B02.1"); !ok || code.Parent != "B02" || code.Confidence != casework.Secondary {
		t.Errorf("B02.1 is %+v", code)
	}
}

func TestTheRegisterHasEveryRegulation(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 22; n++ {
		if _, ok := builtin(t).Regulation(fmt.Sprintf("R%02d", n)); !ok {
			t.Errorf("R%02d is missing", n)
		}
	}
}

func TestEveryAttributeThatRulesWereWrittenForIsDeclared(t *testing.T) {
	t.Parallel()
	for name, kind := range map[string]string{
		"direction": rulebook.TextAttribute, "opted_out": rulebook.BoolAttribute, "opted_out_at": rulebook.TimeAttribute,
		"effective_calls_today": rulebook.NumberAttribute, "callee_relation": rulebook.TextAttribute,
		"promised_by": rulebook.TimeAttribute, "baseline_sigma": rulebook.NumberAttribute, "verified_account": rulebook.BoolAttribute,
	} {
		if a, ok := builtin(t).Attribute(name); !ok || a.Type != kind {
			t.Errorf("%s: %+v, want %s", name, a, kind)
		}
	}
}
