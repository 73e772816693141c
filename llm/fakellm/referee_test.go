package fakellm_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/param"
	"github.com/openai/openai-go/v3/shared"

	"xiaobao/llm/fakellm"
)

// referee is the official client, which was made from the vendor's own
// description of the interface. What both clients read alike is not shaped to
// the mistakes of ours.
func referee(s *fakellm.Server) openai.Client {
	return openai.NewClient(option.WithBaseURL(s.URL), option.WithAPIKey("sk-fake-referee"), option.WithMaxRetries(0))
}

// params are a question in the referee's words.
func params(t *testing.T) openai.ChatCompletionNewParams {
	t.Helper()
	p := prompt(t, "judge")
	asked := question(p, candidates, "坐席：这个我给您打包票，递上去就过。")
	text := asked["messages"].([]body)[1]["content"].(string)
	return openai.ChatCompletionNewParams{
		Model:       "fake",
		Temperature: param.NewOpt(0.0),
		Messages:    []openai.ChatCompletionMessageParamUnion{openai.SystemMessage(p.System), openai.UserMessage(text)},
		ResponseFormat: openai.ChatCompletionNewParamsResponseFormatUnion{OfJSONSchema: &shared.ResponseFormatJSONSchemaParam{
			JSONSchema: shared.ResponseFormatJSONSchemaJSONSchemaParam{Name: "judge_v1", Strict: param.NewOpt(true), Schema: p.Schema},
		}},
	}
}

func TestTheOfficialClientReadsTheSameAnswer(t *testing.T) {
	t.Parallel()
	s := fakellm.New(t, fakellm.Options{Key: "sk-fake-referee"})
	c := referee(s)
	got, err := c.Chat.Completions.New(t.Context(), params(t))
	if err != nil {
		t.Fatal(err)
	}
	content := got.Choices[0].Message.Content
	if got.Model != fakellm.Answerer || got.Choices[0].FinishReason != "stop" || !strings.Contains(content, "打包票") || got.Usage.TotalTokens == 0 {
		t.Errorf("read %s", got.RawJSON())
	}
	s.Accepted(t, []byte(content))

	stream := c.Chat.Completions.NewStreaming(t.Context(), params(t))
	var all openai.ChatCompletionAccumulator
	for stream.Next() {
		if !all.AddChunk(stream.Current()) {
			t.Error("a chunk does not belong to the answer")
		}
	}
	if err := stream.Err(); err != nil || len(all.Choices) != 1 || all.Choices[0].Message.Content != content || all.Choices[0].FinishReason != "stop" {
		t.Errorf("streamed %+v (%v), want %s", all.Choices, err, content)
	}
	models, err := c.Models.List(t.Context())
	if err != nil || len(models.Data) != 1 || models.Data[0].ID != fakellm.Answerer {
		t.Errorf("models: %+v (%v)", models, err)
	}
	s.AssertResilient(t)
}

func TestTheOfficialClientReadsRefusalsAndFaultsAsMeant(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]int{
		"limit_seconds": 429, "quota": 429, "balance": 402, "key_wrong": 401, "key_forbidden": 403, "model_unknown": 404, "request_wrong": 422,
		"too_long": 400, "too_large": 413, "inspection": 400, "broken": 500, "broken_page": 502, "loading": 503, "overloaded": 503, "gateway_timeout": 504,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := fakellm.New(t, fakellm.Options{})
			s.Next(fakellm.Fault(name))
			c := referee(s)
			_, err := c.Chat.Completions.New(t.Context(), params(t))
			refused, ok := errors.AsType[*openai.Error](err)
			if !ok || refused.StatusCode != status {
				t.Fatalf("read as %T %v, want status %d", err, err, status)
			}
			if name == "limit_seconds" && refused.Response.Header.Get("Retry-After") != "7" {
				t.Errorf("asked to wait %q", refused.Response.Header.Get("Retry-After"))
			}
			if s.Asked() != 1 {
				t.Errorf("asked %d times", s.Asked())
			}
		})
	}
}

func TestTheOfficialClientDoesNotTakeBrokenBodiesForAnswers(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"ok_error", "ok_empty", "ok_page", "ok_half", "ok_no_choices", "closed_at_once", "closed_in_headers", "closed_after_headers", "closed_in_body"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := fakellm.New(t, fakellm.Options{})
			s.Next(fakellm.Fault(name))
			c := referee(s)
			got, err := c.Chat.Completions.New(t.Context(), params(t))
			if err == nil && len(got.Choices) > 0 {
				t.Errorf("took %s for an answer", got.RawJSON())
			}
		})
	}
}

func TestTheOfficialClientSeesStreamsEndAsScripted(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct{ finished, fails bool }{
		"stream_without_end":  {false, false}, // the trap: no error, and no end
		"stream_cut_in_line":  {false, false}, // another: half a line counts for nothing
		"stream_error":        {false, true},
		"stream_error_spaced": {false, true},
		"stream_error_first":  {false, true},
		"stream_keep_alive":   {true, false},
		"stream_usage_only":   {true, false},
		"stream_without_done": {true, false},
		"stream_length":       {true, false},
		"stream_empty":        {false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := fakellm.New(t, fakellm.Options{})
			s.Next(fakellm.Fault(name))
			c := referee(s)
			stream := c.Chat.Completions.NewStreaming(t.Context(), params(t))
			finished := false
			for stream.Next() {
				for _, choice := range stream.Current().Choices {
					finished = finished || choice.FinishReason != ""
				}
			}
			if finished != want.finished || (stream.Err() != nil) != want.fails {
				t.Errorf("finished %v, error %v; want %+v", finished, stream.Err(), want)
			}
		})
	}
}

func TestTheOfficialClientReachesEveryDialect(t *testing.T) {
	t.Parallel()
	off := map[fakellm.Dialect][]option.RequestOption{
		fakellm.DeepSeek:   {option.WithJSONSet("thinking", body{"type": "disabled"}), option.WithJSONSet("response_format", body{"type": "json_object"})},
		fakellm.DashScope:  {option.WithJSONSet("enable_thinking", false), option.WithJSONSet("model", "qwen-plus")},
		fakellm.VLLM:       {option.WithJSONSet("chat_template_kwargs", body{"enable_thinking": false})},
		fakellm.VLLMLegacy: {option.WithJSONSet("chat_template_kwargs", body{"enable_thinking": false})},
		fakellm.LlamaCPP:   {option.WithJSONSet("chat_template_kwargs", body{"enable_thinking": false})},
		fakellm.Ollama:     {option.WithJSONSet("reasoning_effort", "none")},
	}
	for _, d := range fakellm.Dialects() {
		t.Run(string(d), func(t *testing.T) {
			t.Parallel()
			s := fakellm.New(t, fakellm.Options{Dialect: d})
			c := referee(s)
			got, err := c.Chat.Completions.New(t.Context(), params(t), off[d]...)
			if err != nil {
				t.Fatal(err)
			}
			if !json.Valid([]byte(got.Choices[0].Message.Content)) || s.Last().Thinks {
				t.Errorf("read %s", got.RawJSON())
			}
			if s.Last().Status != http.StatusOK {
				t.Errorf("status %d", s.Last().Status)
			}
		})
	}
}
