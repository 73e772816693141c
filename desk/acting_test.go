package desk_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/desk"
	"xiaobao/workflows"
)

func TestWrongPasswordsMakeALoginWait(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	clock := noon
	o.Now = func() time.Time { return clock }
	for _, login := range []string{"wang", "li"} {
		_, err := o.FirstUser(t.Context(), casework.User{Login: login, Name: "王", Role: casework.Officer, OrgID: "B1"}, "correct horse")
		must(t, err)
	}
	try := func(login, password, address string) error {
		clock = clock.Add(time.Millisecond) // attempts count since the last that succeeded
		_, err := o.Login(t.Context(), login, password, address, "console")
		return err
	}
	for range 5 {
		kind(t, try("wang", "wrong", "10.0.0.1"), casework.Denied)
	}
	kind(t, try("wang", "correct horse", "10.0.0.1"), casework.Busy)
	kind(t, try("WANG", "correct horse", "10.0.0.2"), casework.Busy) // another address does not help
	kind(t, try("li", "correct horse", "10.0.0.1"), "")              // another login does
	clock = clock.Add(16 * time.Minute)
	kind(t, try("wang", "correct horse", "10.0.0.1"), "")
	for i := range 30 {
		kind(t, try(fmt.Sprint("guess", i), "wrong", "10.0.0.3"), casework.Denied)
	}
	kind(t, try("li", "correct horse", "10.0.0.3"), casework.Busy) // the address has had enough
	kind(t, try("li", "correct horse", "10.0.0.4"), "")
}

func TestManyLoginsAtOnceGetNoMoreTriesThanOneAfterTheOther(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	_, err := o.FirstUser(t.Context(), casework.User{Login: "wang", Name: "王", Role: casework.Officer, OrgID: "B1"}, "correct horse")
	must(t, err)
	var wg sync.WaitGroup
	errs := make([]error, 20)
	for i := range errs {
		wg.Go(func() { _, errs[i] = o.Login(t.Context(), "wang", fmt.Sprint("guess ", i), "10.0.0.1", "console") })
	}
	wg.Wait()
	tried := 0
	for _, err := range errs {
		if casework.KindOf(err) == casework.Denied {
			tried++
		}
	}
	if tried != 5 {
		t.Errorf("%d passwords were tried", tried)
	}
}

func TestALoginTellsNothingAboutAccounts(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for _, login := range []string{"known", "disabled"} {
		u, err := o.FirstUser(t.Context(), casework.User{Login: login, Name: "王", Role: casework.Officer, OrgID: "B1"}, "correct horse")
		must(t, err)
		if login == "disabled" {
			must(t, o.store.SetActive(t.Context(), u.ID, false))
		}
	}
	var said []string
	times := map[string]time.Duration{}
	for login, password := range map[string]string{"known": "wrong", "unknown": "wrong", "disabled": "correct horse", "b1-officer": "", "nul\x00": "x", "bad\xff": "x", strings.Repeat("l", 2000): "x"} {
		began := time.Now()
		_, err := o.Login(t.Context(), login, password, "10.0.0.1", "console")
		times[login] = time.Since(began)
		kind(t, err, casework.Denied)
		said = append(said, err.Error()+casework.WordsZh(err))
	}
	for _, words := range said {
		if words != said[0] {
			t.Errorf("%q is not %q", words, said[0])
		}
	}
	// A check of a password takes many milliseconds, no check none.
	for _, login := range []string{"unknown", "b1-officer", "disabled"} {
		if times[login] < times["known"]/4 {
			t.Errorf("%s is answered after %v, a known login after %v", login, times[login], times["known"])
		}
	}
}

func TestTokensRunOutAndEndWithTheAccount(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	clock := noon
	o.Now = func() time.Time { return clock }
	u := o.user("B1", casework.Officer)
	token, err := o.IssueToken(t.Context(), u)
	must(t, err)
	whose, err := o.TokenUser(t.Context(), token)
	must(t, err)
	if whose.ID != u.ID || whose.Via != "cli" {
		t.Errorf("%+v", whose)
	}
	for _, wrong := range []string{"", "xb-", token + "x", token[:10], "\x00"} {
		_, err := o.TokenUser(t.Context(), wrong)
		kind(t, err, casework.Denied)
	}
	clock = noon.Add(31 * 24 * time.Hour)
	_, err = o.TokenUser(t.Context(), token)
	kind(t, err, casework.Denied)
	clock = noon
	must(t, o.SetActive(t.Context(), o.user("HQ", casework.Admin), u.ID, false))
	_, err = o.TokenUser(t.Context(), token)
	kind(t, err, casework.Denied)
	_, err = o.User(t.Context(), u.ID, "console")
	kind(t, err, casework.Denied)
	if strings.Contains(text(o.trail(t)), token) {
		t.Error("the token is on the audit trail")
	}
}

