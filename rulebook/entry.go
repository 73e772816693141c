package rulebook

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// An Entry is anything in the book that has an id, for lists and look-ups.
type Entry struct {
	Kind   string // one of Kinds
	ID     string
	Title  Text
	Detail string // what a list shows besides the title: level, value, count
	Where  Position
	Value  any // the entry itself, such as *Indicator
}

// Kinds are the kinds of entries, in the order of a table of contents.
func Kinds() []string {
	return []string{
		"indicators", "marketing", "phrases", "disclosures", "context", "clues", "checklists", "items",
		"regulations", "deadlines", "codes", "lexicons", "attributes", "holidays",
	}
}

// Entries are all entries of a kind; none if there is no such kind.
func (b *Book) Entries(kind string) []Entry {
	switch kind {
	case "indicators":
		return entries(b.Indicators, func(e *Indicator) Entry {
			return Entry{kind, e.ID, e.Title, e.Level.String() + " " + e.Kind, e.Position, e}
		})
	case "marketing":
		return entries(b.Categories, func(e *Category) Entry {
			return Entry{kind, e.ID, e.Title, fmt.Sprintf("%s %d phrases", e.Action, len(e.Phrases)), e.Position, e}
		})
	case "phrases":
		return b.phraseEntries()
	case "disclosures":
		return entries(b.Disclosures, func(e *Disclosure) Entry {
			return Entry{kind, e.Product, e.Title, strconv.Itoa(len(e.Elements)) + " elements", e.Position, e}
		})
	case "context":
		return entries(b.Contexts, func(e *ContextRule) Entry { return Entry{kind, e.ID, e.Title, "", e.Position, e} })
	case "clues":
		return entries(b.Clues, func(e *Clue) Entry { return Entry{kind, e.ID, e.Title, e.Weight, e.Position, e} })
	case "checklists":
		return entries(b.Checklists, func(e *Checklist) Entry {
			return Entry{kind, e.ID, e.Title, strconv.Itoa(len(e.Items)) + " items", e.Position, e}
		})
	case "items":
		return b.itemEntries()
	}
	return b.referenceEntries(kind)
}

// referenceEntries are the kinds that rules refer to.
func (b *Book) referenceEntries(kind string) []Entry {
	switch kind {
	case "regulations":
		return entries(b.Regulations, func(e *Regulation) Entry { return Entry{kind, e.ID, e.Title, e.Status, e.Position, e} })
	case "deadlines":
		return entries(b.Deadlines, func(e *Deadline) Entry {
			detail := e.Group
			if e.Unit != "" {
				detail += fmt.Sprintf(" %v %s", e.Value, e.Unit)
			}
			return Entry{kind, e.ID, e.Title, detail, e.Position, e}
		})
	case "codes":
		return entries(b.Codes, func(e *ComplaintCode) Entry { return Entry{kind, e.ID, e.Title, e.Facet, e.Position, e} })
	case "lexicons":
		var lexicons []*Lexicon
		for _, name := range b.lexiconNames() {
			lexicons = append(lexicons, b.Lexicons[name])
		}
		return entries(lexicons, func(e *Lexicon) Entry {
			return Entry{kind, "$" + e.Name, Text{Zh: e.Doc}, strconv.Itoa(len(e.Words)) + " words", e.Position, e}
		})
	case "attributes":
		return entries(b.Attributes, func(e *Attribute) Entry { return Entry{kind, e.Name, e.Doc, e.Type, e.Position, e} })
	case "holidays":
		return entries(b.Holidays, func(e *HolidayYear) Entry {
			return Entry{kind, strconv.Itoa(e.Year), Text{Zh: e.Source}, strconv.Itoa(len(e.Off)) + " holidays", e.Position, e}
		})
	}
	return nil
}

func (b *Book) phraseEntries() []Entry {
	list := []Entry{}
	for _, category := range b.Categories {
		list = slices.Concat(list, entries(pointers(category.Phrases), func(e *Phrase) Entry {
			action := e.Action
			if action == "" {
				action = category.Action
			}
			return Entry{"phrases", e.ID, category.Title, action, e.Position, e}
		}))
	}
	return list
}

