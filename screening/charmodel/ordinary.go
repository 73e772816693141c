package charmodel

import (
	_ "embed"
	"strings"

	"xiaobao/casework"
)

//go:embed ordinary.txt
var ordinary string

// Ordinary gives composed contacts in which nothing is wrong and nothing
// sounds wrong: what is said all day. The rulebook's examples have none.
func Ordinary() []Example {
	var out []Example
	var channel casework.Channel
	for text := range strings.Lines(ordinary) {
		text = strings.TrimSpace(text)
		if name, ok := strings.CutPrefix(text, "# "); ok {
			channel = casework.Channel(name)
		} else if text != "" {
			t := casework.Touchpoint{ID: "ordinary", Channel: channel, Text: text}
			out = append(out, Example{Touchpoint: t, Source: "ordinary"})
		}
	}
	return out
}
