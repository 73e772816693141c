package console_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestARefusedInspectionKeepsItsEntriesAndSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	a := b.post("/inspections", url.Values{
		"name": {""}, "checklist": {"annual"}, "whole": {"no"}, "period": {"custom"}, "from": {"2026-12-01"}, "to": {"2026-11-01"},
		"channel": {"collection_call"}, "coverage": {"sample"}, "sample": {"77"}, "seed": {"x"}, "days": {"0"}, "request_id": {"KEEP"},
	})
	if a.status != http.StatusUnprocessableEntity {
		t.Fatalf("answers %d", a.status)
	}
	a.has(t, "请填写检查名称", "请至少选择一个检查条目", "认定期限请填写 1 到 180 天", "请填写 0 或更大的整数",
		`value="2026-12-01"`, `value="77"`, `value="collection_call" checked`, `name="request_id" value="KEEP"`, `aria-describedby="name-error"`)
	b.post("/inspections", url.Values{"name": {"x"}, "checklist": {"annual"}, "whole": {"yes"}, "period": {"custom"}, "from": {"2026-12-01"}, "to": {"2026-11-01"}, "days": {"5"}}).
		has(t, "检查期间的结束日期早于开始日期")
}

func TestSendingAnInspectionTwiceStartsOne(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	form := url.Values{"name": {"十月"}, "checklist": {"annual"}, "whole": {"yes"}, "period": {"last_month"}, "days": {"5"}, "request_id": {"R1"}}
	first, second := b.post("/inspections", form), b.post("/inspections", form)
	if first.status != http.StatusSeeOther || first.location() != second.location() {
		t.Errorf("went to %q, then to %q", first.location(), second.location())
	}
	b.get(first.location()).has(t, "十月", "已开始")
	if n := b.desk.Audited("inspection.start"); n != 2 { // one is in the sample
		t.Errorf("the trail has %d starts", n)
	}
}