func TestPasswordsAreChangedByWhoKnowsThem(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	u, err := o.FirstUser(t.Context(), casework.User{Login: "wang", Name: "王", Role: casework.Officer, OrgID: "B1"}, "correct horse")
	must(t, err)
	kind(t, o.ChangePassword(t.Context(), u, "wrong", "another horse"), casework.Denied)
	kind(t, o.ChangePassword(t.Context(), u, "correct horse", "short"), casework.Invalid)
	must(t, o.ChangePassword(t.Context(), u, "correct horse", "another horse"))
	must(t, o.ResetPassword(t.Context(), o.user("HQ", casework.Admin), u.ID, "a third horse"))
	in, err := o.Login(t.Context(), "wang", "a third horse", "10.0.0.1", "console")
	must(t, err)
	if now, err := o.User(t.Context(), u.ID, "console"); err != nil || !now.CredentialsAt.Equal(in.CredentialsAt) || in.CredentialsAt.IsZero() {
		t.Errorf("the login knows the password of %v, the user that of %v, %v", in.CredentialsAt, now.CredentialsAt, err)
	}
	_, err = o.FirstUser(t.Context(), casework.User{Login: "WANG", Name: "王", Role: casework.Officer, OrgID: "B1"}, "correct horse")
	kind(t, err, casework.Invalid)
	_, err = o.FirstUser(t.Context(), casework.User{Login: "wang", Name: "王", Role: casework.Officer, OrgID: "B1"}, "correct horse")
	kind(t, err, casework.Conflict)
	if strings.Contains(text(o.trail(t)), "horse") {
		t.Error("a password is on the audit trail")
	}
}

func TestTheSameRequestTwiceHasOneEffect(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.touchpoints(t)
	head, branch := o.user("HQ", casework.Officer), o.user("B1", casework.Officer)
	i := o.inspection(t, head, "request-1")
	if again := o.inspection(t, head, "request-1"); again.ID != i.ID || len(o.temporal.started) != 1 {
		t.Errorf("%s and %s, %d started", i.ID, again.ID, len(o.temporal.started))
	}
	request := desk.InspectionRequest{RequestID: "request-1", Name: "别的", Checklist: "annual", Scope: march()}
	got, err := o.StartInspection(t.Context(), branch, request) // would have shown them the head office's
	kind(t, err, casework.Conflict)
	if got.ID != "" {
		t.Errorf("shown %+v", got)
	}
	request.RequestID = "not plain!"
	_, err = o.StartInspection(t.Context(), branch, request)
	kind(t, err, casework.Invalid)

	finding, question := o.found(t, i, "t-B1", "B1", o.user("HQ", casework.Business).ID)
	decide := desk.VerdictRequest{RequestID: "1", Verdict: casework.Dismiss, Reason: casework.FalseHit, Findings: []string{finding}, Note: "客户电话13912345678"}
	for range 2 {
		_, err := o.Decide(t.Context(), head, i.ID, decide)
		must(t, err)
	}
	decide.Note = "另一位的说明"
	_, err = o.Decide(t.Context(), o.user("HQ", casework.Reviewer), i.ID, decide) // the same id, chosen by somebody else
	must(t, err)
	for range 2 {
		must(t, o.Answer(t.Context(), head, desk.AnswerRequest{RequestID: "1", Question: question, Outcome: casework.ItemFailed, Note: "未见制度"}))
		must(t, o.SubmitReport(t.Context(), head, i.ID, "1"))
		must(t, o.CancelInspection(t.Context(), head, i.ID, "1", "不查了"))
	}
	var sent []string
	refs := map[string]bool{}
	for _, u := range o.temporal.updates {
		sent = append(sent, u.UpdateName)
		silent(t, text(u.Args))
		if v, ok := u.Args[0].(workflows.FindingsVerdict); ok {
			refs[v.NoteRef] = true
		}
		if strings.Contains(text(u.Args), "说明") || strings.Contains(text(u.Args), "制度") {
			t.Errorf("free text travels in %s", text(u.Args))
		}
	}
	if fmt.Sprint(sent) != "[decide decide answer submit cancel]" || len(refs) != 2 {
		t.Errorf("sent %v, notes %v", sent, refs)
	}
}

