package store_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"xiaobao/casework"
	"xiaobao/store"
	"xiaobao/store/storetest"
)

func itoa(i int) string { return fmt.Sprintf("%05d", i) }

func TestATouchpointComesBackAsItWent(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	at := noon.Add(3 * time.Second)
	want := []casework.Touchpoint{
		{
			ID: "t-text", Channel: casework.SMSPush, OccurredAt: noon, CustomerID: "c1", Product: "card", Speaker: casework.Message,
			Text: "【某行】\t额度\\提升\r\n，回复T退订", Attributes: map[string]any{"template_approved": true, "views": 12.5, "partner_id": "p\"1"},
		},
		{
			ID: "t-turns", Channel: casework.ServiceChat, OccurredAt: noon.Add(123456 * time.Microsecond), OrgID: "o1", AgentID: "a1",
			Turns: []casework.Turn{
				{Speaker: casework.Consumer, Text: "我要\n投诉"},
				{Speaker: casework.Agent, Text: "", At: &at},
				{Speaker: casework.Agent, Text: "好的😀\n"},
			},
		},
		{ID: "t-empty", Channel: casework.Channel("social_post"), OccurredAt: noon},
	}
	result := have[casework.BatchResult](t)(s.AddTouchpoints(t.Context(), "", want))
	if result.Added != 3 {
		t.Fatalf("added %d, want 3", result.Added)
	}
	for _, w := range want {
		got := have[casework.Touchpoint](t)(s.Touchpoint(t.Context(), w.ID))
		if diff := cmp.Diff(w, got, cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })); diff != "" {
			t.Errorf("%s came back otherwise (-want +got):\n%s", w.ID, diff)
		}
	}
	_, err := s.Touchpoint(t.Context(), "t-none")
	kind(t, err, casework.NotFound)
}

func TestAddingABatchTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	batch := calls(50, "t")
	have[casework.BatchResult](t)(s.AddTouchpoints(t.Context(), "", batch))
	batch[7].OccurredAt = batch[7].OccurredAt.UTC() // the same moment in other words
	again := have[casework.BatchResult](t)(s.AddTouchpoints(t.Context(), "", batch))
	if again.Added != 0 || again.Unchanged != 50 || len(again.Conflicts) != 0 {
		t.Errorf("the second time gave %+v", again)
	}
	if n := have[int](t)(s.CountTouchpoints(t.Context(), casework.Scope{})); n != 50 {
		t.Errorf("%d touchpoints on file, want 50", n)
	}
}

func TestAKnownIDWithOtherContentIsAConflictAndStaysAsItWas(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	have[casework.BatchResult](t)(s.AddTouchpoints(t.Context(), "", calls(3, "t")))
	changes := map[string]func(*casework.Touchpoint){
		"text":       func(p *casework.Touchpoint) { p.Text += "。" },
		"time":       func(p *casework.Touchpoint) { p.OccurredAt = p.OccurredAt.AddDate(0, 2, 0) },
		"channel":    func(p *casework.Touchpoint) { p.Channel = casework.ServiceCall },
		"attributes": func(p *casework.Touchpoint) { p.Attributes = map[string]any{"connected": false} },
		"turns": func(p *casework.Touchpoint) {
			p.Turns, p.Text = []casework.Turn{{Speaker: casework.Agent, Text: p.Text}}, ""
		},
		"fields swapped": func(p *casework.Touchpoint) { p.CustomerID, p.AgentID = p.AgentID, p.CustomerID },
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			batch := append(calls(3, "t"), casework.Touchpoint{ID: "new-" + strings.ReplaceAll(name, " ", "-"), Channel: casework.SMSPush, OccurredAt: noon})
			change(&batch[1])
			got := have[casework.BatchResult](t)(s.AddTouchpoints(t.Context(), "", batch))
			if got.Added != 1 || got.Unchanged != 2 || !slices.Equal(got.Conflicts, []int{1}) {
				t.Errorf("got %+v, want 1 added, 2 unchanged and a conflict at 1", got)
			}
			kept := have[casework.Touchpoint](t)(s.Touchpoint(t.Context(), batch[1].ID))
			if kept.Text != calls(3, "t")[1].Text || kept.Channel != casework.CollectionCall {
				t.Error("the touchpoint on file changed")
			}
		})
	}
}

