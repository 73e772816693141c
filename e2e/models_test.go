package e2e_test

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"xiaobao/casework"
)

// judgedWithin is how long an inspection of a month may take on a loaded
// machine with the race detector on, if no model keeps it waiting.
const judgedWithin = 3 * time.Minute

// TestModels goes through what models have to do with the work of officers:
// without any, with one, with one that fails, and with a worker that is killed
// while it asks. The order matters, since what was asked before stays on file.
func TestModels(t *testing.T) {
	fake := newEndpoint(t)
	months := []month{withoutModel, withModel, drowning, wrongKey, wrongModel, noMoney, garbled, switchedOff, spent, calm, disturbed}
	take(t, the.as(t, "officer"), months...)
	t.Cleanup(func() { the.settings = nil })
	t.Run("without an endpoint", testWithoutEndpoint)
	t.Run("with an endpoint", func(t *testing.T) { testWithEndpoint(t, fake) })
	t.Run("with an endpoint that fails", func(t *testing.T) { testFaults(t, fake) })
	t.Run("killed while a model is asked", func(t *testing.T) { testKilledWhileAsking(t, fake) })
	the.set(t)
}

var withoutModel = month{no: 1, all: 40, doubtful: 6, ruled: 4}

// testWithoutEndpoint sees everything work without a model, and say so.
func testWithoutEndpoint(t *testing.T) {
	officer := the.as(t, "officer")
	whole := start(officer, "没有大模型的自查", "--items", "I-030,I-049,I-060")
	i := opened(officer, withoutModel.begin(officer, "没有大模型的月份").ID, judgedWithin)

	ctx := chromium(t)
	enter(t, ctx, "officer")
	reads(t, ctx, "models-none", "/models", "没有配置", "还没有调用过大模型", "char@1#")
	reads(t, ctx, "calls-none", "/models/calls", "还没有调用过大模型")
	reads(t, ctx, "evaluations-none", "/evaluations", "还没有评测记录")
	for _, id := range []string{whole.ID, i.ID} {
		counts := card(t, ctx, id)
		if counts["规则判定"] == 0 || counts["拿不准"] == 0 || counts["转人工判断"] == 0 {
			t.Errorf("%s: the card says %v", id, counts)
		}
		if _, asked := counts["问过大模型"]; asked {
			t.Errorf("%s: the card speaks of a model: %v", id, counts)
		}
		reads(t, ctx, "inspection-without", "/inspections/"+id, "结论来源", "没有使用大模型", "char@1#")
	}
	own := card(t, ctx, i.ID)
	if own["规则判定"] != withoutModel.ruled || own["拿不准"] != withoutModel.doubtful || own["转人工判断"]+own["可能性低，未再判断"] != withoutModel.doubtful {
		t.Errorf("of %+v the card says %v", withoutModel, own)
	}
	seeFinding(t, ctx, "local", by(t, officer, i.ID, casework.ByLocal), "本地模型", "char@1#")

	consultEach(t, officer, func(t *testing.T, c casework.Consultation) {
		if c.Status != casework.ConsultationAnswered || c.Engine == casework.ByLLM || c.Engine == "" || c.Trouble != casework.TroubleNone || len(c.Answer) == 0 {
			t.Errorf("answered %+v", c)
		}
	})
	consultInBrowser(t, ctx, "consultation-without", "坐席：再不还我就叫人去你家坐着，让你在村里抬不起头。", "没有配置大模型", "规则")
	evaluate(t, ctx, officer, "rules", 40, "由规则评测的样例")
}

// reads visits a page at both widths and wants words on it.
func reads(t *testing.T, ctx context.Context, name, path string, words ...string) {
	t.Helper()
	look(t, ctx, name, path)
	said := text(t, ctx, path)
	for _, word := range words {
		if !strings.Contains(said, word) {
			t.Errorf("%s does not say %q; it says:\n%s", path, word, said)
		}
	}
	for _, code := range []string{"model_", "inspection.judg", "%!"} {
		if strings.Contains(said, code) {
			t.Errorf("%s says %q, which is no word for people:\n%s", path, code, said)
		}
	}
}

// text is what a page says.
func text(t *testing.T, ctx context.Context, path string) string {
	t.Helper()
	var said string
	do(t, ctx, "read "+path,
		emulation.SetDeviceMetricsOverride(1440, 1000, 1, false),
		chromedp.Navigate(page(path)), chromedp.WaitVisible("main", chromedp.ByQuery), chromedp.Text("main", &said, chromedp.ByQuery))
	return said
}

// card is what an inspection's page counts of each engine.
func card(t *testing.T, ctx context.Context, inspection string) map[string]int {
	t.Helper()
	counts := map[string]int{}
	do(t, ctx, "read the card of "+inspection,
		chromedp.Navigate(page("/inspections/"+inspection)), chromedp.WaitVisible(`[aria-labelledby="cascade"] dl.stats`, chromedp.ByQuery),
		chromedp.Evaluate(`Object.fromEntries([...document.querySelectorAll('[aria-labelledby="cascade"] dl.stats > div')].map(
			d => [d.querySelector('dt').textContent.trim(), parseInt(d.querySelector('dd').textContent.replaceAll(',', ''))]))`, &counts))
	return counts
}

// by gives a finding of an engine, of which there must be one.
func by(t *testing.T, p person, inspection string, engine casework.Engine) casework.Finding {
	t.Helper()
	for _, f := range findings(p, inspection, "candidate") {
		if f.Engine == engine {
			return f
		}
	}
	t.Fatalf("inspection %s has no finding by %s", inspection, engine)
	return casework.Finding{}
}

