package llm_test

import (
	"net/http"
	"strings"
	"testing"

	"xiaobao/casework"
	"xiaobao/llm"
)

const fine = `{"reason":"常压下水的沸点是一百度","answer":"是"}`

// patient answers by what it is asked for.
func patient(t *testing.T, schema func(http.ResponseWriter, *http.Request)) *provider {
	t.Helper()
	var p *provider
	p = serve(t, func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		asked := p.bodies[len(p.bodies)-1]
		p.mu.Unlock()
		format, _ := asked["response_format"].(map[string]any)
		switch {
		case format["type"] == "json_schema":
			schema(w, r)
		case asked["logprobs"] == true:
			body(200, `{"model":"small-2","choices":[{"message":{"content":"{}"},"finish_reason":"stop","logprobs":{"content":[{"token":"{","logprob":-0.1,"top_logprobs":[]}]}}]}`)(w, r)
		default:
			completes(map[string]any{"content": fine, "reasoning": "嗯"}, "stop")(w, r)
		}
	})
	return p
}

func TestTheDoctorSaysWhatAnEndpointCanDo(t *testing.T) {
	t.Parallel()
	m, memory := open(t, patient(t, says(fine)), nil)
	card := m.Doctor(t.Context())
	if !card.Usable() || !card.Schema.OK || !card.Object.OK || !card.Usage.OK || !card.Seed.OK || !card.LogProbs.OK || card.Answered != "small-1" || card.Asked != "small-1" {
		t.Errorf("the card is %+v", card)
	}
	if card.Quiet.OK || !strings.Contains(card.Quiet.Note, "thought aloud") {
		t.Errorf("thinking off: %+v", card.Quiet)
	}
	if strings.Count(card.Address, "/") != 2 || len(memory.Calls()) != 0 {
		t.Errorf("address %s, %d rows", card.Address, len(memory.Calls()))
	}
}

func TestTheDoctorSaysWhatItCannot(t *testing.T) {
	t.Parallel()
	refusing := patient(t, body(400, `{"error":{"message":"This response_format type is unavailable now"}}`))
	m, _ := open(t, refusing, nil)
	if card := m.Doctor(t.Context()); card.Schema.OK || card.Usable() || !card.Object.OK {
		t.Errorf("schema refused: %+v", card)
	}
	m, _ = open(t, refusing, func(e *llm.Endpoint) { e.Dialect = llm.DeepSeek })
	if card := m.Doctor(t.Context()); card.Schema.OK || !card.Usable() {
		t.Errorf("schema refused and not needed: %+v", card)
	}
	m, _ = open(t, patient(t, says(`{"answer":"是","reason":1}`)), nil)
	if card := m.Doctor(t.Context()); card.Schema.OK || !strings.Contains(card.Schema.Note, "form") {
		t.Errorf("schema forgotten: %+v", card.Schema)
	}
	m, _ = open(t, serve(t, body(401, `{"error":{"message":"bad key"}}`)), nil)
	if card := m.Doctor(t.Context()); card.Reachable.OK || card.Usable() || !strings.Contains(card.Reachable.Note, "401") || card.Schema.Note != "not tried" {
		t.Errorf("refused: %+v", card)
	}
	p := serve(t, says(fine))
	m, memory := open(t, p, nil)
	memory.Switch(casework.AllModels, true)
	if card := m.Doctor(t.Context()); card.Reachable.OK || p.requests() != 0 {
		t.Errorf("switched off: %+v after %d requests", card, p.requests())
	}
}
