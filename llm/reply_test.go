package llm_test

import (
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/llm"
)

func TestTroublesAreToldApart(t *testing.T) {
	t.Parallel()
	const away, refuses, quota, long, filtered = casework.TroubleAway, casework.TroubleRefuses, casework.TroubleQuota, casework.TroubleTooLong, casework.TroubleFiltered
	for name, test := range map[string]struct {
		step func(http.ResponseWriter, *http.Request)
		want casework.ModelTrouble
		wait time.Duration
	}{
		"too many":            {body(429, `{"error":{"message":"slow down","type":"rate_limit","code":null}}`, "Retry-After", "7"), away, 7 * time.Second},
		"too many, Ollama":    {body(429, `{"error":"slow down"}`, "Retry-After", "1.5"), away, 1500 * time.Millisecond},
		"throttled":           {body(429, `{"error":{"message":"Requests rate limit exceeded","code":"Throttling.AllocationQuota"}}`, "Retry-After-Ms", "250"), away, 250 * time.Millisecond},
		"a very long wait":    {body(503, ``, "Retry-After", "86400"), away, 10 * time.Minute},
		"quota":               {body(429, `{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}}`, "Retry-After", "1"), quota, time.Second},
		"balance":             {body(402, `{"error":{"message":"Insufficient Balance","type":"unknown_error"}}`), quota, 0},
		"arrears":             {body(400, `{"error":{"message":"Access denied","code":"Arrearage"}}`), quota, 0},
		"page of a gateway":   {body(502, `<html>Bad gateway</html>`), away, 0},
		"loading":             {body(503, `{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}`), away, 0},
		"empty 500":           {body(500, ``), away, 0},
		"error with 200":      {body(200, `{"error":{"message":"overloaded","code":500}}`), away, 0},
		"quota with 200":      {body(200, `{"error":{"message":"insufficient_quota"}}`), quota, 0},
		"nothing":             {body(200, ``), away, 0},
		"login page":          {body(200, `<html>Login</html>`), away, 0},
		"half":                {body(200, `{"choices":[{"message":{"content":"{`), away, 0},
		"no choice":           {body(200, `{"choices":[],"model":"x"}`), away, 0},
		"unfinished":          {completes(map[string]any{"content": good}, nil), away, 0},
		"short of machines":   {completes(map[string]any{"content": good}, "insufficient_system_resource"), away, 0},
		"key":                 {body(401, `{"error":{"message":"Incorrect API key sk-very-secret","code":"invalid_api_key"}}`), refuses, 0},
		"forbidden":           {body(403, `no`), refuses, 0},
		"no such model":       {body(404, `{"error":"model 'x' not found"}`), refuses, 0},
		"no such form":        {body(400, `{"error":{"message":"This response_format type is unavailable now"}}`), refuses, 0},
		"parameter":           {body(422, `{"detail":"no"}`), refuses, 0},
		"too long":            {body(400, `{"error":{"message":"This model's maximum context length is 8192 tokens","code":"context_length_exceeded"}}`), long, 0},
		"too long, flat":      {body(400, `{"object":"error","message":"This model's maximum context length is 4096 tokens.","type":"BadRequestError","code":400}`), long, 0},
		"too long, llama.cpp": {body(400, `{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error"}}`), long, 0},
		"too long, DashScope": {body(400, `{"error":{"message":"Range of input length should be [1, 30720]","code":"invalid_parameter_error"}}`), long, 0},
		"too large":           {body(413, ``), long, 0},
		"inspected":           {body(400, `{"error":{"message":"Output data may contain inappropriate content.","code":"data_inspection_failed"}}`), filtered, 0},
		"filter":              {completes(map[string]any{"content": ""}, "content_filter"), filtered, 0},
		"refusal":             {completes(map[string]any{"content": nil, "refusal": "I will not"}, "stop"), filtered, 0},
		"cut":                 {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, away, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := serve(t, test.step)
			m, memory := open(t, p, nil)
			_, err := m.Ask(t.Context(), question())
			wait, _ := llm.RetryAfter(err)
			if llm.TroubleOf(err) != test.want || wait != test.wait || p.requests() != 1 {
				t.Errorf("%v, wait %v, %d requests", err, wait, p.requests())
			}
			calls := memory.Calls()
			if last := calls[len(calls)-1]; last.Trouble != test.want || last.RetryAfter != test.wait {
				t.Errorf("recorded %+v", last)
			}
			for _, secret := range []string{"sk-very-secret", "slow down", "保本", p.URL} {
				if err != nil && strings.Contains(err.Error(), secret) {
					t.Errorf("the error tells %q: %v", secret, err)
				}
			}
		})
	}
}

