package llm_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/llm"
)

// env reads settings from pairs.
func env(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

func TestReadEndpointsReadsBoth(t *testing.T) {
	t.Parallel()
	got, err := llm.ReadEndpoints(env(
		"XIAOBAO_LLM_BASE_URL", "https://api.example.com/v1/", "XIAOBAO_LLM_API_KEY", " sk-1 ", "XIAOBAO_LLM_MODEL", "deepseek-flash-2026", "XIAOBAO_LLM_DIALECT", "deepseek",
		"XIAOBAO_LLM_TIMEOUT", "45", "XIAOBAO_LLM_RATE", "0.5", "XIAOBAO_LLM_AT_ONCE", "8", "XIAOBAO_LLM_MAX_TOKENS", "900", "XIAOBAO_LLM_DAILY_TOKENS", "1000000", "XIAOBAO_LLM_DAILY_COST", "2.5",
		"XIAOBAO_LLM2_BASE_URL", "http://10.0.0.7:8000/v1", "XIAOBAO_LLM2_MODEL", "qwen3", "XIAOBAO_LLM2_DIALECT", "vllm", "XIAOBAO_LLM2_PRICE", "1, 0.2, 3, CNY",
	))
	if err != nil || len(got) != 2 {
		t.Fatalf("got %d, %v", len(got), err)
	}
	first, second := got[0], got[1]
	if first.ID != llm.Primary || first.BaseURL != "https://api.example.com/v1" || first.Key != "sk-1" || first.Timeout != 45*time.Second || first.PerSecond != 0.5 ||
		first.AtOnce != 8 || first.MostTokens != 900 || first.Budget != (casework.ModelBudget{Tokens: 1000000, Cost: 2.5}) || first.Warning != "" {
		t.Errorf("the first is %+v", first)
	}
	if p := first.Price; p.In != 0.15 || p.Hit != 0.003 || p.Out != 0.60 || p.Currency != "USD" || p.Version != "2026-11-15" || p.Peak != 2 {
		t.Errorf("the first costs %+v", p)
	}
	if second.ID != llm.Second || second.Timeout != 2*time.Minute || second.MostTokens != 1500 || second.PerSecond != 2 || second.AtOnce != 4 || !strings.Contains(second.Warning, "http") {
		t.Errorf("the second is %+v", second)
	}
	if second.Price != (llm.Price{In: 1, Hit: 0.2, Out: 3, Currency: "CNY", Version: "set"}) {
		t.Errorf("the second costs %+v", second.Price)
	}
}

func TestReadEndpointsSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	if got, err := llm.ReadEndpoints(env()); len(got) != 0 || err != nil {
		t.Errorf("nothing set: %v, %v", got, err)
	}
	const url, model = "XIAOBAO_LLM_BASE_URL", "XIAOBAO_LLM_MODEL"
	for name, test := range map[string]struct {
		pairs   []string
		setting string
	}{
		"no address":       {[]string{model, "m"}, url},
		"a key alone":      {[]string{"XIAOBAO_LLM_API_KEY", "sk-secret"}, url},
		"no model":         {[]string{url, "https://a.example/v1"}, model},
		"no address at it": {[]string{url, "api.example.com/v1", model, "m"}, url},
		"other protocol":   {[]string{url, "ftp://a.example/v1", model, "m"}, url},
		"key in address":   {[]string{url, "https://sk-secret@a.example/v1", model, "m"}, url},
		"query in address": {[]string{url, "https://a.example/v1?key=sk-secret", model, "m"}, url},
		"too much address": {[]string{url, "https://a.example/v1/chat/completions", model, "m"}, url},
		"dialect":          {[]string{url, "https://a.example/v1", model, "m", "XIAOBAO_LLM_DIALECT", "claude"}, "XIAOBAO_LLM_DIALECT"},
		"timeout":          {[]string{url, "https://a.example/v1", model, "m", "XIAOBAO_LLM_TIMEOUT", "soon"}, "XIAOBAO_LLM_TIMEOUT"},
		"rate":             {[]string{url, "https://a.example/v1", model, "m", "XIAOBAO_LLM_RATE", "-1"}, "XIAOBAO_LLM_RATE"},
		"at once":          {[]string{url, "https://a.example/v1", model, "m", "XIAOBAO_LLM_AT_ONCE", "0.5"}, "XIAOBAO_LLM_AT_ONCE"},
		"tokens":           {[]string{url, "https://a.example/v1", model, "m", "XIAOBAO_LLM_DAILY_TOKENS", "viele"}, "XIAOBAO_LLM_DAILY_TOKENS"},
		"cost":             {[]string{url, "https://a.example/v1", model, "m", "XIAOBAO_LLM_DAILY_COST", "NaN"}, "XIAOBAO_LLM_DAILY_COST"},
		"price":            {[]string{url, "https://a.example/v1", model, "m", "XIAOBAO_LLM_PRICE", "1,2"}, "XIAOBAO_LLM_PRICE"},
		"key in two lines": {[]string{url, "https://a.example/v1", model, "m", "XIAOBAO_LLM_API_KEY", "sk-secret\nx"}, "XIAOBAO_LLM_API_KEY"},
		"second alone":     {[]string{"XIAOBAO_LLM2_BASE_URL", "https://a.example/v1", "XIAOBAO_LLM2_MODEL", "m"}, url},
		"second half":      {[]string{url, "https://a.example/v1", model, "m", "XIAOBAO_LLM2_MODEL", "m"}, "XIAOBAO_LLM2_BASE_URL"},
	} {
		_, err := llm.ReadEndpoints(env(test.pairs...))
		e, ok := err.(*casework.Error)
		if !ok || e.Kind != casework.Invalid || e.Code != "setting:"+test.setting || e.Chinese == "" {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if strings.Contains(e.Message+e.Chinese, "secret") {
			t.Errorf("%s: tells the key: %v", name, e)
		}
	}
}

func TestOnlyOtherMachinesNeedEncryption(t *testing.T) {
	t.Parallel()
	for address, warned := range map[string]bool{
		"http://localhost:8000/v1": false, "http://127.0.0.1:11434/v1": false, "http://[::1]:1/v1": false, "https://a.example/v1": false,
		"http://a.example/v1": true, "http://192.168.1.5/v1": true, "http://localhost.example.com/v1": true,
	} {
		got, err := llm.ReadEndpoints(env("XIAOBAO_LLM_BASE_URL", address, "XIAOBAO_LLM_MODEL", "m"))
		if err != nil || (got[0].Warning != "") != warned {
			t.Errorf("%s: %v, %v", address, got, err)
		}
	}
}

func TestPricesAreThoseOfTheTable(t *testing.T) {
	t.Parallel()
	if p, ok := llm.PriceOf("our-own"); ok || p != (llm.Price{Version: "unknown"}) {
		t.Errorf("an unknown model costs %+v", p)
	}
	if _, ok := llm.PriceOf("deepseek-flashy"); ok {
		t.Error("another name is priced")
	}
	if p, ok := llm.PriceOf("deepseek-v4-pro"); !ok || p.Out != 1.98 {
		t.Errorf("got %+v", p)
	}
	for at, want := range map[string]bool{
		"2026-11-23T09:00:00+08:00": true, "2026-11-23T11:59:59+08:00": true, "2026-11-23T12:00:00+08:00": false, "2026-11-23T13:59:59+08:00": false,
		"2026-11-23T06:30:00Z": true, "2026-11-23T18:00:00+08:00": false, "2026-11-22T10:00:00+08:00": false, "2026-11-21T10:00:00+08:00": false,
	} {
		when, err := time.Parse(time.RFC3339, at)
		if err != nil || llm.AtPeak(when) != want {
			t.Errorf("%s at peak: %v", at, !want)
		}
	}
}

func TestAModelNeverTellsItsKey(t *testing.T) {
	t.Parallel()
	m, _ := open(t, serve(t, says(good)), nil)
	text, err := json.Marshal(m.Doctor(t.Context()))
	printed := fmt.Sprintf("%v %+v %#v", llm.Endpoint{Key: "sk-secret"}, llm.Endpoint{Key: "sk-secret"}, []llm.Endpoint{{Key: "sk-secret"}})
	if err != nil || m.Endpoint().Key != "" || strings.Contains(printed, "secret") || strings.Contains(string(text), "secret") {
		t.Errorf("%v %s", err, text)
	}
}
