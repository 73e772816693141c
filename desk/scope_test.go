package desk_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/desk"
)

func TestABranchSeesItsOwnTouchpointsOnlyAndMasked(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.touchpoints(t)
	for _, c := range []struct {
		org  string
		sees []string
	}{
		{"HQ", []string{"t-", "t-B1", "t-B11", "t-B2", "t-HQ"}}, {"B1", []string{"t-B1", "t-B11"}}, {"P", nil},
	} {
		u := o.user(c.org, casework.Officer)
		var listed []string
		for _, filter := range []casework.TouchpointFilter{{}, {Search: "13912345678"}} {
			listed = nil
			for r, err := range o.AllTouchpoints(t.Context(), u, filter) {
				must(t, err)
				listed = append(listed, r.ID)
				silent(t, text(r))
			}
		}
		slices.Sort(listed)
		if !slices.Equal(listed, c.sees) {
			t.Errorf("%s lists %v, want %v", c.org, listed, c.sees)
		}
		for _, id := range []string{"t-", "t-B1", "t-B11", "t-B2", "t-HQ"} {
			want := casework.Kind("")
			if !slices.Contains(c.sees, id) {
				want = casework.NotFound
			}
			r, err := o.Touchpoint(t.Context(), u, id)
			kind(t, err, want)
			silent(t, text(r))
			r, err = o.RevealTouchpoint(t.Context(), u, id)
			kind(t, err, want)
			if want == "" && !strings.Contains(r.Text, "13912345678") {
				t.Errorf("revealed as %q", r.Text)
			}
		}
		n, err := o.PreviewScope(t.Context(), u, march())
		must(t, err)
		if n != len(c.sees) {
			t.Errorf("%s counts %d, want %d", c.org, n, len(c.sees))
		}
	}
	branch := o.user("B1", casework.Officer)
	scope := march()
	scope.Orgs = []string{"B2"}
	_, err := o.PreviewScope(t.Context(), branch, scope)
	kind(t, err, casework.NotFound)
	page, err := o.Touchpoints(t.Context(), branch, casework.TouchpointFilter{Scope: scope}, casework.PageRequest{})
	must(t, err)
	if len(page.Rows) != 0 || page.Total != 0 {
		t.Errorf("%+v", page)
	}
}

// silent fails the test if a text has the telephone of these tests in it.
func silent(t testing.TB, text string) {
	t.Helper()
	if strings.Contains(text, "139123456") || strings.Contains(text, "1.3912345678e") {
		t.Errorf("personal data in %s", text)
	}
}

// found puts a finding and a question into an inspection, which makes its way
// to adjudication first.
func (o *office) found(t *testing.T, i casework.Inspection, touchpoint, org string, respondent casework.Actor) (finding, question string) {
	t.Helper()
	must(t, o.store.SavePlan(t.Context(), i.ID, []casework.PlannedItem{{Item: i.Items[0], Element: "SV", Title: "条目", Weight: 1, Method: casework.ByIndicators, Outcome: casework.ItemWaiting}}))
	f := casework.Finding{
		ID: casework.FindingID(i.ID, i.Items[0], "col_threat", touchpoint), Inspection: i.ID, Item: i.Items[0], Indicator: "col_threat", Title: "威胁",
		Touchpoint: touchpoint, Channel: casework.CollectionCall, OccurredAt: noon, OrgID: org, Level: casework.Red, Engine: casework.ByRule,
		Certainty: 1, Basis: []string{"R12"}, Evidence: []casework.Evidence{{Start: 0, End: 5, Quote: "电话13912345678", Speaker: casework.Agent}}, Status: casework.FindingCandidate,
	}
	_, err := o.store.SaveItemFindings(t.Context(), i.ID, i.Items[0], 1, []casework.Finding{f})
	must(t, err)
	_, err = o.store.RecordInspection(t.Context(), casework.InspectionRecord{ID: i.ID, Status: casework.InspectionAdjudicating, Event: casework.EventOpened, At: noon})
	must(t, err)
	question = "q-" + i.ID
	must(t, o.store.Ask(t.Context(), []casework.Question{{ID: question, Inspection: i.ID, Item: i.Items[0], Title: "问", Text: "问题", Respondent: respondent, Due: noon.Add(time.Hour)}}))
	return f.ID, question
}

