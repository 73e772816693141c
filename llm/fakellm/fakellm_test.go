package fakellm_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"xiaobao/llm/fakellm"
	"xiaobao/prompts"
)

func TestTheAnswerFollowsThePlainWordsOfTheRightSpeaker(t *testing.T) {
	t.Parallel()
	s := fakellm.New(t, fakellm.Options{})
	got := post(t, s, call(t)).content(t)
	want := `{"judgements":[{"indicator":"tm_guaranteed_approval","evidence":[{"utterance":"S2","anchor":"打包票"}],"reason":"S2 有这样的话。","shown":"是","certainty":"高"},` +
		`{"indicator":"col_threat_violence","evidence":[],"reason":"没有看到这样的话。","shown":"否","certainty":"中"}]}`
	if got != want {
		t.Errorf("answered\n%s\nwant\n%s", got, want)
	}
	s.AssertResilient(t)
}

func TestEveryPromptIsAnsweredInItsSchema(t *testing.T) {
	t.Parallel()
	all := prompts.All()
	if len(all) < 9 {
		t.Fatalf("there are %d prompts only", len(all))
	}
	for _, p := range all {
		t.Run(p.Name(), func(t *testing.T) {
			t.Parallel()
			s := fakellm.New(t, fakellm.Options{})
			deepseek := fakellm.New(t, fakellm.Options{Dialect: fakellm.DeepSeek})
			schema := compiled(t, p.Schema)
			for _, e := range p.Examples {
				b := question(p, string(e.Given), e.Utterances...)
				answer := post(t, s, b).content(t)
				v, err := jsonschema.UnmarshalJSON(strings.NewReader(answer))
				if err != nil {
					t.Fatalf("answered %q: %v", answer, err)
				}
				if err := schema.Validate(v); err != nil {
					t.Errorf("answered %s: %v", answer, err)
				}
				b = b.with(body{"response_format": body{"type": "json_object"}, "thinking": body{"type": "disabled"}})
				if plain := post(t, deepseek, b).content(t); plain != answer {
					t.Errorf("without a schema it answered\n%s\nwith one\n%s", plain, answer)
				}
			}
		})
	}
}

func compiled(t *testing.T, schema json.RawMessage) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(schema)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("mem:///s.json", doc); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("mem:///s.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

func TestAnswersFitThePublicSchema(t *testing.T) {
	t.Parallel()
	s := fakellm.New(t, fakellm.Options{Key: "sk-fake-1"})
	sent, err := json.Marshal(call(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := fakellm.ValidateRequest(sent); err != nil {
		t.Errorf("our own request: %v", err)
	}
	good := postRaw(t, s, sent, "Authorization", "Bearer sk-fake-1")
	if err := fakellm.ValidateResponse(good.body); err != nil {
		t.Errorf("the answer: %v", err)
	}
	if bad := postRaw(t, s, sent); bad.status != http.StatusUnauthorized || fakellm.ValidateError(bad.body) != nil {
		t.Errorf("without a key: status %d, %s", bad.status, bad.body)
	}
	streamed, err := json.Marshal(call(t).with(body{"stream": true, "stream_options": body{"include_usage": true}}))
	if err != nil {
		t.Fatal(err)
	}
	chunks := 0
	for line := range strings.Lines(string(postRaw(t, s, streamed, "Authorization", "Bearer sk-fake-1").body)) {
		data, ok := strings.CutPrefix(strings.TrimSpace(line), "data: ")
		if !ok || data == "[DONE]" {
			continue
		}
		chunks++
		if err := fakellm.ValidateChunk([]byte(data)); err != nil {
			t.Errorf("chunk %s: %v", data, err)
		}
	}
	if chunks < 5 {
		t.Errorf("the answer came in %d chunks", chunks)
	}
}

func TestTheSchemaRefusesWhatIsNotOfIt(t *testing.T) {
	t.Parallel()
	for name, b := range map[string]string{
		"unknown field":    `{"model":"m","messages":[{"role":"user","content":"x"}],"enable_thinking":false}`,
		"no messages":      `{"model":"m"}`,
		"unknown role":     `{"model":"m","messages":[{"role":"judge","content":"x"}]}`,
		"hot":              `{"model":"m","messages":[{"role":"user","content":"x"}],"temperature":3}`,
		"schema not named": `{"model":"m","messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema","json_schema":{"schema":{}}}}`,
	} {
		if fakellm.ValidateRequest([]byte(b)) == nil {
			t.Errorf("%s: taken for a request: %s", name, b)
		}
	}
}

func TestOtherRoutesSayWhoAnswers(t *testing.T) {
	t.Parallel()
	s := fakellm.New(t, fakellm.Options{})
	root := strings.TrimSuffix(s.URL, "/v1")
	for path, want := range map[string]string{"/v1/models": fakellm.Answerer, "/health": fakellm.Answerer, "/journal": `"entries":[]`, "/verdict": `"faults":[]`} {
		if got := get(t, root+path); !strings.Contains(got, want) {
			t.Errorf("%s says %s, without %s", path, got, want)
		}
	}
	first, again, other := embed(t, s, "保本"), embed(t, s, "保本"), embed(t, s, "保险")
	if first != again || first == other || !strings.Contains(first, "sha256-vectors") {
		t.Errorf("vectors: %.60s, %.60s, %.60s", first, again, other)
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return do(t, req)
}

func do(t *testing.T, req *http.Request) string {
	t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	got, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(got)
}

func embed(t *testing.T, s *fakellm.Server, text string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/embeddings", strings.NewReader(`{"model":"m","input":"`+text+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	return do(t, req)
}
