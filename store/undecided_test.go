package store_test

import (
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/store"
	"xiaobao/store/storetest"
)

// suspicious draws n calls for inspection i-1, all tested, with one undecided
// touchpoint each, the first the likeliest.
func suspicious(t *testing.T, s *store.Store, n int) {
	t.Helper()
	have[casework.BatchResult](t)(s.AddTouchpoints(t.Context(), "", calls(n, "t")))
	have[casework.BatchResult](t)(s.AddCustomers(t.Context(), []casework.Customer{{ID: "c" + itoa(0), Name: "张伟"}}))
	ordered(t, s, march)
	drawn := have[casework.Drawing](t)(s.DrawScope(t.Context(), "i-1", march, casework.ChunkPlan{Most: 1, Least: n}))
	if plan := have[*casework.CascadePlan](t)(s.FixCascade(t.Context(), "i-1", &casework.CascadePlan{Local: "char@1#a", Model: "m", Share: 0.5})); plan.Local != "char@1#a" {
		t.Fatalf("plan %+v", plan)
	}
	must(t, s.SavePlan(t.Context(), "i-1", []casework.PlannedItem{{Item: "I-057", Element: "SV", Title: "催收", Weight: 1, Method: casework.ByIndicators, Outcome: casework.ItemWaiting}}))
	page := casework.ChunkPage{Inspection: "i-1", Chunk: 1, Upto: drawn.Chunks[0].Upto, Tested: n, Done: true}
	for i := range n {
		page.Undecided = append(page.Undecided, casework.Undecided{Touchpoint: "t" + itoa(i), Suspicions: []casework.Suspicion{
			{Indicator: "col_threat_violence", Certainty: 0.9 - 0.08*float64(i), Evidence: []casework.Evidence{{End: 2, Quote: "坐席"}}},
		}})
	}
	have[casework.ChunkProgress](t)(s.SaveChunkPage(t.Context(), page))
}

func aFinding(touchpoint string, engine casework.Engine) casework.Finding {
	return casework.Finding{
		ID: casework.FindingID("i-1", "I-057", "x", touchpoint), Inspection: "i-1", Item: "I-057", Indicator: "x", Title: "x", Touchpoint: touchpoint,
		Channel: casework.CollectionCall, OccurredAt: noon, Level: casework.Red, Engine: engine, Version: "v", Certainty: 0.7,
	}
}

func TestTheUndecidedAreSharedOutOnceTheLikeliestFirst(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	suspicious(t, s, 10)
	for _, most := range []int{5, 8} { // the second finds it done
		g := have[casework.Gathering](t)(s.GatherUndecided(t.Context(), "i-1", most, 2))
		if g.Undecided != 10 || len(g.Batches) != 3 || g.Batches[0] != 2 || g.Batches[2] != 1 {
			t.Errorf("gathered %+v", g)
		}
	}
	first := have[[]casework.UndecidedTouchpoint](t)(s.Undecided(t.Context(), "i-1", []int{1}, casework.JudgeWaiting, 50))
	if len(first) != 2 || first[0].Undecided.Touchpoint != "t00000" || first[0].Known[0] != "张伟" || first[0].Touchpoint.Text == "" || first[0].Suspicions[0].Evidence[0].Quote != "坐席" {
		t.Errorf("first batch %+v", first)
	}
	if left := have[int](t)(s.LeaveUnlikely(t.Context(), "i-1", []int{0}, casework.TroubleNone)); left != 4 { // 0.90 … 0.18: four of the last five are below a half
		t.Errorf("%d left", left)
	}
	if rest := have[[]casework.UndecidedTouchpoint](t)(s.Undecided(t.Context(), "i-1", []int{0}, casework.JudgeWaiting, 50)); len(rest) != 1 {
		t.Errorf("%d wait for people", len(rest))
	}
}

