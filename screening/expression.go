package screening

import (
	"bytes"
	"regexp"
	"regexp/syntax"
	"slices"
)

// An expression is a regular expression with what any match of it must
// contain, so that most stretches are passed over without running it.
type expression struct {
	*regexp.Regexp
	needs []choice
}

// A choice is literals of which one must stand in a match.
type choice [][]byte

// Looking for many literals costs more than it saves.
const (
	mostLiterals = 16
	mostChoices  = 3
)

func compileExpression(source string) (*expression, error) {
	compiled, err := regexp.Compile(source)
	if err != nil {
		return nil, err
	}
	tree, err := syntax.Parse(source, syntax.Perl)
	if err != nil {
		return nil, err
	}
	needs := slices.DeleteFunc(needsOf(tree), func(c choice) bool { return len(c) > mostLiterals })
	slices.SortStableFunc(needs, func(a, b choice) int { return len(a) - len(b) })
	return &expression{compiled, needs[:min(len(needs), mostChoices)]}, nil
}

// mayMatch reports whether a text has all that a match needs.
func (e *expression) mayMatch(text []byte) bool {
	for _, c := range e.needs {
		if !slices.ContainsFunc(c, func(literal []byte) bool { return bytes.Contains(text, literal) }) {
			return false
		}
	}
	return true
}

// needsOf gives what every match of a tree contains; nil if nothing is sure.
func needsOf(tree *syntax.Regexp) []choice {
	switch tree.Op {
	case syntax.OpLiteral:
		if tree.Flags&syntax.FoldCase == 0 {
			return []choice{{[]byte(string(tree.Rune))}}
		}
	case syntax.OpCharClass:
		return oneOf(tree.Rune)
	case syntax.OpCapture, syntax.OpPlus:
		return needsOf(tree.Sub[0])
	case syntax.OpRepeat:
		if tree.Min > 0 {
			return needsOf(tree.Sub[0])
		}
	case syntax.OpConcat:
		var all []choice
		for _, part := range tree.Sub {
			all = append(all, needsOf(part)...)
		}
		return all
	case syntax.OpAlternate:
		return anyOf(tree.Sub)
	}
	return nil
}

// oneOf is the choice of the characters in ranges, if they are few.
func oneOf(ranges []rune) []choice {
	var c choice
	for i := 0; i+1 < len(ranges); i += 2 {
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			if len(c) > mostLiterals {
				return nil
			}
			c = append(c, []byte(string(r)))
		}
	}
	return []choice{c}
}

// anyOf is the choice that is left where any of the trees may match: of each
// the shortest choice it needs.
func anyOf(trees []*syntax.Regexp) []choice {
	var all choice
	for _, tree := range trees {
		needs := needsOf(tree)
		if len(needs) == 0 {
			return nil
		}
		all = append(all, slices.MinFunc(needs, func(a, b choice) int { return len(a) - len(b) })...)
	}
	return []choice{all}
}
