package llm

import (
	"context"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode"

	openai "github.com/sashabaranov/go-openai"

	"xiaobao/casework"
	"xiaobao/privacy"
)

// A Model is one endpoint, ready to be asked. It is safe for concurrent use.
type Model struct {
	endpoint Endpoint
	ledger   Ledger
	masker   *privacy.Masker
	client   *openai.Client
	gate     *gate
	now      func() time.Time
	strange  sync.Map // names of models that answered in another's place
}

// Open makes a model of an endpoint. The ledger keeps what is asked of it and
// the masker hides personal data before anything leaves.
func Open(e Endpoint, l Ledger, m *privacy.Masker) (*Model, error) {
	e = e.filled()
	if e.Model == "" || l == nil || m == nil {
		return nil, casework.Errorf(casework.Invalid, "a model needs a name, a ledger and a masker")
	}
	if wrong := e.check(); wrong != nil {
		return nil, casework.Errorf(casework.Invalid, "endpoint %s: %s %s", e.ID, wrong.setting, wrong.english).
			InChinese("模型 %s：%s %s", e.ID, wrong.setting, wrong.chinese)
	}
	base, err := url.Parse(e.BaseURL)
	if err != nil {
		return nil, casework.Errorf(casework.Invalid, "endpoint %s: the address cannot be read", e.ID)
	}
	e.Warning = e.warning()
	config := openai.DefaultConfig("") // the wire adds the key
	config.BaseURL = e.BaseURL
	config.HTTPClient = newHTTPClient(e, base)
	return &Model{
		endpoint: e, ledger: l, masker: m,
		client: openai.NewClientWithConfig(config), gate: gateOf(e), now: time.Now,
	}, nil
}

// Endpoint is where the model is, without its key.
func (m *Model) Endpoint() Endpoint {
	e := m.endpoint
	e.Key = ""
	return e
}

// send sends one request and reads what comes back. The exchange tells whether
// it left, also when it failed.
func (m *Model) send(ctx context.Context, request openai.ChatCompletionRequest, ex *exchange) (reply, error) {
	limited, cancel := context.WithTimeout(ctx, m.endpoint.Timeout)
	defer cancel()
	resp, err := m.client.CreateChatCompletion(carrying(limited, ex), request)
	r, err := readReply(ctx, resp, err, ex, m.now())
	m.watch(r.answered)
	return r, err
}

// watch says once that another model answers than the one that was asked:
// vendors retire names and let others answer in their place.
func (m *Model) watch(answered string) {
	if answered == "" || answered == m.endpoint.Model {
		return
	}
	if _, known := m.strange.LoadOrStore(answered, true); !known {
		slog.Warn("another model answers than the one asked", "endpoint", m.endpoint.ID, "asked", m.endpoint.Model, "answered", shortName(answered))
	}
}

// shortName bounds what a provider calls its model, and takes out what nobody
// can read.
func shortName(name string) string {
	runes := []rune(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, name))
	return string(runes[:min(len(runes), 120)])
}