func TestWhatBecameOfTheUndecidedIsSavedOnceAndCounted(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	suspicious(t, s, 10)
	have[casework.Gathering](t)(s.GatherUndecided(t.Context(), "i-1", 5, 50))
	save := func(want int, all ...casework.Judged) {
		t.Helper()
		if found := have[int](t)(s.SaveJudged(t.Context(), "i-1", all)); found != want {
			t.Errorf("%d findings were new, want %d", found, want)
		}
	}
	shown := casework.Judged{Touchpoint: "t00000", Outcome: casework.JudgeShown, Asked: true, Findings: []casework.Finding{aFinding("t00000", casework.ByLLM)}}
	save(1, shown)
	save(0, shown) // an attempt whose answer was lost
	save(0, casework.Judged{Touchpoint: "t00000", Outcome: casework.JudgeCleared, Asked: true})
	save(0, casework.Judged{Touchpoint: "t00001", Outcome: casework.JudgeCleared, Asked: true})
	disputed := casework.Judged{Touchpoint: "t00002", Outcome: casework.JudgeDisputed, Asked: true, By: "m@judge.v1",
		Opinion: []casework.Judgement{{Indicator: "x", Shown: casework.Yes, Certainty: 0.4}}}
	save(0, disputed)
	again := have[[]casework.UndecidedTouchpoint](t)(s.Undecided(t.Context(), "i-1", []int{1}, casework.JudgeDisputed, 50))
	if len(again) != 1 || again[0].Opinion[0].Shown != casework.Yes || again[0].By != "m@judge.v1" {
		t.Errorf("disputed %+v", again)
	}
	save(1, casework.Judged{Touchpoint: "t00002", Outcome: casework.JudgePeople, Findings: []casework.Finding{aFinding("t00002", casework.ByLocal)}})
	save(0, disputed) // a late attempt takes nothing back
	save(1, casework.Judged{Touchpoint: "t00003", Outcome: casework.JudgePeople, Why: casework.TroubleFiltered, Findings: []casework.Finding{aFinding("t00003", casework.ByLocal)}})
	have[int](t)(s.LeaveUnlikely(t.Context(), "i-1", []int{0}, casework.TroubleAway))
	have[int](t)(s.SaveItemFindings(t.Context(), "i-1", "I-057", 10, []casework.Finding{aFinding("t-rule", casework.ByRule), aFinding("t-local", casework.ByLocal)}))

	count := have[*casework.CascadeCount](t)(s.Cascade(t.Context(), "i-1"))
	want := casework.CascadeCount{Plan: casework.CascadePlan{Local: "char@1#a", Model: "m", Share: 0.5},
		Rules: 1, Local: 1, Undecided: 10, Asked: 3, Shown: 1, Cleared: 1, People: 2, Left: 4}
	troubles := count.Troubles
	count.Troubles = nil
	if count.Plan != want.Plan || count.Rules != 1 || count.Local != 1 || count.Undecided != 10 || count.Asked != 3 ||
		count.Shown != 1 || count.Cleared != 1 || count.People != 2 || count.Left != 4 {
		t.Errorf("counted %+v,\nwant %+v", *count, want)
	}
	if troubles[casework.TroubleFiltered] != 1 || troubles[casework.TroubleAway] != 4 {
		t.Errorf("troubles %v", troubles)
	}
}

func TestAPlanIsFixedOnceAndMayBeNone(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ordered(t, s, march)
	if count := have[*casework.CascadeCount](t)(s.Cascade(t.Context(), "i-1")); count != nil {
		t.Errorf("counted %+v before it was drawn", count)
	}
	if plan := have[*casework.CascadePlan](t)(s.FixCascade(t.Context(), "i-1", nil)); plan != nil {
		t.Errorf("plan %+v", plan)
	}
	if plan := have[*casework.CascadePlan](t)(s.FixCascade(t.Context(), "i-1", &casework.CascadePlan{Local: "late"})); plan != nil {
		t.Errorf("a later attempt made it %+v", plan)
	}
	if count := have[*casework.CascadeCount](t)(s.Cascade(t.Context(), "i-1")); count != nil {
		t.Errorf("counted %+v", count)
	}
}

func TestWhatKeptModelsFromJudgingStandsOnTheTimelineOnly(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ordered(t, s, march)
	step(t, s, casework.EventTesting, casework.InspectionTesting, "", 2)
	have[casework.Remaining](t)(s.RecordInspection(t.Context(), casework.InspectionRecord{
		ID: "i-1", Event: casework.EventJudged, Status: casework.InspectionTesting, At: noon.Add(time.Hour), Why: string(casework.TroubleNone),
	}))
	if i := have[casework.Inspection](t)(s.Inspection(t.Context(), "i-1")); i.Note != "" {
		t.Errorf("the inspection's own note is %q", i.Note)
	}
	lines := have[[]casework.Occurrence](t)(s.Occurrences(t.Context(), "i-1"))
	if last := lines[len(lines)-1]; last.What != casework.EventJudged || last.Detail != string(casework.TroubleNone) {
		t.Errorf("the timeline ends with %+v", last)
	}
}

func TestNothingIsSavedOfAnInspectionThatHasEnded(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	suspicious(t, s, 3)
	step(t, s, casework.EventCancelled, casework.InspectionCancelled, "u1", 3)
	_, err := s.SaveJudged(t.Context(), "i-1", []casework.Judged{{Touchpoint: "t00000", Outcome: casework.JudgeCleared}})
	kind(t, err, casework.Conflict)
	_, err = s.GatherUndecided(t.Context(), "i-1", 3, 3)
	kind(t, err, casework.Conflict)
	_, err = s.LeaveUnlikely(t.Context(), "i-1", []int{0}, casework.TroubleAway)
	kind(t, err, casework.Conflict)
}

func TestLabelsComeWithTheirTouchpoints(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	suspicious(t, s, 2)
	step(t, s, casework.EventTesting, casework.InspectionTesting, "", 2)
	finding := aFinding("t00000", casework.ByLLM)
	have[int](t)(s.SaveJudged(t.Context(), "i-1", []casework.Judged{{Touchpoint: "t00000", Outcome: casework.JudgeShown, Findings: []casework.Finding{finding}}}))
	record(t, s, verdict("v-1", casework.Confirm, finding.ID))
	var all []casework.LabelledTouchpoint
	must(t, s.LabelledTouchpoints(t.Context(), func(l casework.LabelledTouchpoint) error { all = append(all, l); return nil }))
	if len(all) != 1 || all[0].Touchpoint.ID != "t00000" || all[0].Verdict != casework.Confirm || all[0].Level != casework.Red || all[0].Known[0] != "张伟" {
		t.Errorf("labels %+v", all)
	}
}
