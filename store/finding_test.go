package store_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xiaobao/casework"
	"xiaobao/store"
	"xiaobao/store/storetest"
)

func verdict(id string, v casework.Verdict, findings ...string) casework.VerdictOrder {
	return casework.VerdictOrder{ID: id, Inspection: "i-1", By: "u1", At: noon, Verdict: v, Findings: findings}
}

func record(t *testing.T, s *store.Store, o casework.VerdictOrder) casework.VerdictResult {
	t.Helper()
	return have[casework.VerdictResult](t)(s.RecordVerdict(t.Context(), o))
}

func TestOfOfficersWhoDecideTheSameFindingAtOnceOneWins(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ids := adjudicating(t, s, 3)
	var wait sync.WaitGroup
	results, errs := make([]casework.VerdictResult, 8), make([]error, 8)
	for i := range results {
		wait.Go(func() {
			o := verdict(fmt.Sprint("r", i), casework.Confirm, ids[0])
			o.By = casework.Actor(fmt.Sprint("u", i))
			results[i], errs[i] = s.RecordVerdict(t.Context(), o)
		})
	}
	wait.Wait()
	decided := 0
	winner := have[casework.Finding](t)(s.Finding(t.Context(), ids[0])).DecidedBy
	for i, r := range results {
		must(t, errs[i])
		decided += r.Decided
		if r.Decided == 0 && (len(r.Refused) != 1 || r.Refused[0].By != winner || r.Refused[0].Why != "decided") {
			t.Errorf("refused as %+v, though %s decided", r.Refused, winner)
		}
		if r.Left != 2 {
			t.Errorf("%d left, want 2", r.Left)
		}
	}
	if decided != 1 {
		t.Errorf("decided %d times", decided)
	}
	if got := labels(t, s); len(got) != 1 || got[0].By != winner {
		t.Errorf("labels %+v", got)
	}
}

func labels(t *testing.T, s *store.Store) (all []casework.Label) {
	t.Helper()
	must(t, s.Labels(t.Context(), "", func(l casework.Label) error { all = append(all, l); return nil }))
	return all
}

func TestTheSameVerdictAgainGetsTheSameAnswer(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ids := adjudicating(t, s, 3)
	o := verdict("r1", casework.Dismiss, ids[0], ids[1], "f-none")
	o.Reason = casework.FalseHit
	first := record(t, s, o)
	o.At = noon.AddDate(0, 0, 1)
	again := record(t, s, o)
	if diff := cmp.Diff(first, again); diff != "" || first.Decided != 2 || first.Left != 1 {
		t.Errorf("first %+v, again %+v", first, again)
	}
	if !slices.Equal(first.Refused, []casework.RefusedFinding{{ID: "f-none", Why: "unknown"}}) {
		t.Errorf("refused %+v", first.Refused)
	}
	if got := have[casework.Finding](t)(s.Finding(t.Context(), ids[0])); got.Status != casework.FindingDismissed || got.Reason != casework.FalseHit || !got.DecidedAt.Equal(noon) {
		t.Errorf("finding %+v", got)
	}
	o.Findings = ids[2:]
	_, err := s.RecordVerdict(t.Context(), o) // the same id for something else
	kind(t, err, casework.Conflict)
	if n := len(labels(t, s)); n != 2 {
		t.Errorf("%d labels", n)
	}
}

func TestMergersGoIntoWhatStandsInTheSameInspection(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ids := seenOnce(t, s, adjudicating(t, s, 5)...)
	merge := func(id, into string, findings ...string) casework.VerdictResult {
		o := verdict(id, casework.Merge, findings...)
		o.MergeInto = into
		return record(t, s, o)
	}
	dismiss := verdict("d", casework.Dismiss, ids[4])
	dismiss.Reason = casework.NotOurs
	record(t, s, dismiss)
	for i, into := range []string{"f-elsewhere", ids[4]} {
		if r := merge(fmt.Sprint("bad", i), into, ids[0]); r.Decided != 0 || r.Refused[0].Why != "merge_target" {
			t.Errorf("into %s: %+v", into, r)
		}
	}
	if r := merge("m1", ids[1], ids[0]); r.Decided != 1 {
		t.Errorf("merged %+v", r)
	}
	if r := merge("m2", ids[0], ids[2]); r.Refused[0].Why != "merge_target" { // merged itself
		t.Errorf("merged into what is merged: %+v", r)
	}
	merge("m3", ids[3], ids[1])
	if got := have[casework.Finding](t)(s.Finding(t.Context(), ids[0])); got.MergedInto != ids[3] {
		t.Errorf("what was merged into it did not follow: %s", got.MergedInto)
	}
	_, err := s.RecordVerdict(t.Context(), func() casework.VerdictOrder {
		o := verdict("m4", casework.Merge, ids[3])
		o.MergeInto = ids[3]
		return o
	}())
	kind(t, err, casework.Invalid)
}

