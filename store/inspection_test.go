package store_test

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/store"
	"xiaobao/store/storetest"
)

// march is a scope that holds all that calls makes.
var march = casework.Scope{From: noon.AddDate(0, 0, -1), To: noon.AddDate(0, 0, 30)}

var plan = casework.ChunkPlan{Most: 4, Least: 10}

// ordered puts inspection i-1 on file, ordered by u1 of unit ho.
func ordered(t testing.TB, s *store.Store, scope casework.Scope) {
	t.Helper()
	must(t, s.CreateInspection(t.Context(), casework.Inspection{
		ID: "i-1", Name: "三月自查", Checklist: "annual", Items: []string{"I-057"}, Scope: scope, OrgID: "ho", OrderedBy: "u1", OrderedAt: noon,
		WorkflowID: "inspection/i-1",
	}))
}

// step records that the inspection takes a step.
func step(t testing.TB, s *store.Store, event string, status casework.InspectionStatus, by casework.Actor, minute int) casework.Remaining {
	t.Helper()
	return have[casework.Remaining](t)(s.RecordInspection(t.Context(), casework.InspectionRecord{
		ID: "i-1", Event: event, Status: status, At: noon.Add(time.Duration(minute) * time.Minute), By: by,
	}))
}

// adjudicating brings inspection i-1 to where people decide, with n findings.
func adjudicating(t testing.TB, s *store.Store, n int) []string {
	t.Helper()
	ordered(t, s, march)
	must(t, s.SavePlan(t.Context(), "i-1", []casework.PlannedItem{
		{Item: "I-057", Element: "SV", Title: "夜间催收", Weight: 1, Method: casework.ByQuery, Outcome: casework.ItemWaiting, Query: "collection_curfew"},
		{Item: "I-001", Element: "GV", Title: "董事会", Weight: 2, Method: casework.ByAsking, Outcome: casework.ItemWaiting},
	}))
	findings, ids := make([]casework.Finding, n), make([]string, n)
	for i := range findings {
		tp := "t" + itoa(i)
		ids[i] = casework.FindingID("i-1", "I-057", "q", tp)
		findings[i] = casework.Finding{
			ID: ids[i], Inspection: "i-1", Item: "I-057", Indicator: "q", Title: "夜间催收", Touchpoint: tp, Channel: casework.CollectionCall,
			OccurredAt: noon, OrgID: "north", Level: casework.Level(1 + i%4), Engine: casework.ByRule, Version: "v", Certainty: 1,
			Evidence: []casework.Evidence{{Start: 0, End: 2, Quote: "您好"}}, Facts: map[string]any{"hour": 23.0},
		}
	}
	have[int](t)(s.SaveItemFindings(t.Context(), "i-1", "I-057", 100, findings))
	step(t, s, casework.EventOpened, casework.InspectionAdjudicating, "", 5)
	return ids
}

func TestAnInspectionsLifeIsWrittenDownOnce(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ordered(t, s, march)
	ordered(t, s, march)
	must(t, s.AddNote(t.Context(), casework.Note{ID: "n-1", Case: "i-1", By: "u2", At: noon, Text: "请补充说明"}))
	for range 2 { // each attempt may come twice
		step(t, s, casework.EventDrawing, casework.InspectionDrawing, "", 1)
		step(t, s, casework.EventTesting, casework.InspectionTesting, "", 2)
	}
	step(t, s, casework.EventOpened, casework.InspectionAdjudicating, "", 3)
	step(t, s, casework.EventDrawing, casework.InspectionDrawing, "", 1) // a late attempt
	step(t, s, casework.EventSubmitted, casework.InspectionConfirming, "u1", 4)
	have[casework.Remaining](t)(s.RecordInspection(t.Context(), casework.InspectionRecord{
		ID: "i-1", Event: casework.EventReturned, Status: casework.InspectionAdjudicating, By: "u2", At: noon.Add(5 * time.Minute), NoteRef: "n-1",
	}))
	returned := have[casework.Inspection](t)(s.Inspection(t.Context(), "i-1"))
	if returned.Status != casework.InspectionAdjudicating || returned.SubmittedBy != "" || returned.Note != "请补充说明" || returned.Progress.Seconds != 120 {
		t.Errorf("returned as %+v", returned)
	}
	step(t, s, casework.EventSubmitted, casework.InspectionConfirming, "u1", 6)
	step(t, s, casework.EventConfirmed, casework.InspectionConfirming, "u2", 7)
	step(t, s, casework.EventReported, casework.InspectionReported, "", 8)
	i := have[casework.Inspection](t)(s.Inspection(t.Context(), "i-1"))
	if i.Status != casework.InspectionReported || i.SubmittedBy != "u1" || i.ConfirmedBy != "u2" || i.EndedAt == nil || !i.Scope.From.Equal(march.From) {
		t.Errorf("ended as %+v", i)
	}
	var events []string
	for _, o := range have[[]casework.Occurrence](t)(s.Occurrences(t.Context(), "i-1")) {
		events = append(events, strings.TrimPrefix(o.What, "inspection."))
		if o.What == casework.EventReturned && o.Detail != "请补充说明" {
			t.Errorf("the note of the return is %q", o.Detail)
		}
	}
	if want := strings.Fields("ordered drawing testing adjudicating submitted returned submitted confirmed reported"); !slices.Equal(events, want) {
		t.Errorf("timeline %v, want %v", events, want)
	}
}

