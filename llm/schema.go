package llm

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// schemas are the compiled schemas, by their text.
var schemas sync.Map // string → *jsonschema.Schema

// noLoader keeps schemas from pointing anywhere.
type noLoader struct{}

// Load refuses.
func (noLoader) Load(string) (any, error) { return nil, errors.New("schemas stand alone") }

// compiled gives a schema that answers can be held against.
func compiled(text json.RawMessage) (*jsonschema.Schema, error) {
	if s, ok := schemas.Load(string(text)); ok {
		return s.(*jsonschema.Schema), nil
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("the prompt's schema is no JSON: %w", err)
	}
	const address = "mem:///schema.json"
	compiler := jsonschema.NewCompiler()
	compiler.UseLoader(noLoader{})
	if err := compiler.AddResource(address, doc); err != nil {
		return nil, fmt.Errorf("the prompt's schema: %w", err)
	}
	schema, err := compiler.Compile(address)
	if err != nil {
		return nil, fmt.Errorf("the prompt's schema: %w", err)
	}
	schemas.Store(string(text), schema)
	return schema, nil
}

// mostComplaints is how many faults are told to a model at once.
const mostComplaints = 8

// fits holds an answer against its schema and gives what is wrong, place by
// place, in words that quote nothing of the answer.
func fits(answer json.RawMessage, schema *jsonschema.Schema) []string {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(answer))
	if err != nil {
		return []string{errHalfObject.Error()}
	}
	fault, ok := errors.AsType[*jsonschema.ValidationError](schema.Validate(value))
	if !ok {
		return nil
	}
	var complaints []string
	leaves(fault, &complaints)
	return complaints[:min(len(complaints), mostComplaints)]
}

var english = message.NewPrinter(language.English)

// leaves collects the faults at the ends of a tree of faults.
func leaves(fault *jsonschema.ValidationError, complaints *[]string) {
	if len(fault.Causes) == 0 {
		*complaints = append(*complaints, "/"+strings.Join(fault.InstanceLocation, "/")+" "+fault.ErrorKind.LocalizedString(english))
		return
	}
	for _, cause := range fault.Causes {
		leaves(cause, complaints)
	}
}
