package llm_test

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"

	"xiaobao/casework"
	"xiaobao/llm"
	"xiaobao/privacy"
	"xiaobao/prompts"
)

// masker makes a masker that goes by rules alone.
func masker(_ any) *privacy.Masker { return privacy.NewMasker(nil) }

func itoa(n int) string { return strconv.Itoa(n) }

// A provider is a model's endpoint that says what a test wants said.
type provider struct {
	*httptest.Server
	mu     sync.Mutex
	bodies []map[string]any
	raw    []string
	heads  []http.Header
	script []func(http.ResponseWriter, *http.Request)
}

// serve starts a provider that answers the first request by the first step,
// and so on; the last step goes on for ever.
func serve(t testing.TB, script ...func(http.ResponseWriter, *http.Request)) *provider {
	t.Helper()
	p := &provider{script: script}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		var object map[string]any
		if err := json.Unmarshal(body, &object); err != nil {
			t.Errorf("a request that is no JSON: %v", err)
		}
		p.mu.Lock()
		step := p.script[min(len(p.bodies), len(p.script)-1)]
		p.bodies, p.raw, p.heads = append(p.bodies, object), append(p.raw, string(body)), append(p.heads, r.Header.Clone())
		p.mu.Unlock()
		step(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *provider) requests() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.bodies)
}

// last is what the last message of a request says.
func (p *provider) last(t testing.TB, request int) string {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	messages := p.bodies[request]["messages"].([]any)
	return messages[len(messages)-1].(map[string]any)["content"].(string)
}

// body answers with a status and a body.
func body(status int, text string, headers ...string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}
}

// says answers as a model that finished.
func says(content string) func(http.ResponseWriter, *http.Request) {
	return completes(map[string]any{"content": content}, "stop")
}

// completes answers with a message and how it finished.
func completes(message map[string]any, finish any) func(http.ResponseWriter, *http.Request) {
	return body(http.StatusOK, completion(message, finish))
}

// completion is the body of an answer.
func completion(message map[string]any, finish any) string {
	message = maps.Clone(message)
	message["role"] = "assistant"
	text, err := json.Marshal(map[string]any{
		"id": "c-1", "object": "chat.completion", "model": "small-1",
		"choices": []any{map[string]any{"index": 0, "message": message, "finish_reason": finish}},
		"usage":   map[string]any{"prompt_tokens": 1000, "completion_tokens": 50, "prompt_cache_hit_tokens": 400},
	})
	if err != nil {
		panic(err)
	}
	return string(text)
}

// open opens a model at a provider, with a memory for a ledger.
func open(t testing.TB, p *provider, change func(*llm.Endpoint)) (*llm.Model, *llm.Memory) {
	t.Helper()
	e := llm.Endpoint{
		ID: "primary", BaseURL: p.URL + "/v1", Key: "sk-very-secret", Model: "small-1", Dialect: llm.VLLM, PerSecond: 1000,
		Price: llm.Price{In: 1, Hit: 0.5, Out: 10, Currency: "CNY", Version: "set"},
	}
	if change != nil {
		change(&e)
	}
	memory := llm.NewMemory()
	m, err := llm.Open(e, memory, masker(t))
	if err != nil {
		t.Fatal(err)
	}
	return m, memory
}

// trial is a prompt of these tests' own.
var trial = &prompts.Prompt{
	ID: "judge", Version: 9, System: "你是质检员。", Task: "请逐条作答。",
	Schema: json.RawMessage(`{"type":"object","additionalProperties":false,"required":["evidence","shown"],"properties":{
		"evidence":{"type":"array","items":{"type":"object","additionalProperties":false,"required":["utterance","anchor"],"properties":{
			"utterance":{"type":"string"},"anchor":{"type":"string"}}}},
		"shown":{"type":"string","enum":["是","否","无法判断"]}}}`),
	Examples: []prompts.Example{{
		Utterances: []string{"坐席：这个我给您打包票。", "客户：好。"}, Given: json.RawMessage(`{"n": 1}`),
		Answer: json.RawMessage(`{"evidence": [{"utterance": "S1", "anchor": "打包票"}], "shown": "是"}`),
	}},
	Hash: "hash-1", SchemaHash: "schema-1",
}

// question asks whether something shows in the call.
func question() llm.Question {
	return llm.Question{
		Prompt: trial, Key: "work-1", Case: "case-1", Attempt: 1, Utterances: llm.Utterances(call, casework.Agent),
		Given: map[string]string{"candidate": "保本承诺"},
		Check: func(answer json.RawMessage, g *llm.Grounds) (stated, grounded int, err error) {
			var a struct {
				Evidence []llm.Quoted
				Shown    string
			}
			if err := json.Unmarshal(answer, &a); err != nil {
				return 0, 0, err
			}
			for _, q := range a.Evidence {
				if _, ok := g.Locate(q, casework.Agent); ok {
					grounded++
				}
			}
			if a.Shown == "是" && len(a.Evidence) == 0 {
				return 0, 0, errors.New("答“是”必须有证据")
			}
			return len(a.Evidence), grounded, nil
		},
	}
}

// The answers that tests let the model give.
const (
	good       = `{"evidence":[{"utterance":"S1","anchor":"保本保息"}],"shown":"是"}`
	ungrounded = `{"evidence":[{"utterance":"S1","anchor":"打包票"}],"shown":"是"}`
)