// seenOnce puts more findings in one conversation and gives all their ids.
func seenOnce(t *testing.T, s *store.Store, ids ...string) []string {
	t.Helper()
	findings := make([]casework.Finding, len(ids))
	for i := range findings {
		findings[i] = have[casework.Finding](t)(s.Finding(t.Context(), ids[i]))
		findings[i].Indicator, findings[i].Touchpoint = fmt.Sprint("q", i), "t-one"
		findings[i].ID = casework.FindingID("i-1", "I-057", findings[i].Indicator, "t-one")
		ids[i] = findings[i].ID
	}
	have[int](t)(s.SaveItemFindings(t.Context(), "i-1", "I-057", 200, findings))
	return ids
}

func TestMergersStayWithinOneMatter(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	adjudicating(t, s, 1)
	finding := func(touchpoint, customer, agent string, more ...string) string {
		f := casework.Finding{
			Inspection: "i-1", Item: "I-057", Indicator: "m" + touchpoint + customer + agent + fmt.Sprint(more), Title: "夜间催收", Touchpoint: touchpoint,
			CustomerID: customer, AgentID: agent, Channel: casework.CollectionCall, OccurredAt: noon, OrgID: "north",
			Level: casework.Red, Engine: casework.ByRule, Version: "v", Certainty: 1,
		}
		f.ID = casework.FindingID("i-1", f.Item, f.Indicator, touchpoint)
		have[int](t)(s.SaveItemFindings(t.Context(), "i-1", "I-057", 300, []casework.Finding{f}))
		return f.ID
	}
	into, bare := finding("t-1", "c-1", "a-1"), finding("", "c-9", "")
	cases := []struct {
		name, from, into string
		refused          bool
	}{
		{"the same touchpoint", finding("t-1", "c-2", "a-2"), into, false},
		{"the same customer and agent", finding("t-2", "c-1", "a-1"), into, false},
		{"the same customer alone", finding("t-3", "c-1", "a-2"), into, true},
		{"the same agent alone", finding("t-4", "c-2", "a-1"), into, true},
		{"nothing shared", finding("t-5", "c-5", "a-5"), into, true},
		{"no touchpoint and no agent, the same customer", finding("", "c-9", "", "again"), bare, true},
	}
	for _, c := range cases {
		o := verdict(c.name, casework.Merge, c.from)
		o.MergeInto = c.into
		r := record(t, s, o)
		status := have[casework.Finding](t)(s.Finding(t.Context(), c.from)).Status
		switch {
		case c.refused && (!slices.Equal(r.Refused, []casework.RefusedFinding{{ID: c.from, Why: "merge_other_matter"}}) || status != casework.FindingCandidate):
			t.Errorf("%s: %+v, %s", c.name, r, status)
		case !c.refused && (r.Decided != 1 || status != casework.FindingMerged):
			t.Errorf("%s: %+v, %s", c.name, r, status)
		}
	}
	o := verdict("both", casework.Merge, cases[0].from, cases[4].from)
	o.MergeInto = into
	want := []casework.RefusedFinding{{ID: cases[0].from, Why: "decided", By: "u1"}, {ID: cases[4].from, Why: "merge_other_matter"}}
	if r := record(t, s, o); !slices.Equal(r.Refused, want) {
		t.Errorf("refused %+v, want %+v", r.Refused, want)
	}
}

func TestWhatWentIntoADismissedFindingWaitsAgain(t *testing.T) {
	t.Parallel()
	for name, confirmedBefore := range map[string]bool{"dismissed": false, "overruled": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := storetest.New(t)
			ids := seenOnce(t, s, adjudicating(t, s, 3)...)
			merge := verdict("m", casework.Merge, ids[1])
			merge.MergeInto = ids[0]
			before := record(t, s, merge).Left
			if confirmedBefore {
				before = record(t, s, verdict("c", casework.Confirm, ids[0])).Left + 1
			}
			o := verdict("d", casework.Dismiss, ids[0])
			o.Reason, o.Overrule = casework.FalseHit, confirmedBefore
			if r := record(t, s, o); r.Decided != 1 || r.Left != before {
				t.Errorf("got %+v, want %d left", r, before)
			}
			record(t, s, o) // once more: nothing more happens
			f := have[casework.Finding](t)(s.Finding(t.Context(), ids[1]))
			if f.Status != casework.FindingCandidate || f.MergedInto != "" || f.DecidedBy != "" || f.DecidedAt != nil {
				t.Errorf("it is %+v", f)
			}
			noted := 0
			for _, line := range have[[]casework.Occurrence](t)(s.Occurrences(t.Context(), "i-1")) {
				if line.What == casework.EventReopened && line.Detail == ids[1] && line.By == "u1" {
					noted++
				}
			}
			if noted != 1 {
				t.Errorf("noted %d times", noted)
			}
			if all := labels(t, s); all[0].Finding != ids[1] || all[0].Verdict != casework.Merge {
				t.Errorf("the merger is not among the labels: %+v", all)
			}
		})
	}
}