func TestStepsOutOfTurnAreConflicts(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ordered(t, s, march)
	record := func(event string, status casework.InspectionStatus, by casework.Actor) error {
		_, err := s.RecordInspection(t.Context(), casework.InspectionRecord{ID: "i-1", Event: event, Status: status, By: by, At: noon})
		return err
	}
	kind(t, record(casework.EventReported, casework.InspectionReported, ""), casework.Conflict)
	kind(t, record(casework.EventSubmitted, casework.InspectionConfirming, "u1"), casework.Conflict)
	must(t, record(casework.EventOpened, casework.InspectionAdjudicating, ""))
	must(t, record(casework.EventSubmitted, casework.InspectionConfirming, "u1"))
	kind(t, record(casework.EventConfirmed, casework.InspectionConfirming, "u1"), casework.Invalid) // four eyes
	must(t, record(casework.EventCancelled, casework.InspectionCancelled, "u1"))
	kind(t, record(casework.EventTesting, casework.InspectionTesting, ""), casework.Conflict)
	_, err := s.DrawScope(t.Context(), "i-1", march, plan)
	kind(t, err, casework.Conflict)
	_, err = s.RecordInspection(t.Context(), casework.InspectionRecord{ID: "i-9", Event: "x", Status: casework.InspectionDrawing, At: noon})
	kind(t, err, casework.NotFound)
}

func TestADrawIsTakenOnceAndDigestsTheIDs(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	batch := calls(95, "t")
	for i := range batch {
		batch[i].OccurredAt = noon.AddDate(0, i%2, 0) // every other one is a month later, outside
	}
	have[casework.BatchResult](t)(s.AddTouchpoints(t.Context(), "", batch))
	ordered(t, s, march)
	first := have[casework.Drawing](t)(s.DrawScope(t.Context(), "i-1", march, plan))
	have[casework.BatchResult](t)(s.AddTouchpoints(t.Context(), "", calls(20, "later")))
	second := have[casework.Drawing](t)(s.DrawScope(t.Context(), "i-1", march, plan))
	if first.Digest != second.Digest || first.Touchpoints != 48 || !slices.Equal(first.Chunks, second.Chunks) {
		t.Errorf("drawn as %+v and then as %+v", first, second)
	}
	digest, read := sha256.New(), 0
	for _, id := range readAll(t, s, first, 7) {
		digest.Write([]byte(id + "\n"))
		read++
	}
	if read != 48 || hex.EncodeToString(digest.Sum(nil)) != first.Digest {
		t.Errorf("%d read, and their digest is not that of the draw", read)
	}
	if len(first.Chunks) > plan.Most {
		t.Errorf("%d chunks", len(first.Chunks))
	}
}

