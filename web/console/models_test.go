package console_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"xiaobao/casework"
)

func TestModelsAreSwitchedOffWithAReason(t *testing.T) {
	t.Parallel()
	officer, reviewer := open(t, "officer"), open(t, "reviewer")
	page := officer.get("/models")
	page.has(t, "qwen-plus", "使用中", "联系复核主管")
	page.lacks(t, `value="off"`)
	if a := officer.post("/models/all/switch", url.Values{"to": {"off"}, "reason": {"试试"}}); a.status != http.StatusForbidden {
		t.Errorf("an officer switches models off: %d", a.status)
	}
	reviewer.post("/models/all/switch", url.Values{"to": {"off"}}).has(t, "请填写原因")
	reviewer.post("/models/all/switch", url.Values{"to": {"off"}, "reason": {"供应商通报数据事件"}})
	reviewer.get("/models").has(t, "已停用", "供应商通报数据事件", "拿不准的交人工")
	reviewer.post("/models/all/switch", url.Values{"to": {"on"}, "reason": {"已核实无影响"}})
	reviewer.get("/models").has(t, "已恢复使用", "已核实无影响")
}

func TestCallsSayHowTheyWentAndNoWords(t *testing.T) {
	t.Parallel()
	b := open(t, "auditor")
	b.post("/language", url.Values{"language": {"zh-CN"}})
	b.get("/models/calls").has(t, "模型服务没有响应", "2 条有出处，共提出 2 条", "原文有指挥审核系统的文字", "取自缓存", "0.00042")
	failed := b.get("/models/calls?failed=1")
	failed.has(t, "模型服务没有响应")
	failed.lacks(t, "0.00042")
}

func TestAnInspectionShowsWhatDecided(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	b.get("/inspections/i-7f3a").has(t, "结论来源", "engine=local", "模型服务没有响应（1 条）", "char@1#5e6f7a8b")
	b.get("/inspections/i-02b9").lacks(t, "结论来源")
	b.desk.WithoutModel("i-7f3a")
	alone := b.get("/inspections/i-7f3a")
	alone.has(t, "没有使用大模型")
	alone.lacks(t, "大模型未能判断的", "没有配置大模型")
}

func TestAConsultationIsReadAndShown(t *testing.T) {
	t.Parallel()
	for purpose, test := range map[casework.Purpose]struct {
		text, context string
		has           []string
	}{
		casework.ToJudge:       {"坐席：这款产品保本保息，您放心买\n客户：我手机13812345678", "", []string{"存在", "<mark", "规则判定", "没有配置大模型", "逐级查看", "〔手机1〕", "拿不准"}},
		casework.ToReview:      {"本产品保本保息", "", []string{"研判结论"}},
		casework.ToClassify:    {"催收打到我单位", "", []string{"不能确定", "未见迹象"}},
		casework.ToHearAnswer:  {"我要投诉你们", "", []string{"研判结论"}},
		casework.ToCheckProof:  {"已组织全员消保培训", "完成全员消保培训\n提交报告", []string{"不确定", "不存在", "全部要求"}},
		casework.ToReadDuties:  {"第五条 机构应当每年报告。", "", []string{"第五条", "应当", "责任主体：机构", "频率：每年"}},
		casework.ToSummarise:   {"我要求退费。客服一直没人回。", "", []string{"诉求"}},
		casework.ToExplainBill: {"本金100元，利息2元，合计102元", "", []string{"本金", "与账单合计一致"}},
		casework.ToLookBack:    {"", `[{"name":"预警准确率","value":60,"unit":"%","target":80,"better":"more"}]`, []string{"60%", "改进建议"}},
	} {
		t.Run(string(purpose), func(t *testing.T) {
			t.Parallel()
			b := open(t, "officer")
			form := url.Values{"request_id": {"r1"}, "purpose": {string(purpose)}, "channel": {"telemarketing_call"}, "text": {test.text}, "context": {test.context}}
			b.post("/consult", form)
			b.get("/consultations/k-r1") // still being read
			a := b.get("/consultations/k-r1")
			if a.status != http.StatusOK || strings.Contains(a.body, "13812345678") {
				t.Fatalf("answers %d, or shows personal data", a.status)
			}
			a.has(t, test.has...)
			a.lacks(t, "⟦")
		})
	}
}

func TestAConsultationThatIsStillReadWaits(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	b.post("/consult", url.Values{"request_id": {"r2"}, "purpose": {"summary"}, "text": {"客户13812345678要求退费。"}})
	b.get("/consultations/k-r2").has(t, "正在研判", `hx-get="/consultations/k-r2/progress"`)
	b.get("/consultations/k-r2").lacks(t, "13812345678")
	b.post("/consultations/k-r2/reveal", url.Values{}).has(t, "13812345678")
	b.post("/consult", url.Values{"purpose": {"summary"}, "text": {" "}}).has(t, "请先粘贴一段文字")
	b.post("/consult", url.Values{"purpose": {"poem"}, "text": {"春"}}).has(t, "请选择用途")
	b.post("/consult", url.Values{"request_id": {"r3"}, "purpose": {"retrospect"}, "context": {"投诉量很多"}}).has(t, "有一行不是指标")
	b.post("/consult", url.Values{"request_id": {"r3"}, "purpose": {"retrospect"}, "text": {"三季度投诉 412 件"}}).has(t, "请填写期间指标")
	if a := open(t, "business").get("/consult"); a.status != http.StatusForbidden {
		t.Errorf("business opens it: %d", a.status)
	}
}

func TestAPeriodsFiguresAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	b.post("/consult", url.Values{"request_id": {"r4"}, "purpose": {"retrospect"}, "context": {"投诉量：1,412 件，上期 374，目标 400，越低越好\r\n按期办结率: 98.5%\r\n"}})
	b.get("/consultations/k-r4")
	b.get("/consultations/k-r4").has(t, "投诉量为 1412件，上期为 374件，有所上升；目标为 400件", "按期办结率为 98.5%", "“投诉量”未达到目标")
}

func TestPapersAreNotShownAsTalk(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	b.post("/consult", url.Values{"request_id": {"r5"}, "purpose": {"obligations"}, "text": {"第一条 机构应当每年报告。\r\n第二条 不得骚扰客户。"}})
	b.get("/consultations/k-r5")
	a := b.get("/consultations/k-r5")
	a.has(t, `class="as-written"`, "<mark", "第二条")
	a.lacks(t, `class="talk"`, "say-")
}

func TestACallbackThatNothingIsRecognisedInIsUncertain(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	b.post("/consult", url.Values{"request_id": {"r6"}, "purpose": {"answer"}, "text": {"嗯。"}})
	b.get("/consultations/k-r6")
	a := b.get("/consultations/k-r6")
	a.has(t, "不能确定")
	a.lacks(t, "没有发现需要提示的内容")
}

func TestAReportTellsWhichEnginesDecided(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	b.get("/inspections/i-7f3a/report").has(t, "结论来源", "char@1#5e6f7a8b", "规则判定")
	b.get("/inspections/i-02b9/report").has(t, "全部由规则和人工判定，没有使用模型")
}

func TestAnEvaluationByTheSimulatedModelSaysSo(t *testing.T) {
	t.Parallel()
	open(t, "officer").get("/evaluations/e-1").has(t, "模拟模型", "筛查留出集", "加入指挥文字后结论改变", "逐级判定")
}
