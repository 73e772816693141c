package sample

import (
	"strings"
	"time"

	"xiaobao/casework"
)

// The most turns that a talk has.
const mostTurns = 30

// speakers are the marks before what is said in texts/.
var speakers = map[string]casework.Speaker{
	"A": casework.Agent, "C": casework.Consumer, "B": casework.Bot, "T": casework.ThirdParty,
}

// talk puts a call or chat together: an opening, some topics with the scene
// among them, and a closing.
func (f *filler) talk(g *ground, s *scene, at time.Time) []casework.Turn {
	if s.Place == "alone" {
		return f.turns(s.Says, at)
	}
	opening, closing := f.pick(g.Openings), f.pick(g.Closings)
	if s.Place == "opening" {
		opening = s.Says
	}
	said := []string{opening}
	lines := count(opening) + count(closing) + count(s.Says)
	wanted := 1 + f.rand.IntN(4)
	before := f.rand.IntN(wanted)
	for i, n := range f.rand.Perm(len(g.Topics))[:min(wanted, len(g.Topics))] {
		if lines += count(g.Topics[n]); i > 0 && lines > mostTurns {
			break
		}
		said = append(said, g.Topics[n])
		if i == before && s.Place == "" {
			said = append(said, s.Says)
		}
	}
	if before >= len(said)-1 && s.Place == "" {
		said = append(said, s.Says) // the talk was cut short before it came to it
	}
	return f.turns(strings.Join(append(said, closing), "\n"), at)
}

func (f *filler) pick(from []string) string { return from[f.rand.IntN(len(from))] }

// count counts what a piece adds to a talk.
func count(piece string) int { return strings.Count(strings.TrimSpace(piece), "\n") + 1 }

// turns reads lines "A: …" as turns, each some seconds after the one before.
func (f *filler) turns(script string, at time.Time) []casework.Turn {
	var turns []casework.Turn
	for line := range strings.Lines(script) {
		mark, words, found := strings.Cut(strings.TrimSpace(line), ":")
		speaker, known := speakers[mark]
		if !found || !known {
			continue
		}
		text := f.fill(strings.TrimSpace(words))
		when := at
		turns = append(turns, casework.Turn{Speaker: speaker, Text: text, At: &when})
		at = at.Add(time.Duration(2+len([]rune(text))/4+f.rand.IntN(4)) * time.Second)
	}
	return turns
}
