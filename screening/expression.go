package screening

import (
	"bytes"
	"regexp"
	"regexp/syntax"
	"slices"
	"unicode/utf8"
)

// An expression is a regular expression with what any match of it must
// contain, so that most stretches are passed over without running it.
type expression struct {
	*regexp.Regexp
	needs  []choice
	traces [][]traces // of the literals in needs

	// Where every match begins with one of few characters, it is tried at
	// those only: anchored there, instead of at every place of the text.
	anchored *regexp.Regexp
	begins   map[rune]bool
}

// A choice is literals of which one must stand in a match.
type choice [][]byte

// Looking for many literals costs more than it saves.
const (
	mostLiterals = 48
	mostChoices  = 6
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
	e := &expression{Regexp: compiled, needs: needs[:min(len(needs), mostChoices)]}
	e.traces = tracesOfAll(e.needs)
	if e.begins = map[rune]bool{}; !beginsWith(tree, e.begins) || looksBack(tree) {
		return e, nil
	}
	e.anchored, err = regexp.Compile(`\A(?:` + source + `)`)
	return e, err
}

// find gives the matches in a text, leftmost first and apart, as
// regexp.Regexp.FindAllIndex does, and no more than most.
func (e *expression) find(text []byte, most int) [][]int {
	if !e.mayMatch(text) {
		return nil
	}
	if e.anchored == nil {
		if !e.Match(text) { // which allocates nothing
			return nil
		}
		return e.FindAllIndex(text, most)
	}
	var found [][]int
	for i := 0; i < len(text) && len(found) < most; {
		r, size := utf8.DecodeRune(text[i:])
		if e.begins[r] && e.anchored.Match(text[i:]) {
			length := e.anchored.FindIndex(text[i:])[1]
			found = append(found, []int{i, i + length})
			size = max(size, length)
		}
		i += size
	}
	return found
}

// Traces are a set of characters as a field of bits, by their lowest ones, so
// that it may seem to hold a character that it does not, never the reverse.
type traces [4]uint64

func (t *traces) add(r rune) { t[r>>6&3] |= 1 << (r & 63) }

// cover reports whether t holds all of u.
func (t *traces) cover(u *traces) bool {
	return u[0]&^t[0]|u[1]&^t[1]|u[2]&^t[2]|u[3]&^t[3] == 0
}

func tracesOfAll(needs []choice) [][]traces {
	all := make([][]traces, len(needs))
	for i, c := range needs {
		all[i] = make([]traces, len(c))
		for j, literal := range c {
			for _, r := range string(literal) {
				all[i][j].add(r)
			}
		}
	}
	return all
}

// mayMatchOf is mayMatch by the traces of a text alone.
func (e *expression) mayMatchOf(text *traces) bool {
	for _, c := range e.traces {
		if !slices.ContainsFunc(c, func(literal traces) bool { return text.cover(&literal) }) {
			return false
		}
	}
	return true
}

// beginsWith gathers the characters that matches of a tree begin with, and
// reports whether it knows them all.
func beginsWith(tree *syntax.Regexp, first map[rune]bool) bool {
	switch tree.Op {
	case syntax.OpLiteral:
		first[tree.Rune[0]] = true
		return tree.Flags&syntax.FoldCase == 0
	case syntax.OpCharClass:
		choices := oneOf(tree.Rune)
		if len(choices) == 0 {
			return false
		}
		for _, literal := range choices[0] {
			r, _ := utf8.DecodeRune(literal)
			first[r] = true
		}
		return true
	case syntax.OpCapture, syntax.OpPlus, syntax.OpConcat:
		return len(tree.Sub) > 0 && beginsWith(tree.Sub[0], first)
	case syntax.OpRepeat:
		return tree.Min > 0 && beginsWith(tree.Sub[0], first)
	case syntax.OpAlternate:
		return !slices.ContainsFunc(tree.Sub, func(part *syntax.Regexp) bool { return !beginsWith(part, first) })
	}
	return false
}

// looksBack reports a tree that asks what stands before a place, so that it
// cannot be tried on a part of a text.
func looksBack(tree *syntax.Regexp) bool {
	switch tree.Op {
	case syntax.OpBeginLine, syntax.OpBeginText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return true
	}
	return slices.ContainsFunc(tree.Sub, looksBack)
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
