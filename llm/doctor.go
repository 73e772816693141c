package llm

import (
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"strings"
	"time"

	openai "github.com/sashabaranov/go-openai"

	"xiaobao/casework"
)

// A Card says what an endpoint can do, as it was tried.
type Card struct {
	Endpoint  string        `json:"endpoint"`
	Address   string        `json:"address"` // scheme and host only
	Dialect   Dialect       `json:"dialect"`
	Asked     string        `json:"asked"`
	Answered  string        `json:"answered,omitempty"` // the model that answered, as it says
	At        time.Time     `json:"at"`
	Took      time.Duration `json:"took"` // the first question
	Prices    Price         `json:"prices"`
	Warning   string        `json:"warning,omitempty"`
	Reachable Finding       `json:"reachable"`
	Schema    Finding       `json:"json_schema"`
	Object    Finding       `json:"json_object"`
	Quiet     Finding       `json:"thinking_off"` // it does not think aloud when told not to
	Usage     Finding       `json:"usage"`        // it says how many tokens it used
	Seed      Finding       `json:"seed"`
	LogProbs  Finding       `json:"logprobs"`
	Ours      Finding       `json:"as_we_ask"` // a small question in the very form of ours
}

// A Finding is one thing that was tried.
type Finding struct {
	OK   bool   `json:"ok"`
	Note string `json:"note,omitempty"` // in words; nothing of the answer
}

// Usable reports whether the endpoint can be worked with.
func (c Card) Usable() bool { return c.Reachable.OK && c.Ours.OK }

// trialSchema is a schema like those of our prompts, only small.
const trialSchema = `{"type":"object","additionalProperties":false,"required":["reason","answer"],"properties":{"reason":{"type":"string"},"answer":{"type":"string","enum":["是","否","无法判断"]}}}`

// trialTokens is how long the answer to a trial may be.
const trialTokens = 300

// Doctor tries what the endpoint can do, by a few small questions that hold
// nobody's words. They pass the gate and heed the switch like all others, and
// are not recorded.
func (m *Model) Doctor(ctx context.Context) Card {
	card := m.blankCard()
	if err := m.mayAsk(ctx); err != nil {
		card.Reachable.Note = casework.Words(err)
		return card
	}
	began := m.now()
	r, err := m.try(ctx, nil, nil)
	card.Took = m.now().Sub(began)
	card.Answered = shortName(r.answered)
	if card.Reachable = found(err); err != nil && r.answered == "" {
		return card
	}
	card.Reachable.OK = true // with a note, if the answer was none
	card.Quiet = yesNo(!r.thought, "it thought aloud although told not to: answers cost more and may ignore the schema")
	card.Usage = yesNo(r.counted, "it does not say how many tokens it used; costs are estimates")
	card.Schema = m.tryForm(ctx, openai.ChatCompletionResponseFormatTypeJSONSchema)
	card.Object = m.tryForm(ctx, openai.ChatCompletionResponseFormatTypeJSONObject)
	_, err = m.try(ctx, nil, map[string]any{"seed": seed})
	card.Seed = found(err)
	ex := &exchange{extras: map[string]any{"logprobs": true}}
	_, err = m.trial(ctx, nil, ex)
	if card.LogProbs = found(err); err == nil {
		card.LogProbs = yesNo(hasLogProbs(ex.body), "accepted and not given")
	}
	card.Ours = card.Object
	if m.endpoint.manner().schema {
		card.Ours = card.Schema
	}
	return card
}

func (m *Model) blankCard() Card {
	e := m.endpoint
	card := Card{Endpoint: e.ID, Dialect: e.Dialect, Asked: e.Model, At: m.now(), Prices: e.Price, Warning: e.Warning}
	if u, err := url.Parse(e.BaseURL); err == nil {
		card.Address = u.Scheme + "://" + u.Host
	}
	for _, f := range []*Finding{&card.Schema, &card.Object, &card.Quiet, &card.Usage, &card.Seed, &card.LogProbs, &card.Ours} {
		f.Note = "not tried"
	}
	return card
}

// tryForm asks for JSON in one of its forms and holds the answer against the
// trial's schema.
func (m *Model) tryForm(ctx context.Context, form openai.ChatCompletionResponseFormatType) Finding {
	format := &openai.ChatCompletionResponseFormat{Type: form}
	if form == openai.ChatCompletionResponseFormatTypeJSONSchema {
		format.JSONSchema = &openai.ChatCompletionResponseFormatJSONSchema{Name: "doctor", Schema: json.RawMessage(trialSchema), Strict: true}
	}
	r, err := m.try(ctx, format, nil)
	if err != nil {
		return found(err)
	}
	object, err := parse(r.content)
	if err != nil {
		return Finding{Note: "accepted, but the answer is no JSON object"}
	}
	schema, err := compiled(json.RawMessage(trialSchema))
	if err != nil {
		return Finding{Note: "the trial's own schema is broken"}
	}
	return yesNo(len(fits(object, schema)) == 0, "accepted, but the answer does not have the form asked for")
}

func (m *Model) try(ctx context.Context, format *openai.ChatCompletionResponseFormat, extras map[string]any) (reply, error) {
	return m.trial(ctx, format, &exchange{extras: extras})
}

// trial asks a small question.
func (m *Model) trial(ctx context.Context, format *openai.ChatCompletionResponseFormat, ex *exchange) (reply, error) {
	done, err := m.gate.pass(ctx)
	if err != nil {
		return reply{}, Failure(casework.TroubleCancelled, err)
	}
	defer done()
	request := openai.ChatCompletionRequest{Model: m.endpoint.Model, ResponseFormat: format, Messages: []openai.ChatCompletionMessage{
		say(openai.ChatMessageRoleSystem, "你检查接口是否可用。只输出一个 JSON 对象，符合这个 JSON Schema：\n"+trialSchema),
		say(openai.ChatMessageRoleUser, "水在常压下一百摄氏度时会沸腾吗？只输出 JSON。"),
	}}
	if m.endpoint.manner().newLimit {
		request.MaxCompletionTokens = trialTokens
	} else {
		ex.extras = maps.Clone(ex.extras)
		if ex.extras == nil {
			ex.extras = map[string]any{}
		}
		ex.extras["max_tokens"] = trialTokens
	}
	return m.send(ctx, request, ex)
}

// found makes a finding of how a call went. An answer of the wrong kind is
// still an answer.
func found(err error) Finding {
	switch trouble := TroubleOf(err); trouble {
	case "":
		if err != nil {
			return Finding{Note: casework.Words(err)}
		}
		return Finding{OK: true}
	default:
		e := casework.Words(err)
		if cause := causeOf(err); cause != "" {
			e += " (" + cause + ")"
		}
		return Finding{Note: e}
	}
}

// causeOf is the cause in the words that this package gave it.
func causeOf(err error) string {
	_, cause, _ := strings.Cut(err.Error(), ": ")
	return cause
}

func yesNo(ok bool, otherwise string) Finding {
	if ok {
		return Finding{OK: true}
	}
	return Finding{Note: otherwise}
}

// hasLogProbs reports whether an answer came with probabilities.
func hasLogProbs(body []byte) bool {
	var raw struct {
		Choices []struct {
			LogProbs *struct {
				Content []any `json:"content"`
			} `json:"logprobs"`
		} `json:"choices"`
	}
	return json.Unmarshal(body, &raw) == nil && len(raw.Choices) > 0 && raw.Choices[0].LogProbs != nil && len(raw.Choices[0].LogProbs.Content) > 0
}
