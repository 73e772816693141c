package prompts

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// A Prompt is one released instruction: what a model is told, what its answer
// looks like, and examples. Whoever holds one must not change it.
type Prompt struct {
	ID         string // the purpose: "judge"
	Version    int
	Owner      string // who answers for its words
	Language   string // "zh-CN"
	System     string // who the model is and the rules it works by; constant
	Task       string // what to do now; said after the material
	Schema     json.RawMessage
	Examples   []Example
	Changes    []Change // newest last
	Hash       string   // SHA-256 over the three files, hex
	SchemaHash string   // SHA-256 of Schema, hex
}

// An Example is a question with the answer that is wanted.
type Example struct {
	Utterances []string        // as "坐席：……"; the first is S1
	Given      json.RawMessage // facts that come with the question; nil if none
	Answer     json.RawMessage
	Note       string // why it is here; for people, never sent
}

// A Change is a line of a prompt's history.
type Change struct {
	Version int    `yaml:"version"`
	Date    string `yaml:"date"`
	What    string `yaml:"what"`
}

// Name is id and version: "judge.v1".
func (p *Prompt) Name() string { return fmt.Sprintf("%s.v%d", p.ID, p.Version) }

// Latest gives the newest version of a prompt.
func Latest(id string) (*Prompt, error) {
	all, err := released()
	if err != nil {
		return nil, err
	}
	for _, p := range slices.Backward(all) {
		if p.ID == id {
			return p, nil
		}
	}
	return nil, fmt.Errorf("prompts: there is no prompt %q; there are %s", id, names(all))
}

// Named gives the version that an audit record names, such as "judge.v1".
func Named(name string) (*Prompt, error) {
	all, err := released()
	if err != nil {
		return nil, err
	}
	for _, p := range all {
		if p.Name() == name {
			return p, nil
		}
	}
	return nil, fmt.Errorf("prompts: there is no prompt named %q; there are %s", name, names(all))
}

// All gives every version of every prompt, by id and version. It panics if
// the files built into this program are not those that were released, which
// only a wrong build can bring about; Latest and Named say so as an error.
func All() []*Prompt {
	all, err := released()
	if err != nil {
		panic(err)
	}
	return slices.Clone(all)
}

// released reads the embedded files once.
var released = sync.OnceValues(func() ([]*Prompt, error) {
	all, err := read(files)
	if err != nil {
		return nil, fmt.Errorf("prompts: %w", err)
	}
	slices.SortFunc(all, func(a, b *Prompt) int {
		return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Version, b.Version))
	})
	return all, nil
})

func names(all []*Prompt) string {
	list := make([]string, len(all))
	for i, p := range all {
		list[i] = p.Name()
	}
	return strings.Join(list, ", ")
}
