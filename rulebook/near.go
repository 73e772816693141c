package rulebook

import (
	"fmt"
	"slices"
	"strings"
)

// Near are the candidates that a mistyped word may have meant, the nearest
// first, three at most.
func Near(word string, candidates []string) []string {
	type match struct {
		word     string
		distance int
	}
	var matches []match
	for _, candidate := range candidates {
		d := distance(strings.ToLower(word), strings.ToLower(candidate))
		within := d <= max(1, len([]rune(word))/3)
		if part := len(word) >= 3 && strings.Contains(candidate, word); within || part {
			matches = append(matches, match{candidate, d})
		}
	}
	slices.SortStableFunc(matches, func(a, b match) int { return a.distance - b.distance })
	var near []string
	for _, m := range matches[:min(3, len(matches))] {
		near = append(near, m.word)
	}
	return near
}

// hint words the nearest candidate as an addition to a message, or nothing.
func hint(word string, candidates []string) string {
	if near := Near(word, candidates); len(near) > 0 {
		return fmt.Sprintf("; did you mean %q?", near[0])
	}
	return ""
}

// distance counts the single-character edits between two words, where a
// transposition of neighbours is one (optimal string alignment).
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	before, last := make([]int, len(t)+1), make([]int, len(t)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(s); i++ {
		row := make([]int, len(t)+1)
		row[0] = i
		for j := 1; j <= len(t); j++ {
			cost := 1
			if s[i-1] == t[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(t)]
}
