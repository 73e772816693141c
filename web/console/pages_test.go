package console_test

import (
	"net/http"
	"strings"
	"testing"

	"xiaobao/casework"
	"xiaobao/web/console/consoletest"
)

// places are all pages there are, with what is needed to see them.
var places = []struct {
	path  string
	needs casework.Action
}{
	{"/", ""}, {"/profile", ""}, {"/about", ""},
	{"/touchpoints", casework.ViewTouchpoints}, {"/touchpoints?channel=collection_call&from=2026-11-01&sort=occurred_at&order=desc", casework.ViewTouchpoints},
	{"/touchpoints?from=nonsense", casework.ViewTouchpoints}, {"/touchpoints?after=50", casework.ViewTouchpoints},
	{"/touchpoints/t-0001", casework.ViewTouchpoints}, {"/touchpoints/t-0006", casework.ViewTouchpoints}, {"/touchpoints/export", casework.ExportData},
	{"/inspections", casework.ViewInspections}, {"/inspections?status=void", casework.ViewInspections}, {"/inspections/export?format=csv", casework.ExportData},
	{"/inspections/new", casework.StartInspection},
	{"/inspections/i-7f3a", casework.ViewInspections}, {"/inspections/i-1c88", casework.ViewInspections}, {"/inspections/i-5d02", casework.ViewInspections},
	{"/inspections/i-02b9", casework.ViewInspections}, {"/inspections/i-9e10", casework.ViewInspections},
	{"/inspections/i-7f3a/progress", casework.ViewInspections}, {"/inspections/i-7f3a/items/export", casework.ExportData},
	{"/inspections/i-02b9/report", casework.ViewInspections}, {"/inspections/i-7f3a/report", casework.ViewInspections}, {"/inspections/i-02b9/report.xlsx", casework.ExportData},
	{"/findings", casework.ViewInspections}, {"/findings?level=red&status=candidate&inspection=i-7f3a", casework.ViewInspections},
	{"/findings?status=dismissed", casework.ViewInspections}, {"/findings/export", casework.ExportData},
	{"/questions", casework.AnswerQuestions}, {"/questions?state=all", casework.AnswerQuestions}, {"/questions/q-1", casework.AnswerQuestions},
	{"/questions/q-2", casework.AnswerQuestions}, {"/questions/q-3", casework.AnswerQuestions}, {"/questions/export", casework.ExportData},
	{"/schedules", casework.ManageSchedules}, {"/schedules/new", casework.ManageSchedules}, {"/schedules/s-1/edit", casework.ManageSchedules}, {"/schedules/export", casework.ExportData},
	{"/rulebook", casework.ViewRulebook}, {"/rulebook?kind=marketing", casework.ViewRulebook}, {"/rulebook?kind=regulations", casework.ViewRulebook},
	{"/rulebook?kind=deadlines", casework.ViewRulebook}, {"/rulebook?kind=checklists", casework.ViewRulebook}, {"/rulebook?level=red&channel=sms_push", casework.ViewRulebook},
	{"/rulebook/indicators/tm_guarantee_return", casework.ViewRulebook}, {"/rulebook/marketing/M01", casework.ViewRulebook}, {"/rulebook/regulations/R02", casework.ViewRulebook},
	{"/rulebook/deadlines/C-01", casework.ViewRulebook}, {"/rulebook/checklists/annual", casework.ViewRulebook}, {"/rulebook/try", casework.ViewRulebook}, {"/rulebook/export", casework.ViewRulebook},
	{"/imports", casework.ImportData}, {"/imports/new", casework.ImportData}, {"/imports/m-1", casework.ImportData}, {"/imports/m-2", casework.ImportData},
	{"/imports/m-3", casework.ImportData}, {"/imports/m-2/progress", casework.ImportData}, {"/imports/m-3/problems?format=csv", casework.ImportData}, {"/imports/export", casework.ImportData},
	{"/users", casework.ManageUsers}, {"/users/export", casework.ManageUsers}, {"/organisations", casework.ViewOrganisations}, {"/organisations/export", casework.ViewOrganisations},
	{"/consult", casework.Consult}, {"/models", casework.ViewModels}, {"/models/calls", casework.ViewModels}, {"/models/calls?failed=1&endpoint=primary&purpose=judge", casework.ViewModels},
	{"/models/calls?case=nothing", casework.ViewModels}, {"/models/calls/export", casework.ViewModels}, {"/evaluations", casework.ViewModels}, {"/evaluations/e-1", casework.ViewModels},
	{"/findings?engine=local", casework.ViewInspections},
	{"/audit", casework.ViewAudit}, {"/audit?action=user.login", casework.ViewAudit}, {"/audit/export", casework.ViewAudit},
}

func TestEveryPageShowsForEveryRoleInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, role := range casework.Roles() {
		for _, language := range []string{"zh-CN", "en"} {
			t.Run(string(role)+" "+language, func(t *testing.T) {
				t.Parallel()
				b := open(t, string(role))
				b.post("/language", map[string][]string{"language": {language}})
				user := casework.User{Role: role, Active: true}
				for _, place := range places {
					checkPage(t, b, place.path, place.needs == "" || user.May(place.needs))
				}
			})
		}
	}
}

