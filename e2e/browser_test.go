package e2e_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"xiaobao/casework"
)

// chromium opens a browser that talks to nobody but us.
func chromium(t *testing.T) context.Context {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(1440, 1000),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("lang", "zh-CN"),
	)
	for _, path := range []string{"/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"} {
		if _, err := os.Stat(path); err == nil {
			options = append(options, chromedp.ExecPath(path))
			break
		}
	}
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(cancel)
	if err := chromedp.Run(ctx); err != nil { // the browser lives as long as the context it begins in
		t.Fatalf("chromium does not start: %v", err)
	}
	return ctx
}

// do runs steps in the browser, all of which must succeed.
func do(t *testing.T, ctx context.Context, what string, steps ...chromedp.Action) {
	t.Helper()
	step, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if err := chromedp.Run(step, steps...); err != nil {
		var page string
		if reading := chromedp.Run(ctx, chromedp.Text("body", &page, chromedp.ByQuery)); reading != nil {
			page = reading.Error()
		}
		shoot(t, ctx, "failed", 1440)
		t.Fatalf("%s: %v\nthe page says:\n%s", what, err, page)
	}
}

// shoot takes a picture of the page at a width, whole.
func shoot(t *testing.T, ctx context.Context, name string, width int64) {
	t.Helper()
	dir := os.Getenv("XIAOBAO_SCREENSHOTS")
	if dir == "" {
		dir = t.TempDir()
	}
	var picture []byte
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	err := chromedp.Run(ctx,
		emulation.SetDeviceMetricsOverride(width, 1000, 1, width < 500),
		chromedp.FullScreenshot(&picture, 100),
		emulation.ClearDeviceMetricsOverride())
	if err != nil {
		t.Errorf("picture of %s: %v", name, err)
		return
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%s-%d.png", name, width)), picture, 0o644); err != nil {
		t.Fatal(err)
	}
}

func page(path string) string { return "http://" + the.console + path }

// enter logs a person in.
func enter(t *testing.T, ctx context.Context, user string) {
	t.Helper()
	do(t, ctx, "log in as "+user,
		chromedp.Navigate(page("/login")),
		chromedp.SendKeys("#login", user, chromedp.ByQuery),
		chromedp.SendKeys("#password", the.password, chromedp.ByQuery),
		chromedp.Click(`form[action="/login"] button`, chromedp.ByQuery),
		chromedp.WaitNotPresent("#login", chromedp.ByQuery),
		chromedp.WaitVisible("main", chromedp.ByQuery))
}

