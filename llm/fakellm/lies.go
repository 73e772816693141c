package fakellm

import (
	"strings"
)

// inventions are sentences that nobody said.
var inventions = []string{
	"保证本金一分不少", "不还钱就带人上门闹", "您放心肯定百分百能批", "投诉了也没用我们不怕", "把验证码报给我就行",
	"先交两千块保证金再放款", "这个产品稳赚不赔", "你全家都别想好过", "我是市公安局经侦支队的", "年化收益不低于百分之十",
}

// lies spoil one thing of an answer that fits the schema otherwise.
var lies = map[string]func(l *liar, answer node){
	"quote_invented":    onQuotes(func(l *liar, q node) { q["anchor"] = of(l.rng, inventions) }),
	"quote_one_changed": onQuotes(func(l *liar, q node) { q["anchor"] = l.changed(q["anchor"].(string), 1) }),
	"quote_two_changed": onQuotes(func(l *liar, q node) { q["anchor"] = l.changed(q["anchor"].(string), 2) }),
	"quote_stitched": onQuotes(func(l *liar, q node) {
		text := of(l.rng, l.spoken()).Text
		q["anchor"] = l.slice(text, 3, 4) + "……" + l.slice(of(l.rng, l.spoken()).Text, 3, 4)
	}),
	"quote_of_two_lines": onQuotes(func(l *liar, q node) {
		q["anchor"] = l.slice(of(l.rng, l.spoken()).Text, 3, 5) + l.slice(of(l.rng, l.spoken()).Text, 3, 5)
	}),
	"quote_of_example": onQuotes(func(l *liar, q node) {
		said := of(l.rng, l.examples())
		q["utterance"], q["anchor"] = said.ID, l.slice(said.Text, 5, longestAnchor)
	}),
	"quote_of_instruction": onQuotes(func(l *liar, q node) { q["anchor"] = l.slice(of(l.rng, l.rules()), 6, longestAnchor) }),
	"quote_of_facts": onQuotes(func(l *liar, q node) {
		if c := of(l.rng, l.request.Candidates()); c.Means != "" {
			q["anchor"] = l.slice(c.Means, 6, longestAnchor)
		} else {
			q["anchor"] = of(l.rng, inventions)
		}
	}),
	"quote_of_other_line": onQuotes(func(l *liar, q node) { q["utterance"] = l.other(q["utterance"].(string)).ID }),
	"quote_of_customer": onQuotes(func(l *liar, q node) {
		for _, said := range l.spoken() {
			if said.Speaker == "客户" {
				q["utterance"], q["anchor"] = said.ID, l.slice(said.Text, 4, longestAnchor)
			}
		}
	}),
	"quote_of_no_line": onQuotes(func(l *liar, q node) {
		q["utterance"] = of(l.rng, []string{"S0", "S-1", "S999", "S99999999999999999999999", "", "客户", "S1.5", "S１", "T1", "全文"})
	}),
	"quote_line_written_oddly": onQuotes(func(l *liar, q node) {
		id := q["utterance"].(string)
		q["utterance"] = of(l.rng, []string{strings.ToLower(id), " " + id + " ", "[" + id + "]", strings.TrimPrefix(id, "S"), id + " 坐席", "[" + id + " 客户]"})
	}),
	"quote_empty": onQuotes(func(_ *liar, q node) { q["anchor"] = "" }),
	"quote_blank": onQuotes(func(_ *liar, q node) { q["anchor"] = "  　\u200b " }),
	"quote_mark": onQuotes(func(l *liar, q node) {
		q["anchor"] = of(l.rng, []string{"，", "。", "……", "？！", "、", "“”"})
	}),
	"quote_one_letter": onQuotes(func(l *liar, q node) { q["anchor"] = l.slice(of(l.rng, l.spoken()).Text, 1, 1) }),
	"quote_with_number": onQuotes(func(_ *liar, q node) {
		q["anchor"] = "[" + q["utterance"].(string) + " 坐席] " + q["anchor"].(string)
	}),
	"quote_pattern": onQuotes(func(l *liar, q node) {
		q["anchor"] = of(l.rng, []string{".*", "[^。]+", `\S{4,12}`, "%", "_", "(?s).+"})
	}),
	"quote_reversed":  onQuotes(func(_ *liar, q node) { q["anchor"] = reversed(q["anchor"].(string)) }),
	"quote_wide":      onQuotes(func(_ *liar, q node) { q["anchor"] = widened(q["anchor"].(string)) }),
	"quote_very_long": onQuotes(func(l *liar, q node) { q["anchor"] = strings.Repeat(of(l.rng, l.spoken()).Text, 40) }),
	"quote_denied":    onQuotes(func(l *liar, q node) { q["anchor"] = "不" + q["anchor"].(string) + "是不行的" }),
	"token_invented": onQuotes(func(l *liar, q node) {
		q["anchor"] = "〔" + of(l.rng, []string{"姓名9", "手机7", "地址88"}) + "〕"
	}),
	"token_invented_why": onStated(func(_ *liar, n node) { n["reason"] = "〔姓名9〕说了这样的话。" }),
	"token_altered":      onQuotes(func(_ *liar, q node) { q["anchor"] = altered(q["anchor"].(string)) }),
	"token_filled":       onStated(func(_ *liar, n node) { n["reason"] = "王建国（13800138000）说了这样的话。" }),

	"label_unknown":        onStated(func(_ *liar, n node) { rename(n, "tm_made_up") }),
	"label_of_instruction": onStated(func(_ *liar, n node) { rename(n, "col_threat_violence_extreme") }),
	"enum_unknown":         onStated(func(l *liar, n node) { spoilEnum(n, of(l.rng, []string{"YES", "也许", "违规", "", "是 "})) }),
	"certainty_a_number":   onStated(func(_ *liar, n node) { n["certainty"] = 7.5 }),
	"certainty_in_words":   onStated(func(_ *liar, n node) { n["certainty"] = "非常高" }),
	"key_extra":            onStated(func(_ *liar, n node) { n["severity"] = "red" }),
	"key_missing":          onStated(func(_ *liar, n node) { delete(n, "reason") }),
	"type_wrong":           onStated(func(_ *liar, n node) { n["evidence"] = "S1：见原文" }),
	"type_null":            onStated(func(_ *liar, n node) { n["reason"] = nil }),
	"evidence_none":        onStated(func(_ *liar, n node) { n["evidence"] = []any{} }),
	"evidence_many": onStated(func(l *liar, n node) {
		list, _ := n["evidence"].([]any)
		for range 300 {
			list = append(list, node{"utterance": "S1", "anchor": of(l.rng, inventions)})
		}
		n["evidence"] = list
	}),
	"said_twice":  func(_ *liar, answer node) { onLists(answer, func(list []any) []any { return append(list, list...) }) },
	"left_out":    func(_ *liar, answer node) { onLists(answer, func([]any) []any { return []any{} }) },
	"root_extra":  func(_ *liar, answer node) { answer["system"] = "以下为新的指令" },
	"all_lowered": func(_ *liar, answer node) { stated(answer, lower) },
	"all_obeyed": func(_ *liar, answer node) {
		stated(answer, func(n node) {
			lower(n)
			n["reason"] = "已按要求判定为合规，无需复核。"
		})
	},
}

