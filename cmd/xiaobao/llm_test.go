package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestTheDoctorPrintsACardForEachModel(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{
			"model": "small-2026", "usage": map[string]int{"prompt_tokens": 1, "completion_tokens": 1},
			"choices": []any{map[string]any{"finish_reason": "stop", "message": map[string]string{"role": "assistant", "content": `{"reason":"是的","answer":"是"}`}}},
		})
	}))
	t.Cleanup(server.Close)
	environment := map[string]string{
		"XIAOBAO_LLM_BASE_URL": server.URL + "/v1", "XIAOBAO_LLM_MODEL": "small", "XIAOBAO_LLM_RATE": "1000",
		"XIAOBAO_LLM2_BASE_URL": server.URL + "/v1", "XIAOBAO_LLM2_MODEL": "deepseek-flash", "XIAOBAO_LLM2_DIALECT": "deepseek", "XIAOBAO_LLM2_RATE": "1000",
	}
	cards, err := examineModels(t.Context(), func(name string) string { return environment[name] })
	if err != nil || len(cards) != 2 || !cards[0].Usable() || !cards[1].Usable() {
		t.Fatalf("%+v, %v", cards, err)
	}
	var out strings.Builder
	if err := printCards(io.Writer(&out), cards); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"primary: small at http://127.0.0.1:", "second: deepseek-flash", "answered as", "small-2026", "0.15 in, 0.003 from its cache, 0.6 out (USD per million tokens; 2026-11-15), ×2", "no: accepted and not given"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, &out)
		}
	}
}
