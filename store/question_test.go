package store_test

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xiaobao/casework"
	"xiaobao/store"
	"xiaobao/store/storetest"
)

func ask(t *testing.T, s *store.Store) string {
	t.Helper()
	q := casework.Question{ID: casework.QuestionID("i-1", "I-001"), Inspection: "i-1", Item: "I-001", Title: "董事会", Text: "听取报告了吗？", Respondent: "u5", Due: noon.AddDate(0, 0, 5)}
	must(t, s.Ask(t.Context(), []casework.Question{q}))
	q.Text = "另一种问法"
	must(t, s.Ask(t.Context(), []casework.Question{q})) // asked already
	return q.ID
}

func TestAQuestionIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	adjudicating(t, s, 0)
	id := ask(t, s)
	must(t, s.AddNote(t.Context(), casework.Note{ID: "n-1", Case: "i-1", By: "u5", At: noon, Text: "只有一次"}))
	o := casework.AnswerOrder{ID: "a1", Inspection: "i-1", Question: id, By: "u5", At: noon, Outcome: casework.ItemFailed, NoteRef: "n-1"}
	first := have[casework.AnswerResult](t)(s.RecordAnswer(t.Context(), o))
	again := have[casework.AnswerResult](t)(s.RecordAnswer(t.Context(), o))
	if first != again || first.Left != 0 {
		t.Errorf("first %+v, again %+v", first, again)
	}
	o.ID, o.Outcome = "a2", casework.ItemPassed
	_, err := s.RecordAnswer(t.Context(), o)
	kind(t, err, casework.Conflict)
	o.ID, o.Question = "a3", "q-none"
	_, err = s.RecordAnswer(t.Context(), o)
	kind(t, err, casework.NotFound)
	q := have[casework.Question](t)(s.Question(t.Context(), id))
	if q.Answer != casework.ItemFailed || q.Note != "只有一次" || q.AnsweredBy != "u5" || q.Text != "听取报告了吗？" {
		t.Errorf("question %+v", q)
	}
	items := have[[]casework.InspectionItem](t)(s.InspectionItems(t.Context(), "i-1"))
	if items[1].Outcome != casework.ItemFailed || items[1].QuestionID != id {
		t.Errorf("item %+v", items[1])
	}
}

func TestQuestionsOverdueAreMarkedUnanswered(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	adjudicating(t, s, 2)
	id := ask(t, s)
	if left := step(t, s, casework.EventDrawing, casework.InspectionAdjudicating, "", 6); left != (casework.Remaining{Candidates: 2, Unanswered: 1}) {
		t.Errorf("left %+v", left)
	}
	left := have[casework.Remaining](t)(s.RecordInspection(t.Context(), casework.InspectionRecord{
		ID: "i-1", Event: casework.EventOverdue, Status: casework.InspectionAdjudicating, At: noon.AddDate(0, 0, 6), Overdue: true,
	}))
	if left.Unanswered != 0 {
		t.Errorf("left %+v", left)
	}
	_, err := s.RecordAnswer(t.Context(), casework.AnswerOrder{ID: "a1", Inspection: "i-1", Question: id, By: "u5", At: noon, Outcome: casework.ItemPassed})
	kind(t, err, casework.Conflict)
	for _, tally := range have[[]casework.ItemTally](t)(s.Tally(t.Context(), "i-1")) {
		if tally.Item == "I-001" && tally.Conclude().Outcome != casework.ItemUnanswered {
			t.Errorf("tally %+v", tally)
		}
	}
}

func TestQuestionsAreListedByWhoAnswersAndWhoSees(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	tree(t, s)
	adjudicating(t, s, 0)
	ask(t, s)
	cases := []struct {
		filter casework.QuestionFilter
		want   int
	}{
		{casework.QuestionFilter{Inspection: "i-1"}, 1}, {casework.QuestionFilter{Respondent: "u5", Waiting: true}, 1}, {casework.QuestionFilter{Respondent: "u6"}, 0},
		{casework.QuestionFilter{Within: []string{"ho"}}, 1}, {casework.QuestionFilter{Within: []string{"north"}}, 0},
	}
	for _, c := range cases {
		page := have[casework.Listing[casework.Question]](t)(s.Questions(t.Context(), c.filter, casework.PageRequest{}))
		if len(page.Rows) != c.want || page.Total != c.want {
			t.Errorf("%+v: %d questions", c.filter, len(page.Rows))
		}
	}
}