func TestThePreviewCountsAsAPartAndAsAPage(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	form := url.Values{"period": {"last_month"}, "channel": {"collection_call"}, "step": {"preview"}, "name": {"还在填"}}
	b.post("/inspections", form).has(t, "条触点在范围内", `value="还在填"`, "<html")
	r, err := http.NewRequest(http.MethodPost, b.base+"/inspections/preview", strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("HX-Request", "true")
	a := b.do(r)
	a.has(t, "条触点在范围内")
	a.lacks(t, "<html")
}

func TestAFindingIsDecidedOnceAndTheNextIsShown(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	id := b.candidate()
	form := url.Values{"inspection": {"i-7f3a"}, "verdict": {"confirm"}, "request_id": {"D1"}}
	first := b.post("/findings/"+id+"/decide", form)
	b.post("/findings/"+id+"/decide", form)
	if b.desk.Decisions != 1 {
		t.Errorf("%d decisions", b.desk.Decisions)
	}
	if !strings.HasPrefix(first.location(), "/findings/f-") || strings.Contains(first.location(), id) {
		t.Errorf("went to %q", first.location())
	}
	b.get("/findings/"+id).has(t, "已确认", "李晓雯")
}

func TestADecisionIsCorrectedWhileTheInspectionIsAdjudicated(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	id := b.candidate()
	b.get("/findings/"+id).lacks(t, "改正认定", `name="overrule"`)
	b.post("/findings/"+id+"/decide", url.Values{"inspection": {"i-7f3a"}, "verdict": {"confirm"}, "request_id": {"O1"}})
	b.get("/findings/"+id).has(t, "已确认", "改正认定", `name="overrule" value="1"`, `value="dismiss"`)

	form := url.Values{"inspection": {"i-7f3a"}, "verdict": {"dismiss"}, "request_id": {"O2"}, "overrule": {"1"}}
	b.post("/findings/"+id+"/decide", form).has(t, "改正认定", `id="reason-error"`) // why is missing
	form.Set("reason", "false_hit")
	if a := b.post("/findings/"+id+"/decide", form); a.location() != "/findings/"+id {
		t.Errorf("went to %q", a.location())
	}
	b.get("/findings/"+id).has(t, "已排除", "误报")
	open(t, "business").get("/findings/"+id).lacks(t, "改正认定")
}

func TestADismissalNeedsAReason(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	id := b.candidate()
	a := b.post("/findings/"+id+"/decide", url.Values{"inspection": {"i-7f3a"}, "verdict": {"dismiss"}, "note": {"听过录音了"}, "request_id": {"D2"}})
	if a.status != http.StatusUnprocessableEntity {
		t.Errorf("answers %d", a.status)
	}
	a.has(t, "排除问题需要选择理由", "听过录音了", `name="request_id" value="D2"`)
}

func TestFindingsAreDecidedTogetherAndRefusalsAreTold(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	list := "inspection=i-7f3a&status=candidate"
	id := b.candidate()
	form := url.Values{"finding": {"i-7f3a " + id}, "verdict": {"dismiss"}, "reason": {"false_hit"}, "request_id": {"B1"}, "query": {list}}
	if a := b.post("/findings/decide", form); a.status != http.StatusSeeOther || !strings.Contains(a.location(), "status=candidate") {
		t.Fatalf("answers %d to %q", a.status, a.location())
	}
	b.get("/findings?"+list).has(t, "已认定 1 条")
	form.Set("request_id", "B2")
	b.post("/findings/decide", form)
	b.get("/findings?"+list).has(t, "1 条已由李晓雯认定")
	b.post("/findings/decide", url.Values{"verdict": {"confirm"}, "query": {list}}).has(t, "请至少选择一条问题")
}

func TestReturningAReportNeedsWords(t *testing.T) {
	t.Parallel()
	b := open(t, "reviewer")
	b.post("/inspections/i-5d02/confirm", url.Values{"accept": {"no"}}).has(t, "退回时请写明需要补正的内容")
	if a := b.post("/inspections/i-5d02/confirm", url.Values{"accept": {"no"}, "note": {"补充录音编号"}}); a.status != http.StatusSeeOther {
		t.Errorf("answers %d", a.status)
	}
	b.get("/inspections/i-5d02").has(t, "补充录音编号", "已退回")
}

func TestAnAnswerThatFailsNeedsWords(t *testing.T) {
	t.Parallel()
	b := open(t, "business")
	b.post("/questions/q-1", url.Values{"outcome": {"failed"}}).has(t, "不符合或不适用时请填写说明", `value="failed" checked`)
	b.post("/questions/q-1", url.Values{"outcome": {"passed"}, "note": {"见会议纪要 7 号"}})
	b.get("/questions/q-1").has(t, "见会议纪要 7 号", "王海燕")
}

func TestAFileIsCheckedBeforeItIsTakenIn(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	upload := func(content string) answer {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		_ = form.WriteField("kind", "touchpoints")
		part, err := form.CreateFormFile("file", "../../etc/十一月.csv")
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write([]byte(content))
		_ = form.Close()
		r, err := http.NewRequest(http.MethodPost, b.base+"/imports", &body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", form.FormDataContentType())
		return b.do(r)
	}
	upload("").has(t, "文件不能为空")
	a := upload("id,channel,等级\nt1,complaint,高\n")
	b.get(a.location()).has(t, "十一月.csv", "正式导入", "尚未写入", "可导入", "前 1 行预览", "complaint", "不会导入：等级", "文件中没有", `href="/imports/touchpoints/template"`)
	b.post("/imports/m-3/run", url.Values{}).has(t, "有 2 行有误")
	taken := b.post("/imports/m-3/run", url.Values{"skip_invalid": {"yes"}})
	b.get(taken.location()).has(t, "查看导入的触点")
	b.get("/imports/m-3").has(t, "文件不在服务器上", "重新选择文件")
	b.get("/imports/m-3").lacks(t, "正式导入", "行预览")
}

func TestProblemsOfAFileAreToldByItsColumnsAndOurFields(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	b.get("/imports/m-3").has(t, `occurred_at<small class="muted d-block">发生时间</small>`, "occurred_at（发生时间） 不是有效的日期时间", "不导入")
	b.get("/imports/m-3/problems?format=csv").has(t, "字段", ",occurred_at,发生时间,")
}

func TestATemplateOfEachKindIsThereForExcel(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	b.get("/imports/new").has(t, "各类数据的列与模板", "发生时间", "拒绝营销时间", "上级机构编号", "必填")
	for kind, field := range map[string]string{"touchpoints": "发生时间", "customers": "客户编号", "staff": "岗位", "orgs": "机构类型"} {
		a := b.get("/imports/" + kind + "/template")
		if a.status != http.StatusOK || !strings.HasPrefix(a.body, "\ufeff") || !strings.Contains(a.header.Get("Content-Disposition"), "utf-8''") {
			t.Errorf("%s: %d %q %v", kind, a.status, a.body, a.header)
		}
		a.has(t, field)
	}
	if a := b.get("/imports/pigeons/template"); a.status != http.StatusNotFound {
		t.Errorf("answers %d", a.status)
	}
}

func TestUsersAreAddedAndBadEntriesAreKept(t *testing.T) {
	t.Parallel()
	b := open(t, "admin")
	a := b.post("/users", url.Values{"login": {"officer"}, "name": {"张三"}, "role": {"officer"}, "org": {"sh"}, "password": {"long enough pass"}})
	a.has(t, "登录名已被使用", `value="张三"`)
	a.lacks(t, "long enough pass")
	b.post("/users", url.Values{"login": {"new"}, "name": {"张三"}, "role": {"officer"}, "org": {"sh"}, "password": {"short"}}).has(t, "密码至少 10 个字符")
	b.post("/users", url.Values{"login": {"new"}, "name": {"张三"}, "role": {"officer"}, "org": {"sh"}, "password": {"long enough pass"}})
	b.get("/users").has(t, "张三")
	b.post("/users/u-li/password", url.Values{"new_password": {"x"}}).has(t, "密码至少 10 个字符")
}

func TestSchedulesAreAddedPausedAndDeleted(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	b.post("/schedules", url.Values{"name": {""}, "every": {"never"}, "window": {"previous_week"}, "hour": {"26"}}).has(t, "请填写计划名称", "请填写 0 到 23 点", "请选择频率")
	wish := url.Values{"name": {"每周抽查"}, "checklist": {"annual"}, "every": {"week"}, "window": {"previous_week"}, "hour": {"5"}, "request_id": {"R1"}}
	b.post("/schedules", wish)
	b.post("/schedules", wish) // sent twice, filed once
	if n := strings.Count(b.get("/schedules").body, "<b>每周抽查</b>"); n != 1 {
		t.Errorf("listed %d times", n)
	}
	b.get("/schedules").has(t, "每周抽查", "每周 5 时")
	b.get("/schedules").has(t, "全部渠道", "全部机构", "2 个检查条目", `href="/schedules/s-1/edit"`)
	b.get("/schedules/s-1/edit").has(t, `value="每月电销检查"`, `action="/schedules/s-1/edit"`, `value="6"`, "沿用原来的")
	change := url.Values{"name": {""}, "checklist": {"annual"}, "every": {"week"}, "window": {"previous_week"}, "hour": {"22"}, "channel": {"collection_call"}, "org": {"sz"}, "coverage": {"sample"}, "sample": {"50"}, "seed": {"7"}}
	b.post("/schedules/s-1/edit", change).has(t, "请填写计划名称", `action="/schedules/s-1/edit"`, `value="collection_call" checked`)
	change.Set("name", "每周催收抽查")
	b.post("/schedules/s-1/edit", change)
	b.get("/schedules").has(t, "每周催收抽查", "已修改", "每周 22 时", "催收外呼", "深圳分公司", "随机种子 7")
	b.get("/schedules/s-1/edit").has(t, `value="collection_call" checked`, `value="sz" checked`, `value="50"`)
	if a := b.get("/schedules/s-none/edit"); a.status != http.StatusNotFound {
		t.Errorf("answers %d", a.status)
	}
	b.post("/schedules/s-1/pause", nil)
	b.post("/schedules/s-2/delete", nil)
	a := b.get("/schedules")
	a.has(t, "计划已删除")
	a.lacks(t, "每周催收检查", "计划已暂停。")
}

func TestATextIsTriedAndItsEvidenceMarked(t *testing.T) {
	t.Parallel()
	b := open(t, "business")
	b.post("/rulebook/try", url.Values{"channel": {"telemarketing_call"}, "text": {"坐席：这款产品保本保息。"}}).
		has(t, `<mark class="mark-red" title="承诺保本保收益">保本保息</mark>`, "R02 18")
	b.post("/rulebook/try", url.Values{"channel": {"telemarketing_call"}, "text": {""}}).has(t, "请先粘贴一段文字")
	b.post("/rulebook/try", url.Values{"channel": {"telemarketing_call"}, "at": {"25:99"}, "text": {"您好"}}).has(t, "时间请写成 21:30 的样子", "您好")
}

func TestAFormThatIsTooLargeIsRefusedAndNotTakenForEmpty(t *testing.T) {
	t.Parallel()
	large := strings.Repeat("x", 4<<20)
	chinese, english := open(t, "business"), open(t, "business")
	english.post("/language", url.Values{"language": {"en"}})
	for b, words := range map[*browser]string{chinese: "提交的内容超过 4 MB 的上限", english: "larger than the 4 MiB a form may hold"} {
		a := b.post("/questions/q-1", url.Values{"outcome": {"passed"}, "note": {large}})
		if a.status != http.StatusRequestEntityTooLarge {
			t.Errorf("answers %d", a.status)
		}
		a.has(t, words)
	}
	if a := open(t, "").post("/login", url.Values{"login": {large}}); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("the login answers %d", a.status)
	}
}

func TestPartsAreBoundedWhereNoFileIsExpected(t *testing.T) {
	t.Parallel()
	b := open(t, "business")
	send := func(note string) answer {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		_ = form.WriteField("outcome", "passed")
		_ = form.WriteField("note", note)
		_ = form.Close()
		r, err := http.NewRequest(http.MethodPost, b.base+"/questions/q-1", &body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", form.FormDataContentType())
		return b.do(r)
	}
	if a := send(strings.Repeat("x", 4<<20)); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("too much answers %d", a.status)
	}
	if a := send("见会议纪要 7 号"); a.status != http.StatusSeeOther {
		t.Errorf("a short note answers %d", a.status)
	}
}

func TestAFormThatCannotBeReadIsRefused(t *testing.T) {
	t.Parallel()
	b := open(t, "business")
	r, err := http.NewRequest(http.MethodPost, b.base+"/questions/q-1", strings.NewReader("outcome=passed&note=%zz"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	a := b.do(r)
	if a.status != http.StatusUnprocessableEntity {
		t.Errorf("answers %d", a.status)
	}
	a.has(t, "没有完整送达")
}
