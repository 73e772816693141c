package e2e_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"

	"xiaobao/casework"
)

// TestPagesOfWorkLookRight prepares what pages are about and visits them: an
// inspection under way and one reported, findings open and decided, facts of a
// call, files with and without problems.
func TestPagesOfWorkLookRight(t *testing.T) {
	officer, reviewer := the.as(t, "officer"), the.as(t, "reviewer")
	open := start(officer, "页面查看：进行中", "--items", "I-001,I-018,I-057,I-060")
	candidates := findings(officer, open.ID, "candidate")
	officer.run("inspect", "decide", open.ID, "--confirm", candidates[0].ID)
	withFacts := candidates[1]
	for _, f := range candidates[1:] {
		if len(f.Facts) > 0 {
			withFacts = f
			break
		}
	}
	done := reported(t, officer, reviewer)
	var questions casework.Listing[casework.Question]
	officer.ask(&questions, "inspect", "questions", open.ID, "--open")

	ctx := chromium(t)
	enter(t, ctx, "officer")
	for name, path := range map[string]string{
		"inspection-adjudicating": "/inspections/" + open.ID, "inspection-reported": "/inspections/" + done.ID,
		"inspection-report": "/inspections/" + done.ID + "/report", "findings-all": "/findings", "findings-of-one": "/findings?inspection=" + open.ID,
		"finding-open": "/findings/" + candidates[2].ID, "finding-decided": "/findings/" + candidates[0].ID,
		"finding-facts": "/findings/" + withFacts.ID, "touchpoint-facts": "/touchpoints/" + withFacts.Touchpoint,
		"question": "/questions/" + questions.Rows[0].ID, "findings-none": "/findings?inspection=" + open.ID + "&status=merged",
		"checklist": "/rulebook/checklists/annual", "import-template": "/imports/new", "not-found": "/inspections/i-none",
	} {
		look(t, ctx, name, path)
	}
	presets(t, ctx)
	tryAText(t, ctx)
	handInFiles(t, ctx)
}

// reported is an inspection that went all its way.
func reported(t *testing.T, officer, reviewer person) casework.Inspection {
	t.Helper()
	i := start(officer, "页面查看：已报告", "--items", "I-018")
	decideAll(officer, i.ID, ids(findings(officer, i.ID, "candidate")), "--confirm")
	officer.run("inspect", "submit", i.ID)
	reviewer.run("inspect", "confirm", i.ID)
	until(t, "the report", reportWithin, func() bool {
		officer.ask(&i, "inspect", "show", i.ID)
		return i.Status == casework.InspectionReported
	})
	return i
}

// presets chooses the last ninety days, and sees how many that are.
func presets(t *testing.T, ctx context.Context) {
	t.Helper()
	do(t, ctx, "choose the last ninety days",
		chromedp.Navigate(page("/inspections/new")),
		chromedp.Click(`input[name="period"][value="last_90"]`, chromedp.ByQuery),
		chromedp.WaitVisible(`#preview b`, chromedp.ByQuery))
	shoot(t, ctx, "inspection-new-90", 1440)
	shoot(t, ctx, "inspection-new-90", 390)
}

// tryAText tries a call and sees its words and facts.
func tryAText(t *testing.T, ctx context.Context) {
	t.Helper()
	do(t, ctx, "try a text",
		chromedp.Navigate(page("/rulebook/try")),
		chromedp.SetValue("#channel", string(casework.CollectionCall), chromedp.ByQuery),
		chromedp.SetValue("#text", "坐席：再不还钱就找人上门收拾你，还会给你单位打电话。", chromedp.ByQuery),
		chromedp.SetValue(`[name="at"]`, "23:10", chromedp.ByQuery),
		chromedp.Click(`form[action="/rulebook/try"] button.btn-primary`, chromedp.ByQuery),
		chromedp.WaitVisible(`mark`, chromedp.ByQuery))
	shoot(t, ctx, "try-facts", 1440)
	shoot(t, ctx, "try-facts", 390)
}