// readAll reads a draw page by page and checks the chunks' counts.
func readAll(t *testing.T, s *store.Store, d casework.Drawing, rows int) []string {
	t.Helper()
	var ids []string
	for _, chunk := range d.Chunks {
		count := 0
		for after := chunk.After; ; {
			page := have[[]casework.DrawnTouchpoint](t)(s.ReadChunk(t.Context(), "i-1", march, chunk, after, casework.PageLimit{Rows: rows}))
			if len(page) == 0 {
				break
			}
			for _, row := range page {
				ids = append(ids, row.ID)
				if row.Position <= after || row.Text == "" {
					t.Fatalf("%s is out of order or has no text", row.ID)
				}
				after = row.Position
				count++
			}
		}
		if count != chunk.Count {
			t.Errorf("chunk %d holds %d, not %d", chunk.No, count, chunk.Count)
		}
	}
	return ids
}

func TestChunksStayFewHoweverManyTouchpoints(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ordered(t, s, march)
	have[casework.BatchResult](t)(s.AddTouchpoints(t.Context(), "", calls(1237, "t")))
	d := have[casework.Drawing](t)(s.DrawScope(t.Context(), "i-1", march, casework.ChunkPlan{Most: 7, Least: 3}))
	sum := 0
	for i, chunk := range d.Chunks {
		sum += chunk.Count
		if chunk.No != i+1 || chunk.Count < 3 {
			t.Errorf("chunk %+v at %d", chunk, i)
		}
		if i > 0 && chunk.After != d.Chunks[i-1].Upto {
			t.Errorf("a gap before chunk %d", chunk.No)
		}
	}
	if sum != 1237 || len(d.Chunks) > 7 || len(d.Chunks) < 4 {
		t.Errorf("%d touchpoints in %d chunks", sum, len(d.Chunks))
	}
	if got := len(readAll(t, s, d, 500)); got != 1237 {
		t.Errorf("%d read", got)
	}
}

func TestTheSameSeedDrawsTheSameSample(t *testing.T) {
	t.Parallel()
	draw := func(seed int64, reverse bool) []string {
		s := storetest.New(t)
		batch := calls(200, "t")
		if reverse {
			slices.Reverse(batch)
		}
		have[casework.BatchResult](t)(s.AddTouchpoints(t.Context(), "", batch[:100]))
		have[casework.BatchResult](t)(s.AddTouchpoints(t.Context(), "", batch[100:]))
		scope := march
		scope.Sample, scope.Seed = 30, seed
		ordered(t, s, scope)
		d := have[casework.Drawing](t)(s.DrawScope(t.Context(), "i-1", scope, plan))
		if d.Touchpoints != 30 || !d.Chunks[0].Sampled {
			t.Errorf("drawn as %+v", d)
		}
		return readAll(t, s, d, 4)
	}
	one, same, other := draw(7, false), draw(7, true), draw(8, false)
	if !slices.Equal(one, same) {
		t.Error("the same seed drew other touchpoints")
	}
	if slices.Equal(one, other) {
		t.Error("another seed drew the same touchpoints")
	}
}

func TestAnEmptyScopeDrawsNothing(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ordered(t, s, march)
	d := have[casework.Drawing](t)(s.DrawScope(t.Context(), "i-1", march, plan))
	if d.Touchpoints != 0 || len(d.Chunks) != 0 || d.Digest != hex.EncodeToString(sha256.New().Sum(nil)) {
		t.Errorf("drawn as %+v", d)
	}
}

func TestADrawWaitsForBatchesThatAreUnderWay(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ordered(t, s, march)
	var wait sync.WaitGroup
	for i := range 6 {
		wait.Go(func() { have[casework.BatchResult](t)(s.AddTouchpoints(t.Context(), "", calls(300, itoa(i)+"-"))) })
	}
	d := have[casework.Drawing](t)(s.DrawScope(t.Context(), "i-1", march, plan))
	wait.Wait()
	if got := len(readAll(t, s, d, 100)); got != d.Touchpoints {
		t.Errorf("drew %d, and %d are there afterwards", d.Touchpoints, got)
	}
}

