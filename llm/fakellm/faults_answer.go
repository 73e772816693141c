package fakellm

import (
	"encoding/json"
	"strings"
)

// contents are rows 9, 12 and 14: the endpoint is well, and the model answers
// in a way of its own.
func contents() []fault {
	say := func(name, content string) fault {
		return fault{name, 9, func(x *Exchange) { x.Send(Reply{Content: content}) }}
	}
	reword := func(name string, change func(honest string) string) fault {
		return fault{name, 9, func(x *Exchange) {
			honest := x.Honest()
			honest.Content = change(honest.Content)
			x.Send(honest)
		}}
	}
	spoil := func(name string, change func(honest string) string) fault {
		return fault{name, 9, func(x *Exchange) {
			reply := Reply{Content: change(x.Honest().Content)}
			x.Send(reply)
		}}
	}
	return []fault{
		say("blank", ""),
		say("spaces", strings.Repeat(" ", 300)),
		say("blank_lines_only", strings.Repeat("\n", 40)),
		say("wide_spaces", strings.Repeat("　", 30)),
		{"only_reasoning", 9, func(x *Exchange) { x.Send(Reply{Reasoning: "这通电话里坐席说了保证。", Finish: "stop"}) }},
		say("only_think", "<think>这通电话里坐席说了保证。</think>"),
		say("open_think", "<think>这通电话里坐席说了保证，所以"),
		say("prose", "根据对话内容，坐席的话术总体合规，没有发现问题。"),
		say("null_answer", "null"),
		say("string_answer", `"没有问题"`),
		say("array_answer", "[]"),
		say("empty_object", "{}"),
		reword("think", func(a string) string { return "<think>\n先看 {\"不是\":\"答案\"} 再说。\n</think>\n\n" + a }),
		reword("fences", func(a string) string { return "```json\n" + a + "\n```" }),
		reword("bare_fences", func(a string) string { return "```\n" + a + "\n```\n" }),
		reword("prose_around", func(a string) string { return "好的，以下是判断结果：\n" + a + "\n以上供参考。" }),
		reword("byte_order_mark", func(a string) string { return "\ufeff" + a }),
		reword("trailing_comma", func(a string) string { return strings.TrimSuffix(a, "}") + ",}" }),
		spoil("two_objects", func(a string) string { return a + "\n" + `{"judgements":[]}` }),
		spoil("double_keys", doubled),
		spoil("not_a_number", func(a string) string { return strings.TrimSuffix(a, "}") + `,"score":NaN}` }),
		spoil("wide_marks", func(a string) string { return strings.NewReplacer(`"`, "“", ":", "：", ",", "，").Replace(a) }),
		spoil("half_answer", func(a string) string { return string([]rune(a)[:len([]rune(a))/2]) }),
		spoil("escaped_twice", func(a string) string {
			twice, _ := json.Marshal(a) // a string always can be
			return string(twice)
		}),
		spoil("python", func(a string) string { return strings.ReplaceAll(a, `"`, "'") }),
		{"alias", 14, func(x *Exchange) {
			reply := x.Honest()
			reply.Model = Answerer + "-20261101"
			x.Send(reply)
		}},
		{"model_unsaid", 14, func(x *Exchange) {
			reply := x.Honest()
			reply.Model = " "
			x.Send(reply)
		}},
	}
}

// doubled repeats the first key of an answer with another value, so that
// readers differ about what it says.
func doubled(answer string) string {
	dec := json.NewDecoder(strings.NewReader(answer))
	if _, err := dec.Token(); err != nil {
		return answer
	}
	key, err := dec.Token()
	if err != nil {
		return answer
	}
	name, err := json.Marshal(key)
	if err != nil {
		return answer
	}
	return strings.TrimSuffix(answer, "}") + "," + string(name) + ":[]}"
}

// asJSON is a content as JSON, if that is what it is.
func asJSON(content string) json.RawMessage {
	if json.Valid([]byte(content)) {
		return json.RawMessage(content)
	}
	return nil
}
