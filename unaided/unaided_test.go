package unaided_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"xiaobao/casework"
	"xiaobao/rulebook"
	"xiaobao/screening"
	"xiaobao/unaided"
)

func reader(t testing.TB) *unaided.Reader {
	t.Helper()
	book, err := rulebook.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := screening.Compile(book)
	if err != nil {
		t.Fatal(err)
	}
	return unaided.New(book, engine)
}

func TestClassifySortsComplaintsByTheirWords(t *testing.T) {
	t.Parallel()
	r := reader(t)
	for text, want := range map[string][3]string{
		"我的借款逾期三天，外包催收公司一天打十几个电话，还打到我单位前台":  {"", "B13.2", "C12"},
		"在你们App上借款，放款后才发现每月扣会员费，没人告诉我，要求退费": {"A1.3.3", "B02", "C05"},
		"网点大堂经理推荐的理财，说稳赚，现在亏损了两万":           {"A1.1", "B05", "C08"},
		"信用卡被盗刷八千，不是我操作":                    {"", "B03.5", "C10"},
		"你们查了我的征信，我没授权，擅自查询":                {"", "B10.3", "C11"},
		"今天天气很好": {"", "", ""},
	} {
		got := r.Classify(casework.Document{Text: text})
		if codes := [3]string{got.Channel.Code, got.Business.Code, got.Cause.Code}; codes != want {
			t.Errorf("%s: sorted as %v, want %v", text, codes, want)
		}
	}
}

func TestClassifyTellsFlagsAndDemands(t *testing.T) {
	t.Parallel()
	got := reader(t).Classify(casework.Document{Text: "我妈七十岁了，是个老人，被你们吓得不想活。请停止骚扰，并赔礼道歉，不然我打12378。"})
	for _, want := range []string{"flag-vulnerable", "flag-extreme", "flag-regulator"} {
		if !slices.ContainsFunc(got.Flags, func(c casework.Choice) bool { return c.Code == want }) {
			t.Errorf("flag %s is missing from %+v", want, got.Flags)
		}
	}
	for _, want := range []string{"apl-stop", "apl-apologise"} {
		if !slices.ContainsFunc(got.Wants, func(c casework.Choice) bool { return c.Code == want }) {
			t.Errorf("demand %s is missing from %+v", want, got.Wants)
		}
	}
}

func TestASuspectedLetterIsHandledLikeAnyOther(t *testing.T) {
	t.Parallel()
	got := reader(t).Classify(casework.Document{Text: "本人委托法务公司代理维权，要求停息挂账，全额退费后再付代理费，按模板投诉银保监。"})
	if got.Scripted.Code == "suspected" && !strings.Contains(got.Scripted.Reason, "不影响受理和办理时限") {
		t.Errorf("the suspicion does not say that no right is shortened: %q", got.Scripted.Reason)
	}
	if got.Scripted.Code != "suspected" {
		t.Errorf("not suspected: %+v", got.Scripted)
	}
}

func TestHearAnswerPutsTheGravestFirst(t *testing.T) {
	t.Parallel()
	r := reader(t)
	for text, want := range map[string]struct {
		codes    []string
		followup string
	}{
		"是本人办的，利息也清楚，没问题":  {[]string{"OK"}, ""},
		"这个钱我根本没借过，我要投诉你们": {[]string{"NOT_SELF", "NEW_COMPLAINT"}, "warning"},
		"失业了，这个月实在还不上":     {[]string{"HARDSHIP"}, "task"},
		"说不买保险就批不了，只好买了":   {[]string{"TIE_IN"}, "task"},
		"我没有被骗": {nil, ""},
		"压力大得活不下去了，别再打电话来了，别再打了": {[]string{"CRISIS", "STOP_CONTACT"}, "warning"},
		"说了没空，下午再打吧":             {[]string{"REFUSED", "APPOINTMENT"}, ""},
	} {
		got := r.HearAnswer(casework.Document{Text: text})
		var codes []string
		for _, o := range got.Outcomes {
			codes = append(codes, o.Code)
		}
		if !slices.Equal(codes, want.codes) || got.Followup != want.followup {
			t.Errorf("%s: heard %v then %q, want %v then %q", text, codes, got.Followup, want.codes, want.followup)
		}
	}
}