func TestAPageOfAChunkCountsOnce(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	have[casework.BatchResult](t)(s.AddTouchpoints(t.Context(), "", calls(20, "t")))
	adjudicating(t, s, 1) // one finding is there already
	d := have[casework.Drawing](t)(s.DrawScope(t.Context(), "i-1", march, casework.ChunkPlan{Most: 1, Least: 20}))
	finding := func(tp string) casework.Finding {
		return casework.Finding{
			ID: casework.FindingID("i-1", "I-057", "q", tp), Item: "I-057", Indicator: "q", Title: "x", Touchpoint: tp, Channel: casework.CollectionCall,
			OccurredAt: noon, Level: casework.Red, Engine: casework.ByRule, Version: "v", Certainty: 0.5, Basis: []string{"R12"},
		}
	}
	page := casework.ChunkPage{
		Inspection: "i-1", Chunk: 1, After: d.Chunks[0].After, Upto: d.Chunks[0].After + 10, Tested: 10, Items: map[string]int{"I-057": 9},
		Findings: []casework.Finding{finding("t00000"), finding("t00001")},
	}
	got := have[casework.ChunkProgress](t)(s.SaveChunkPage(t.Context(), page))
	if want := (casework.ChunkProgress{Position: page.Upto, Tested: 10, Found: 1}); got != want {
		t.Errorf("progress %+v, want %+v", got, want)
	}
	_, err := s.SaveChunkPage(t.Context(), page)
	kind(t, err, casework.Conflict)
	page.After, page.Upto, page.Done, page.Findings = page.Upto, d.Chunks[0].Upto, true, nil
	have[casework.ChunkProgress](t)(s.SaveChunkPage(t.Context(), page))
	if p := have[casework.ChunkProgress](t)(s.ChunkProgress(t.Context(), "i-1", 1)); !p.Done || p.Tested != 20 {
		t.Errorf("progress %+v", p)
	}
	items := have[[]casework.InspectionItem](t)(s.InspectionItems(t.Context(), "i-1"))
	if items[0].Tested != 100 || items[0].Counts.Candidate != 2 || items[1].Item != "I-001" {
		t.Errorf("items %+v", items)
	}
	i := have[casework.Inspection](t)(s.Inspection(t.Context(), "i-1"))
	if i.Progress.Tested != 20 || i.Progress.Touchpoints != 20 || i.Counts.Candidate != 2 || i.Progress.Items != 2 {
		t.Errorf("inspection %+v", i)
	}
}

func TestAnItemIsDoneWhenItIsTestedNotWhenItIsDecided(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	have[casework.BatchResult](t)(s.AddTouchpoints(t.Context(), "", calls(20, "t")))
	ordered(t, s, march)
	items := []casework.PlannedItem{
		{Item: "I-1", Method: casework.ByIndicators}, {Item: "I-2", Method: casework.ByQuery}, {Item: "I-3", Method: casework.ByQuery},
		{Item: "I-4", Method: casework.ByAsking}, {Item: "I-5", Method: casework.ByQuery, Outcome: casework.ItemNotRun},
	}
	must(t, s.SavePlan(t.Context(), "i-1", items))
	done := func(when string, want int) {
		t.Helper()
		if p := have[casework.Inspection](t)(s.Inspection(t.Context(), "i-1")).Progress; p.ItemsDone != want || p.Items != len(items) {
			t.Errorf("%s: %d of %d items done, want %d", when, p.ItemsDone, p.Items, want)
		}
	}
	done("before the draw", 1)
	d := have[casework.Drawing](t)(s.DrawScope(t.Context(), "i-1", march, casework.ChunkPlan{Most: 2, Least: 10}))
	step(t, s, casework.EventTesting, casework.InspectionTesting, "", 1)
	have[int](t)(s.SaveItemFindings(t.Context(), "i-1", "I-2", 0, nil))
	done("while a query hands on its pages", 1)
	have[int](t)(s.SaveItemFindings(t.Context(), "i-1", "I-2", 20, nil))
	done("after a query", 2)
	for n, chunk := range d.Chunks {
		done("before chunk "+itoa(n), 2)
		have[casework.ChunkProgress](t)(s.SaveChunkPage(t.Context(), casework.ChunkPage{
			Inspection: "i-1", Chunk: chunk.No, After: chunk.After, Upto: chunk.Upto, Tested: chunk.Count, Done: true,
		}))
	}
	done("after all chunks", 3)
	have[int](t)(s.SaveItemFindings(t.Context(), "i-1", "I-3", 0, nil)) // saw no records
	step(t, s, casework.EventOpened, casework.InspectionAdjudicating, "", 2)
	done("when people decide", 4)
	must(t, s.SetItemOutcome(t.Context(), "i-1", casework.ItemVerdict{Item: "I-4", Outcome: casework.ItemPassed}))
	done("after the answer", 5)
}