func TestABranchHasNoPartInInspectionsOfOthers(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.touchpoints(t)
	head, branch := o.user("HQ", casework.Reviewer), o.user("B1", casework.Reviewer)
	outside := o.inspection(t, head, "")
	finding, question := o.found(t, outside, "t-B1", "B1", o.user("HQ", casework.Business).ID)
	own := o.inspection(t, branch, "")
	ownFinding, ownQuestion := o.found(t, own, "t-B11", "B11", o.user("B1", casework.Business).ID)
	if !slices.Equal(own.Scope.Orgs, []string{"B1"}) {
		t.Errorf("a branch inspects %v", own.Scope.Orgs)
	}

	ctx := t.Context()
	inspections, err := o.Inspections(ctx, branch, casework.InspectionFilter{}, casework.PageRequest{})
	must(t, err)
	findings, err := o.Findings(ctx, branch, casework.FindingFilter{}, casework.PageRequest{})
	must(t, err)
	questions, err := o.Questions(ctx, branch, casework.QuestionFilter{}, casework.PageRequest{})
	must(t, err)
	counts, err := o.CountFindings(ctx, branch, casework.FindingFilter{})
	must(t, err)
	todos, err := o.ToDos(ctx, branch)
	must(t, err)
	for what, listed := range map[string][]string{
		own.ID: idsOf(inspections.Rows, func(i casework.Inspection) string { return i.ID }), ownFinding: idsOf(findings.Rows, func(f casework.Finding) string { return f.ID }),
		ownQuestion: idsOf(questions.Rows, func(q casework.Question) string { return q.ID }),
	} {
		if !slices.Equal(listed, []string{what}) {
			t.Errorf("listed %v, want %s only", listed, what)
		}
	}
	if counts[casework.Red].Total() != 1 || strings.Contains(text(todos), outside.ID) {
		t.Errorf("counts %v, to do %v", counts, todos)
	}
	silent(t, text(findings))

	_, err = o.Inspection(ctx, branch, outside.ID)
	kind(t, err, casework.NotFound)
	_, err = o.Timeline(ctx, branch, outside.ID)
	kind(t, err, casework.NotFound)
	_, err = o.Finding(ctx, branch, finding)
	kind(t, err, casework.NotFound)
	_, _, err = o.Neighbours(ctx, branch, finding)
	kind(t, err, casework.NotFound)
	_, err = o.Question(ctx, branch, question)
	kind(t, err, casework.NotFound)
	_, err = o.Report(ctx, branch, outside.ID)
	kind(t, err, casework.NotFound)
	var book bytes.Buffer
	kind(t, o.ReportXLSX(ctx, branch, outside.ID, &book), casework.NotFound)
	_, err = o.Decide(ctx, branch, outside.ID, desk.VerdictRequest{Verdict: casework.Confirm, Findings: []string{finding}})
	kind(t, err, casework.NotFound)
	kind(t, o.Answer(ctx, branch, desk.AnswerRequest{Question: question, Outcome: casework.ItemPassed}), casework.NotFound)
	kind(t, o.SubmitReport(ctx, branch, outside.ID, ""), casework.NotFound)
	kind(t, o.ConfirmReport(ctx, branch, outside.ID, "", true, ""), casework.NotFound)
	kind(t, o.CancelInspection(ctx, branch, outside.ID, "", "why"), casework.NotFound)
	if len(o.temporal.updates) != 0 || book.Len() != 0 {
		t.Errorf("something got out: %v", o.temporal.updates)
	}

	// Their own they have, and the head office has all.
	_, err = o.Finding(ctx, branch, ownFinding)
	kind(t, err, "")
	_, err = o.Finding(ctx, head, ownFinding)
	kind(t, err, "")
	lines, err := o.Timeline(ctx, branch, own.ID)
	must(t, err)
	if len(lines) != 2 || lines[0].What != casework.EventOrdered {
		t.Errorf("timeline %+v", lines)
	}
	kind(t, o.Answer(ctx, head, desk.AnswerRequest{Question: ownQuestion, Outcome: casework.ItemPassed}), "")

	// The business line sees the questions put to it, and no others.
	_, err = o.Question(ctx, o.user("HQ", casework.Business), question)
	kind(t, err, "")
	_, err = o.Question(ctx, o.user("HQ", casework.Business), ownQuestion)
	kind(t, err, casework.NotFound)
	kind(t, o.Answer(ctx, o.user("HQ", casework.Business), desk.AnswerRequest{Question: ownQuestion, Outcome: casework.ItemPassed}), casework.NotFound)
}

func idsOf[T any](rows []T, id func(T) string) []string {
	var found []string
	for _, row := range rows {
		found = append(found, id(row))
	}
	return found
}

