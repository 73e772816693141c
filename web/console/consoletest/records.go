package consoletest

import (
	"fmt"
	"time"

	"xiaobao/casework"
)

func institution() []casework.Org {
	return []casework.Org{
		{ID: "hq", Name: "华东消费金融总部", Kind: "head_office"},
		{ID: "sh", ParentID: "hq", Name: "上海分公司", Kind: "branch"},
		{ID: "sh-tm", ParentID: "sh", Name: "上海电销中心", Kind: "department"},
		{ID: "sh-cs", ParentID: "sh", Name: "上海客服中心", Kind: "department"},
		{ID: "sz", ParentID: "hq", Name: "深圳分公司", Kind: "branch"},
		{ID: "v-hx", ParentID: "hq", Name: "恒信催收服务有限公司", Kind: "vendor"},
	}
}

func people() []casework.User {
	return []casework.User{
		{ID: "u-li", Login: "officer", Name: "李晓雯", Role: casework.Officer, OrgID: "hq", Active: true, Language: "zh-CN"},
		{ID: "u-zhou", Login: "reviewer", Name: "周建国", Role: casework.Reviewer, OrgID: "hq", Active: true, Language: "zh-CN"},
		{ID: "u-wang", Login: "business", Name: "王海燕", Role: casework.Business, OrgID: "sh-tm", Active: true, Language: "zh-CN"},
		{ID: "u-shen", Login: "auditor", Name: "沈洁", Role: casework.Auditor, OrgID: "hq", Active: true, Language: "en"},
		{ID: "u-admin", Login: "admin", Name: "系统管理员", Role: casework.Admin, OrgID: "hq", Active: true, Language: "zh-CN"},
		{ID: "u-gone", Login: "gone", Name: "陈默", Role: casework.Officer, OrgID: "sz", Active: false, Language: "zh-CN"},
	}
}

type script struct {
	channel casework.Channel
	org     string
	product string
	turns   []casework.Turn
	text    string
}

func say(speaker casework.Speaker, text string) casework.Turn {
	return casework.Turn{Speaker: speaker, Text: text}
}

var scripts = []script{
	{channel: casework.TelemarketingCall, org: "sh-tm", product: "wealth", turns: []casework.Turn{
		say(casework.Agent, "您好，我是华东消费金融的客户经理，给您介绍一款稳健产品。"),
		say(casework.Consumer, "会不会亏本金？我手机 13812345678，资料可以发我。"),
		say(casework.Agent, "这款产品保本保息，您放心买，只剩最后三个名额了。"),
		say(casework.Consumer, "那我再考虑一下。"),
	}},
	{channel: casework.TelemarketingCall, org: "sh-tm", product: "consumer_loan", turns: []casework.Turn{
		say(casework.Agent, "您好，本次通话可能会录音。我们有一款消费贷款，年化利率为单利 12%。"),
		say(casework.Consumer, "我目前不需要，谢谢。"), say(casework.Agent, "好的，打扰您了，祝您生活愉快。"),
	}},
	{channel: casework.CollectionCall, org: "v-hx", product: "consumer_loan", turns: []casework.Turn{
		say(casework.Agent, "您名下的借款已逾期 32 天，请尽快处理。"),
		say(casework.Consumer, "我最近失业了，能不能晚几天？"), say(casework.Agent, "再不还就找人上门收拾你，你自己掂量。"),
	}},
	{channel: casework.ServiceChat, org: "sh-cs", product: "credit_card", turns: []casework.Turn{
		say(casework.Consumer, "我要投诉年费的问题，你们没有提前告知。"),
		say(casework.Agent, "投诉也没用的，这是系统自动扣的。"), say(casework.Consumer, "那我向监管反映。"),
	}},
	{channel: casework.ServiceCall, org: "sh-cs", product: "credit_card", turns: []casework.Turn{
		say(casework.Consumer, "请帮我查一下账单。"), say(casework.Agent, "好的，请您核对信息，账单已发送到您的邮箱。"),
	}},
	{channel: casework.SMSPush, org: "hq", product: "consumer_loan", text: "【华东消金】您的还款日为本月 25 日，请确保账户余额充足。退订回 T。"},
	{channel: casework.ComplaintChannel, org: "sz", product: "consumer_loan", text: "本人多次接到催收电话，严重影响生活，要求停止联系我的家人并书面答复。"},
	{channel: casework.CollectionCall, org: "v-hx", product: "consumer_loan", turns: []casework.Turn{
		say(casework.Agent, "您好，这里是恒信催收，受华东消费金融委托与您核对还款安排。"),
		say(casework.Consumer, "我下周发工资就还。"), say(casework.Agent, "好的，我们登记下周五，感谢您的配合。"),
	}},
}