func TestBlankLinesBeforeAnAnswerDoNoHarm(t *testing.T) {
	t.Parallel()
	p := serve(t, body(200, "\n\n\n"+completion(map[string]any{"content": good}, "stop")))
	m, _ := open(t, p, nil)
	if _, err := m.Ask(t.Context(), question()); err != nil {
		t.Error(err)
	}
}

func TestAnswersAreReadOnlySoFar(t *testing.T) {
	t.Parallel()
	bomb := func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Accept-Encoding") != "gzip" {
			t.Errorf("accepts %q", r.Header.Get("Accept-Encoding"))
		}
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		for range 64 {
			if _, err := z.Write(make([]byte, 1<<20)); err != nil {
				return
			}
		}
		_ = z.Close()
	}
	huge := body(200, strings.Repeat(" ", 4<<20)+completion(map[string]any{"content": good}, "stop"))
	deep := says(`{"evidence":` + strings.Repeat("[", 100_000))
	for name, test := range map[string]struct {
		step func(http.ResponseWriter, *http.Request)
		want casework.ModelTrouble
	}{"bomb": {bomb, casework.TroubleAway}, "huge": {huge, casework.TroubleAway}, "deep": {deep, casework.TroubleBadOutput}} {
		m, _ := open(t, serve(t, test.step), nil)
		if _, err := m.Ask(t.Context(), question()); llm.TroubleOf(err) != test.want || test.want == casework.TroubleAway && !strings.Contains(err.Error(), "4 MiB") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestRequestsGoNowhereElse(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the request was carried on") }))
	t.Cleanup(elsewhere.Close)
	p := serve(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL+"/v1/chat/completions", http.StatusTemporaryRedirect)
	})
	m, _ := open(t, p, nil)
	if _, err := m.Ask(t.Context(), question()); llm.TroubleOf(err) != casework.TroubleRefuses {
		t.Errorf("got %v", err)
	}
}

func TestTimeEnds(t *testing.T) {
	t.Parallel()
	p := serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	m, _ := open(t, p, func(e *llm.Endpoint) { e.Timeout = 50 * time.Millisecond })
	_, err := m.Ask(t.Context(), question())
	if llm.TroubleOf(err) != casework.TroubleAway || !strings.Contains(err.Error(), "no answer in time") {
		t.Errorf("got %v", err)
	}
	p.CloseClientConnections()
	p.Close()
	if _, err = m.Ask(t.Context(), question()); llm.TroubleOf(err) != casework.TroubleAway || !strings.Contains(err.Error(), "nobody listens") {
		t.Errorf("got %v", err)
	}
}

func TestReadPauseKnowsEveryForm(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"":                              0,
		"7":                             7 * time.Second,
		" 0.25 ":                        250 * time.Millisecond,
		"-3":                            0,
		"NaN":                           0,
		"1e300":                         10 * time.Minute,
		"Mon, 23 Nov 2026 09:00:30 GMT": 30 * time.Second,
		"Mon, 23 Nov 2026 08:00:00 GMT": 0,
		"Tue, 24 Nov 2026 09:00:00 GMT": 10 * time.Minute,
		"soon":                          0,
	} {
		if got := llm.ReadPause(http.Header{"Retry-After": {text}}, now); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
	if got := llm.ReadPause(http.Header{"Retry-After-Ms": {"1200"}, "Retry-After": {"9"}}, now); got != 1200*time.Millisecond {
		t.Errorf("milliseconds: %v", got)
	}
}
