package prompts_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"xiaobao/prompts"
)

func TestEverySchemaIsOneThatStrictEndpointsTake(t *testing.T) {
	t.Parallel()
	for _, p := range prompts.All() {
		var root map[string]any
		if err := json.Unmarshal(p.Schema, &root); err != nil {
			t.Fatalf("%s: %v", p.Name(), err)
		}
		for _, problem := range strictProblems(root, "$") {
			t.Errorf("%s: %s", p.Name(), problem)
		}
	}
}

// understood are the words that every vendor's constrained decoding takes.
var understood = []string{"type", "description", "additionalProperties", "required", "properties", "items", "enum", "anyOf"}

// strictProblems are what a strict endpoint would refuse, and what would make
// a model answer worse.
func strictProblems(node map[string]any, at string) (problems []string) {
	say := func(format string, args ...any) { problems = append(problems, at+": "+fmt.Sprintf(format, args...)) }
	for key := range node {
		if !slices.Contains(understood, key) {
			say("%s is not understood everywhere", key)
		}
	}
	if list, ok := node["enum"].([]any); ok {
		problems = append(problems, enumProblems(list, at)...)
	}
	for i, branch := range anyList(node["anyOf"]) {
		problems = append(problems, strictProblems(branch.(map[string]any), fmt.Sprintf("%s|%d", at, i))...)
	}
	switch node["type"] {
	case "object":
		properties, _ := node["properties"].(map[string]any)
		if node["additionalProperties"] != false || len(properties) == 0 {
			say("an object must be closed and have properties")
		}
		required := anyList(node["required"])
		if len(required) != len(properties) {
			say("%d of %d properties are required", len(required), len(properties))
		}
		for name, child := range properties {
			if !slices.Contains(required, any(name)) {
				say("%s is not required", name)
			}
			problems = append(problems, strictProblems(child.(map[string]any), at+"."+name)...)
		}
	case "array":
		items, ok := node["items"].(map[string]any)
		if !ok {
			say("an array has items")
			return problems
		}
		problems = append(problems, strictProblems(items, at+"[]")...)
	case "string", "null":
	case nil:
		if len(anyList(node["anyOf"])) != 2 {
			say("no type and no union with null")
		}
	default:
		say("type %v: numbers are not asked of a model", node["type"])
	}
	return problems
}

// enumProblems: certainty has three words, and every other choice can be left
// open, but for what kind of a sentence a summary holds.
func enumProblems(list []any, at string) []string {
	if strings.HasSuffix(at, ".certainty") {
		if fmt.Sprint(list) != "[高 中 低]" {
			return []string{at + ": certainty is 高, 中 or 低"}
		}
		return nil
	}
	if !slices.Contains(list, any("无法判断")) && !strings.HasSuffix(at, ".kind") {
		return []string{at + ": 无法判断 is not among the choices"}
	}
	return nil
}

func anyList(v any) []any {
	list, _ := v.([]any)
	return list
}

func TestAModelLooksBeforeItConcludes(t *testing.T) {
	t.Parallel()
	order := []string{"evidence", "uses", "reason", "suggestion", "amount", "text", "code", "label", "shown", "kind", "modality", "certainty"}
	for _, p := range prompts.All() {
		for _, names := range propertyOrders(t, p.Schema) {
			last := -1
			for _, name := range names {
				if at := slices.Index(order, name); at >= 0 {
					if at < last {
						t.Errorf("%s: %s comes too late in %v", p.Name(), name, names)
					}
					last = at
				}
			}
		}
	}
}

// propertyOrders gives the names under each "properties", as they stand.
func propertyOrders(t *testing.T, schema []byte) [][]string {
	t.Helper()
	var orders [][]string
	var walk func(raw []byte, properties bool)
	walk = func(raw []byte, properties bool) {
		d := json.NewDecoder(bytes.NewReader(raw))
		if open, err := d.Token(); err != nil || open != json.Delim('{') {
			return
		}
		var names []string
		for d.More() {
			key, err := d.Token()
			if err != nil {
				t.Fatal(err)
			}
			var value json.RawMessage
			if err := d.Decode(&value); err != nil {
				t.Fatal(err)
			}
			names = append(names, key.(string))
			walk(value, !properties && key == "properties")
		}
		if properties {
			orders = append(orders, names)
		}
	}
	walk(schema, false)
	return orders
}

// validator compiles the schema of a prompt.
func validator(t *testing.T, p *prompts.Prompt) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(p.Schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(p.Name(), doc); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile(p.Name())
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

func TestTheCheckOfSchemasSeesWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{
		`{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}`,
		`{"type":"object","additionalProperties":false,"properties":{"a":{"type":"string"}},"required":[]}`,
		`{"type":"object","additionalProperties":false,"properties":{"a":{"type":"number"}},"required":["a"]}`,
		`{"type":"object","additionalProperties":false,"properties":{"a":{"type":"string","pattern":"x"}},"required":["a"]}`,
		`{"type":"object","additionalProperties":false,"properties":{"a":{"type":"array"}},"required":["a"]}`,
		`{"type":"object","additionalProperties":false,"properties":{"a":{"type":"string","enum":["是","否"]}},"required":["a"]}`,
		`{"type":"object","additionalProperties":false,"properties":{"a":{"$ref":"#"}},"required":["a"]}`,
	} {
		var root map[string]any
		if err := json.Unmarshal([]byte(bad), &root); err != nil {
			t.Fatal(err)
		}
		if len(strictProblems(root, "$")) == 0 {
			t.Errorf("nothing is found wrong with %s", bad)
		}
	}
}