func TestADecisionIsOverruledWhenAskedTo(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.touchpoints(t)
	u := o.user("HQ", casework.Officer)
	i := o.inspection(t, u, "")
	finding, _ := o.found(t, i, "t-B1", "B1", u.ID)
	for _, overrule := range []bool{false, true} {
		_, err := o.Decide(t.Context(), u, i.ID, desk.VerdictRequest{Verdict: casework.Confirm, Findings: []string{finding}, Overrule: overrule})
		must(t, err)
		sent, ok := o.temporal.updates[len(o.temporal.updates)-1].Args[0].(workflows.FindingsVerdict)
		if !ok || sent.Overrule != overrule {
			t.Errorf("sent %+v, want overrule %t", sent, overrule)
		}
		trail := o.trail(t)
		says := fmt.Sprintf(`"overrule":%t`, overrule)
		if !slices.ContainsFunc(trail, func(e casework.AuditEntry) bool {
			return e.Action == "finding.decide" && strings.Contains(strings.ReplaceAll(e.Detail, " ", ""), says)
		}) {
			t.Errorf("the audit trail lacks %s", says)
		}
	}
}

func TestFreeTextIsBoundedAndIDsAreIDs(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.touchpoints(t)
	u := o.user("HQ", casework.Reviewer)
	i := o.inspection(t, u, "")
	finding, question := o.found(t, i, "t-B1", "B1", u.ID)
	long, most := strings.Repeat("字", 4001), strings.Repeat("字", 4000)
	decide := func(change func(*desk.VerdictRequest)) error {
		r := desk.VerdictRequest{Verdict: casework.Confirm, Findings: []string{finding}}
		change(&r)
		_, err := o.Decide(t.Context(), u, i.ID, r)
		return err
	}
	kind(t, decide(func(r *desk.VerdictRequest) { r.Note = long }), casework.Invalid)
	kind(t, decide(func(r *desk.VerdictRequest) { r.Note = "\xff" }), casework.Invalid)
	kind(t, decide(func(r *desk.VerdictRequest) { r.Note = most }), "")
	kind(t, decide(func(r *desk.VerdictRequest) { r.Findings = []string{"客户 13912345678"} }), casework.Invalid)
	kind(t, decide(func(r *desk.VerdictRequest) { r.Verdict, r.MergeInto = casework.Merge, "13912345678的那条" }), casework.Invalid)
	kind(t, decide(func(r *desk.VerdictRequest) { r.Reason, r.MergeInto = "因为13912345678", "13912345678" }), "") // left out
	kind(t, decide(func(r *desk.VerdictRequest) { r.Verdict, r.Reason = casework.Dismiss, casework.OtherReason }), casework.Invalid)
	kind(t, o.Answer(t.Context(), u, desk.AnswerRequest{Question: question, Outcome: casework.ItemPassed, Note: long}), casework.Invalid)
	kind(t, o.ConfirmReport(t.Context(), u, i.ID, "", false, " "), casework.Invalid)
	kind(t, o.ConfirmReport(t.Context(), u, i.ID, "", false, long), casework.Invalid)
	kind(t, o.CancelInspection(t.Context(), u, i.ID, "", long), casework.Invalid)
	for _, sent := range o.temporal.updates {
		silent(t, text(sent.Args))
	}
	silent(t, text(o.trail(t)))
}

func TestNobodyConfirmsWhatTheySubmitted(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.touchpoints(t)
	first, second := o.user("HQ", casework.Reviewer), o.user("B1", casework.Reviewer)
	i := o.inspection(t, second, "")
	o.found(t, i, "t-B1", "B1", second.ID)
	_, err := o.store.RecordInspection(t.Context(), casework.InspectionRecord{ID: i.ID, Status: casework.InspectionConfirming, Event: casework.EventSubmitted, By: second.ID, At: noon})
	must(t, err)
	kind(t, o.ConfirmReport(t.Context(), second, i.ID, "", true, ""), casework.Denied)
	kind(t, o.ConfirmReport(t.Context(), second, i.ID, "", false, "再看看"), casework.Denied)
	kind(t, o.ConfirmReport(t.Context(), first, i.ID, "", true, ""), "")
	if len(o.temporal.updates) != 1 {
		t.Errorf("sent %d", len(o.temporal.updates))
	}
}

