package fakellm

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"strings"
	"unicode/utf8"
)

// A Request is what a client asks, as far as it matters here.
type Request struct {
	Model    string    `json:"model"`
	Messages []Message `json:"messages"`
	Stream   bool      `json:"stream"`
	Format   *struct {
		Type   string `json:"type"`
		Schema *struct {
			Name   string          `json:"name"`
			Strict bool            `json:"strict"`
			Schema json.RawMessage `json:"schema"`
		} `json:"json_schema"`
	} `json:"response_format"`
	StreamOptions *struct {
		Usage bool `json:"include_usage"`
	} `json:"stream_options"`
	Thinking *struct {
		Type string `json:"type"`
	} `json:"thinking"`
	EnableThinking  *bool          `json:"enable_thinking"`
	TemplateOptions map[string]any `json:"chat_template_kwargs"`
	Effort          string         `json:"reasoning_effort"`
	Temperature     *float64       `json:"temperature"`
	MaxTokens       *int           `json:"max_tokens"`
	MostTokens      *int           `json:"max_completion_tokens"`
	Seed            *int64         `json:"seed"`
	LogProbs        bool           `json:"logprobs"`
	Grammar         string         `json:"grammar"`
	GuidedChoice    []string       `json:"guided_choice"`

	Body []byte                     `json:"-"`
	Keys map[string]json.RawMessage `json:"-"` // everything at the top of the body, known here or not
}

// A Message is one message of a conversation. Its content is text, or parts
// of it that are joined here.
type Message struct {
	Role    string
	Content string
}

// UnmarshalJSON reads content as text or as a list of text parts.
func (m *Message) UnmarshalJSON(data []byte) error {
	var raw struct {
		Role    string          `json:"role"`
		Content json.RawMessage `json:"content"`
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	m.Role = raw.Role
	if len(raw.Content) == 0 || string(raw.Content) == "null" {
		return nil
	}
	if raw.Content[0] == '"' {
		return json.Unmarshal(raw.Content, &m.Content)
	}
	var parts []struct {
		Text string `json:"text"`
	}
	if err := json.Unmarshal(raw.Content, &parts); err != nil {
		return err
	}
	for _, p := range parts {
		m.Content += p.Text
	}
	return nil
}

// parse reads a request. The problem is what every vendor would say to it.
func parse(body []byte) (*Request, string) {
	r := &Request{Body: body}
	if !utf8.Valid(body) {
		return r, "The body of your request is not valid UTF-8."
	}
	if err := json.Unmarshal(body, &r.Keys); err != nil {
		return r, "We could not parse the JSON body of your request."
	}
	if err := json.Unmarshal(body, r); err != nil {
		return r, "Invalid type in the request: " + err.Error()
	}
	switch {
	case r.Model == "":
		return r, "you must provide a model parameter"
	case len(r.Messages) == 0:
		return r, "Invalid 'messages': empty array. Expected an array with minimum length 1."
	}
	for _, m := range r.Messages {
		switch m.Role {
		case "system", "user", "assistant", "developer", "tool":
		default:
			return r, "Invalid value for the role of a message: " + m.Role
		}
	}
	return r, ""
}

// Text is all that the messages say.
func (r *Request) Text() string {
	var b strings.Builder
	for _, m := range r.Messages {
		b.WriteString(m.Content)
		b.WriteByte('\n')
	}
	return b.String()
}

// Said is what the messages of a role say.
func (r *Request) Said(role string) string {
	var b strings.Builder
	for _, m := range r.Messages {
		if m.Role == role || role == "system" && m.Role == "developer" {
			b.WriteString(m.Content)
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// Asks reports whether the answer is to be of a format: json_schema,
// json_object or text.
func (r *Request) Asks(format string) bool {
	if r.Format == nil {
		return format == "text"
	}
	return r.Format.Type == format
}

// fence is the random mark around data, different in every request.
var fence = regexp.MustCompile(`数据-[0-9a-zA-Z]+`)

// Work names the piece of work a request is for: attempts at the same work
// ask the same model the same, in the same form.
func (r *Request) Work() string {
	sum := sha256.New()
	sum.Write([]byte(r.Model))
	if r.Format != nil {
		sum.Write([]byte("\x00" + r.Format.Type))
	}
	for _, m := range r.Messages {
		sum.Write([]byte("\x00" + m.Role + "\x00" + fence.ReplaceAllString(m.Content, "数据")))
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}
