package e2e_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"xiaobao/casework"
)

// Months of the faults: in each, the model is to be asked about all that is
// undecided.
var (
	drowning    = month{no: 3, all: 40, doubtful: 8}
	wrongKey    = month{no: 4, all: 40, doubtful: 8}
	wrongModel  = month{no: 5, all: 40, doubtful: 8}
	noMoney     = month{no: 6, all: 40, doubtful: 8}
	garbled     = month{no: 7, all: 40, doubtful: 8}
	switchedOff = month{no: 8, all: 40, doubtful: 8}
	spent       = month{no: 9, all: 40, doubtful: 8}
)

// testFaults has the model fail in every way that an office meets. Each time
// the inspection gets to officers soon, tells them why, and loses nothing.
func testFaults(t *testing.T, fake *endpoint) {
	officer := the.as(t, "officer")
	the.set(t, fake.settings("XIAOBAO_LLM_SHARE=0.2", "XIAOBAO_LLM_PATIENCE=1m", "XIAOBAO_LLM_TIMEOUT=2s")...)
	ctx := chromium(t)
	enter(t, ctx, "officer")

	for _, c := range []struct {
		name  string
		month month
		args  []string // of the endpoint
		most  int      // requests
		says  string
		each  bool // it is the trouble of each text, and not of the model
	}{
		{"wrong key", wrongKey, []string{"--key", "sk-another"}, 4, "模型服务拒绝请求，请检查配置", false},
		{"unknown model", wrongModel, []string{"--model", "another"}, 4, "模型服务拒绝请求，请检查配置", false},
		{"account without money", noMoney, []string{"--fault", strings.Repeat("balance,quota,", 20)}, 4, "模型账户余额不足", false},
		{"answers that are none", garbled, []string{"--fault", strings.Repeat("nested_answer,finish_length,", 20)}, 2 * 8, "模型回答不合要求", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			fake.start(t, c.args...)
			p := person{officer.system, t, officer.token}
			i := opened(p, c.month.begin(p, c.name).ID, judgedWithin)
			sawTrouble(t, ctx, p, i, c.month, 0, c.says, c.each)
			if asked := len(fake.journal(t)); asked == 0 || asked > c.most {
				t.Errorf("the endpoint was asked %d times, want at most %d", asked, c.most)
			}
		})
	}
	t.Run("nothing listens, then nothing ends", func(t *testing.T) {
		awayForAWhile(t, ctx, person{officer.system, t, officer.token}, fake)
	})
	t.Run("stopped by people and by money", func(t *testing.T) {
		stopped(t, ctx, person{officer.system, t, officer.token}, fake)
	})
}

// awayForAWhile orders an inspection while nothing listens at the endpoint,
// brings it up to answer without end, without a body and in a hundred
// megabytes, and sees patience run out.
func awayForAWhile(t *testing.T, ctx context.Context, officer person, fake *endpoint) {
	t.Helper()
	fake.stop(t)
	began := time.Now()
	i := drowning.begin(officer, "服务中断的月份")
	until(t, "the judging", judgedWithin, func() bool {
		return strings.Contains(text(t, ctx, "/inspections/"+i.ID), "判断规则未能定论的触点")
	})
	var c casework.Consultation
	officer.ask(&c, "consult", string(casework.ToJudge), written(t, "call.txt", "坐席：行，那我过两天再给您打。\n客户：断断续续的，听不清。"), "--channel", string(casework.TelemarketingCall))
	if c.Engine == casework.ByLLM || c.Status != casework.ConsultationAnswered || c.Trouble != casework.TroubleAway {
		t.Errorf("while nothing listens a consultation comes to %+v", c)
	}
	fake.start(t, "--fault", strings.Repeat("huge,no_body,endless,half_body,gzip_bomb,no_headers,", 20))
	i = opened(officer, i.ID, judgedWithin)
	if took := time.Since(began); took < 30*time.Second { // a next attempt past the patience is not waited for
		t.Errorf("a model that may come back was given up after %v", took)
	}
	sawTrouble(t, ctx, officer, i, drowning, 0, "模型服务没有响应", false)
	journal := fake.journal(t)
	if len(journal) == 0 || len(journal) > 40 {
		t.Errorf("the endpoint was asked %d times within a minute", len(journal))
	}
	for _, r := range journal {
		if r.Sent > 64<<20 {
			t.Errorf("%d MiB of an answer without end were taken", r.Sent>>20)
		}
	}
}

