package rulebook

import (
	"fmt"
	"maps"
	"slices"

	"github.com/expr-lang/expr/ast"

	"xiaobao/casework"
)

// A reading is what an expression asks for, gathered while it compiles.
type reading struct {
	declared   map[string]*Attribute
	attributes map[string]bool
	clock      bool     // hour, minute, weekday or at
	needed     []string // attributes without which it cannot hold
	faults     []string
}

// readers are the functions that read attributes, with the type each wants;
// "" takes any.
var readers = map[string]string{
	"attr": "", "has": "", "num": NumberAttribute, "flag": BoolAttribute, "str": TextAttribute,
}

// Visit implements the visitor of the expression's tree.
func (r *reading) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode:
		r.identifier(n)
	case *ast.CallNode:
		r.call(n)
	case *ast.BinaryNode:
		r.comparison(n)
	}
}

func (r *reading) identifier(n *ast.IdentifierNode) {
	switch n.Value {
	case "hour", "minute", "weekday", "at":
		r.clock = true
	}
	if known := names(); !slices.Contains(known, n.Value) {
		if _, ok := r.declared[n.Value]; ok {
			r.fault("%q is an attribute; write num(%q), flag(%q), str(%q) or attr(%q)", n.Value, n.Value, n.Value, n.Value, n.Value)
			return
		}
		r.fault("unknown name %q%s", n.Value, hint(n.Value, known))
	}
}

// call checks that an attribute is named by its word, is declared, and is of
// the type that the function reads.
func (r *reading) call(n *ast.CallNode) {
	callee, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		return
	}
	want, ok := readers[callee.Value]
	if !ok {
		return
	}
	if len(n.Arguments) != 1 {
		r.fault("%s takes the name of one attribute", callee.Value)
		return
	}
	name, ok := n.Arguments[0].(*ast.StringNode)
	if !ok {
		r.fault("%s takes the name of an attribute in quotes", callee.Value)
		return
	}
	attribute, ok := r.declared[name.Value]
	switch {
	case !ok:
		r.fault("attribute %q is not declared%s", name.Value, hint(name.Value, slices.Sorted(maps.Keys(r.declared))))
	case want != "" && attribute.Type != want:
		r.fault("attribute %q is of type %s and cannot be read by %s", name.Value, attribute.Type, callee.Value)
	default:
		if r.attributes == nil {
			r.attributes = map[string]bool{}
		}
		r.attributes[name.Value] = true
	}
}

// comparison catches channels and speakers that do not exist.
func (r *reading) comparison(n *ast.BinaryNode) {
	subject, ok := n.Left.(*ast.IdentifierNode)
	if !ok || subject.Value != "channel" && subject.Value != "speaker" {
		return
	}
	var words []ast.Node
	switch right := n.Right.(type) {
	case *ast.StringNode:
		if n.Operator == "==" || n.Operator == "!=" {
			words = []ast.Node{right}
		}
	case *ast.ArrayNode:
		words = right.Nodes
	}
	for _, word := range words {
		text, ok := word.(*ast.StringNode)
		if !ok {
			continue
		}
		if subject.Value == "channel" && !casework.Channel(text.Value).Known() {
			r.fault("unknown channel %q%s", text.Value, hint(text.Value, plain(casework.Channels())))
		}
		if subject.Value == "speaker" && !casework.Speaker(text.Value).Known() {
			r.fault("unknown speaker %q%s", text.Value, hint(text.Value, plain(casework.Speakers())))
		}
	}
}

func (r *reading) fault(format string, args ...any) {
	if message := fmt.Sprintf(format, args...); !slices.Contains(r.faults, message) {
		r.faults = append(r.faults, message)
	}
}

// plain turns typed words into plain ones, for hints.
func plain[T ~string](typed []T) []string {
	words := make([]string, len(typed))
	for i, word := range typed {
		words[i] = string(word)
	}
	return words
}

// needs are attributes without which the expression is surely false. Most
// touchpoints lack most attributes, so most conditions are settled by this
// alone, without running anything.
func needs(node ast.Node) []string {
	switch n := node.(type) {
	case *ast.CallNode:
		if name, ok := reads(n); ok && (callee(n) == "flag" || callee(n) == "has") {
			return []string{name}
		}
	case *ast.BinaryNode:
		switch n.Operator {
		case "and", "&&":
			return union(needs(n.Left), needs(n.Right))
		case "or", "||":
			return intersection(needs(n.Left), needs(n.Right))
		case ">", ">=", "==":
			if call, ok := n.Left.(*ast.CallNode); ok {
				if name, ok := reads(call); ok && beyondAbsent(callee(call), n.Operator, n.Right) {
					return []string{name}
				}
			}
		}
	}
	return nil
}

// beyondAbsent reports whether a comparison is false of an absent attribute's
// stand-in: 0 or "".
func beyondAbsent(reader, operator string, right ast.Node) bool {
	switch v := right.(type) {
	case *ast.IntegerNode:
		return reader == "num" && (v.Value > 0 || operator == ">" && v.Value == 0)
	case *ast.FloatNode:
		return reader == "num" && (v.Value > 0 || operator == ">" && v.Value == 0)
	case *ast.StringNode:
		return operator == "==" && (reader == "attr" || reader == "str" && v.Value != "")
	}
	return false
}

func callee(n *ast.CallNode) string {
	if id, ok := n.Callee.(*ast.IdentifierNode); ok {
		return id.Value
	}
	return ""
}

// reads is the attribute that a call reads.
func reads(n *ast.CallNode) (string, bool) {
	if _, ok := readers[callee(n)]; !ok || len(n.Arguments) != 1 {
		return "", false
	}
	name, ok := n.Arguments[0].(*ast.StringNode)
	if !ok {
		return "", false
	}
	return name.Value, true
}

func union(a, b []string) []string {
	for _, name := range b {
		if !slices.Contains(a, name) {
			a = append(a, name)
		}
	}
	return a
}

func intersection(a, b []string) []string {
	return slices.DeleteFunc(a, func(name string) bool { return !slices.Contains(b, name) })
}