func TestABatchMayRepeatItself(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	batch := append(calls(2, "t"), calls(2, "t")...)
	batch[3].Text = "别的话"
	got := have[casework.BatchResult](t)(s.AddTouchpoints(t.Context(), "", batch))
	if got.Added != 2 || got.Unchanged != 1 || !slices.Equal(got.Conflicts, []int{3}) {
		t.Errorf("got %+v", got)
	}
}

func TestPartitionsAreMadeForTheMonthsOfBeijing(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	edge := time.Date(2025, 12, 31, 16, 0, 0, 0, time.UTC) // midnight of New Year in Beijing
	batch := []casework.Touchpoint{
		{ID: "old", Channel: casework.SMSPush, OccurredAt: edge.Add(-time.Microsecond)},
		{ID: "new", Channel: casework.SMSPush, OccurredAt: edge},
		{ID: "far", Channel: casework.SMSPush, OccurredAt: time.Date(2001, 2, 3, 4, 5, 6, 7, time.UTC)},
	}
	var wait sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs { // everyone makes the same partitions at once
		wait.Go(func() { _, errs[i] = s.AddTouchpoints(t.Context(), "", batch) })
	}
	wait.Wait()
	for _, err := range errs {
		must(t, err)
	}
	january := casework.Scope{From: edge, To: edge.AddDate(0, 1, 0)}
	if n := have[int](t)(s.CountTouchpoints(t.Context(), january)); n != 1 {
		t.Errorf("January holds %d touchpoints, want 1", n)
	}
	if n := have[int](t)(s.CountTouchpoints(t.Context(), casework.Scope{})); n != 3 {
		t.Errorf("%d touchpoints on file, want 3", n)
	}
}

func TestABatchThatCannotBeStoredIsRefusedWithoutRepeatingIt(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	secret := "13800138000"
	cases := map[string]func(*casework.Touchpoint){
		"NUL in the text": func(p *casework.Touchpoint) { p.Text = secret + "\x00" },
		"NUL in a turn": func(p *casework.Touchpoint) {
			p.Text = ""
			p.Turns = []casework.Turn{{Speaker: casework.Agent, Text: secret + "\x00"}}
		},
		"NUL in an attribute":  func(p *casework.Touchpoint) { p.Attributes = map[string]any{"x": secret + "\x00"} },
		"no UTF-8 in an id":    func(p *casework.Touchpoint) { p.CustomerID = secret + "\xff" },
		"an attribute no JSON": func(p *casework.Touchpoint) { p.Attributes = map[string]any{"x": func() {}} },
		"an unknown channel":   func(p *casework.Touchpoint) { p.Channel = casework.Channel(secret) },
		"a year out of reach":  func(p *casework.Touchpoint) { p.OccurredAt = time.Date(20026, 1, 1, 0, 0, 0, 0, time.UTC) },
		"no time":              func(p *casework.Touchpoint) { p.OccurredAt = time.Time{} },
		"no id":                func(p *casework.Touchpoint) { p.ID = "" },
	}
	for name, spoil := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			batch := calls(3, name)
			spoil(&batch[1])
			_, err := s.AddTouchpoints(t.Context(), "", batch)
			kind(t, err, casework.Invalid)
			if strings.Contains(err.Error(), secret) {
				t.Errorf("the error repeats a value: %v", err)
			}
			_, err = s.Touchpoint(t.Context(), batch[0].ID)
			kind(t, err, casework.NotFound) // nothing of the batch is there
		})
	}
}