func TestReadDutiesFindsWhoMustDoWhatByWhen(t *testing.T) {
	t.Parallel()
	got := unaided.ReadDuties(casework.Document{Text: "第五条 金融机构应当自收到投诉之日起15日内作出处理决定，并留存书面记录。\n" +
		"第六条 催收人员不得骚扰无关第三人。相应情况由分行掌握。\n第七条 各机构每年至少开展一次培训，必须形成报告。"})
	want := []casework.Duty{
		{Clause: "第五条", Subject: "金融机构", Modality: "must"},
		{Clause: "第六条", Subject: "催收人员", Modality: "must_not"},
		{Clause: "第七条", Modality: "must"},
	}
	if len(got.Duties) != len(want) {
		t.Fatalf("read %d duties, want %d: %+v", len(got.Duties), len(want), got.Duties)
	}
	for i, w := range want {
		d := got.Duties[i]
		if d.Clause != w.Clause || d.Modality != w.Modality || w.Subject != "" && d.Subject != w.Subject {
			t.Errorf("duty %d is %+v, want %+v", i, d, w)
		}
	}
	if got.Duties[0].Deadline == "" || got.Duties[0].Proof == "" || got.Duties[2].Frequency == "" {
		t.Errorf("deadline, proof or frequency is missing: %+v", got.Duties)
	}
}

func TestCheckProofNeverClaimsMoreThanSharedWords(t *testing.T) {
	t.Parallel()
	got := unaided.CheckProof(casework.Document{
		Context: "1. 完成全员消保培训；2. 更新催收话术；3. 报送整改报告",
		Text:    "10月已组织全员消保培训，共120人参加。催收话术的更新正在进行，计划下月完成。",
	})
	var shown []casework.Shown
	for _, p := range got.Points {
		shown = append(shown, p.Shown)
	}
	if want := []casework.Shown{casework.Unclear, casework.No, casework.No}; !slices.Equal(shown, want) || got.Shown != casework.No {
		t.Errorf("points are %v and all of it %s, want %v and no", shown, got.Shown, want)
	}
}

func TestExplainBillAddsUp(t *testing.T) {
	t.Parallel()
	got := unaided.ExplainBill(casework.Document{Text: "本期本金1,000.00元，利息35.50元，罚息4.5元，合计1040元。"})
	if len(got.Lines) != 4 || got.Lines[2].What != "罚息" || !strings.Contains(got.Total, "一致") || strings.Contains(got.Total, "不一致") {
		t.Errorf("explained as %+v", got)
	}
	got = unaided.ExplainBill(casework.Document{Text: "本金1000元，神秘费用20元，合计1100元"})
	if !strings.Contains(got.Total, "不一致") || got.Lines[1].What != "其他款项" {
		t.Errorf("explained as %+v", got)
	}
}

func TestExplainBillSubtractsWhatWasPaid(t *testing.T) {
	t.Parallel()
	got := unaided.ExplainBill(casework.Document{Text: "上期应还 3,250.00元\n已还款 1,000.00元\n循环利息 45.32元\n逾期违约金 112.50元\n" +
		"年费 200.00元\n分期手续费 36.00元\n本期应还 2,643.82元"})
	if !strings.Contains(got.Total, "与账单合计一致") {
		t.Errorf("a bill that adds up is said to come to %q", got.Total)
	}
	if len(got.Lines) != 7 || got.Lines[0].What != "上期欠款" || got.Lines[1].What != "已还款" {
		t.Errorf("explained as %+v", got.Lines)
	}
}

func TestReadDutiesCutsNoWordInTwo(t *testing.T) {
	t.Parallel()
	got := unaided.ReadDuties(casework.Document{Text: "各机构应当于每年1月31日前向监管部门报送上一年度消费者权益保护工作报告。"})
	if len(got.Duties) != 1 || got.Duties[0].Deadline != "1月31日前" || got.Duties[0].Proof != "上一年度消费者权益保护工作报告" {
		t.Errorf("read %+v", got.Duties)
	}
}

func TestLookBackStatesOnlyWhatItWasGiven(t *testing.T) {
	t.Parallel()
	got, err := unaided.LookBack(casework.Document{Context: `[{"name":"预警准确率","value":62.5,"before":58,"target":80,"unit":"%","better":"more"}]`})
	if err != nil || len(got.Paragraphs) != 1 || len(got.Proposals) != 1 || !strings.Contains(got.Paragraphs[0], "62.5%") {
		t.Errorf("looked back with %+v, %v", got, err)
	}
	if _, err := unaided.LookBack(casework.Document{Context: "{"}); casework.KindOf(err) != casework.Invalid {
		t.Errorf("broken figures give %v", err)
	}
}

