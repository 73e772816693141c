package report

import (
	"maps"
	"slices"

	"xiaobao/casework"
)

// sources tell which engines decided, in touchpoints, and whether a language
// model was among them.
func sources(r Report) [][]any {
	c := r.Cascade
	if c == nil {
		return [][]any{{}, {"结论来源", "全部由规则和人工判定，没有使用模型"}}
	}
	rows := [][]any{
		{}, {"结论来源", "触点数"},
		{"规则判定", c.Rules}, {"本地模型判定", c.Local}, {"前两级拿不准", c.Undecided},
	}
	if c.Plan.Model != "" {
		rows = append(rows, []any{"其中问过大模型", c.Asked}, []any{"大模型认为存在", c.Shown}, []any{"大模型认为不存在", c.Cleared})
	}
	rows = append(rows, []any{"转人工判断", c.People}, []any{"可能性低，未再判断", c.Left})
	for _, why := range slices.Sorted(maps.Keys(c.Troubles)) {
		rows = append(rows, []any{"大模型未能判断：" + troubled(why), c.Troubles[why]})
	}
	model := orNone(c.Plan.Model)
	if c.Plan.Model != "" && c.Asked == 0 {
		model += "（本次没有问到）"
	}
	return append(rows,
		[]any{"本地模型版本", orNone(c.Plan.Local)}, []any{"大模型", model}, []any{"第二大模型", orNone(c.Plan.Second)})
}

func orNone(name string) string {
	if name == "" {
		return "没有使用"
	}
	return name
}

// troubles name why a model did not judge.
var troubles = map[casework.ModelTrouble]string{
	casework.TroubleAway: "模型服务没有响应", casework.TroubleQuota: "模型账户余额不足", casework.TroubleRefuses: "模型服务拒绝请求",
	casework.TroubleTooLong: "文字超出模型长度", casework.TroubleFiltered: "模型服务拒绝阅读该文字", casework.TroubleBadOutput: "模型回答不合要求",
	casework.TroubleLeak: "个人信息将要送出，已拦截", casework.TroubleBudget: "当日预算已用完", casework.TroubleOff: "大模型已停用",
	casework.TroubleNone: "没有配置大模型", casework.TroubleCancelled: "请求已取消", casework.TroubleUngrounded: "说法在原文中找不到出处",
}

func troubled(why casework.ModelTrouble) string {
	if name := troubles[why]; name != "" {
		return name
	}
	return string(why)
}