// contacts are three hundred touchpoints, the newest first.
func contacts() []casework.Touchpoint {
	list := make([]casework.Touchpoint, 300)
	for i := range list {
		s := scripts[i%len(scripts)]
		at := Now.Add(-time.Duration(i) * 4 * time.Hour).Truncate(time.Minute)
		t := casework.Touchpoint{
			ID: fmt.Sprintf("t-%04d", i+1), Channel: s.channel, OccurredAt: at, OrgID: s.org, Product: s.product, Text: s.text,
			CustomerID: fmt.Sprintf("C%06d", 100000+i*37%90000), AgentID: fmt.Sprintf("A%03d", 100+i%17),
			Attributes: map[string]any{"direction": "outbound", "duration_seconds": 60 + i%240},
		}
		for n, turn := range s.turns {
			said := at.Add(time.Duration(n*9) * time.Second)
			t.Turns = append(t.Turns, casework.Turn{Speaker: turn.Speaker, Text: turn.Text, At: &said})
		}
		list[i] = t
	}
	return list
}

var itemOf = map[string]string{
	"tm_guarantee_return": "I-030", "tm_pressure_urgency": "I-030", "col_threat_violence": "I-060", "cs_obstruct_complaint": "I-049",
}

func (d *Desk) fileInspections() {
	due := Now.AddDate(0, 0, 6)
	ended := Now.AddDate(0, 0, -18)
	month := time.Date(2026, 10, 1, 0, 0, 0, 0, casework.Beijing)
	scope := casework.Scope{From: month, To: month.AddDate(0, 1, 0)}
	base := casework.Inspection{
		Checklist: "annual", ChecklistVersion: "checklist_annual@2026.11.1#1a2b3c4d", Items: []string{"I-030", "I-060", "I-049", "I-001"},
		Scope: scope, OrgID: "hq", OrderedBy: "u-li", OrderedAt: Now.AddDate(0, 0, -4),
		Progress: casework.Progress{Touchpoints: 186, Tested: 186, Items: 4, ItemsDone: 3, Questions: 1, Digest: "9f2c7a1be04d5563aa12"},
	}
	one := func(id, name string, status casework.InspectionStatus) casework.Inspection {
		i := base
		i.ID, i.Name, i.Status, i.WorkflowID, i.RunID = id, name, status, "inspection/"+id, "0198f2c0-run"
		return i
	}
	deciding := one("i-7f3a", "2026 年 10 月消保检查", casework.InspectionAdjudicating)
	deciding.Due = &due
	testing := one("i-1c88", "电销专项检查（11 月上旬）", casework.InspectionTesting)
	testing.Progress = casework.Progress{Touchpoints: 48210, Tested: 31774, Items: 4, ItemsDone: 1, Questions: 1}
	testing.Scope.Channels, testing.Scope.Orgs, testing.Scope.Sample, testing.Scope.Seed = []casework.Channel{casework.TelemarketingCall}, []string{"sh-tm"}, 50000, 20261110
	confirming := one("i-5d02", "催收行为专项检查", casework.InspectionConfirming)
	confirming.SubmittedBy = "u-li"
	reported := one("i-02b9", "2026 年第三季度消保检查", casework.InspectionReported)
	reported.SubmittedBy, reported.ConfirmedBy, reported.EndedAt = "u-li", "u-zhou", &ended
	reported.Progress.ItemsDone, reported.Progress.Answered, reported.ReportHash = 4, 1, "5be1c0f97d2244ab90e5"
	reported.Score = &casework.InspectionScore{Points: 72.5, Tested: 4, Total: 4, Elements: map[string]float64{"MK": 62.5, "DR": 84, "GV": 100}}
	void := one("i-9e10", "夜间联系检查", casework.InspectionVoid)
	void.Note = "检查期间内没有触点记录"
	d.inspections = []casework.Inspection{testing, deciding, confirming, reported, void}
	d.fileFindings(deciding.ID, 0, 160)
	d.fileFindings(confirming.ID, 2, 40)
	d.fileFindings(reported.ID, 3, 80)
	d.fileQuestions()
}

