package llm

import (
	"encoding/json"
	"strings"
)

// A manner is how one model wants to be asked.
type manner struct {
	schema   bool           // the vendor holds it to a schema; else to JSON, and the schema stands in the words
	words    bool           // the schema stands in the words although the vendor takes it
	newLimit bool           // the limit of an answer goes by its newer name, which the library has
	extras   map[string]any // what the client library cannot say
}

// Every request asks for the likeliest words, and for the same ones again.
const (
	temperature = 0
	seed        = 20261123
)

// manner is how the endpoint's model wants to be asked. Thinking is turned off
// wherever there is a way to: it multiplies what an answer costs, and some
// vendors ignore the temperature, or the schema, while it is on.
func (e Endpoint) manner() manner {
	extras := map[string]any{"temperature": temperature, "max_tokens": e.MostTokens}
	switch e.Dialect {
	case DeepSeek:
		extras["thinking"] = map[string]any{"type": "disabled"}
		return manner{extras: extras}
	case DashScope:
		extras["enable_thinking"] = false
		extras["seed"] = seed
		return manner{schema: dashScopeSchema(e.Model), extras: extras}
	case VLLM, LlamaCPP:
		extras["chat_template_kwargs"] = map[string]any{"enable_thinking": false}
		extras["seed"] = seed
		return manner{schema: true, extras: extras}
	case Ollama:
		extras["reasoning_effort"] = "none"
		extras["seed"] = seed
		return manner{schema: true, words: true, extras: extras} // it forgets the schema for some models
	}
	return manner{schema: true, newLimit: true, extras: openAIExtras(e.Model)}
}

// openAIExtras turns thinking down as far as a family of models lets it. The
// older thinking models take neither "none" nor a temperature; models from
// before thinking do not know the word.
func openAIExtras(model string) map[string]any {
	switch {
	case begins(model, "o1", "o3", "o4"):
		return map[string]any{"reasoning_effort": "low"}
	case model == "gpt-5" || begins(model, "gpt-5-"):
		return map[string]any{"reasoning_effort": "minimal"}
	case begins(model, "gpt-3", "gpt-4", "chatgpt-4"):
		return map[string]any{"temperature": temperature, "seed": seed}
	}
	return map[string]any{"temperature": temperature, "seed": seed, "reasoning_effort": "none"}
}

// dashScopeSchema reports whether a model there takes a schema; the others
// take plain JSON only.
func dashScopeSchema(model string) bool {
	return begins(model, "qwen3-max", "qwen-plus", "qwen-flash", "deepseek-v3.2")
}

func begins(s string, any ...string) bool {
	for _, prefix := range any {
		if strings.HasPrefix(s, prefix) {
			return true
		}
	}
	return false
}

// params are what a request asks for beside its words, for the record.
func (e Endpoint) params() string {
	how := e.manner()
	all := map[string]any{"max_tokens": e.MostTokens, "format": "json_object"}
	if how.schema {
		all["format"] = "json_schema"
	}
	for name, value := range how.extras {
		all[name] = value
	}
	text, err := json.Marshal(all) // sorted by name
	if err != nil {
		return "{}" // numbers, words and maps of them: it cannot
	}
	return string(text)
}