// stopped has a reviewer turn the model off in the middle of an inspection,
// and the budget of the day run out in the middle of another.
func stopped(t *testing.T, ctx context.Context, officer person, fake *endpoint) {
	t.Helper()
	fake.start(t)
	used := modelsOf(officer).Today.Tokens
	the.set(t, fake.settings("XIAOBAO_LLM_SHARE=0.2", "XIAOBAO_LLM_PATIENCE=2m", "XIAOBAO_LLM_RATE=1",
		fmt.Sprintf("XIAOBAO_LLM_DAILY_TOKENS=%d", used+26_000))...) // for all of the first month, but not for both
	reviewer := the.as(t, "reviewer")
	off := switchedOff.begin(officer, "中途停用的月份")
	until(t, "the first answers", judgedWithin, func() bool { return len(fake.journal(t)) >= 2 })
	reviewer.run("llm", "off", "primary", "--why", "the provider reports wrong answers")
	off = opened(officer, off.ID, judgedWithin)
	answered := len(fake.journal(t))
	sawTrouble(t, ctx, officer, off, switchedOff, answered, "大模型已停用", false)
	reads(t, ctx, "models-off", "/models", "已停用", "the provider reports wrong answers")
	officer.refused(5, "llm", "on", "primary", "--why", "not mine to turn on")
	reviewer.run("llm", "on", "primary", "--why", "mended")
	if now := len(fake.journal(t)); now != answered || answered >= switchedOff.doubtful {
		t.Errorf("turned off in the middle, the model was asked %d times, then %d", answered, now)
	}

	poor := opened(officer, spent.begin(officer, "预算用完的月份").ID, judgedWithin)
	further := len(fake.journal(t)) - answered
	if further == 0 || further >= spent.doubtful {
		t.Errorf("the budget of the day was enough for %d calls", further)
	}
	sawTrouble(t, ctx, officer, poor, spent, further, "今日预算已用完", false)
	reads(t, ctx, "models-spent", "/models", "今日用量")
}

// sawTrouble sees an inspection tell in words why models did not decide, and
// every undecided touchpoint come to an end: by the model, by people, or
// counted as too unlikely.
func sawTrouble(t *testing.T, ctx context.Context, p person, i casework.Inspection, m month, asked int, says string, each bool) {
	t.Helper()
	counts := card(t, ctx, i.ID)
	decided := counts["大模型认为存在"] + counts["大模型认为不存在"]
	if counts["拿不准"] != m.doubtful || decided+counts["转人工判断"]+counts["可能性低，未再判断"] != m.doubtful || decided > asked { // what is disputed was asked about and is left to people
		t.Errorf("of %+v, with %d answers, the card says %v", m, asked, counts)
	}
	said := text(t, ctx, "/inspections/"+i.ID)
	above, timeline, _ := strings.Cut(said, "办理过程")
	if !strings.Contains(above, says) || strings.Contains(timeline, says) == each || strings.Contains(said, "model_") {
		t.Errorf("the page does not say %q in its card or its timeline:\n%s", says, said)
	}
	var local []string
	for _, f := range findings(p, i.ID, "candidate") {
		if f.Engine == casework.ByLocal {
			local = append(local, f.Touchpoint)
		}
	}
	slices.Sort(local)
	if len(slices.Compact(local)) != counts["转人工判断"] {
		t.Errorf("%d touchpoints were left to people, who find %v", counts["转人工判断"], local)
	}
}