func TestSummariseKeepsDemands(t *testing.T) {
	t.Parallel()
	got := unaided.Summarise(casework.Document{Text: "您好。我在2026年3月办了一笔借款。每个月扣我199元会员费。客服说系统问题。后来也没人联系我。" +
		"我打了好几次电话。每次都说会反馈。天也很冷。我要求退还全部会员费。"})
	if !slices.ContainsFunc(got.Statements, func(s casework.Statement) bool { return s.Kind == "demand" }) || len(got.Statements) > 6 {
		t.Errorf("summarised as %+v", got)
	}
}

// answers are all answers to a text, as JSON values.
func answers(t *testing.T, r *unaided.Reader, text string) []any {
	t.Helper()
	var all []any
	for _, p := range casework.Purposes() {
		d := casework.Document{Text: text, Context: text}
		switch p {
		case casework.ToLookBack:
			d.Context = "[]"
		case casework.ToJudge:
			d.Context = ""
		}
		answer, engine, err := r.Answer(p, d)
		if err != nil || engine != casework.ByRule {
			t.Fatalf("%s: %v by %q", p, err, engine)
		}
		data, err := json.Marshal(answer)
		if err != nil {
			t.Fatal(err)
		}
		var value any
		if err := json.Unmarshal(data, &value); err != nil {
			t.Fatal(err)
		}
		all = append(all, value)
	}
	return all
}

// quotes walks a JSON value and checks every piece of evidence in it.
func quotes(t *testing.T, value any, text []rune) (n int) {
	t.Helper()
	switch v := value.(type) {
	case []any:
		for _, x := range v {
			n += quotes(t, x, text)
		}
	case map[string]any:
		if quote, ok := v["quote"].(string); ok {
			start, end := int(v["start"].(float64)), int(v["end"].(float64))
			if start < 0 || end > len(text) || start >= end || string(text[start:end]) != quote {
				t.Errorf("evidence %d–%d says %q, which does not stand there", start, end, quote)
			}
			return 1
		}
		for _, x := range v {
			n += quotes(t, x, text)
		}
	}
	return n
}

func TestEveryPurposeQuotesWhatStandsThere(t *testing.T) {
	t.Parallel()
	const text = "坐席：您的借款逾期，本金1000元，利息20元，合计1020元，再不还我们就去你单位找你领导。\n" +
		"客户：　我失业了还不上，你们ＡＰＰ也登不上！我要投诉你们，要求道歉，退还会员费。\n第三条 机构应当每年提交报告；不得隐瞒。"
	n := 0
	for _, answer := range answers(t, reader(t), text) {
		n += quotes(t, answer, []rune(text))
	}
	if n < 12 {
		t.Errorf("only %d pieces of evidence in all", n)
	}
}

func TestAnswerRefusesInWords(t *testing.T) {
	t.Parallel()
	r := reader(t)
	for name, test := range map[string]struct {
		purpose casework.Purpose
		d       casework.Document
	}{
		"no text":         {casework.ToSummarise, casework.Document{Text: " \n"}},
		"broken encoding": {casework.ToSummarise, casework.Document{Text: "\xff"}},
		"too long":        {casework.ToSummarise, casework.Document{Text: strings.Repeat("长", casework.MaxTextRunes+1)}},
		"no such purpose": {"poem", casework.Document{Text: "春"}},
		"no such channel": {casework.ToJudge, casework.Document{Text: "春", Channel: "pigeon"}},
	} {
		_, _, err := r.Answer(test.purpose, test.d)
		if casework.KindOf(err) != casework.Invalid || casework.WordsZh(err) == casework.Words(err) {
			t.Errorf("%s: %v (%s)", name, err, casework.WordsZh(err))
		}
	}
}

func FuzzAnswer(f *testing.F) {
	r := reader(f)
	f.Add("第一条 应当在15日内退费100元。\n客户：不想活了")
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range casework.Purposes() {
			answer, _, err := r.Answer(p, casework.Document{Text: text, Context: text})
			if err != nil {
				continue
			}
			data, err := json.Marshal(answer)
			if err != nil {
				t.Fatal(err)
			}
			var value any
			if err := json.Unmarshal(data, &value); err != nil {
				t.Fatal(err)
			}
			quotes(t, value, []rune(text))
		}
	})
}