func (b *Book) itemEntries() []Entry {
	list := []Entry{}
	for _, checklist := range b.Checklists {
		list = slices.Concat(list, entries(pointers(checklist.Items), func(e *ChecklistItem) Entry {
			return Entry{"items", e.ID, e.Title, checklist.ID + " " + e.Element + " " + string(e.Method), e.Position, e}
		}))
	}
	return list
}

func entries[T any](list []*T, entry func(*T) Entry) []Entry {
	all := make([]Entry, len(list))
	for i, e := range list {
		all[i] = entry(e)
	}
	return all
}

func pointers[T any](list []T) []*T {
	all := make([]*T, len(list))
	for i := range list {
		all[i] = &list[i]
	}
	return all
}

// Lookup finds an entry of any kind by its id. A lexicon may be asked for
// with or without its $.
func (b *Book) Lookup(id string) (Entry, bool) {
	for _, kind := range Kinds() {
		for _, entry := range b.Entries(kind) {
			if entry.ID == id || entry.ID == "$"+id {
				return entry, true
			}
		}
	}
	return Entry{}, false
}

// Nearest are the ids that a mistyped one may have meant.
func (b *Book) Nearest(id string) []string {
	var all []string
	for _, kind := range Kinds() {
		for _, entry := range b.Entries(kind) {
			all = append(all, entry.ID)
		}
	}
	return Near(id, all)
}

// YAML is the entry as a pack would hold it, without what is empty.
func (e Entry) YAML() ([]byte, error) {
	node, err := e.node()
	if err != nil {
		return nil, err
	}
	var out strings.Builder
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(node); err != nil {
		return nil, err
	}
	return []byte(out.String()), enc.Close()
}

// MarshalJSON gives the entry under the field names of the packs.
func (e Entry) MarshalJSON() ([]byte, error) {
	node, err := e.node()
	if err != nil {
		return nil, err
	}
	var content map[string]any
	if err := node.Decode(&content); err != nil {
		return nil, err
	}
	return json.Marshal(struct {
		Kind  string         `json:"kind"`
		ID    string         `json:"id"`
		File  string         `json:"file"`
		Line  int            `json:"line"`
		Entry map[string]any `json:"entry"`
	}{e.Kind, e.ID, e.Where.File, e.Where.Line, content})
}

func (e Entry) node() (*yaml.Node, error) { return nodeOf(reflect.ValueOf(e.Value)) }

// nodeOf writes an entry without the fields that hold nothing. What is behind
// a pointer was said on purpose and stays, even if it is 0 or an empty list.
func nodeOf(v reflect.Value) (*yaml.Node, error) {
	switch v.Kind() {
	case reflect.Pointer:
		return nodeOf(v.Elem())
	case reflect.Slice:
		list := &yaml.Node{Kind: yaml.SequenceNode}
		for i := range v.Len() {
			if err := appendNode(list, v.Index(i)); err != nil {
				return nil, err
			}
		}
		return list, nil
	case reflect.Struct:
		fields := &yaml.Node{Kind: yaml.MappingNode}
		for i, name := range fieldNames(v.Type()) {
			if name == "" || name == "-" || isEmpty(v.Field(i)) {
				continue
			}
			fields.Content = append(fields.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: name})
			if err := appendNode(fields, v.Field(i)); err != nil {
				return nil, err
			}
		}
		return fields, nil
	}
	var leaf yaml.Node
	err := leaf.Encode(v.Interface())
	return &leaf, err
}

func appendNode(to *yaml.Node, v reflect.Value) error {
	child, err := nodeOf(v)
	if err == nil {
		to.Content = append(to.Content, child)
	}
	return err
}

func isEmpty(v reflect.Value) bool {
	return v.IsZero() || (v.Kind() == reflect.Slice || v.Kind() == reflect.Map) && v.Len() == 0
}