// fileFindings screens some touchpoints; settled is how the findings stand:
// 0 mostly open, 2 and 3 all decided.
func (d *Desk) fileFindings(inspection string, settled, upto int) {
	screener := d.engine.NewScreener()
	at := Now.AddDate(0, 0, -1)
	n := 0
	for i := range d.touchpoints[:upto] {
		t := &d.touchpoints[i]
		for _, s := range screener.Screen(t) {
			f := casework.Finding{
				ID: casework.FindingID(inspection, itemOf[s.Indicator], s.Indicator, t.ID), Inspection: inspection, Item: itemOf[s.Indicator],
				Indicator: s.Indicator, Title: s.Title, Touchpoint: t.ID, Channel: t.Channel, OccurredAt: t.OccurredAt, OrgID: t.OrgID,
				AgentID: t.AgentID, CustomerID: t.CustomerID, Product: t.Product, Level: s.Level, Engine: s.Engine, Version: s.Version,
				Certainty: s.Certainty, Basis: s.Basis, Evidence: s.Evidence, Facts: s.Facts, Status: casework.FindingCandidate,
			}
			if settled > 0 || n%7 >= 5 {
				f.DecidedBy, f.DecidedAt, f.Status = "u-li", &at, casework.FindingConfirmed
				if n%7 == 6 {
					f.Status, f.Reason, f.Note = casework.FindingDismissed, casework.LawfulContext, "已听录音，属于引用客户原话"
				}
				if n%13 == 12 {
					f.Status = casework.FindingMerged
				}
			}
			d.findings = append(d.findings, f)
			n++
		}
	}
}

func (d *Desk) fileQuestions() {
	due := Now.AddDate(0, 0, 3)
	late := Now.AddDate(0, 0, -20)
	text := "本期内董事会是否至少每半年听取一次消保工作报告？请写明会议纪要编号。"
	d.questions = []casework.Question{
		{ID: "q-1", Inspection: "i-7f3a", Item: "I-001", Title: "董事会定期听取消保报告", Text: text, Respondent: "u-wang", Due: due, Answer: casework.ItemWaiting},
		{ID: "q-2", Inspection: "i-1c88", Item: "I-001", Title: "董事会定期听取消保报告", Text: text, Respondent: "u-li", Due: late, Answer: casework.ItemWaiting},
		{ID: "q-3", Inspection: "i-02b9", Item: "I-001", Title: "董事会定期听取消保报告", Text: text, Respondent: "u-wang", Due: late, Answer: casework.ItemPassed, Note: "见董消委〔2026〕7 号会议纪要", AnsweredBy: "u-wang", AnsweredAt: &late},
	}
}

func (d *Desk) fileRest() {
	next, last := Now.AddDate(0, 0, 11), Now.AddDate(0, 0, -19)
	ended := Now.AddDate(0, 0, -2)
	d.schedules = []casework.Schedule{
		{ID: "s-1", Name: "每月电销检查", Checklist: "annual", Every: "month", Window: "previous_month", AtHour: 6, Items: []string{"I-001", "I-057"}, OwnedBy: "u-li", NextRun: &next, LastRun: &last},
		{ID: "s-2", Name: "每周催收检查", Checklist: "annual", Every: "week", Window: "previous_week", AtHour: 7, OwnedBy: "u-zhou", Paused: true},
	}
	problems := []casework.RowError{
		{Row: 17, Column: "occurred_at", Field: "occurred_at", Class: "bad_date", What: "is not a time", WhatZh: "occurred_at（发生时间） 不是有效的日期时间", Mend: "write it as 2026-03-02T09:00:00+08:00", MendZh: "改成 2026-03-02T09:00:00+08:00 的样子"},
		{Row: 45, Column: "channel", Field: "channel", Class: "unknown_channel", What: "is not a channel", WhatZh: "没有这个渠道", Mend: "use one of the channel codes", MendZh: "改用渠道代码，例如 telemarketing_call"},
	}
	d.imports = []casework.ImportRun{
		{ID: "m-3", Kind: "touchpoints", File: "电销录音转写-11月.csv", SHA256: "77aa10be93c2", Status: "done", DryRun: true, StartedBy: "u-li", StartedAt: ended, EndedAt: &ended, Rows: 12040, Added: 12038, Invalid: 2, Problems: problems},
		{ID: "m-2", Kind: "staff", File: "员工名单.xlsx", SHA256: "0c55", Status: "running", StartedBy: "u-admin", StartedAt: ended, Rows: 800, Added: 460},
		{ID: "m-1", Kind: "touchpoints", File: "10月触点.jsonl", SHA256: "91be", Status: "done", StartedBy: "u-li", StartedAt: last, EndedAt: &last, Rows: 300, Added: 300},
	}
	d.kept["m-3"] = []byte("id,channel,occurred_at,text,备注\nt-9001,telemarketing_call,2026-11-03T09:12:00+08:00,坐席：您好，请问方便接听吗？,\nt-9002,service_chat,2026-11-03T09:14:00+08:00,=HYPERLINK(1),\n")
	for _, action := range []string{"user.login", "inspection.start", "finding.decide", "touchpoint.reveal", "list.export"} {
		d.audit(d.users[0], action, "inspection/i-7f3a")
	}
	d.views = []casework.SavedView{{ID: "v-1", Owner: "u-li", List: "touchpoints", Name: "催收外包通话", Query: "channel=collection_call"}}
}
