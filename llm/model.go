package llm

import (
	"context"

	"xiaobao/casework"
)

// A Model is one endpoint, ready to be asked. It is safe for concurrent use.
type Model struct {
	endpoint Endpoint
	ledger   Ledger
	masker   *Masker
}

// Open makes a model of an endpoint. The ledger keeps what is asked of it and
// the masker hides personal data before anything leaves.
func Open(e Endpoint, l Ledger, m *Masker) (*Model, error) {
	return &Model{endpoint: e.filled(), ledger: l, masker: m}, nil
}

// Endpoint is where the model is, without its key.
func (m *Model) Endpoint() Endpoint {
	e := m.endpoint
	e.Key = ""
	return e
}

// Ask masks the question's text, asks, checks the answer and records it.
func (m *Model) Ask(_ context.Context, _ Question) (Answer, error) {
	return Answer{}, Failure(casework.TroubleNone, nil)
}

// Doctor tries what the endpoint can do.
func (m *Model) Doctor(_ context.Context) Card { return Card{Endpoint: m.endpoint.ID} }
