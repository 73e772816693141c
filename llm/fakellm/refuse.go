package fakellm

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// a refusal is why a vendor does not answer a request.
type refusal struct {
	status        int
	message, code string
}

func badRequest(format string, args ...any) *refusal {
	return &refusal{http.StatusBadRequest, fmt.Sprintf(format, args...), "invalid_request_error"}
}

// refusal is what the vendor has against a request, or nil.
func (s *Server) refusal(r *Request) *refusal {
	if s.options.Model != "" && r.Model != s.options.Model {
		return &refusal{http.StatusNotFound, fmt.Sprintf("model '%s' not found", r.Model), "model_not_found"}
	}
	if n := utf8.RuneCountInString(r.Text()); s.options.Window > 0 && n > s.options.Window {
		return &refusal{http.StatusBadRequest, fmt.Sprintf("This model's maximum context length is %d tokens. However, your messages resulted in %d tokens.", s.options.Window, n), "context_length_exceeded"}
	}
	for _, check := range []func(*Request) *refusal{s.refuseRanges, s.refuseUnknown, s.refuseFormat, s.refuseThinking} {
		if no := check(r); no != nil {
			return no
		}
	}
	return nil
}

// refuseRanges is about numbers out of range.
func (s *Server) refuseRanges(r *Request) *refusal {
	status := http.StatusBadRequest
	if s.options.Dialect == DeepSeek {
		status = http.StatusUnprocessableEntity
	}
	for name, n := range map[string]*int{"max_tokens": r.MaxTokens, "max_completion_tokens": r.MostTokens} {
		if n != nil && *n < 1 {
			return &refusal{status, fmt.Sprintf("Invalid '%s': integer below minimum value. Expected a value >= 1, but got %d instead.", name, *n), "integer_below_min_value"}
		}
	}
	if t := r.Temperature; t != nil && (*t < 0 || *t > 2) {
		return &refusal{status, "Invalid 'temperature': expected a value between 0 and 2.", "decimal_above_max_value"}
	}
	if s.options.Dialect == OpenAI && r.MaxTokens != nil && r.MostTokens != nil {
		return badRequest("Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.")
	}
	return nil
}

// parameters that OpenAI knows. It refuses all others.
var parameters = strings.Fields(`model messages stream stream_options response_format temperature top_p n stop max_tokens
	max_completion_tokens presence_penalty frequency_penalty logit_bias logprobs top_logprobs user seed tools tool_choice
	parallel_tool_calls reasoning_effort service_tier store metadata modalities prediction verbosity safety_identifier prompt_cache_key`)

func (s *Server) refuseUnknown(r *Request) *refusal {
	if !manners[s.options.Dialect].unknown {
		return nil
	}
	for name := range r.Keys {
		if !slices.Contains(parameters, name) {
			return badRequest("Unrecognized request argument supplied: %s", name)
		}
	}
	return nil
}

// schemaName is what a schema may be called.
var schemaName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)

// refuseFormat is about what shape of answer is asked for.
func (s *Server) refuseFormat(r *Request) *refusal {
	m := manners[s.options.Dialect]
	switch {
	case r.Asks("text"):
		return nil
	case r.Asks("json_object"):
		if m.wordJSON && !strings.Contains(strings.ToLower(r.Text()), "json") {
			return badRequest("'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.")
		}
		return nil
	case !r.Asks("json_schema"):
		return badRequest("Invalid value for 'response_format.type': %q.", r.Format.Type)
	case !m.schema, s.options.Dialect == DashScope && !schemaQwen(r.Model):
		return badRequest("This response_format type is unavailable now")
	case r.Format.Schema == nil || len(r.Format.Schema.Schema) == 0:
		return badRequest("Missing required parameter: 'response_format.json_schema'.")
	case r.Grammar != "" && s.options.Dialect == LlamaCPP:
		return badRequest("Either \"json_schema\" or \"grammar\" can be specified, but not both")
	case s.options.Dialect == OpenAI && !schemaName.MatchString(r.Format.Schema.Name):
		return badRequest("Invalid 'response_format.json_schema.name': string does not match pattern.")
	case m.strict && r.Format.Schema.Strict:
		if problem := strictProblem(r.Format.Schema.Schema); problem != "" {
			return badRequest("Invalid schema for response_format '%s': %s", r.Format.Schema.Name, problem)
		}
	}
	return nil
}

// schemaQwen reports whether a model of DashScope takes json_schema.
func schemaQwen(model string) bool {
	for _, prefix := range []string{"qwen3-max", "qwen-plus", "qwen-flash", "deepseek-v3.2"} {
		if strings.HasPrefix(model, prefix) {
			return true
		}
	}
	return false
}

// refuseThinking is about what cannot be asked of a model that thinks.
func (s *Server) refuseThinking(r *Request) *refusal {
	if !s.thinks(r) {
		return nil
	}
	switch s.options.Dialect {
	case DashScope:
		if !r.Stream {
			return badRequest("parameter.enable_thinking must be set to false for non-streaming calls")
		}
		if r.Asks("json_object") {
			return badRequest("Json mode response is not supported when enable_thinking is true")
		}
	case DeepSeek:
		if r.LogProbs {
			return badRequest("logprobs is not supported while thinking")
		}
	}
	return nil
}