// TestAnOfficersJourneyInTheBrowser is the main job: log in, order an
// inspection, watch it, decide findings, hand the report to a second person,
// download it, and look at its history in the Temporal UI.
func TestAnOfficersJourneyInTheBrowser(t *testing.T) {
	ctx := chromium(t)
	enter(t, ctx, "officer")

	const name = "浏览器验收自查"
	when := period(t)
	do(t, ctx, "order an inspection",
		chromedp.Navigate(page("/inspections/new")),
		chromedp.SetValue("#name", name, chromedp.ByQuery),
		chromedp.Click(`input[name="whole"][value="no"]`, chromedp.ByQuery),
		chromedp.Evaluate(`document.querySelectorAll('input[name=item]').forEach(e => { if (['I-001','I-057','I-060'].includes(e.value)) e.checked = true })`, nil),
		chromedp.Click(`input[name="period"][value="custom"]`, chromedp.ByQuery),
		chromedp.SetValue("#from", when[1], chromedp.ByQuery),
		chromedp.SetValue("#to", when[3], chromedp.ByQuery),
		chromedp.Evaluate(`document.querySelector('#to').dispatchEvent(new Event('change', {bubbles: true}))`, nil),
		chromedp.WaitVisible(`#preview b`, chromedp.ByQuery))
	shoot(t, ctx, "inspection-new", 1440)
	do(t, ctx, "start it",
		chromedp.Click(`button[name="step"][value="start"]`, chromedp.ByQuery),
		chromedp.WaitVisible(`#live`, chromedp.ByQuery))
	do(t, ctx, "watch it until findings wait",
		chromedp.WaitVisible(`a[href*="status=candidate"].btn-primary`, chromedp.ByQuery))
	shoot(t, ctx, "inspection", 1440)
	var here string
	do(t, ctx, "remember it", chromedp.Location(&here))
	id := here[strings.LastIndex(here, "/")+1:]

	decideInTheBrowser(t, ctx, id)
	decideTheRest(t, id)
	do(t, ctx, "hand it to a second person",
		chromedp.Navigate(page("/inspections/"+id)),
		chromedp.Click(`form[action$="/submit"] button`, chromedp.ByQuery))
	until(t, "the hand-over", reportWithin, func() bool {
		var i casework.Inspection
		the.as(t, "officer").ask(&i, "inspect", "show", id)
		return i.Status == casework.InspectionConfirming
	})
	do(t, ctx, "log out", chromedp.Evaluate(`document.querySelector('form[action="/logout"]').submit()`, nil),
		chromedp.WaitVisible("#login", chromedp.ByQuery))

	enter(t, ctx, "reviewer")
	do(t, ctx, "confirm the report",
		chromedp.Navigate(page("/inspections/"+id)),
		chromedp.Click(`button[name="accept"][value="yes"]`, chromedp.ByQuery))
	until(t, "the report", reportWithin, func() bool {
		var i casework.Inspection
		the.as(t, "reviewer").ask(&i, "inspect", "show", id)
		return i.Status == casework.InspectionReported
	})
	do(t, ctx, "read the report", chromedp.Navigate(page("/inspections/"+id+"/report")), chromedp.WaitVisible("main", chromedp.ByQuery))
	shoot(t, ctx, "report", 1440)
	shoot(t, ctx, "report", 390)

	var history string
	do(t, ctx, "find the link to its history",
		chromedp.Navigate(page("/inspections/"+id)),
		chromedp.AttributeValue(`a[href*="/namespaces/"]`, "href", &history, nil, chromedp.ByQuery))
	do(t, ctx, "open the history in the Temporal UI",
		chromedp.Navigate(history),
		chromedp.WaitVisible(`//*[contains(text(), 'Inspect')]`, chromedp.BySearch))
	do(t, ctx, "wait for its events",
		chromedp.WaitVisible(`//*[contains(text(), 'Workflow Execution Completed')]`, chromedp.BySearch))
	shoot(t, ctx, "temporal-ui", 1440)
	downloadReport(t, id)
}

// decideInTheBrowser confirms two findings, dismisses one with a reason, and
// finds that a dismissal without a reason is refused with a word.
func decideInTheBrowser(t *testing.T, ctx context.Context, id string) {
	t.Helper()
	first := `input[name="finding"]`
	do(t, ctx, "list the findings",
		chromedp.Navigate(page("/findings?inspection="+id+"&status=candidate")),
		chromedp.WaitVisible(first, chromedp.ByQuery))
	shoot(t, ctx, "findings", 1440)
	shoot(t, ctx, "findings", 390)
	do(t, ctx, "dismiss without a reason",
		chromedp.Click(first, chromedp.ByQuery),
		chromedp.Click(`button[name="verdict"][value="dismiss"]`, chromedp.ByQuery),
		chromedp.WaitVisible(`.invalid-feedback`, chromedp.ByQuery))
	do(t, ctx, "confirm two",
		chromedp.Navigate(page("/findings?inspection="+id+"&status=candidate")),
		chromedp.Evaluate(`[...document.querySelectorAll('input[name=finding]')].slice(0, 2).forEach(e => e.click())`, nil),
		chromedp.Click(`button[name="verdict"][value="confirm"]`, chromedp.ByQuery),
		chromedp.WaitVisible(`[role="status"], .alert`, chromedp.ByQuery))
	do(t, ctx, "open one finding",
		chromedp.Navigate(page("/findings?inspection="+id+"&status=candidate")),
		chromedp.Click(`tbody tr:has(q) a[href^="/findings/"]`, chromedp.ByQuery),
		chromedp.WaitVisible(`mark`, chromedp.ByQuery))
	shoot(t, ctx, "finding", 1440)
	shoot(t, ctx, "finding", 390)
	do(t, ctx, "dismiss it with a reason",
		chromedp.SetValue(`[name="reason"]`, string(casework.LawfulContext), chromedp.ByQuery),
		chromedp.Evaluate(`document.querySelectorAll('input[name=reason]').forEach(e => { if (e.value === 'lawful_context') e.checked = true })`, nil),
		chromedp.Click(`button[name="verdict"][value="dismiss"]`, chromedp.ByQuery),
		chromedp.WaitVisible(`[role="status"], .alert`, chromedp.ByQuery))
	var i casework.Inspection
	the.as(t, "officer").ask(&i, "inspect", "show", id)
	if i.Counts.Confirmed != 2 || i.Counts.Dismissed != 1 {
		t.Errorf("after two confirmed and one dismissed the counts are %+v", i.Counts)
	}
}

