package fakellm_test

import (
	"net/http"
	"strings"
	"testing"

	"xiaobao/llm/fakellm"
)

func TestVendorsRefuseWhatTheyRefuse(t *testing.T) {
	t.Parallel()
	schema := func(s string) body {
		return body{"response_format": body{"type": "json_schema", "json_schema": body{"name": "judge_v1", "strict": true, "schema": rawJSON(s)}}}
	}
	object := body{"response_format": body{"type": "json_object"}}
	silent := body{"response_format": body{"type": "json_object"}, "messages": []body{{"role": "user", "content": "请判断。"}}}
	for name, test := range map[string]struct {
		dialect fakellm.Dialect
		change  body
		status  int
		says    string // in the body of the refusal
	}{
		"OpenAI takes a strict schema":           {fakellm.OpenAI, nil, 200, ""},
		"OpenAI wants closed objects":            {fakellm.OpenAI, schema(`{"type":"object","required":[],"properties":{}}`), 400, "additionalProperties"},
		"OpenAI wants all required":              {fakellm.OpenAI, schema(`{"type":"object","additionalProperties":false,"required":[],"properties":{"a":{"type":"string"}}}`), 400, "Missing 'a'"},
		"OpenAI wants references alone":          {fakellm.OpenAI, schema(`{"type":"object","additionalProperties":false,"required":["a"],"properties":{"a":{"$ref":"#/$defs/x","description":"y"}},"$defs":{"x":{"type":"string"}}}`), 400, "$ref"},
		"OpenAI knows no oneOf":                  {fakellm.OpenAI, schema(`{"type":"object","additionalProperties":false,"required":["a"],"properties":{"a":{"oneOf":[{"type":"string"}]}}}`), 400, "oneOf"},
		"OpenAI knows no nullable":               {fakellm.OpenAI, schema(`{"type":"object","additionalProperties":false,"required":["a"],"properties":{"a":{"type":"string","nullable":true}}}`), 400, "nullable"},
		"OpenAI wants an object":                 {fakellm.OpenAI, schema(`{"type":"array","items":{"type":"string"}}`), 400, "object"},
		"OpenAI looks into lists":                {fakellm.OpenAI, schema(`{"type":"object","additionalProperties":false,"required":["a"],"properties":{"a":{"type":"array","items":{"type":"object","properties":{}}}}}`), 400, "a[]"},
		"OpenAI knows its parameters":            {fakellm.OpenAI, body{"enable_thinking": false}, 400, "enable_thinking"},
		"OpenAI wants the word":                  {fakellm.OpenAI, silent, 400, "'json'"},
		"OpenAI wants some tokens":               {fakellm.OpenAI, body{"max_tokens": 0}, 400, "max_tokens"},
		"DeepSeek has no schema":                 {fakellm.DeepSeek, nil, 400, "This response_format type is unavailable now"},
		"DeepSeek takes an object":               {fakellm.DeepSeek, object, 200, "reasoning_content"},
		"DeepSeek wants the word":                {fakellm.DeepSeek, silent, 400, "'json'"},
		"DeepSeek tells ranges by 422":           {fakellm.DeepSeek, object.with(body{"max_tokens": 0}), 422, "max_tokens"},
		"DeepSeek stops thinking":                {fakellm.DeepSeek, object.with(body{"thinking": body{"type": "disabled"}}), 200, "!reasoning_content"},
		"DashScope's open models think":          {fakellm.DashScope, object.with(body{"model": "qwen3-8b"}), 400, "enable_thinking"},
		"DashScope's open models stop":           {fakellm.DashScope, object.with(body{"model": "qwen3-8b", "enable_thinking": false}), 200, "!reasoning_content"},
		"DashScope's schemas are for some":       {fakellm.DashScope, body{"model": "qwen-turbo"}, 400, "unavailable"},
		"DashScope's schemas are for qwen-plus":  {fakellm.DashScope, body{"model": "qwen-plus", "enable_thinking": false}, 200, ""},
		"DashScope wants the word":               {fakellm.DashScope, silent.with(body{"enable_thinking": false}), 400, "'json'"},
		"vLLM thinks in a field of its own":      {fakellm.VLLM, nil, 200, `"reasoning":`},
		"vLLM stops thinking":                    {fakellm.VLLM, body{"chat_template_kwargs": body{"enable_thinking": false}}, 200, `!"reasoning":`},
		"vLLM ignores guided_choice":             {fakellm.VLLM, body{"response_format": nil, "guided_choice": []string{"是", "否"}}, 200, "不再支持"},
		"old vLLM thinks in the old field":       {fakellm.VLLMLegacy, nil, 200, "reasoning_content"},
		"old vLLM has flat errors":               {fakellm.VLLMLegacy, body{"max_tokens": 0}, 400, `{"code":400,"message"`},
		"Ollama's errors are strings":            {fakellm.Ollama, body{"model": "other"}, 404, `{"error":"model 'other' not found"}`},
		"Ollama stops thinking":                  {fakellm.Ollama, body{"reasoning_effort": "none"}, 200, `!"reasoning":`},
		"llama.cpp takes a schema or a grammar":  {fakellm.LlamaCPP, body{"grammar": "root ::= x"}, 400, "not both"},
		"llama.cpp says its code as a number":    {fakellm.LlamaCPP, body{"max_tokens": 0}, 400, `"code":400`},
		"nobody takes an unknown format":         {fakellm.LlamaCPP, body{"response_format": body{"type": "xml"}}, 400, "xml"},
		"nobody takes a text beyond the context": {fakellm.OpenAI, body{"messages": []body{{"role": "user", "content": strings.Repeat("长", 9000)}}}, 400, "context_length_exceeded"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := fakellm.Options{Dialect: test.dialect, Window: 8000}
			if test.dialect == fakellm.Ollama {
				o.Model = "fake"
			}
			got := post(t, fakellm.New(t, o), call(t).with(test.change))
			if got.status != test.status {
				t.Fatalf("status %d, want %d: %s", got.status, test.status, got.body)
			}
			says, not := strings.CutPrefix(test.says, "!")
			if strings.Contains(string(got.body), says) == not && says != "" {
				t.Errorf("says %s, which with %q is not as expected", got.body, test.says)
			}
		})
	}
}