// handInFiles checks a file with problems, and takes one in.
func handInFiles(t *testing.T, ctx context.Context) {
	t.Helper()
	const header = "触点编号,渠道,发生时间,文本内容,等级\r\n"
	bad := written(t, "有误的通话.csv", "\ufeff"+header+"p-1,电销外呼,2026-03-02 09:00,坐席：您好，回电13912345678,高\r\np-2,飞鸽,2026-03-02 09:00,坐席：您好,低\r\np-3,投诉,昨天,客户：我要投诉,低\r\n")
	do(t, ctx, "hand in a file with problems",
		chromedp.Navigate(page("/imports/new")),
		chromedp.SetUploadFiles("#file", []string{bad}, chromedp.ByQuery),
		chromedp.Click(`form[action="/imports"] button.btn-primary`, chromedp.ByQuery),
		chromedp.WaitVisible(`#preview`, chromedp.ByQuery))
	shoot(t, ctx, "import-problems", 1440)
	shoot(t, ctx, "import-problems", 390)
	var said string
	do(t, ctx, "read what is wrong", chromedp.Text("main", &said, chromedp.ByQuery))
	for _, words := range []string{"＊＊＊＊78", "不会导入：等级", "渠道", "发生时间 不是有效的日期时间"} {
		if !strings.Contains(said, words) {
			t.Errorf("the page lacks %q:\n%s", words, said)
		}
	}
	if strings.Contains(said, "13912345678") {
		t.Error("the preview shows a telephone number")
	}

	good := written(t, "通话.csv", "\ufeff"+header+"p-good-1,电销外呼,2026-03-02 09:00,坐席：您好,高\r\n")
	do(t, ctx, "hand in a good file",
		chromedp.Navigate(page("/imports/new")),
		chromedp.SetUploadFiles("#file", []string{good}, chromedp.ByQuery),
		chromedp.Click(`form[action="/imports"] button.btn-primary`, chromedp.ByQuery),
		chromedp.WaitVisible(`#preview`, chromedp.ByQuery))
	shoot(t, ctx, "import-preview", 1440)
	var checked string
	do(t, ctx, "take it in",
		chromedp.Location(&checked),
		chromedp.Click(`form[action$="/run"] button.btn-primary`, chromedp.ByQuery),
		chromedp.WaitVisible(`a[href^="/touchpoints?import="]`, chromedp.ByQuery))
	shoot(t, ctx, "import-done", 1440)
	shoot(t, ctx, "import-done", 390)
	until(t, "the file is gone", reportWithin, func() bool {
		var nodes []*cdp.Node
		do(t, ctx, "look at the check again", chromedp.Navigate(checked), chromedp.WaitVisible("#fields", chromedp.ByQuery),
			chromedp.Nodes(`form[action$="/run"]`, &nodes, chromedp.ByQueryAll, chromedp.AtLeast(0)))
		return len(nodes) == 0
	})
	shoot(t, ctx, "import-gone", 1440)
}

func written(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestPagesInTheOtherColoursAndLanguage looks at pages in the dark, and in
// English.
func TestPagesInTheOtherColoursAndLanguage(t *testing.T) {
	ctx := chromium(t)
	enter(t, ctx, "officer")
	paths := []string{"/", "/findings", "/schedules", "/imports/new", "/rulebook/try"}
	choose := func(name, value string) {
		t.Helper()
		button := `form.field[action="/` + name + `"] button[name="` + name + `"][value="` + value + `"]`
		do(t, ctx, "choose "+value,
			chromedp.Navigate(page("/profile")),
			chromedp.Click(button, chromedp.ByQuery),
			chromedp.WaitVisible(button+`.btn-primary`, chromedp.ByQuery)) // the page that comes back shows what was chosen
	}
	choose("theme", "dark")
	for _, path := range paths {
		look(t, ctx, "dark", path)
	}
	choose("theme", "auto")
	choose("language", "en")
	for _, path := range paths {
		look(t, ctx, "english", path)
	}
	choose("language", "zh-CN")
}