func TestOrdersLeftBehindAreTakenUp(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.touchpoints(t)
	u := o.user("HQ", casework.Officer)
	o.temporal.fail = errors.New("no connection")
	var asked []string
	for _, request := range []string{"a", "b"} {
		_, err := o.StartInspection(t.Context(), u, desk.InspectionRequest{
			RequestID: request, Name: "三月检查", Checklist: "annual", Items: []string{o.item(casework.ByIndicators)}, Scope: march(),
			AdjudicateWithin: 36 * time.Hour, AnswerWithin: 90 * time.Minute,
		})
		if err == nil {
			t.Fatal("it started")
		}
		asked = append(asked, workflows.InspectionWorkflowID("i-"+request))
	}
	if err := o.StartOrdered(t.Context()); err != nil || len(o.temporal.started) != 0 {
		t.Fatalf("too early: %v", err) // whoever ordered them may still be at it
	}
	o.Now = func() time.Time { return noon.Add(time.Minute) }
	if err := o.StartOrdered(t.Context()); err == nil {
		t.Fatal("no error, though nothing can start")
	}
	o.temporal.fail = nil
	for range 2 {
		must(t, o.StartOrdered(t.Context()))
	}
	if len(o.temporal.started) != 2 || o.temporal.started[asked[0]] == nil || o.temporal.started[asked[1]] == nil {
		t.Errorf("started %v", o.temporal.started)
	}
	order, ok := o.temporal.started[asked[0]].(workflows.InspectionOrder)
	if !ok || order.AdjudicateWithin != 36*time.Hour || order.AnswerWithin != 90*time.Minute {
		t.Errorf("the time limits asked for are lost: %+v", order)
	}
}

func TestEachActIsOnTheTrailWithoutPersonalData(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.touchpoints(t)
	officer, reviewer, admin := o.user("HQ", casework.Officer), o.user("HQ", casework.Reviewer), o.user("HQ", casework.Admin)
	i := o.inspection(t, officer, "")
	finding, question := o.found(t, i, "t-B1", "B1", officer.ID)
	_, err := o.Decide(t.Context(), officer, i.ID, desk.VerdictRequest{Verdict: casework.Confirm, Findings: []string{finding}, Note: "打给13912345678"})
	must(t, err)
	must(t, o.Answer(t.Context(), officer, desk.AnswerRequest{Question: question, Outcome: casework.ItemFailed, Note: "张伟13912345678"}))
	must(t, o.SubmitReport(t.Context(), officer, i.ID, ""))
	must(t, o.ConfirmReport(t.Context(), reviewer, i.ID, "", false, "13912345678"))
	must(t, o.CancelInspection(t.Context(), officer, i.ID, "", "13912345678"))
	_, err = o.RevealTouchpoint(t.Context(), officer, "t-B1")
	must(t, err)
	must(t, o.Exported(t.Context(), officer, "touchpoints"))
	must(t, o.ReportXLSX(t.Context(), officer, i.ID, new(strings.Builder)))
	added, err := o.AddUser(t.Context(), admin, casework.User{Login: "zhangwei", Name: "张伟", Role: casework.Officer, OrgID: "B1"}, "long enough")
	must(t, err)
	must(t, o.ResetPassword(t.Context(), admin, added.ID, "another one"))
	must(t, o.SetActive(t.Context(), admin, added.ID, false))
	must(t, o.AddOrg(t.Context(), admin, casework.Org{ID: "B3", ParentID: "HQ", Name: "三分行", Kind: "branch"}))
	_, err = o.DryRunImport(t.Context(), officer, desk.ImportRequest{Kind: "customers", File: "张伟13912345678.csv", Content: strings.NewReader("id,phone\nc,13912345678\n")})
	must(t, err)

	var actions []string
	for _, e := range o.trail(t) {
		actions = append(actions, e.Action)
		silent(t, text(e))
		if e.By == "" || e.From != "console" || !json.Valid([]byte(e.Detail)) {
			t.Errorf("%+v", e)
		}
	}
	want := "inspection.start finding.decide question.answer inspection.submit inspection.confirm inspection.cancel touchpoint.reveal list.export report.export user.add user.reset user.active org.add import.file"
	if got := strings.Join(actions, " "); got != want {
		t.Errorf("trail %s\nwant  %s", got, want)
	}
	n, broken, err := o.VerifyAudit(t.Context(), admin)
	if err != nil || broken != 0 || n != len(actions) {
		t.Errorf("%d %d %v", n, broken, err)
	}
}
