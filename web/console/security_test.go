package console_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"xiaobao/casework"
	"xiaobao/web/console"
	"xiaobao/web/console/consoletest"
)

func TestNamesAndTextsAreNeverMarkup(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	attack := `"><script>alert(1)</script><img src=x onerror=alert(1)>`
	b.desk.AddTouchpoint(casework.Touchpoint{ID: "t-x", Channel: casework.ServiceChat, AgentID: attack, Text: "客户：" + attack, Attributes: map[string]any{attack: attack}})
	b.desk.AddFinding(casework.Finding{ID: "f-x", Inspection: "i-7f3a", Title: attack, Indicator: attack, Touchpoint: "t-x", AgentID: attack, Status: casework.FindingCandidate, Note: attack, Evidence: []casework.Evidence{{Start: 3, End: 20, Quote: attack}}})
	b.post("/inspections", url.Values{"name": {attack}, "checklist": {"annual"}, "whole": {"yes"}, "period": {"last_month"}, "days": {"5"}, "request_id": {attack}})
	b.post("/views", url.Values{"list": {"touchpoints"}, "name": {attack}, "query": {"channel=service_chat"}})
	for _, path := range []string{"/", "/touchpoints", "/touchpoints/t-x", "/findings", "/findings/f-x", "/inspections", "/touchpoints?agent=" + url.QueryEscape(attack), "/audit?by=" + url.QueryEscape(attack)} {
		b.get(path).lacks(t, "<script>alert", "<img src=x")
	}
	b.post("/rulebook/try", url.Values{"channel": {"service_chat"}, "text": {attack}}).lacks(t, "<script>alert", "<img src=x")
}

func TestFormsFromOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	for _, header := range []http.Header{{"Origin": {"https://evil.example"}}, {"Sec-Fetch-Site": {"cross-site"}}} {
		r, err := http.NewRequest(http.MethodPost, b.base+"/schedules/s-1/delete", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header = header
		a := b.do(r)
		if a.status != http.StatusForbidden {
			t.Errorf("%v is answered with %d", header, a.status)
		}
		a.has(t, "来自其他网站")
	}
	b.get("/schedules").has(t, "每月电销检查")
}

func TestAnswersCarryTheSecurityHeaders(t *testing.T) {
	t.Parallel()
	b := open(t, "")
	a := b.post("/login", url.Values{"login": {"officer"}, "password": {"wrong"}})
	cookie := a.header.Get("Set-Cookie")
	b.login("officer")
	a = b.get("/")
	policy := a.header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "default-src 'self'") || strings.Contains(policy, "unsafe") {
		t.Errorf("the policy is %q", policy)
	}
	for _, name := range []string{"X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy"} {
		if a.header.Get(name) == "" {
			t.Errorf("%s is missing", name)
		}
	}
	if cookie != "" && (!strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax")) {
		t.Errorf("the session cookie is %q", cookie)
	}
}

func TestTheSessionCookieIsOutOfReachOfScripts(t *testing.T) {
	t.Parallel()
	a := open(t, "").login("officer")
	cookies := a.header.Values("Set-Cookie")
	cookie := cookies[slices.IndexFunc(cookies, func(c string) bool { return strings.HasPrefix(c, "xiaobao_session=") })]
	if !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") {
		t.Errorf("the session cookie is %q", cookie)
	}
}

func TestTooManyWrongPasswordsHaveToWait(t *testing.T) {
	t.Parallel()
	b := open(t, "")
	wrong := url.Values{"login": {"officer"}, "password": {"wrong"}}
	a := b.post("/login", wrong)
	a.has(t, "用户名或密码不正确", `value="officer"`)
	a.lacks(t, "wrong")
	for range 5 {
		a = b.post("/login", wrong)
	}
	if a.status != http.StatusTooManyRequests {
		t.Errorf("answers %d", a.status)
	}
	a.has(t, "15 分钟后再试")
}

func TestAFormSentAfterTheSessionIsKeptForAfterTheLogin(t *testing.T) {
	t.Parallel()
	b := open(t, "business")
	b.lose("xiaobao_session")
	a := b.post("/questions/q-1", url.Values{"outcome": {"passed"}, "note": {"写了很久的说明"}, "password": {"geheim"}})
	if !strings.HasPrefix(a.location(), "/login") {
		t.Fatalf("went to %q", a.location())
	}
	b.get(a.location()).has(t, "已保留")
	a = b.login("business")
	if a.location() != "/questions/q-1" {
		t.Fatalf("after the login went to %q", a.location())
	}
	b.get(a.location()).has(t, "写了很久的说明", `value="passed" checked`, "您填写的内容已保留")
	b.get("/questions/q-1").lacks(t, "写了很久的说明")
}

func TestAFormIsKeptForNobodyButItsOwner(t *testing.T) {
	t.Parallel()
	send := func(b *browser) answer {
		return b.post("/questions/q-1", url.Values{"outcome": {"passed"}, "note": {"写了很久的说明"}})
	}
	b := open(t, "business")
	b.lose("xiaobao_session")
	b.get(send(b).location()).has(t, "已保留")
	a := b.login("admin")
	if a.location() != "/" {
		t.Errorf("another user is led to %q", a.location())
	}
	b.get("/questions/q-1").lacks(t, "写了很久的说明")
	b.post("/logout", nil)
	b.login("business")
	b.get("/questions/q-1").lacks(t, "写了很久的说明") // it is gone, not put aside

	b.lose("xiaobao_session", "xiaobao_last") // nobody knows whose it is
	b.get(send(b).location()).lacks(t, "已保留")
	b.login("business")
	b.get("/questions/q-1").lacks(t, "写了很久的说明")
}

