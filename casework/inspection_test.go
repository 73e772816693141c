package casework_test

import (
	"errors"
	"testing"
	"time"

	"xiaobao/casework"
)

// code is the machine-readable code of an error, "" if there is none.
func code(err error) string {
	if e, ok := errors.AsType[*casework.Error](err); ok {
		return e.Code
	}
	return ""
}

func TestAScopeThatCannotBeDrawnIsRefusedByField(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, casework.Beijing)
	fine := casework.Scope{From: from, To: from.AddDate(0, 1, 0), Channels: []casework.Channel{casework.CollectionCall}, Sample: 100}
	for name, c := range map[string]struct {
		change func(*casework.Scope)
		want   string
	}{
		"fine":               {func(*casework.Scope) {}, ""},
		"full coverage":      {func(s *casework.Scope) { s.Sample = 0 }, ""},
		"largest sample":     {func(s *casework.Scope) { s.Sample = casework.MaxSample }, ""},
		"too large":          {func(s *casework.Scope) { s.Sample = casework.MaxSample + 1 }, "field:sample"},
		"negative sample":    {func(s *casework.Scope) { s.Sample = -1 }, "field:sample"},
		"no start":           {func(s *casework.Scope) { s.From = time.Time{} }, "field:period"},
		"no end":             {func(s *casework.Scope) { s.To = time.Time{} }, "field:period"},
		"empty period":       {func(s *casework.Scope) { s.To = s.From }, "field:period"},
		"backwards":          {func(s *casework.Scope) { s.From, s.To = s.To, s.From }, "field:period"},
		"longer than 10 y":   {func(s *casework.Scope) { s.To = s.From.AddDate(11, 0, 0) }, "field:period"},
		"an unknown channel": {func(s *casework.Scope) { s.Channels = []casework.Channel{"fax"} }, "field:channels"},
	} {
		scope := fine
		c.change(&scope)
		err := scope.Check()
		if code(err) != c.want || (c.want != "") != (casework.KindOf(err) == casework.Invalid && err != nil) {
			t.Errorf("%s: %v with code %q, want %q", name, err, code(err), c.want)
		}
		if err != nil && casework.WordsZh(err) == casework.Words(err) {
			t.Errorf("%s: no Chinese words", name)
		}
	}
}

func TestAVerdictNeedsWhatItNeeds(t *testing.T) {
	t.Parallel()
	one := []string{"f-1"}
	for name, c := range map[string]struct {
		verdict  casework.Verdict
		findings []string
		reason   casework.DismissReason
		into     string
		note     bool
		want     string
	}{
		"confirm":            {casework.Confirm, one, "", "", false, ""},
		"nothing chosen":     {casework.Confirm, nil, "", "", false, "field:findings"},
		"the most":           {casework.Confirm, make([]string, casework.MaxFindingsAtOnce), "", "", false, ""},
		"too many":           {casework.Confirm, make([]string, casework.MaxFindingsAtOnce+1), "", "", false, "field:findings"},
		"dismiss":            {casework.Dismiss, one, casework.FalseHit, "", false, ""},
		"without a reason":   {casework.Dismiss, one, "", "", false, "field:reason"},
		"an unknown reason":  {casework.Dismiss, one, "tired", "", true, "field:reason"},
		"other, no note":     {casework.Dismiss, one, casework.OtherReason, "", false, "field:note"},
		"other with a note":  {casework.Dismiss, one, casework.OtherReason, "", true, ""},
		"merge":              {casework.Merge, one, "", "f-2", false, ""},
		"merge into nothing": {casework.Merge, one, "", "", false, "field:merge_into"},
		"merge into itself":  {casework.Merge, one, "", "f-1", false, "field:merge_into"},
		"an unknown verdict": {"ponder", one, "", "", false, "field:verdict"},
	} {
		err := casework.CheckVerdict(c.verdict, c.findings, c.reason, c.into, c.note)
		if (err == nil) != (c.want == "") || code(err) != c.want {
			t.Errorf("%s: %v with code %q, want %q", name, err, code(err), c.want)
		}
	}
}

func TestAFindingIsTheSameWheneverItIsFound(t *testing.T) {
	t.Parallel()
	id := casework.FindingID("i-1", "I-018", "tm_x", "t-1")
	if id != casework.FindingID("i-1", "I-018", "tm_x", "t-1") {
		t.Error("the same finding has two ids")
	}
	if id == casework.FindingID("i-1", "I-018", "tm_x", "t-2") || id == casework.FindingID("i-1I", "-018", "tm_x", "t-1") {
		t.Error("two findings share an id")
	}
	if len(id) != 22 {
		t.Errorf("id %q", id)
	}
}

func TestOnlyTheEndsOfLifeAreFinal(t *testing.T) {
	t.Parallel()
	final := map[casework.InspectionStatus]bool{casework.InspectionReported: true, casework.InspectionVoid: true, casework.InspectionCancelled: true}
	for _, status := range casework.InspectionStatuses() {
		if status.Final() != final[status] {
			t.Errorf("%s: final %v", status, status.Final())
		}
	}
}

func TestFindingCountsAddUp(t *testing.T) {
	t.Parallel()
	if got := (casework.FindingCounts{Candidate: 1, Confirmed: 2, Dismissed: 4, Merged: 8}).Total(); got != 15 {
		t.Errorf("total %d", got)
	}
}
