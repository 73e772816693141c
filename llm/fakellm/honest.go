package fakellm

import (
	"encoding/json"
	"regexp"
	"strings"
	"unicode/utf8"
)

// A Line is a numbered utterance of a request.
type Line struct {
	ID      string // "S3"
	Speaker string // "坐席"; empty: not said
	Text    string // masked, as the model sees it
}

// line is how an utterance is written in a message.
var line = regexp.MustCompile(`(?m)^\[(S\d+)(?: ([^\]\n]*))?\] ?(.*)$`)

// Lines are the utterances that the last message of the user numbers. Those
// of examples come before it and do not count.
func (r *Request) Lines() []Line { return linesOf(r.question()) }

func linesOf(text string) []Line {
	var lines []Line
	for _, m := range line.FindAllStringSubmatch(text, -1) {
		lines = append(lines, Line{ID: m[1], Speaker: m[2], Text: m[3]})
	}
	return lines
}

// question is the message that asks: the user's last one that holds
// utterances, or else the last one. A request for repair comes after it.
func (r *Request) question() string {
	last := ""
	for _, m := range r.Messages {
		if m.Role != "user" {
			continue
		}
		if asks(m.Content) || !asks(last) {
			last = m.Content
		}
	}
	return last
}

// facts stand before the utterances of a message, as JSON.
const facts = "已知事实（JSON）"

// asks reports whether a message is a question, and not what was said about
// the answer to one.
func asks(message string) bool {
	return line.MatchString(message) || strings.Contains(message, facts)
}

// Given reads the facts that come with the question. It leaves v alone if
// there are none.
func (r *Request) Given(v any) {
	_, after, found := strings.Cut(r.question(), facts)
	at := strings.IndexAny(after, "{[")
	if !found || at < 0 {
		return
	}
	// What is not there, or not as expected, is not known: the answer is
	// plainer for it, and the client's checks say so.
	_ = json.NewDecoder(strings.NewReader(after[at:])).Decode(v)
}

// shapes tell prompts apart where no schema with a name is sent: by the first
// key of the answer that the instruction describes.
var shapes = []struct{ key, prompt string }{
	{"judgements", "judge"}, {"remarks", "review"}, {"channel", "complaint"}, {"outcomes", "answer"}, {"points", "evidence"},
	{"duties", "obligations"}, {"statements", "summary"}, {"lines", "bill"}, {"paragraphs", "retrospect"},
}

// Where no schema has a name, the instruction says its number, or at least
// what the answer looks like.
var (
	numbered  = regexp.MustCompile(`任务编号：([a-z_]+)\.v\d+`)
	described = regexp.MustCompile(`形如 ?\{ ?"([a-z_]+)"`)
)

// Prompt is the id of the prompt of a request: the name of its schema without
// a version, or what its instruction asks for.
func (r *Request) Prompt() string {
	if r.Format != nil && r.Format.Schema != nil {
		name, _, _ := strings.Cut(strings.ReplaceAll(r.Format.Schema.Name, "_v", "."), ".")
		return name
	}
	if m := numbered.FindStringSubmatch(r.Said("system")); m != nil {
		return m[1]
	}
	m := described.FindStringSubmatch(r.Said("system"))
	if m == nil {
		return ""
	}
	for _, s := range shapes {
		if s.key == m[1] {
			return s.prompt
		}
	}
	return m[1]
}

// Honest is the reply by keywords.
func (x *Exchange) Honest() Reply {
	if x.Server.options.Dialect == VLLM && len(x.Request.GuidedChoice) > 0 && x.Request.Format == nil {
		return Reply{Content: "这一参数已不再支持，所以没有约束输出。"} // since 0.12 guided_choice is ignored
	}
	answer := Plain(x.Request)
	return Reply{Content: string(answer), JSON: answer}
}

// Plain answers a request by keywords, as its prompt asks. What asks for
// nothing that is known here gets a greeting.
func Plain(r *Request) json.RawMessage {
	answer, known := purposes[r.Prompt()]
	if !known {
		if r.Asks("text") {
			return json.RawMessage(`"您好。"`)
		}
		return fill(r)
	}
	return marshal(answer(r))
}

// marshal writes an answer of our own, which always can be.
func marshal(v any) json.RawMessage {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return json.RawMessage("null")
	}
	return json.RawMessage(strings.TrimSpace(b.String()))
}

// quoted is where something stands.
type quoted struct {
	Utterance string `json:"utterance"`
	Anchor    string `json:"anchor"`
}

// longestAnchor is how many characters an anchor has at most.
const longestAnchor = 12

// find looks for the first of some words in what some speakers said.
func find(lines []Line, words []string, speakers ...string) (quoted, bool) {
	for _, l := range lines {
		if len(speakers) > 0 && !oneOf(l.Speaker, speakers) {
			continue
		}
		for _, w := range words {
			if at := strings.Index(l.Text, w); at >= 0 && !denied(l.Text[:at]) {
				return quoted{l.ID, anchor(l.Text, at, len(w))}, true
			}
		}
	}
	return quoted{}, false
}

func oneOf(s string, list []string) bool {
	for _, l := range list {
		if s == l {
			return true
		}
	}
	return false
}

// denied reports whether what stands before a word turns it around.
func denied(before string) bool {
	for _, no := range []string{"不", "没", "未", "别", "非", "无法", "不能", "不会"} {
		if strings.HasSuffix(before, no) {
			return true
		}
	}
	return false
}

// anchor is a word with what follows it in its clause, as long as an anchor
// may be, and never a part of a token.
func anchor(text string, at, size int) string {
	end := at + size
	for end < len(text) && utf8.RuneCountInString(text[at:end]) < longestAnchor {
		r, n := utf8.DecodeRuneInString(text[end:])
		if strings.ContainsRune("，。！？；、,.!?;〔【（(“” \n", r) {
			break
		}
		end += n
	}
	return text[at:end]
}

// fill makes the plainest answer that a schema allows, for prompts that are
// not known here. Where no schema is sent, it stands in the words, if at all.
func fill(r *Request) json.RawMessage {
	var schema map[string]any
	if r.Format != nil && r.Format.Schema != nil {
		if err := json.Unmarshal(r.Format.Schema.Schema, &schema); err != nil {
			return json.RawMessage("{}")
		}
	} else if at := strings.Index(r.Text(), `{"type":"object"`); at >= 0 {
		if err := json.NewDecoder(strings.NewReader(r.Text()[at:])).Decode(&schema); err != nil {
			return json.RawMessage("{}")
		}
	}
	return marshal(plainest(schema))
}

func plainest(schema map[string]any) any {
	if enum, ok := schema["enum"].([]any); ok && len(enum) > 0 {
		return enum[len(enum)-1]
	}
	if alternatives, ok := schema["anyOf"].([]any); ok && len(alternatives) > 0 {
		last, _ := alternatives[len(alternatives)-1].(map[string]any)
		return plainest(last)
	}
	switch schema["type"] {
	case "object":
		object := map[string]any{}
		properties, _ := schema["properties"].(map[string]any)
		for name, below := range properties {
			of, _ := below.(map[string]any)
			object[name] = plainest(of)
		}
		return object
	case "array":
		return []any{}
	case "string":
		return "无法判断"
	case "integer", "number":
		return 0
	case "boolean":
		return false
	default:
		return nil
	}
}