func TestAVerdictMayOverruleAnother(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ids := adjudicating(t, s, 1)
	record(t, s, verdict("r1", casework.Confirm, ids...))
	o := verdict("r2", casework.Dismiss, ids...)
	o.By, o.Reason, o.Overrule = "u2", casework.NoEvidence, true
	if r := record(t, s, o); r.Decided != 1 {
		t.Errorf("got %+v", r)
	}
	if got := labels(t, s); len(got) != 2 || got[1].Verdict != casework.Dismiss || got[1].Reason != casework.NoEvidence {
		t.Errorf("labels %+v", got)
	}
}

func TestNothingIsDecidedOutOfTime(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ids := adjudicating(t, s, 1)
	record(t, s, verdict("r0", casework.Confirm, ids...))
	step(t, s, casework.EventSubmitted, casework.InspectionConfirming, "u1", 9)
	_, err := s.RecordVerdict(t.Context(), verdict("r1", casework.Confirm, ids...))
	kind(t, err, casework.Conflict)
	if r := record(t, s, verdict("r0", casework.Confirm, ids...)); r.Decided != 1 || r.Left != 0 { // known from its time
		t.Errorf("the verdict of before gets %+v", r)
	}
	step(t, s, casework.EventCancelled, casework.InspectionCancelled, "u1", 10)
	_, err = s.SaveItemFindings(t.Context(), "i-1", "I-057", 1, nil)
	kind(t, err, casework.Conflict)
}

func TestFindingsAreListedTheWorstFirst(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	tree(t, s)
	ids := adjudicating(t, s, 41)
	record(t, s, verdict("r1", casework.Confirm, ids[:5]...))
	seen, worst := map[string]bool{}, casework.Red
	for request := (casework.PageRequest{Limit: 7}); ; {
		page := have[casework.Listing[casework.Finding]](t)(s.Findings(t.Context(), casework.FindingFilter{Inspection: "i-1"}, request))
		for _, f := range page.Rows {
			if f.Level > worst || seen[f.ID] || f.Evidence[0].Quote != "您好" || f.Facts["hour"] != 23.0 {
				t.Fatalf("finding %+v after %s", f, worst)
			}
			worst, seen[f.ID] = f.Level, true
		}
		if request.After = page.Next; page.Next == "" {
			break
		}
	}
	if len(seen) != 41 {
		t.Errorf("%d findings on all pages", len(seen))
	}
	cases := map[string]struct {
		filter casework.FindingFilter
		want   int
	}{
		"confirmed": {casework.FindingFilter{Status: []casework.FindingStatus{casework.FindingConfirmed}}, 5},
		"levels":    {casework.FindingFilter{Levels: []casework.Level{casework.Blue, casework.Red}}, 21},
		"words":     {casework.FindingFilter{Search: "您好"}, 41},
		"no words":  {casework.FindingFilter{Search: "%"}, 0},
		"in sight":  {casework.FindingFilter{Within: []string{"ho"}}, 41},
		"not ours":  {casework.FindingFilter{Within: []string{"north"}}, 0}, // the inspection is the head office's
		"no sight":  {casework.FindingFilter{Within: []string{"south"}}, 0},
		"item":      {casework.FindingFilter{Item: "I-001"}, 0},
	}
	for name, c := range cases {
		page := have[casework.Listing[casework.Finding]](t)(s.Findings(t.Context(), c.filter, casework.PageRequest{Sort: "certainty"}))
		counts := have[map[casework.Level]casework.FindingCounts](t)(s.CountFindings(t.Context(), c.filter))
		sum := 0
		for _, n := range counts {
			sum += n.Total()
		}
		if page.Total != c.want || sum != c.want {
			t.Errorf("%s: total %d, counted %d, want %d", name, page.Total, sum, c.want)
		}
	}
}

func TestNeighboursFollowTheListOfCandidates(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ids := adjudicating(t, s, 9)
	record(t, s, verdict("r1", casework.Confirm, ids[2]))
	page := have[casework.Listing[casework.Finding]](t)(s.Findings(t.Context(), casework.FindingFilter{Inspection: "i-1", Status: []casework.FindingStatus{casework.FindingCandidate}}, casework.PageRequest{}))
	for i, f := range page.Rows {
		before, after, err := s.Neighbours(t.Context(), f.ID)
		must(t, err)
		if i > 0 && before != page.Rows[i-1].ID || i == 0 && before != "" {
			t.Errorf("before %d comes %q", i, before)
		}
		if i+1 < len(page.Rows) && after != page.Rows[i+1].ID || i+1 == len(page.Rows) && after != "" {
			t.Errorf("after %d comes %q", i, after)
		}
	}
}