func rawJSON(s string) any { return jsonText(s) }

type jsonText string

// MarshalJSON gives the text as it is.
func (j jsonText) MarshalJSON() ([]byte, error) { return []byte(j), nil }

func TestDeepSeekKeepsConnectionsWithBlankLinesAndCountsItsCache(t *testing.T) {
	t.Parallel()
	s := fakellm.New(t, fakellm.Options{Dialect: fakellm.DeepSeek})
	b := call(t).with(body{"response_format": body{"type": "json_object"}})
	first, again := post(t, s, b), post(t, s, b)
	if first.body[0] != '\n' {
		t.Errorf("begins with %q", first.body[:8])
	}
	if !strings.Contains(string(first.body), `"prompt_cache_hit_tokens":0`) || strings.Contains(string(again.body), `"prompt_cache_hit_tokens":0`) {
		t.Errorf("cache: first %s, then %s", first.body, again.body)
	}
	if stream := post(t, s, b.with(body{"stream": true})); !strings.Contains(string(stream.body), ": keep-alive") {
		t.Errorf("streams without beats: %.300s", stream.body)
	}
}

func TestAnAnswerEndsWhereItsTokensAreUsedUp(t *testing.T) {
	t.Parallel()
	s := fakellm.New(t, fakellm.Options{})
	got := post(t, s, call(t).with(body{"max_tokens": 20}))
	if got.status != http.StatusOK || !strings.Contains(string(got.body), `"finish_reason":"length"`) {
		t.Errorf("status %d: %s", got.status, got.body)
	}
	if s.Last().Whole {
		t.Error("the journal takes it for whole")
	}
}
