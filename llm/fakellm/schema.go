package fakellm

import (
	"bytes"
	_ "embed"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// chatSchema is our own description of the public chat interface: only the
// fields that are used here, written from its documentation.
//
//go:embed chat.json
var chatSchema []byte

// schemas compiles the description once.
var schemas = sync.OnceValues(func() (map[string]*jsonschema.Schema, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(chatSchema))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("mem:///chat.json", doc); err != nil {
		return nil, err
	}
	compiled := map[string]*jsonschema.Schema{}
	for _, name := range []string{"request", "response", "chunk", "error"} {
		if compiled[name], err = c.Compile("mem:///chat.json#/$defs/" + name); err != nil {
			return nil, err
		}
	}
	return compiled, nil
})

func validate(name string, body []byte) error {
	all, err := schemas()
	if err != nil {
		return err
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return err
	}
	return all[name].Validate(v)
}

// ValidateRequest checks the body of a request against the public schema.
func ValidateRequest(body []byte) error { return validate("request", body) }

// ValidateResponse checks the body of an answer.
func ValidateResponse(body []byte) error { return validate("response", body) }

// ValidateChunk checks a chunk of a streamed answer.
func ValidateChunk(body []byte) error { return validate("chunk", body) }

// ValidateError checks the body of an error.
func ValidateError(body []byte) error { return validate("error", body) }
