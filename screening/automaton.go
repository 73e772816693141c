package screening

import "slices"

// An automaton finds all words of a dictionary in one pass over a text, with
// all overlaps (Aho and Corasick). Words are sequences of small numbers, and
// what is 0 or beyond the alphabet is in no word.
//
// The trie lies in a double array: the child of state s by symbol c is cell
// cells[s].base+c if that cell names s as its parent. All that a step needs
// of a state is in one cell, and the root, where most steps of an ordinary
// text begin, has a table of its own.
//
// The words that end in a state, the longest first, are its ending. Endings
// are numbered from 1, those of short words first, for they come up most.
type automaton struct {
	root  []int32 // by symbol: child of the root, or 0
	cells []cell
	found []int32 // the words of all endings
	first []int32 // by ending: where its words begin in found
}

type cell struct {
	base   int32 // children stand at base+symbol
	parent int32 // -1 if the cell is free
	fail   int32 // the state of the longest proper suffix
	ending int32 // 0 if no word ends here
}

// step gives the state after symbol c.
func (a *automaton) step(state int32, c uint16) int32 {
	if int(c) >= len(a.root) {
		return 0
	}
	for state != 0 {
		here := &a.cells[state]
		if next := here.base + int32(c); a.cells[next].parent == state {
			return next
		}
		state = here.fail
	}
	return a.root[c]
}

// next gives the state after symbol c in the same word, or 0.
func (a *automaton) next(state int32, c uint16) int32 {
	if state == 0 {
		return a.root[c]
	}
	if at := a.cells[state].base + int32(c); a.cells[at].parent == state {
		return at
	}
	return 0
}

// words gives the words of an ending.
func (a *automaton) words(ending int32) []int32 {
	return a.found[a.first[ending]:a.first[ending+1]]
}

// endings is one more than the number of the last ending.
func (a *automaton) endings() int { return len(a.first) - 1 }

// node is a state while the trie is being built.
type node struct {
	symbols  []uint16 // of the children, ascending
	children []*node
	words    []int32 // that end here, suffixes included once links are set
	state    int32
	fail     *node
}

// newAutomaton builds the automaton for words over the symbols 1…alphabet.
// The number of a word is its place; empty words are in no text.
func newAutomaton(words [][]uint16, alphabet int) *automaton {
	root := &node{}
	for i, word := range words {
		if len(word) > 0 {
			root.insert(word, int32(i))
		}
	}
	a := &automaton{root: make([]int32, alphabet+1), first: []int32{0, 0}}
	order := link(root)
	a.place(order)
	return a
}

func (n *node) insert(word []uint16, number int32) {
	for _, c := range word {
		at, ok := slices.BinarySearch(n.symbols, c)
		if !ok {
			n.symbols = slices.Insert(n.symbols, at, c)
			n.children = slices.Insert(n.children, at, &node{})
		}
		n = n.children[at]
	}
	n.words = append(n.words, number)
}

func (n *node) child(c uint16) *node {
	if at, ok := slices.BinarySearch(n.symbols, c); ok {
		return n.children[at]
	}
	return nil
}

// link sets the failure links and gives the states breadth first.
func link(root *node) []*node {
	order := []*node{root}
	for i := 0; i < len(order); i++ {
		n := order[i]
		for j, child := range n.children {
			child.fail = root
			for up := n.fail; up != nil; up = up.fail {
				if to := up.child(n.symbols[j]); to != nil {
					child.fail = to
					break
				}
			}
			child.words = append(child.words, child.fail.words...)
			order = append(order, child)
		}
	}
	return order
}

// place lays the trie into the double array.
func (a *automaton) place(order []*node) {
	width := len(a.root)
	a.reserve(width)
	firstFree := width // no base below 1, however large the symbol
	for _, n := range order {
		if len(n.children) == 0 {
			continue
		}
		for firstFree < len(a.cells) && a.cells[firstFree].parent >= 0 {
			firstFree++
		}
		base := firstFree - int(n.symbols[0])
		for !a.fits(base, n.symbols) {
			base++
		}
		a.reserve(base + width)
		a.cells[n.state].base = int32(base)
		for i, c := range n.symbols {
			child := n.children[i]
			child.state = int32(base) + int32(c)
			a.cells[child.state].parent = n.state
		}
	}
	a.finish(order)
}

// fits reports whether all children would find free cells.
func (a *automaton) fits(base int, symbols []uint16) bool {
	for _, c := range symbols {
		if at := base + int(c); at < len(a.cells) && a.cells[at].parent >= 0 {
			return false
		}
	}
	return true
}

func (a *automaton) reserve(n int) {
	for len(a.cells) < n {
		a.cells = append(a.cells, cell{parent: -1})
	}
}

// finish sets what needs all states placed. Leaves point to a base where
// every cell exists and none names them.
func (a *automaton) finish(order []*node) {
	a.reserve(len(a.cells) + len(a.root))
	for i, c := range order[0].symbols {
		a.root[c] = order[0].children[i].state
	}
	for _, n := range order[1:] {
		at := &a.cells[n.state]
		at.fail = n.fail.state
		if len(n.words) > 0 {
			at.ending = int32(a.endings())
			a.found = append(a.found, n.words...)
			a.first = append(a.first, int32(len(a.found)))
		}
	}
}