func TestTallyScoreAndReport(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	ids := adjudicating(t, s, 4)
	record(t, s, verdict("r1", casework.Confirm, ids...))
	tallies := have[[]casework.ItemTally](t)(s.Tally(t.Context(), "i-1"))
	first := tallies[0]
	if first.Item != "I-057" || first.Query != "collection_curfew" || first.Tested != 100 || first.Counts.Confirmed != 4 || first.Worst != casework.Red || first.Red != 1 {
		t.Errorf("tally %+v", first)
	}
	score := casework.InspectionScore{Points: 50, Tested: 1, Total: 2, Elements: map[string]float64{"SV": 0}}
	verdicts := []casework.ItemVerdict{{Item: "I-057", Outcome: casework.ItemFailed}, {Item: "I-001", Outcome: casework.ItemNotRun, Why: "x"}}
	must(t, s.SaveScore(t.Context(), "i-1", verdicts, score))
	score.Points = 60
	must(t, s.SaveScore(t.Context(), "i-1", verdicts, score))
	hash := func(b string) string { sum := sha256.Sum256([]byte(b)); return hex.EncodeToString(sum[:]) }
	for _, report := range []string{`{"a":1}`, `{"a":2}`} { // the first is kept
		if got := have[string](t)(s.SaveReport(t.Context(), "i-1", []byte(report), hash(report))); got != hash(`{"a":1}`) {
			t.Errorf("kept %s", got)
		}
	}
	kind(t, s.SaveScore(t.Context(), "i-1", verdicts, score), casework.Conflict)
	content, sum, err := s.FiledReport(t.Context(), "i-1")
	if err != nil || string(content) != `{"a":1}` || sum != hash(`{"a":1}`) {
		t.Errorf("report %s %s %v", content, sum, err)
	}
	i := have[casework.Inspection](t)(s.Inspection(t.Context(), "i-1"))
	if diff := cmp.Diff(&score, i.Score); diff != "" || i.ReportHash != sum || i.Progress.ItemsDone != 2 {
		t.Errorf("inspection %+v: %s", i, diff)
	}
	ordered2 := casework.Inspection{ID: "i-2", Name: "x", Checklist: "annual", Scope: march, OrderedBy: "u1", OrderedAt: noon}
	must(t, s.CreateInspection(t.Context(), ordered2))
	_, err = s.SaveReport(t.Context(), "i-2", []byte("x"), hash("y")) // a wrong sum
	kind(t, err, casework.Invalid)
}

func TestWhatWaitsForAUser(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	tree(t, s)
	ids := adjudicating(t, s, 3)
	id := ask(t, s)
	officer := casework.User{ID: "u1", Role: casework.Officer, Active: true}
	reviewer := casework.User{ID: "u2", Role: casework.Reviewer, Active: true}
	business := casework.User{ID: "u5", Role: casework.Business, Active: true}
	kinds := func(u casework.User, within ...string) (got []string) {
		for _, d := range have[[]casework.ToDo](t)(s.ToDos(t.Context(), u, within)) {
			got = append(got, d.Kind+" "+itoa(d.Count))
		}
		return got
	}
	same := func(what string, got []string, want ...string) {
		t.Helper()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}
	same("the officer", kinds(officer, "ho"), "findings 00003")
	same("the officer of another unit", kinds(officer, "south"))
	same("the respondent, wherever", kinds(business, "south"), "questions 00001")
	record(t, s, verdict("r1", casework.Confirm, ids...))
	have[casework.AnswerResult](t)(s.RecordAnswer(t.Context(), casework.AnswerOrder{ID: "a1", Inspection: "i-1", Question: id, By: "u5", At: noon, Outcome: casework.ItemPassed}))
	step(t, s, casework.EventSubmitted, casework.InspectionConfirming, "u2", 20)
	same("who submitted", kinds(reviewer, "ho"))
	reviewer.ID = "u3"
	same("the second person", kinds(reviewer), "confirm 00001")
	same("the second person elsewhere", kinds(reviewer, "south"))
}

func TestTheNearestRespondentAnswers(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	tree(t, s)
	for _, id := range []casework.Actor{"boss", "north", "deep", "gone"} {
		must(t, s.AddUser(t.Context(), casework.User{ID: id, Login: string(id), Name: "x", Role: casework.Business, Active: id != "gone"}, ""))
	}
	answers := func(org, kind string) casework.Actor {
		t.Helper()
		return have[casework.Actor](t)(s.Respondent(t.Context(), org, kind))
	}
	if got := answers("north", "it"); got != "" {
		t.Errorf("nobody is named, got %s", got)
	}
	must(t, s.SetRespondent(t.Context(), "north-1", "it", "deep"))
	must(t, s.SetRespondent(t.Context(), "south", "it", "gone"))
	if got := answers("north", "it"); got != "deep" {
		t.Errorf("below: %s", got)
	}
	must(t, s.SetRespondent(t.Context(), "ho", "it", "boss"))
	for org, want := range map[string]casework.Actor{"north": "boss", "north-1": "deep", "south": "boss", "ho": "boss", "": "boss", "unknown": ""} {
		if got := answers(org, "it"); got != want {
			t.Errorf("for %q: %s, want %s", org, got, want)
		}
	}
	must(t, s.SetRespondent(t.Context(), "ho", "it", ""))
	if got := answers("south", "it"); got != "" {
		t.Errorf("after taking back: %s", got)
	}
}

func TestSavedViewsBelongToTheirOwner(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	for _, id := range []casework.Actor{"u1", "u2"} {
		must(t, s.AddUser(t.Context(), casework.User{ID: id, Login: string(id), Name: "x", Role: casework.Officer, Active: true}, ""))
	}
	v := casework.SavedView{ID: "v1", Owner: "u1", List: "findings", Name: "红色", Query: "level=red"}
	must(t, s.SaveView(t.Context(), v))
	v.ID, v.Query = "v2", "level=red&x=1"
	must(t, s.SaveView(t.Context(), v)) // the same name: replaced
	views := have[[]casework.SavedView](t)(s.Views(t.Context(), "u1", "findings"))
	if len(views) != 1 || views[0].ID != "v1" || views[0].Query != v.Query {
		t.Errorf("views %+v", views)
	}
	kind(t, s.DeleteView(t.Context(), "u2", "v1"), casework.NotFound)
	must(t, s.DeleteView(t.Context(), "u1", "v1"))
}