func TestConcurrentBatchesThatShareIDsAddEachOnce(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	var wait sync.WaitGroup
	results, errs := make([]casework.BatchResult, 6), make([]error, 6)
	for i := range results {
		wait.Go(func() {
			batch := calls(400, "t")
			if i%2 == 1 {
				slices.Reverse(batch)
			}
			results[i], errs[i] = s.AddTouchpoints(t.Context(), "", batch)
		})
	}
	wait.Wait()
	added := 0
	for i := range results {
		must(t, errs[i])
		added += results[i].Added
	}
	if n := have[int](t)(s.CountTouchpoints(t.Context(), casework.Scope{})); n != 400 || added != 400 {
		t.Errorf("%d on file and %d counted as added, want 400", n, added)
	}
}

func TestListsPageByKeyOverEqualTimes(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	batch := calls(103, "t")
	for i := range batch {
		batch[i].OccurredAt = noon.AddDate(0, i%3, 0) // many share a moment, over three partitions
	}
	have[casework.BatchResult](t)(s.AddTouchpoints(t.Context(), "", batch))
	for _, sort := range []casework.PageRequest{{}, {Sort: "occurred_at"}, {Sort: "occurred_at", Desc: true}} {
		seen, last, first := map[string]bool{}, time.Time{}, true
		for request := sort; first || request.After != ""; first = false {
			request.Limit = 10
			page := have[casework.Listing[casework.Touchpoint]](t)(s.Touchpoints(t.Context(), casework.TouchpointFilter{}, request))
			for _, row := range page.Rows {
				ascending := sort.Sort != "" && !sort.Desc
				if !last.IsZero() && !row.OccurredAt.Equal(last) && row.OccurredAt.After(last) != ascending {
					t.Fatalf("%s is out of order", row.ID)
				}
				if seen[row.ID] {
					t.Fatalf("%s is on two pages", row.ID)
				}
				seen[row.ID], last = true, row.OccurredAt
			}
			if page.Total != 103 {
				t.Fatalf("total is %d", page.Total)
			}
			request.After, sort.After = page.Next, ""
		}
		if len(seen) != 103 {
			t.Errorf("%d rows on all pages, want 103", len(seen))
		}
	}
}

func TestDamagedCursorsAndUnknownOrdersAreRefused(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	have[casework.BatchResult](t)(s.AddTouchpoints(t.Context(), "", calls(5, "t")))
	page := have[casework.Listing[casework.Touchpoint]](t)(s.Touchpoints(t.Context(), casework.TouchpointFilter{}, casework.PageRequest{Limit: 2}))
	bad := []casework.PageRequest{
		{After: "x"}, {After: "e30"}, {After: page.Next, Sort: "occurred_at"}, {Sort: "text; DROP TABLE touchpoints"},
		{After: "eyJzIjoiIiwiZCI6dHJ1ZSwiayI6WyJ4IiwieSJdfQ"}, // a time that is none
	}
	for _, request := range bad {
		_, err := s.Touchpoints(t.Context(), casework.TouchpointFilter{}, request)
		kind(t, err, casework.Invalid)
	}
}

func TestSearchTakesWordsAsTheyAre(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	texts := []string{"利率100%保证", "利率100元", `a\b`, "snake_case", "snakeXcase", "O'Brien'; DROP TABLE touchpoints; --", "Hello World"}
	var batch []casework.Touchpoint
	for i, text := range texts {
		batch = append(batch, casework.Touchpoint{ID: itoa(i), Channel: casework.SocialPost, OccurredAt: noon.Add(time.Duration(i)), Text: text})
	}
	have[casework.BatchResult](t)(s.AddTouchpoints(t.Context(), "", batch))
	cases := map[string][]string{
		"100%":        {texts[0]},
		`a\b`:         {texts[2]},
		"snake_":      {texts[3]},
		"'; DROP":     {texts[5]},
		"hello":       {texts[6]},
		"利率":          {texts[1], texts[0]},
		"' OR 1=1 --": nil,
		"\x00利率\xff":  {texts[1], texts[0]},
		"%":           {texts[0]},
	}
	for words, want := range cases {
		page := have[casework.Listing[casework.Touchpoint]](t)(s.Touchpoints(t.Context(), casework.TouchpointFilter{Search: words}, casework.PageRequest{}))
		var got []string
		for _, row := range page.Rows {
			got = append(got, row.Text)
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%q found %q, want %q", words, got, want)
		}
	}
}

