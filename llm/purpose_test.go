package llm_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/llm"
)

// A canned endpoint says its answers in order, then the last one again. It
// keeps what it was asked.
type canned struct {
	mu      sync.Mutex
	answers []string
	asked   []string // the messages of each request, as one text
}

func (c *canned) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var request struct {
		Messages []struct {
			Role    string `json:"role"`
			Content string `json:"content"`
		} `json:"messages"`
	}
	if err := json.Unmarshal(body, &request); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var said strings.Builder
	for _, m := range request.Messages {
		said.WriteString(m.Role + ": " + m.Content + "\n")
	}
	c.mu.Lock()
	answer := c.answers[min(len(c.asked), len(c.answers)-1)]
	c.asked = append(c.asked, said.String())
	c.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{
		"id": "c-1", "object": "chat.completion", "model": "canned",
		"choices": []any{map[string]any{"index": 0, "finish_reason": "stop", "message": map[string]any{"role": "assistant", "content": answer}}},
		"usage":   map[string]any{"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
	})
}

// requests is how often it was asked.
func (c *canned) requests() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.asked)
}

// last is what it was asked last.
func (c *canned) last() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.asked[len(c.asked)-1]
}

// answering makes a model that gives canned answers.
func answering(t *testing.T, answers ...string) (*llm.Model, *canned) {
	t.Helper()
	c := &canned{answers: answers}
	server := httptest.NewServer(c)
	t.Cleanup(server.Close)
	m, err := llm.Open(llm.Endpoint{
		BaseURL: server.URL + "/v1", Key: "test", Model: "canned", PerSecond: 1000, AtOnce: 4, Timeout: 10 * time.Second,
	}, llm.NewMemory(), masker(t))
	if err != nil {
		t.Fatal(err)
	}
	return m, c
}

// at is evidence as a model names it, in JSON.
func at(utterance, anchor string) string {
	raw, err := json.Marshal([]llm.Quoted{{Utterance: utterance, Anchor: anchor}})
	if err != nil {
		panic(err)
	}
	return string(raw)
}

// troubled holds an error against the trouble it should tell of.
func troubled(t *testing.T, err error, want casework.ModelTrouble) {
	t.Helper()
	if got := llm.TroubleOf(err); got != want {
		t.Errorf("the trouble is %q (%v), not %q", got, err, want)
	}
}

// refusedBefore holds that a question was refused as invalid without asking.
func refusedBefore(t *testing.T, c *canned, err error, field string) {
	t.Helper()
	if casework.KindOf(err) != casework.Invalid || !strings.Contains(casework.WordsZh(err), "，") {
		t.Errorf("the error is %v, not one that tells an officer what to mend", err)
	}
	if e, ok := err.(*casework.Error); !ok || e.Code != "field:"+field {
		t.Errorf("the error %v is not about %s", err, field)
	}
	if n := c.requests(); n != 0 {
		t.Errorf("%d requests were sent all the same", n)
	}
}

// quotes are the quotes of evidence, after each was held against the text.
func quotes(t *testing.T, text string, evidence []casework.Evidence) []string {
	t.Helper()
	runes := []rune(text)
	var all []string
	for _, e := range evidence {
		if e.Start < 0 || e.End > len(runes) || string(runes[e.Start:e.End]) != e.Quote {
			t.Errorf("the quote %q does not stand at %d–%d", e.Quote, e.Start, e.End)
		}
		all = append(all, e.Quote)
	}
	return all
}

func codes(list []casework.Choice) []string {
	out := []string{}
	for _, c := range list {
		out = append(out, c.Code)
	}
	return out
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s are %q, not %q", what, got, want)
	}
}