// decideTheRest decides by command line what a person would go on clicking.
func decideTheRest(t *testing.T, id string) {
	t.Helper()
	officer := the.as(t, "officer")
	decideAll(officer, id, ids(findings(officer, id, "candidate")), "--confirm")
	var questions casework.Listing[casework.Question]
	officer.ask(&questions, "inspect", "questions", id, "--open")
	for _, q := range questions.Rows {
		officer.run("inspect", "answer", q.ID, "--outcome", "passed")
	}
}

// visitor is a browser without a screen, logged in.
func visitor(t *testing.T, user string) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &http.Client{Jar: jar, Timeout: time.Minute}
	answer, err := c.PostForm(page("/login"), url.Values{"login": {user}, "password": {the.password}})
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK || strings.HasSuffix(answer.Request.URL.Path, "/login") {
		t.Fatalf("log in as %s: %s at %s", user, answer.Status, answer.Request.URL)
	}
	return c
}

// downloadReport takes the workbook as the button on the page does.
func downloadReport(t *testing.T, id string) {
	t.Helper()
	answer, err := visitor(t, "reviewer").Get(page("/inspections/" + id + "/report.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }() // only read
	head := make([]byte, 4)
	if _, err := answer.Body.Read(head); err != nil || string(head) != "PK\x03\x04" || answer.StatusCode != http.StatusOK {
		t.Errorf("the workbook is %s, begins %q, %v", answer.Status, head, err)
	}
}

// TestEveryPageLooksRight visits every page of the menu at both widths. The
// pictures are for people; the test sees to it that nothing is wider than
// the screen and nothing failed.
func TestEveryPageLooksRight(t *testing.T) {
	ctx := chromium(t)
	for user, paths := range map[string][]string{
		"officer": {"/", "/touchpoints", "/inspections", "/inspections/new", "/findings", "/questions", "/schedules", "/schedules/new",
			"/rulebook", "/rulebook/try", "/rulebook/indicators/col_threat_violence", "/imports", "/imports/new", "/profile", "/about"},
		"admin":    {"/users", "/organisations"},
		"auditor":  {"/audit"},
		"business": {"/questions"},
	} {
		enter(t, ctx, user)
		for _, path := range paths {
			look(t, ctx, user, path)
		}
		do(t, ctx, "log out", chromedp.Evaluate(`document.querySelector('form[action="/logout"]').submit()`, nil),
			chromedp.WaitVisible("#login", chromedp.ByQuery))
	}
}

// look visits one page at both widths.
func look(t *testing.T, ctx context.Context, user, path string) {
	t.Helper()
	name := user + strings.ReplaceAll(path, "/", "_")
	for _, width := range []int64{1440, 390} {
		var beyond int64
		var title string
		do(t, ctx, user+" visits "+path,
			emulation.SetDeviceMetricsOverride(width, 1000, 1, width < 500),
			chromedp.Navigate(page(path)),
			chromedp.WaitVisible("main h1, main h2", chromedp.ByQuery),
			chromedp.Title(&title),
			chromedp.Evaluate(`document.documentElement.scrollWidth - document.documentElement.clientWidth`, &beyond))
		if beyond > 1 {
			t.Errorf("%s at %d: %d pixels wider than the screen", path, width, beyond)
		}
		if strings.Contains(title, "404") || strings.Contains(title, "500") {
			t.Errorf("%s: %s", path, title)
		}
		shoot(t, ctx, name, width)
	}
}