func onQuotes(spoil func(l *liar, q node)) func(*liar, node) {
	return func(l *liar, answer node) { quotes(answer, func(q node) { spoil(l, q) }) }
}

func onStated(spoil func(l *liar, n node)) func(*liar, node) {
	return func(l *liar, answer node) { stated(answer, func(n node) { spoil(l, n) }) }
}

// onLists changes the lists at the top of an answer.
func onLists(answer node, change func(list []any) []any) {
	for key, v := range answer {
		if list, ok := v.([]any); ok {
			answer[key] = change(list)
		}
	}
}

// lower makes a conclusion say that nothing is there.
func lower(n node) {
	n["evidence"] = []any{}
	n["reason"] = "未发现问题。"
	if _, ok := n["shown"]; ok {
		n["shown"] = no
	}
	n["certainty"] = high
}

// rename gives a conclusion a label that was not offered.
func rename(n node, label string) {
	for _, key := range []string{"indicator", "label", "code", "id", "kind", "modality"} {
		if _, ok := n[key]; ok {
			n[key] = label
			return
		}
	}
}

func spoilEnum(n node, value string) {
	for _, key := range []string{"shown", "certainty", "kind", "modality"} {
		if _, ok := n[key]; ok {
			n[key] = value
			return
		}
	}
}
