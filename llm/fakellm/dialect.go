package fakellm

import "strings"

// A Dialect is a vendor's way of being OpenAI-compatible.
type Dialect string

// The dialects.
const (
	OpenAI     Dialect = "openai"
	DeepSeek   Dialect = "deepseek"
	DashScope  Dialect = "dashscope"
	VLLM       Dialect = "vllm"        // 0.12 and later
	VLLMLegacy Dialect = "vllm_legacy" // before
	Ollama     Dialect = "ollama"
	LlamaCPP   Dialect = "llamacpp"
)

// Dialects are all of them.
func Dialects() []Dialect {
	return []Dialect{OpenAI, DeepSeek, DashScope, VLLM, VLLMLegacy, Ollama, LlamaCPP}
}

// manner is how a vendor behaves where the vendors differ.
type manner struct {
	schema    bool   // takes response_format json_schema
	strict    bool   // checks what a strict schema may hold
	wordJSON  bool   // json_object wants the word JSON in the messages
	unknown   bool   // refuses parameters that it does not know
	reasoning string // the field of a reply that holds what was thought; empty: none
	blanks    string // sent before a reply, to keep the connection
	beats     string // sent between the chunks of a stream
}

// manners of all dialects.
var manners = map[Dialect]manner{
	OpenAI:     {schema: true, strict: true, wordJSON: true, unknown: true},
	DeepSeek:   {wordJSON: true, reasoning: "reasoning_content", blanks: "\n\n\n", beats: ": keep-alive\n\n"},
	DashScope:  {wordJSON: true, schema: true, reasoning: "reasoning_content"},
	VLLM:       {schema: true, reasoning: "reasoning"},
	VLLMLegacy: {schema: true, reasoning: "reasoning_content"},
	Ollama:     {schema: true, reasoning: "reasoning"},
	LlamaCPP:   {schema: true, reasoning: "reasoning_content"},
}

// thinks reports whether the vendor would think before it answers: most do
// unless they are told not to, each in its own words.
func (s *Server) thinks(r *Request) bool {
	switch s.options.Dialect {
	case DeepSeek:
		return r.Thinking == nil || r.Thinking.Type != "disabled"
	case DashScope:
		return r.EnableThinking != nil && *r.EnableThinking || r.EnableThinking == nil && openQwen(r.Model)
	case VLLM, VLLMLegacy, LlamaCPP:
		return r.TemplateOptions["enable_thinking"] != false
	case Ollama:
		return r.Effort != "none"
	default:
		return false // what OpenAI's models think, they do not show
	}
}

// openQwen reports whether a model of DashScope is one of the open ones,
// which think unless told otherwise.
func openQwen(model string) bool {
	return strings.HasPrefix(model, "qwen3-") && !strings.HasPrefix(model, "qwen3-max")
}

// envelope is an error in the vendor's words.
func (s *Server) envelope(status int, message, code string) any {
	kind := "invalid_request_error"
	switch {
	case status == 429:
		kind = "rate_limit_error"
	case status == 402:
		kind = "insufficient_balance"
	case status >= 500:
		kind = "server_error"
	}
	switch s.options.Dialect {
	case VLLMLegacy:
		return map[string]any{"object": "error", "message": message, "type": "BadRequestError", "param": nil, "code": status}
	case VLLM:
		return map[string]any{"error": map[string]any{"message": message, "type": "BadRequestError", "param": nil, "code": status}}
	case Ollama:
		if status == 404 {
			return map[string]any{"error": message}
		}
		return map[string]any{"error": map[string]any{"message": message, "type": kind, "param": nil, "code": nil}}
	case LlamaCPP:
		return map[string]any{"error": map[string]any{"code": status, "message": message, "type": kind}}
	case DashScope:
		return map[string]any{"error": map[string]any{"message": message, "type": kind, "param": nil, "code": code}, "request_id": "fake-0001"}
	default:
		return map[string]any{"error": map[string]any{"message": message, "type": kind, "param": nil, "code": code}}
	}
}
