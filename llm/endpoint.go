package llm

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"time"

	"xiaobao/casework"
)

// A Dialect is how a vendor speaks the protocol that all of them call
// compatible.
type Dialect string

// The dialects.
const (
	OpenAI    Dialect = "openai"
	DeepSeek  Dialect = "deepseek"
	DashScope Dialect = "dashscope" // 百炼
	VLLM      Dialect = "vllm"
	Ollama    Dialect = "ollama"
	LlamaCPP  Dialect = "llamacpp"
)

// Dialects are all dialects.
func Dialects() []Dialect { return []Dialect{OpenAI, DeepSeek, DashScope, VLLM, Ollama, LlamaCPP} }

// Known reports whether d is one of the dialects.
func (d Dialect) Known() bool { return slices.Contains(Dialects(), d) }

// An Endpoint is where a model is reached, and how much of it may be used.
type Endpoint struct {
	ID         string // "primary" or "second"
	BaseURL    string // "https://api.example.com/v1"
	Key        string `json:"-"` // never logged, never in an error
	Model      string
	Dialect    Dialect
	Timeout    time.Duration // of one call; 0: 120 s
	MostTokens int           // of an answer; 0: 1,500
	PerSecond  float64       // calls; 0: 2
	AtOnce     int           // calls under way; 0: 4
	Budget     casework.ModelBudget
	Price      Price
	Transport  http.RoundTripper `json:"-"` // nil: the default
	Warning    string            // what is doubtful about these settings, in words; empty: nothing
}

// String names the endpoint, so that printing one by accident does not print
// its key.
func (e Endpoint) String() string {
	return fmt.Sprintf("%s: %s (%s)", e.ID, e.Model, e.Dialect)
}

// GoString is String, for those who print everything.
func (e Endpoint) GoString() string { return e.String() }

// The endpoints' names.
const (
	Primary = "primary"
	Second  = "second"
)

// filled is the endpoint with its defaults in place.
func (e Endpoint) filled() Endpoint {
	e.ID = cmp.Or(e.ID, Primary)
	e.Dialect = cmp.Or(e.Dialect, OpenAI)
	e.Timeout = cmp.Or(e.Timeout, 2*time.Minute)
	e.MostTokens = cmp.Or(e.MostTokens, 1500)
	e.PerSecond = cmp.Or(e.PerSecond, 2)
	e.AtOnce = cmp.Or(e.AtOnce, 4)
	if e.Price == (Price{}) {
		e.Price, _ = PriceOf(e.Model)
	}
	return e
}
