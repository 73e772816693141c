package fakellm

import (
	"encoding/json"
	"fmt"
	"slices"
)

// deepest is how many objects a strict schema may nest.
const deepest = 10

// strictProblem says what a strict endpoint has against a schema: every object
// is closed, every property is required, a reference stands alone, and some
// words are not known at all.
func strictProblem(schema json.RawMessage) string {
	var root map[string]any
	if err := json.Unmarshal(schema, &root); err != nil {
		return "schema must be a JSON Schema of 'type: \"object\"'"
	}
	if root["type"] != "object" {
		return "schema must be a JSON Schema of 'type: \"object\"', got 'type: \"None\"'."
	}
	return strictNode(root, "()", 1)
}

// banned are words that no part of a strict schema may use.
var banned = []string{"oneOf", "allOf", "not", "if", "then", "else", "dependentRequired", "dependentSchemas", "patternProperties", "nullable"}

func strictNode(node map[string]any, at string, depth int) string {
	if depth > deepest {
		return fmt.Sprintf("In context=%s, nesting is deeper than %d levels.", at, deepest)
	}
	for _, word := range banned {
		if _, ok := node[word]; ok {
			return fmt.Sprintf("In context=%s, '%s' is not permitted.", at, word)
		}
	}
	if ref, ok := node["$ref"]; ok && len(node) > 1 {
		return fmt.Sprintf("In context=%s, $ref %v cannot have keywords beside it.", at, ref)
	}
	if isObject(node["type"]) {
		if problem := closedObject(node, at); problem != "" {
			return problem
		}
	}
	return strictChildren(node, at, depth)
}

// isObject reports whether a type says object, alone or among others.
func isObject(kind any) bool {
	if list, ok := kind.([]any); ok {
		return slices.Contains(list, any("object"))
	}
	return kind == "object"
}

func closedObject(node map[string]any, at string) string {
	if node["additionalProperties"] != false {
		return fmt.Sprintf("In context=%s, 'additionalProperties' is required to be supplied and to be false.", at)
	}
	properties, _ := node["properties"].(map[string]any)
	required, _ := node["required"].([]any)
	for name := range properties {
		if !slices.Contains(required, any(name)) {
			return fmt.Sprintf("In context=%s, 'required' is required to be supplied and to be an array including every key in properties. Missing '%s'.", at, name)
		}
	}
	for _, name := range required {
		if _, ok := properties[fmt.Sprint(name)]; !ok {
			return fmt.Sprintf("In context=%s, 'required' names '%v', which is not a property.", at, name)
		}
	}
	return ""
}

// strictChildren looks at everything below a node.
func strictChildren(node map[string]any, at string, depth int) string {
	for _, group := range []string{"properties", "$defs"} {
		children, _ := node[group].(map[string]any)
		for name, child := range children {
			below, ok := child.(map[string]any)
			if !ok {
				return fmt.Sprintf("In context=%s, '%s' is not a schema.", at, name)
			}
			if problem := strictNode(below, at+"."+name, depth+1); problem != "" {
				return problem
			}
		}
	}
	if items, ok := node["items"].(map[string]any); ok {
		if problem := strictNode(items, at+"[]", depth+1); problem != "" {
			return problem
		}
	} else if node["type"] == "array" {
		return fmt.Sprintf("In context=%s, array schema missing items.", at)
	}
	alternatives, _ := node["anyOf"].([]any)
	for i, child := range alternatives {
		below, _ := child.(map[string]any)
		if problem := strictNode(below, fmt.Sprintf("%s|%d", at, i), depth); problem != "" {
			return problem
		}
	}
	return ""
}