func TestSchedulesKeepToTheirPartOfTheInstitution(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	head, branch := o.user("HQ", casework.Officer), o.user("B1", casework.Officer)
	wish := casework.Schedule{ID: "same", Name: "每月检查", Checklist: "annual", Every: "month", Window: "previous_month", AtHour: 7}
	whole, err := o.AddSchedule(t.Context(), head, wish)
	must(t, err)
	again, err := o.AddSchedule(t.Context(), head, wish)
	must(t, err)
	if again.ID != whole.ID || len(o.temporal.schedules) != 1 {
		t.Errorf("twice the same request made %v", o.temporal.schedules)
	}
	_, err = o.AddSchedule(t.Context(), branch, wish) // would have taken it over
	kind(t, err, casework.Conflict)
	wish.ID = ""
	own, err := o.AddSchedule(t.Context(), branch, wish)
	must(t, err)
	if !slices.Equal(own.Scope.Orgs, []string{"B1"}) || own.OrgID != "B1" {
		t.Errorf("%+v", own)
	}
	wish.Scope.Orgs = []string{"B2"}
	_, err = o.AddSchedule(t.Context(), branch, wish)
	kind(t, err, casework.NotFound)

	list, err := o.Schedules(t.Context(), branch)
	must(t, err)
	if got := idsOf(list, func(s casework.Schedule) string { return s.ID }); !slices.Equal(got, []string{own.ID}) {
		t.Errorf("a branch lists %v", got)
	}
	kind(t, o.PauseSchedule(t.Context(), branch, whole.ID, true), casework.NotFound)
	kind(t, o.TriggerSchedule(t.Context(), branch, whole.ID), casework.NotFound)
	kind(t, o.DeleteSchedule(t.Context(), branch, whole.ID), casework.NotFound)
	must(t, o.PauseSchedule(t.Context(), head, own.ID, true))
	must(t, o.PauseSchedule(t.Context(), branch, own.ID, false))
	must(t, o.TriggerSchedule(t.Context(), branch, own.ID))
	must(t, o.DeleteSchedule(t.Context(), branch, own.ID))
	id := "inspection/" + own.ID
	if want := []string{"pause " + id, "unpause " + id, "trigger " + id, "delete " + id}; !slices.Equal(o.temporal.steps, want) {
		t.Errorf("steps %v", o.temporal.steps)
	}
	if strings.Contains(text(o.temporal.schedules[id].Action), wish.Name) {
		t.Error("the name travels")
	}

	for name, spoil := range map[string]func(*casework.Schedule){
		"a channel":  func(s *casework.Schedule) { s.Scope.Channels = []casework.Channel{"pigeon"} },
		"a sample":   func(s *casework.Schedule) { s.Scope.Sample = -1 },
		"no name":    func(s *casework.Schedule) { s.Name = " " },
		"an hour":    func(s *casework.Schedule) { s.AtHour = 24 },
		"a window":   func(s *casework.Schedule) { s.Window = "ever" },
		"how often":  func(s *casework.Schedule) { s.Every = "decade" },
		"an item":    func(s *casework.Schedule) { s.Items = []string{"I-999"} },
		"checklist":  func(s *casework.Schedule) { s.Checklist = "none" },
		"request id": func(s *casework.Schedule) { s.ID = "../../x" },
	} {
		bad := casework.Schedule{Name: "每月检查", Checklist: "annual", Every: "month", Window: "previous_month", AtHour: 7}
		spoil(&bad)
		if _, err := o.AddSchedule(t.Context(), head, bad); casework.KindOf(err) != casework.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnAdministratorOfABranchManagesTheBranchOnly(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	admin := o.user("B1", casework.Admin)
	users, err := o.Users(t.Context(), admin)
	must(t, err)
	for _, u := range users {
		if u.OrgID != "B1" {
			t.Errorf("lists %s of %s", u.ID, u.OrgID)
		}
	}
	outside := o.user("HQ", casework.Officer).ID
	kind(t, o.ResetPassword(t.Context(), admin, outside, "a new password"), casework.NotFound)
	kind(t, o.SetActive(t.Context(), admin, outside, false), casework.NotFound)
	kind(t, o.SetActive(t.Context(), admin, admin.ID, false), casework.Conflict)
	kind(t, o.SetActive(t.Context(), admin, o.user("B1", casework.Officer).ID, false), "")
	add := func(org string) error {
		_, err := o.AddUser(t.Context(), admin, casework.User{Login: "new-" + strings.ToLower(org), Name: "新", Role: casework.Officer, OrgID: org}, "long enough")
		return err
	}
	kind(t, add("HQ"), casework.NotFound)
	kind(t, add("B11"), "")
	for _, c := range []struct {
		unit casework.Org
		want casework.Kind
	}{
		{casework.Org{ID: "B1", ParentID: "", Name: "总部", Kind: "head_office"}, casework.Denied}, // would have seen everything
		{casework.Org{ID: "X", ParentID: "", Name: "总部", Kind: "head_office"}, casework.NotFound},
		{casework.Org{ID: "B2", ParentID: "B1", Name: "二分行", Kind: "branch"}, casework.NotFound}, // would have taken it over
		{casework.Org{ID: "B12", ParentID: "B2", Name: "营业部", Kind: "department"}, casework.NotFound},
		{casework.Org{ID: "B12", ParentID: "B1", Name: "营业部", Kind: "department"}, ""},
	} {
		kind(t, o.AddOrg(t.Context(), admin, c.unit), c.want)
	}
	orgs, err := o.Orgs(t.Context(), admin)
	must(t, err)
	if got := idsOf(orgs, func(o casework.Org) string { return o.ID }); !slices.Equal(got, []string{"B1", "B11", "B12"}) {
		t.Errorf("sees %v", got)
	}
}