func checkPage(t *testing.T, b *browser, path string, may bool) {
	t.Helper()
	a := b.get(path)
	switch {
	case !may && a.status != http.StatusForbidden:
		t.Errorf("%s answers %d to someone who may not see it", path, a.status)
	case !may:
	case strings.Contains(path, "/export") && a.status == http.StatusForbidden: // the list has its own permission besides
	case a.status != http.StatusOK:
		t.Errorf("%s answers %d", path, a.status)
	case strings.Contains(a.body, "⟦"):
		t.Errorf("%s lacks words: %s", path, a.body[strings.Index(a.body, "⟦"):][:40])
	case strings.Contains(a.body, "<script>") || strings.Contains(a.body, "style=") || strings.Contains(a.body, "onclick="):
		t.Errorf("%s has inline script or style, which the policy forbids", path)
	}
}

func TestEmptyListsSayWhatToDoNext(t *testing.T) {
	t.Parallel()
	desk, err := consoletest.Empty()
	if err != nil {
		t.Fatal(err)
	}
	b := over(t, desk, "officer")
	for path, link := range map[string]string{
		"/": `href="/inspections/new"`, "/touchpoints": `href="/imports/new"`, "/inspections": `href="/inspections/new"`,
		"/findings": `href="/inspections"`, "/schedules": `href="/schedules/new"`, "/imports": `href="/imports/new"`, "/questions": "没有需要答复的问题",
		"/consult": "还没有研判过", "/models": "还没有调用过大模型", "/evaluations": "还没有评测记录",
	} {
		b.get(path).has(t, "empty-state", link)
	}
}

func TestErrorsHaveWordsAndAReference(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	for path, status := range map[string]int{"/nosuch": 404, "/inspections/i-none": 404, "/users": 403, "/findings?level=purple": 422} {
		a := b.get(path)
		if a.status != status {
			t.Errorf("%s answers %d, not %d", path, a.status, status)
		}
		a.has(t, "参考编号", `href="/"`)
	}
	b.desk.Broken = true
	a := b.get("/inspections")
	if a.status != http.StatusInternalServerError {
		t.Errorf("a broken desk gives %d", a.status)
	}
	a.has(t, "系统出了点问题", "参考编号")
	a.lacks(t, "10.0.0.5", "refused")
}

func TestPagesHideWhatTheUserMayNotDo(t *testing.T) {
	t.Parallel()
	officer, business, reviewer := open(t, "officer"), open(t, "business"), open(t, "reviewer")
	officer.get("/inspections/i-7f3a").has(t, "去认定", "取消这次检查")
	business.get("/inspections/i-7f3a").lacks(t, "去认定", "取消这次检查", "Excel")
	business.get("/").lacks(t, `href="/users"`, `href="/touchpoints"`)
	business.get("/findings/"+officer.candidate()).lacks(t, `value="confirm"`, "会不会亏本金")
	reviewer.get("/inspections/i-5d02").has(t, "同意，出具报告")
	officer.get("/inspections/i-5d02").lacks(t, "同意，出具报告")
	officer.get("/inspections/i-1c88").has(t, "正在自动测试")
	business.get("/inspections/i-7f3a").has(t, "正在认定问题")
}

func TestAFindingWithoutWordsShowsItsFacts(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	b.desk.AddTouchpoint(casework.Touchpoint{
		ID: "t-facts", Channel: casework.TelemarketingCall, OccurredAt: consoletest.Now, OrgID: "ho", Text: "坐席：您好",
		Attributes: map[string]any{"calls_today": 30},
	})
	b.desk.AddFinding(casework.Finding{
		ID: "f-facts", Inspection: "i-7f3a", Item: "x", Indicator: "tm_call_frequency", Touchpoint: "t-facts", Channel: casework.TelemarketingCall,
		OccurredAt: consoletest.Now, OrgID: "ho", Level: casework.Red, Engine: casework.ByRule, Status: casework.FindingCandidate,
		Facts: map[string]any{"calls_today": 30.0, "hour": 22.0},
	})
	b.get("/findings/f-facts").has(t, "依据数据判定", "您好", "<dt>当日对该客户的呼叫次数（含未接通）</dt><dd>30</dd>", "<dt>发生时点（北京时间，时）</dt><dd>22</dd>")
	b.get("/touchpoints/t-facts").has(t, "当日对该客户的呼叫次数（含未接通） <b>30</b>")
}

func TestACasePageLinksToItsProcedure(t *testing.T) {
	t.Parallel()
	open(t, "officer").get("/inspections/i-7f3a").has(t, `href="http://127.0.0.1:8233/namespaces/default/workflows/inspection%2Fi-7f3a/0198f2c0-run/history"`)
}

func TestNumbersOfTheHomePageLeadToTheirLists(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	b.get("/").has(t, `href="/findings?level=red&amp;status=candidate"`)
	a := b.get("/findings?level=red&status=candidate")
	a.has(t, "红色")
	a.lacks(t, `<span class="badge bg-blue-lt">蓝色`)
}
