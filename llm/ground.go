package llm

import "xiaobao/casework"

// Grounds is the text that an answer has to stand on.
type Grounds struct{}

// Locate finds what a model quoted, in the utterance it named, and gives the
// original's own words and their place. Where speakers are given, only their
// words count.
func (g *Grounds) Locate(_ Quoted, _ ...casework.Speaker) (casework.Evidence, bool) {
	return casework.Evidence{}, false
}

// Figures are the numbers of a written text that do not stand in the source.
func (g *Grounds) Figures(_ string) (missing []string) { return nil }