func TestTheCookieOfTheLastUserNamesNobody(t *testing.T) {
	t.Parallel()
	for _, cookie := range open(t, "").login("officer").header.Values("Set-Cookie") {
		if !strings.HasPrefix(cookie, "xiaobao_last=") {
			continue
		}
		if strings.Contains(cookie, "u-li") || !strings.Contains(cookie, "HttpOnly") || !strings.Contains(cookie, "SameSite=Lax") || !strings.Contains(cookie, "Max-Age=86400") {
			t.Errorf("the cookie is %q", cookie)
		}
		return
	}
	t.Error("there is no such cookie")
}

func TestADisabledUserIsOutAtOnce(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	if err := b.desk.SetActive(t.Context(), casework.User{}, "u-li", false); err != nil {
		t.Fatal(err)
	}
	if a := b.get("/inspections"); !strings.HasPrefix(a.location(), "/login") {
		t.Errorf("answers %d", a.status)
	}
}

func TestANewPasswordEndsAllOtherSessionsOfItsUser(t *testing.T) {
	t.Parallel()
	own := open(t, "officer")
	other, bystander := own.beside("officer"), own.beside("reviewer")
	inside := func(b *browser) bool { return b.get("/inspections").status == http.StatusOK }
	if !inside(own) || !inside(other) || !inside(bystander) {
		t.Fatal("somebody is not logged in at first")
	}
	a := own.post("/profile/password", url.Values{"old_password": {consoletest.Password}, "new_password": {"another horse"}, "again_password": {"another horse"}})
	if a.location() != "/profile" {
		t.Fatalf("the change answers %d %s", a.status, a.body)
	}
	if !inside(own) || inside(other) || !inside(bystander) {
		t.Errorf("own session %v, other session %v, other user %v", inside(own), inside(other), inside(bystander))
	}
	other.login("officer")
	if !inside(other) {
		t.Error("the new password opens no session")
	}
	own.beside("admin").post("/users/u-li/password", url.Values{"new_password": {"a third horse"}})
	if inside(own) || inside(other) || !inside(bystander) {
		t.Errorf("after the reset: own session %v, other session %v, other user %v", inside(own), inside(other), inside(bystander))
	}
}

func TestLoggingInNeverLeadsToAnotherSite(t *testing.T) {
	t.Parallel()
	b := open(t, "")
	b.get("//evil.example/x")
	if a := b.login("officer"); strings.Contains(a.location(), "evil") {
		t.Errorf("went to %q", a.location())
	}
}

func TestWordsLookedForStayOutOfAddresses(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	a := b.post("/touchpoints", url.Values{"search": {"掂量"}, "customer": {"C100074"}, "channel": {"collection_call"}})
	if strings.Contains(a.location(), "C100074") || strings.Contains(a.location(), url.QueryEscape("掂量")) || !strings.Contains(a.location(), "channel=collection_call") {
		t.Fatalf("went to %q", a.location())
	}
	page := b.get(a.location())
	page.has(t, `value="掂量"`, `value="C100074"`, "共 1 条")
	b.post("/views", url.Values{"list": {"touchpoints"}, "name": {"我的视图"}, "query": {strings.TrimPrefix(a.location(), "/touchpoints?")}})
	opened := b.get("/views/touchpoints/v-2")
	if strings.Contains(opened.location(), "C100074") {
		t.Errorf("the view went to %q", opened.location())
	}
	b.get(opened.location()).has(t, `value="C100074"`, "共 1 条")
}

func TestPersonalDataIsHiddenUntilRevealedAndThatIsAudited(t *testing.T) {
	t.Parallel()
	b, auditor := open(t, "officer"), open(t, "auditor")
	before := b.desk.Audited("touchpoint.reveal")
	a := b.get("/touchpoints/t-0001")
	a.has(t, "138****5678", "/touchpoints/t-0001/reveal")
	a.lacks(t, "13812345678")
	b.post("/touchpoints/t-0001/reveal", nil).has(t, "13812345678")
	if n := b.desk.Audited("touchpoint.reveal"); n != before+1 {
		t.Errorf("the trail has %d looks", n-before)
	}
	auditor.get("/touchpoints/t-0001").lacks(t, "/reveal")
	if a := auditor.post("/touchpoints/t-0001/reveal", nil); a.status != http.StatusForbidden {
		t.Errorf("an auditor may reveal: %d", a.status)
	}
}

func TestAssetsAreServedUnderTheirHash(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	page := b.get("/").body
	at := strings.Index(page, "/assets/console.")
	if at < 0 {
		t.Fatal("the page names no style sheet")
	}
	a := b.get(page[at : at+strings.Index(page[at:], `"`)])
	if a.status != http.StatusOK || !strings.Contains(a.header.Get("Cache-Control"), "immutable") || !strings.HasPrefix(a.header.Get("Content-Type"), "text/css") {
		t.Errorf("answers %d %v", a.status, a.header)
	}
}

func TestVendorFilesMayLieInAFolder(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("assets/vendor/tabler.min.css"); err == nil {
		open(t, "officer").get("/").lacks(t, "note-plain")
		return // they are built in, and a folder is not looked at
	}
	open(t, "officer").get("/").has(t, "note-plain", "最近的检查")
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "vendor"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"tabler.min.css", "htmx.min.js", "echarts.simple.min.js", "icons.svg"} {
		if err := os.WriteFile(filepath.Join(dir, "vendor", name), []byte("/**/"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	a := open(t, "officer", func(c *console.Console) { c.AssetsDir = dir }).get("/")
	a.lacks(t, "note-plain")
	a.has(t, "/assets/vendor/tabler.min.")
}
