package llm_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"xiaobao/llm"
)

func TestParseForgivesTheWrappingOnly(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ content, want string }{
		"bare":                    {`{"a":"是"}`, `{"a":"是"}`},
		"fence":                   {"```json\n{\"a\": 1}\n```", `{"a":1}`},
		"byte order mark":         {"\ufeff{\"a\":1}", `{"a":1}`},
		"thinking before":         {"<think>比较 {\"a\":2} 与 {\"a\":1}</think>\n{\"a\":1}", `{"a":1}`},
		"thinking opened outside": {"先看材料。</think>{\"a\":1}", `{"a":1}`},
		"prose around":            {"好的，结果如下：\n{\"a\":1}\n以上 [S2] 为准，{仅供参考}。", `{"a":1}`},
		"comma too many":          {`{"a":[1,2,],}`, `{"a":[1,2]}`},
		"full-width marks":        {`｛“a”：“他说“不””，“b”：［1，2］｝`, ``},
		"full-width outside":      {`｛“a”：“他说 "不"”，"b"：［1，2］｝`, `{"a":"他说 \"不\"","b":[1,2]}`},
		"full-width within":       {`{"a":"“保本”，稳赚：是"}`, `{"a":"“保本”，稳赚：是"}`},
		"line break in a string":  {"{\"a\":\"一\n二\"}", `{"a":"一\u000a二"}`},
		"escapes":                 {`{"a":"\"}\\"}`, `{"a":"\"}\\"}`},
		"braces in a string":      {`{"a":"{\"b\":1}"}`, `{"a":"{\"b\":1}"}`},
		"nothing":                 {"", ""},
		"prose only":              {"合规", ""},
		"two objects":             {`{"a":1} {"a":2}`, ""},
		"the same twice":          {`{"a":1}` + "\n" + `{"a":1}`, ""},
		"half":                    {`{"a":{"b":1}`, ""},
		"half in a string":        {`{"a":"b`, ""},
		"twice a key":             {`{"a":1,"a":2}`, ""},
		"twice a key, escaped":    {`{"a":1,"\u0061":2}`, ""},
		"twice a key below":       {`{"x":[{"a":1,"a":1}]}`, ""},
		"no number":               {`{"a":NaN}`, ""},
		"infinity":                {`{"a":-Infinity}`, ""},
		"single quotes":           {`{'a':1}`, ""},
		"a comment":               {`{"a":1 /* 是 */}`, ""},
		"a list of one":           {`[{"a":1}]`, ""},
		"only thoughts":           {`<think>{"a":1}`, ""},
		"no text":                 {"{\"a\":\"\xff\"}", ""},
		"a huge number":           {`{"a":1e999999}`, ""},
		"a number without end":    {`{"a":` + strings.Repeat("1", 100) + `}`, ""},
		"two commas":              {`{"a":1,,}`, ""},
		"a comma alone":           {`{,}`, ""},
		"too deep":                {strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40), ""},
		"as deep as may be":       {strings.Repeat(`{"a":`, 32) + "1" + strings.Repeat("}", 32), strings.Repeat(`{"a":`, 32) + "1" + strings.Repeat("}", 32)},
		"a million brackets":      {`{"a":` + strings.Repeat("[", 1_000_000), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := llm.Parse(test.content)
			if string(got) != test.want || (err == nil) != (test.want != "") {
				t.Errorf("read %q (%v), want %q", got, err, test.want)
			}
		})
	}
}

// value draws a JSON value of strings, numbers, lists and objects.
func value(depth int) *rapid.Generator[any] {
	text := rapid.StringOf(rapid.OneOf(rapid.RuneFrom([]rune(`{}[]":,\“”：，｛｝ab是否 	`)), rapid.Rune()))
	kinds := []*rapid.Generator[any]{
		rapid.Map(text, func(s string) any { return strings.Map(written, strings.ToValidUTF8(s, "?")) }),
		rapid.Map(rapid.IntRange(-1e6, 1e6), func(n int) any { return n }),
		rapid.Map(rapid.Bool(), func(b bool) any { return b }),
		rapid.Just[any](nil),
	}
	if depth > 0 {
		kinds = append(kinds,
			rapid.Map(rapid.SliceOfN(rapid.Deferred(func() *rapid.Generator[any] { return value(depth - 1) }), 0, 3), func(l []any) any { return l }),
			rapid.Map(object(depth-1), func(o map[string]any) any { return o }))
	}
	return rapid.OneOf(kinds...)
}

// written leaves out what nobody writes, which no answer may hold.
func written(r rune) rune {
	if unicode.IsControl(r) && !unicode.IsSpace(r) {
		return -1
	}
	return r
}

func object(depth int) *rapid.Generator[map[string]any] {
	return rapid.MapOfN(rapid.StringMatching(`[a-z是“]{1,4}`), rapid.Deferred(func() *rapid.Generator[any] { return value(depth) }), 0, 4)
}

func TestParseFindsWhatWasWrapped(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		plain, err := json.Marshal(object(2).Draw(t, "value"))
		if err != nil {
			t.Fatal(err)
		}
		wrapped := rapid.SampledFrom([]string{
			"%", " \n%\n", "```json\n%\n```", "```\n%```", "<think>想一想 {\"x\":1}</think>\n%", "结果：%", "%\n谢谢。", "<thinking>\n</thinking>%",
		}).Draw(t, "wrapping")
		got, err := llm.Parse(strings.Replace(wrapped, "%", string(plain), 1))
		if err != nil || string(got) != string(plain) {
			t.Fatalf("read %q (%v) of %q", got, err, plain)
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("```json\n{\"a\":1}\n```")
	f.Add("<think>x</think>｛“a”：“b”，｝")
	f.Fuzz(func(t *testing.T, content string) {
		got, err := llm.Parse(content)
		if err == nil && !json.Valid(got) {
			t.Errorf("read %q, which is no JSON", got)
		}
	})
}
