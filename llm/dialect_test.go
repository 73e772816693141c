package llm_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"xiaobao/llm"
)

// changing are the secret words of this process.
var changing = regexp.MustCompile(`(数据-|示例-|内部口令：)[a-z]{8}`)

func TestRequestsAreAsEachVendorWantsThem(t *testing.T) {
	t.Parallel()
	for name, model := range map[string]string{
		"openai": "gpt-6-sol", "deepseek": "deepseek-flash", "dashscope": "qwen-plus", "vllm": "small-1", "ollama": "small-1", "llamacpp": "small-1",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := serve(t, says(good))
			m, _ := open(t, p, func(e *llm.Endpoint) { e.Dialect, e.Model = llm.Dialect(name), model })
			if _, err := m.Ask(t.Context(), question()); err != nil {
				t.Fatal(err)
			}
			got := readable(t, p.bodies[0])
			file := filepath.Join("testdata", "requests", name+".json")
			if os.Getenv("UPDATE_GOLDEN") != "" {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != string(want) {
				t.Errorf("the request is not that of %s (UPDATE_GOLDEN=1 writes it):\n%s", file, got)
			}
			if raw := p.raw[0]; strings.Contains(raw, `"json_schema"`) && strings.Index(raw, `"evidence":{`) > strings.Index(raw, `"shown":{`) {
				t.Error("the schema's order is lost, and with it the order of thinking")
			}
			if key := p.heads[0].Get("Authorization"); key != "Bearer sk-very-secret" {
				t.Errorf("the key is %q", key)
			}
		})
	}
}

// readable writes a request for people, without what changes.
func readable(t *testing.T, request map[string]any) []byte {
	t.Helper()
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(request); err != nil {
		t.Fatal(err)
	}
	return []byte(changing.ReplaceAllString(b.String(), "${1}xxxxxxxx"))
}

func TestThinkingIsTurnedDownAsFarAsAModelLetsIt(t *testing.T) {
	t.Parallel()
	for model, want := range map[string]struct {
		effort      any
		temperature any
	}{
		"gpt-4o": {nil, 0.0}, "gpt-4.1-mini": {nil, 0.0}, "o3-mini": {"low", nil}, "gpt-5-mini": {"minimal", nil}, "gpt-5": {"minimal", nil},
		"gpt-5.4": {"none", 0.0}, "our-own": {"none", 0.0},
	} {
		p := serve(t, says(good))
		m, _ := open(t, p, func(e *llm.Endpoint) { e.Dialect, e.Model = llm.OpenAI, model })
		if _, err := m.Ask(t.Context(), question()); err != nil {
			t.Errorf("%s: %v", model, err)
			continue
		}
		if b := p.bodies[0]; b["reasoning_effort"] != want.effort || b["temperature"] != want.temperature {
			t.Errorf("%s: effort %v, temperature %v", model, b["reasoning_effort"], b["temperature"])
		}
	}
}

func TestOnlySomeModelsOfDashScopeTakeASchema(t *testing.T) {
	t.Parallel()
	for model, want := range map[string]string{"qwen3-max": "json_schema", "qwen-plus-latest": "json_schema", "qwen2.5-72b-instruct": "json_object"} {
		p := serve(t, says(good))
		m, _ := open(t, p, func(e *llm.Endpoint) { e.Dialect, e.Model = llm.DashScope, model })
		if _, err := m.Ask(t.Context(), question()); err != nil {
			t.Fatal(err)
		}
		if form := p.bodies[0]["response_format"].(map[string]any)["type"]; form != want {
			t.Errorf("%s: %v", model, form)
		}
		if system := p.bodies[0]["messages"].([]any)[0].(map[string]any)["content"].(string); strings.Contains(system, "JSON Schema") != (want == "json_object") {
			t.Errorf("%s: the schema stands in the words: %v", model, want != "json_object")
		}
	}
}

func TestPersonalDataStaysHere(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*llm.Question){
		"in a prompt":       func(q *llm.Question) { p := *trial; p.System += "有事打13812345678。"; q.Prompt = &p },
		"behind a line end": func(q *llm.Question) { p := *trial; p.Task += "电话\n13812345678\n"; q.Prompt = &p },
	} {
		p := serve(t, func(http.ResponseWriter, *http.Request) { t.Errorf("%s: it left", name) })
		m, memory := open(t, p, nil)
		q := question()
		change(&q)
		_, err := m.Ask(t.Context(), q)
		if llm.TroubleOf(err) != "model_leak" || strings.Contains(err.Error(), "138") {
			t.Errorf("%s: %v", name, err)
		}
		if calls := memory.Calls(); len(calls) != 2 || calls[1].Trouble != "model_leak" || calls[1].TokensIn != 0 {
			t.Errorf("%s: recorded %+v", name, calls)
		}
	}
}