func TestPagesEndBeforeTheyGrowTooLarge(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	batch := calls(6, "t")
	for i := range batch {
		batch[i].Text = strings.Repeat("长", 1000)
	}
	have[casework.BatchResult](t)(s.AddTouchpoints(t.Context(), "", batch))
	ordered(t, s, march)
	d := have[casework.Drawing](t)(s.DrawScope(t.Context(), "i-1", march, plan))
	for bytes, want := range map[int]int{1: 1, 6500: 2, 1 << 20: 6} {
		page := have[[]casework.DrawnTouchpoint](t)(s.ReadChunk(t.Context(), "i-1", march, d.Chunks[0], 0, casework.PageLimit{Rows: 100, Bytes: bytes}))
		if len(page) != want {
			t.Errorf("%d rows within %d bytes, want %d", len(page), bytes, want)
		}
	}
}

func TestInspectionsAreSeenFromTheirUnitAndAbove(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	tree(t, s)
	for i, org := range []string{"ho", "north", "north-1", "south"} {
		must(t, s.CreateInspection(t.Context(), casework.Inspection{
			ID: "i-" + org, Name: "检查" + org, Checklist: "annual", Scope: march, OrgID: org, OrderedBy: "u1", OrderedAt: noon.Add(time.Duration(i) * time.Minute),
		}))
	}
	list := func(f casework.InspectionFilter) (ids []string) {
		page := have[casework.Listing[casework.Inspection]](t)(s.Inspections(t.Context(), f, casework.PageRequest{}))
		for _, i := range page.Rows {
			ids = append(ids, i.ID)
		}
		return ids
	}
	if got := list(casework.InspectionFilter{Within: []string{"north"}}); !slices.Equal(got, []string{"i-north-1", "i-north"}) {
		t.Errorf("from north: %v", got)
	}
	if got := list(casework.InspectionFilter{Orgs: []string{"ho"}, Within: []string{"south"}, Search: "south"}); !slices.Equal(got, []string{"i-south"}) {
		t.Errorf("from south: %v", got)
	}
	if got := list(casework.InspectionFilter{Status: []casework.InspectionStatus{casework.InspectionReported}}); got != nil {
		t.Errorf("reported: %v", got)
	}
	must(t, s.OpenInspection(t.Context(), casework.Inspection{ID: "i-ho", RunID: "r-1", Scope: march, OrderedAt: noon}))
	waiting := have[[]casework.Inspection](t)(s.OrderedBefore(t.Context(), noon.Add(150*time.Second)))
	if len(waiting) != 2 || waiting[0].ID != "i-north" {
		t.Errorf("waiting: %v", waiting)
	}
}

func TestAScheduledInspectionIsNamedForItsSchedule(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	schedule := casework.Schedule{ID: "s-1", Name: "月度催收", Checklist: "annual", Window: casework.PreviousMonth, Every: "month", AtHour: 6, OwnedBy: "u1", OrgID: "ho", Scope: casework.Scope{Orgs: []string{"ho"}}}
	must(t, s.SaveSchedule(t.Context(), schedule))
	schedule.Paused = true
	must(t, s.SaveSchedule(t.Context(), schedule))
	from, to, err := casework.Window(casework.PreviousMonth, noon)
	must(t, err)
	must(t, s.OpenInspection(t.Context(), casework.Inspection{ID: "i-1", Name: "x", Checklist: "annual", Schedule: "s-1", Scope: casework.Scope{From: from, To: to}, OrderedBy: "u1", OrderedAt: noon, RunID: "r"}))
	i := have[casework.Inspection](t)(s.Inspection(t.Context(), "i-1"))
	if i.Name != "月度催收 2026-02-01—2026-02-28" || i.RunID != "r" {
		t.Errorf("got %q, run %q", i.Name, i.RunID)
	}
	all := have[[]casework.Schedule](t)(s.Schedules(t.Context(), nil))
	if len(all) != 1 || !all[0].Paused || all[0].LastRun == nil || all[0].Window != casework.PreviousMonth || all[0].Scope.Orgs[0] != "ho" {
		t.Errorf("schedules %+v", all)
	}
	must(t, s.DeleteSchedule(t.Context(), "s-1"))
	_, err = s.Schedule(t.Context(), "s-1")
	kind(t, err, casework.NotFound)
}