// seeFinding visits a finding and its touchpoint, which show what concluded
// and mark the words it rests on.
func seeFinding(t *testing.T, ctx context.Context, name string, f casework.Finding, engine, version string) {
	t.Helper()
	if len(f.Evidence) == 0 || f.Evidence[0].Quote == "" || f.Certainty <= 0 || !strings.HasPrefix(f.Version, version) {
		t.Errorf("finding by %s: %+v", f.Engine, f)
	}
	reads(t, ctx, "finding-"+name, "/findings/"+f.ID, engine, version)
	var marked string
	do(t, ctx, "read what is marked", chromedp.Text("mark", &marked, chromedp.ByQuery))
	if !strings.Contains(f.Evidence[0].Quote, strings.TrimSpace(marked)) || strings.TrimSpace(marked) == "" {
		t.Errorf("marked is %q, the evidence %q", marked, f.Evidence[0].Quote)
	}
	reads(t, ctx, "touchpoint-"+name, "/touchpoints/"+f.Touchpoint, engine, "检查中发现的问题")
}

// documents are one for each purpose, with what is asked about it.
var documents = map[casework.Purpose]struct{ text, context string }{
	casework.ToJudge:       {"坐席：行，那我过两天再给您打。\n客户：都说了不要。", ""},
	casework.ToReview:      {"人人可批，利息低至一杯奶茶，本金一分不少。", ""},
	casework.ToClassify:    {"我投诉催收人员态度恶劣，还给我单位打电话，要求停止并道歉。", ""},
	casework.ToHearAnswer:  {"坐席：合同里写的费用您清楚吗？\n客户：写得明明白白，没问题。", ""},
	casework.ToCheckProof:  {"本季度已对全体催收人员完成合规培训，签到表见附件。", "对全体催收人员完成合规培训"},
	casework.ToReadDuties:  {"金融机构应当在十五日内答复投诉。金融机构不得强制搭售。", ""},
	casework.ToSummarise:   {"客户：我上月投诉多扣费用，至今没有答复。\n坐席：已登记，将在五日内回复您。", ""},
	casework.ToExplainBill: {"账单：本金1000.00元，利息12.50元，合计1012.50元。", ""},
	casework.ToLookBack:    {"", `[{"name":"投诉量","value":12,"before":20,"unit":"件"}]`},
}

// consultEach consults for each purpose by command line, all at once.
func consultEach(t *testing.T, officer person, check func(t *testing.T, c casework.Consultation)) {
	t.Helper()
	t.Run("consult", func(t *testing.T) {
		for _, purpose := range casework.Purposes() {
			document, ok := documents[purpose]
			if !ok {
				t.Fatalf("there is no document for %s", purpose)
			}
			t.Run(string(purpose), func(t *testing.T) {
				t.Parallel()
				p := person{officer.system, t, officer.token}
				args := []string{"consult", string(purpose), written(t, "document.txt", document.text)}
				if document.context != "" {
					args = append(args, "--context", written(t, "context.txt", document.context))
				}
				if purpose == casework.ToJudge {
					args = append(args, "--channel", string(casework.TelemarketingCall))
				}
				var c casework.Consultation
				p.ask(&c, args...)
				check(t, c)
			})
		}
	})
}

// consultInBrowser asks about a call on the page and reads the answer there.
func consultInBrowser(t *testing.T, ctx context.Context, name, document string, words ...string) {
	t.Helper()
	reads(t, ctx, name+"-ask", "/consult", "辅助研判", "研判用途")
	var here string
	do(t, ctx, "consult on the page",
		emulation.SetDeviceMetricsOverride(1440, 1000, 1, false),
		chromedp.Navigate(page("/consult")),
		chromedp.SetValue("#purpose", string(casework.ToJudge), chromedp.ByQuery),
		chromedp.SetValue("#channel", string(casework.TelemarketingCall), chromedp.ByQuery),
		chromedp.SetValue("#text", document, chromedp.ByQuery),
		chromedp.Click(`form[action="/consult"] button.btn-primary`, chromedp.ByQuery),
		chromedp.WaitVisible(`[aria-labelledby="stages"]`, chromedp.ByQuery),
		chromedp.Location(&here))
	var sent string
	do(t, ctx, "read what is sent", chromedp.Text(`[aria-labelledby="stages"] .quote`, &sent, chromedp.ByQuery))
	if strings.Count(strings.TrimSpace(sent), "\n") != strings.Count(document, "\n") {
		t.Errorf("of %q is sent:\n%s", document, sent)
	}
	reads(t, ctx, name, here[strings.Index(here, "/consultations/"):], words...)
}

// evaluate measures an engine on a few lines, files that, and finds it on its
// page.
func evaluate(t *testing.T, ctx context.Context, officer person, engine string, texts int, name string, words ...string) {
	t.Helper()
	data, err := os.Open(filepath.Join("..", "testdata", "eval", "screen_dev.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = data.Close() }() // only read
	var some strings.Builder
	lines := bufio.NewScanner(data)
	for n := 0; n < texts && lines.Scan(); n++ {
		some.WriteString(lines.Text() + "\n")
	}
	out := filepath.Join(t.TempDir(), "report.json")
	officer.run("eval", "--task", "screen", "--engine", engine, "--out", out, written(t, "some.jsonl", some.String()))
	var filed struct{ ID string }
	if err := json.Unmarshal([]byte(officer.run("eval", "save", out, "--name", name, "--json")), &filed); err != nil || filed.ID == "" {
		t.Fatalf("eval save: %v", err)
	}
	reads(t, ctx, "evaluations-"+engine, "/evaluations", name)
	reads(t, ctx, "evaluation-"+engine, "/evaluations/"+filed.ID, append([]string{name, strconv.Itoa(texts)}, words...)...)
}