func TestFiltersNarrowTheList(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	tree(t, s)
	batch := calls(12, "t")
	for i := range batch {
		batch[i].OrgID = []string{"ho", "north", "north-1", "south"}[i%4]
	}
	batch[0].Channel, batch[1].Product, batch[2].CustomerID = casework.SMSPush, "card", "special"
	have[casework.BatchResult](t)(s.AddTouchpoints(t.Context(), "run-1", batch))
	scope := func(set func(*casework.Scope)) (f casework.TouchpointFilter) { set(&f.Scope); return f }
	cases := map[string]struct {
		filter casework.TouchpointFilter
		want   int
	}{
		"nothing":         {casework.TouchpointFilter{}, 12},
		"channel":         {scope(func(s *casework.Scope) { s.Channels = []casework.Channel{casework.SMSPush} }), 1},
		"product":         {scope(func(s *casework.Scope) { s.Products = []string{"card", "none"} }), 1},
		"agent":           {scope(func(s *casework.Scope) { s.Agents = []string{"a00001"} }), 4},
		"period":          {scope(func(s *casework.Scope) { s.From, s.To = noon.Add(time.Minute), noon.Add(3*time.Minute) }), 2},
		"unit and below":  {scope(func(s *casework.Scope) { s.Orgs = []string{"north"} }), 6},
		"root":            {scope(func(s *casework.Scope) { s.Orgs = []string{"ho"} }), 12},
		"seen from above": {casework.TouchpointFilter{Scope: casework.Scope{Orgs: []string{"ho"}}, Within: []string{"south"}}, 3},
		"out of sight":    {casework.TouchpointFilter{Scope: casework.Scope{Orgs: []string{"north"}}, Within: []string{"south"}}, 0},
		"customer":        {casework.TouchpointFilter{Customer: "special"}, 1},
		"import":          {casework.TouchpointFilter{Import: "run-1"}, 12},
		"other import":    {casework.TouchpointFilter{Import: "run-2"}, 0},
	}
	for name, c := range cases {
		page := have[casework.Listing[casework.Touchpoint]](t)(s.Touchpoints(t.Context(), c.filter, casework.PageRequest{}))
		if len(page.Rows) != c.want || page.Total != c.want {
			t.Errorf("%s: %d rows, total %d, want %d", name, len(page.Rows), page.Total, c.want)
		}
	}
}

func TestListsShowTheBeginningOfLongTexts(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	long := casework.Touchpoint{ID: "long", Channel: casework.ServiceChat, OccurredAt: noon, Turns: []casework.Turn{
		{Speaker: casework.Agent, Text: strings.Repeat("长", 300)},
	}}
	have[casework.BatchResult](t)(s.AddTouchpoints(t.Context(), "", []casework.Touchpoint{long}))
	page := have[casework.Listing[casework.Touchpoint]](t)(s.Touchpoints(t.Context(), casework.TouchpointFilter{}, casework.PageRequest{}))
	if row := page.Rows[0]; row.Text != strings.Repeat("长", 200) || row.Turns != nil {
		t.Errorf("the row shows %d characters and %d turns", len([]rune(row.Text)), len(row.Turns))
	}
}

// tree adds a head office with branches north (with one below) and south.
func tree(t testing.TB, s *store.Store) {
	t.Helper()
	have[casework.BatchResult](t)(s.AddOrgs(t.Context(), []casework.Org{
		{ID: "north-1", ParentID: "north", Name: "北一", Kind: "department"},
		{ID: "north", ParentID: "ho", Name: "北", Kind: "branch"},
		{ID: "south", ParentID: "ho", Name: "南", Kind: "branch"},
		{ID: "ho", Name: "总行", Kind: "head_office"},
	}))
}
