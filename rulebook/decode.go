package rulebook

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// UnmarshalYAML lets a single word stand without brackets.
func (a *Alternatives) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode && n.Tag != "!!null" {
		*a = Alternatives{n.Value}
		return nil
	}
	var words []string
	if err := n.Decode(&words); err != nil {
		return errors.New("want a word or a list of words")
	}
	*a = words
	return nil
}

// A decoder turns one file into a pack and notes everything that is wrong on
// the way, instead of stopping at the first: whoever writes rules mends a
// whole file at once. It walks the nodes itself, because positions and
// unknown fields are not to be had from the library's own decoding.
type decoder struct {
	file     string
	entry    string // id of the entry at hand
	problems []Problem
}

// decodePack reads one pack from the bytes of a file; nil if it is no pack at
// all.
func decodePack(file string, data []byte) (*Pack, []Problem) {
	d := &decoder{file: file}
	pack := &Pack{File: file}
	root := d.parse(data)
	if root == nil {
		return nil, d.problems
	}
	if d.refuseAliases(root); len(d.problems) > 0 {
		return nil, d.problems
	}
	d.value(root, reflect.ValueOf(pack).Elem())
	return pack, d.problems
}

// parse finds the one document of the file.
func (d *decoder) parse(data []byte) *yaml.Node {
	if !utf8.Valid(data) {
		d.fault(1+bytes.Count(data[:firstInvalid(data)], []byte("\n")), "is not UTF-8; save the file in that encoding")
		return nil
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	if err := dec.Decode(&doc); errors.Is(err, io.EOF) {
		d.fault(1, "is empty; a pack begins with pack, version and title")
		return nil
	} else if err != nil {
		d.syntax(err)
		return nil
	}
	var second yaml.Node
	if err := dec.Decode(&second); !errors.Is(err, io.EOF) {
		if err != nil {
			d.syntax(err)
		} else {
			d.fault(second.Line, "a second document begins here; a file holds one pack")
		}
		return nil
	}
	if doc.Kind != yaml.DocumentNode || len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		d.fault(max(doc.Line, 1), "is no pack: it must be a mapping that begins with pack, version and title")
		return nil
	}
	return doc.Content[0]
}

// firstInvalid is the offset of the first byte that is not UTF-8.
func firstInvalid(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size <= 1 {
			return i
		}
		i += size
	}
	return len(data)
}

// refuseAliases keeps anchors out: nothing in a pack needs them, and nested
// ones make a small file unfold without bound.
func (d *decoder) refuseAliases(n *yaml.Node) {
	if n.Kind == yaml.AliasNode {
		d.fault(n.Line, "aliases (*%s) are not allowed in packs; use a lexicon to share words", n.Value)
		return
	}
	for _, child := range n.Content {
		d.refuseAliases(child)
	}
}

var (
	positionType    = reflect.TypeFor[Position]()
	unmarshalerType = reflect.TypeFor[yaml.Unmarshaler]()
)

// value decodes a node into a field of any of the pack's shapes.
func (d *decoder) value(n *yaml.Node, into reflect.Value) {
	switch {
	case into.Kind() == reflect.Pointer:
		if n.Tag == "!!null" {
			return
		}
		into.Set(reflect.New(into.Type().Elem()))
		d.value(n, into.Elem())
	case reflect.PointerTo(into.Type()).Implements(unmarshalerType):
		d.leaf(n, into)
	case into.Kind() == reflect.Struct:
		d.mapping(n, into)
	case into.Kind() == reflect.Slice:
		d.sequence(n, into)
	default:
		d.leaf(n, into)
	}
}

