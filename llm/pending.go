package llm

import "encoding/json"

// What packages privacy and prompts will give, until they do. The names move
// there as they are.

// A Prompt stands for prompts.Prompt.
type Prompt struct {
	ID               string
	Version          int
	Owner, Language  string
	System, Task     string
	Schema           json.RawMessage
	Examples         []Example
	Hash, SchemaHash string
}

// An Example stands for prompts.Example.
type Example struct {
	Utterances []string
	Given      json.RawMessage
	Answer     json.RawMessage
	Note       string
}

// A Masker stands for privacy.Masker.
type Masker struct{}

// A Document stands for privacy.Document.
type Document struct{}