// mapping decodes a struct field by field and refuses unknown and repeated ones.
func (d *decoder) mapping(n *yaml.Node, into reflect.Value) {
	if n.Tag == "!!null" {
		return
	}
	if n.Kind != yaml.MappingNode {
		d.fault(n.Line, "want fields such as %q, found %s", fieldNames(into.Type())[0]+":", kindOf(n))
		return
	}
	if position := into.FieldByName("Position"); position.IsValid() && position.Type() == positionType {
		position.Set(reflect.ValueOf(Position{File: d.file, Line: n.Line}))
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, child := n.Content[i], n.Content[i+1]
		field, ok := fieldNamed(into, key.Value)
		switch {
		case !ok && n.Style&yaml.FlowStyle != 0 && child.Tag == "!!null":
			// {text: one, two} reads "two" as a field.
			d.fault(key.Line, "unknown field %q; text with a comma needs quotes between { and }", key.Value)
		case !ok:
			d.fault(key.Line, "unknown field %q%s", key.Value, hint(key.Value, fieldNames(into.Type())))
		case seen[key.Value]:
			d.fault(key.Line, "field %q stands twice", key.Value)
		default:
			d.value(child, field)
		}
		seen[key.Value] = true
	}
}

// sequence decodes a list; the entries of a pack's sections say who they are,
// so that problems inside them can.
func (d *decoder) sequence(n *yaml.Node, into reflect.Value) {
	if n.Tag == "!!null" {
		return
	}
	if n.Kind != yaml.SequenceNode {
		d.fault(n.Line, "want a list, found %s", kindOf(n))
		return
	}
	list := reflect.MakeSlice(into.Type(), len(n.Content), len(n.Content))
	outer := d.entry
	for i, child := range n.Content {
		if id := identity(child); id != "" {
			d.entry = id
		}
		d.value(child, list.Index(i))
		d.entry = outer
	}
	into.Set(list)
}

// leaf leaves a scalar or a free mapping to the library.
func (d *decoder) leaf(n *yaml.Node, into reflect.Value) {
	err := n.Decode(into.Addr().Interface())
	if err == nil {
		return
	}
	var mismatch *yaml.TypeError
	if !errors.As(err, &mismatch) {
		d.fault(n.Line, "%s", err)
		return
	}
	for _, reason := range mismatch.Errors {
		line, reason := splitLine(reason)
		d.fault(max(line, n.Line), "%s", reason)
	}
}

// syntax notes an error of the YAML parser.
func (d *decoder) syntax(err error) {
	line, reason := splitLine(strings.TrimPrefix(err.Error(), "yaml: "))
	d.fault(max(line, 1), "is not YAML: %s", reason)
}

func (d *decoder) fault(line int, format string, args ...any) {
	d.problems = append(d.problems, Problem{Position{d.file, line}, d.entry, fmt.Sprintf(format, args...)})
}

var lineNumber = regexp.MustCompile(`^line (\d+): `)

// splitLine takes the line number off the library's messages.
func splitLine(message string) (line int, reason string) {
	found := lineNumber.FindStringSubmatch(message)
	if found == nil {
		return 0, message
	}
	line, err := strconv.Atoi(found[1])
	if err != nil {
		return 0, message
	}
	return line, message[len(found[0]):]
}

// identity is the id of an entry, by whichever field its kind goes by.
func identity(n *yaml.Node) string {
	if n.Kind != yaml.MappingNode {
		return ""
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		switch n.Content[i].Value {
		case "id", "name", "product", "year":
			return n.Content[i+1].Value
		}
	}
	return ""
}

// fieldNamed finds the field that a YAML key names.
func fieldNamed(into reflect.Value, key string) (reflect.Value, bool) {
	for i, name := range fieldNames(into.Type()) {
		if name == key && name != "-" {
			return into.Field(i), true
		}
	}
	return reflect.Value{}, false
}

// fieldNames are the YAML keys of a struct's fields, in their order.
func fieldNames(t reflect.Type) []string {
	names := make([]string, t.NumField())
	for i := range names {
		names[i], _, _ = strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
	}
	return names
}

func kindOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "fields"
	case yaml.SequenceNode:
		return "a list"
	}
	return "a single value"
}
