package screening

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"xiaobao/casework"
	"xiaobao/rulebook"
)

// An ExampleFailure is an example of the rulebook that its own entry does
// not judge as the example says.
type ExampleFailure struct {
	rulebook.Position
	Entry  string // of the indicator, phrase or clue
	Text   string
	Reason string
}

// String is "file:line: entry: reason: text".
func (f ExampleFailure) String() string {
	return fmt.Sprintf("%s: %s: %s: %s", f.Position, f.Entry, f.Reason, strings.ReplaceAll(f.Text, "\n", " → "))
}

// RunExamples tries every example of the rulebook and gives those that fail.
func RunExamples(e *Engine) []ExampleFailure {
	s := e.NewScreener()
	var failures []ExampleFailure
	try := func(entry string, fires, not []rulebook.Example, judge func(rulebook.Example, bool) string) {
		for _, example := range fires {
			if why := judge(example, true); why != "" {
				failures = append(failures, ExampleFailure{example.Position, entry, example.Text, why})
			}
		}
		for _, example := range not {
			if why := judge(example, false); why != "" {
				failures = append(failures, ExampleFailure{example.Position, entry, example.Text, why})
			}
		}
	}
	for _, ind := range e.book.Indicators {
		s.Only([]string{ind.ID})
		try(ind.ID, ind.Fires, ind.Not, func(x rulebook.Example, fires bool) string { return s.tryIndicator(ind, x, fires) })
	}
	for _, category := range e.book.Categories {
		for i := range category.Phrases {
			p := &category.Phrases[i]
			try(p.ID, p.Fires, p.Not, func(x rulebook.Example, fires bool) string { return s.tryPhrase(p, x, fires) })
		}
	}
	for _, c := range e.book.Clues {
		try(c.ID, c.Fires, c.Not, func(x rulebook.Example, fires bool) string { return s.tryClue(c, x, fires) })
	}
	return failures
}

// tryPhrase reviews an example for one phrase.
func (s *Screener) tryPhrase(p *rulebook.Phrase, example rulebook.Example, fires bool) string {
	review := s.Review(Material{Product: example.Product, Channel: example.Channel, Text: example.Text})
	at := slices.IndexFunc(review.Findings, func(r Remark) bool { return r.PhraseID == p.ID })
	switch {
	case fires && at < 0:
		return "should be found and is not"
	case !fires && at >= 0:
		return "should not be found and is, by " + quotes(review.Findings[at].Evidence)
	case fires && example.Level != "" && review.Findings[at].Action != example.Level:
		return fmt.Sprintf("should be %s and is %s", example.Level, review.Findings[at].Action)
	}
	return ""
}

// tryClue looks for one clue in an example.
func (s *Screener) tryClue(c *rulebook.Clue, example rulebook.Example, fires bool) string {
	t, err := touchpointOf(example, c.Where, nil)
	if err != nil {
		return err.Error()
	}
	clues := s.Clues(&t)
	if fault := s.Faults(); fault != nil {
		return fault.Error()
	}
	at := slices.IndexFunc(clues, func(x Clue) bool { return x.ID == c.ID })
	switch {
	case fires && at < 0:
		return "should show and does not"
	case !fires && at >= 0:
		return "should not show and does, by " + quotes(clues[at].Evidence)
	}
	return ""
}

// tryIndicator screens an example for one indicator and says what is wrong
// with the outcome, if anything.
func (s *Screener) tryIndicator(ind *rulebook.Indicator, example rulebook.Example, fires bool) string {
	t, err := touchpointOf(example, ind.Channels, ind.Speakers)
	if err != nil {
		return err.Error()
	}
	signals := s.Screen(&t)
	if fault := s.Faults(); fault != nil {
		return fault.Error()
	}
	switch {
	case fires && len(signals) == 0:
		return "should fire and does not"
	case !fires && len(signals) > 0:
		return "should not fire and does, by " + quotes(signals[0].Evidence)
	case fires && example.Level != "" && signals[0].Level.String() != example.Level:
		return fmt.Sprintf("should be %s and is %s", example.Level, signals[0].Level)
	}
	return ""
}

// TouchpointOf makes the touchpoint of an indicator's example: what the
// example leaves out is the indicator's own.
func TouchpointOf(example rulebook.Example, ind *rulebook.Indicator) (casework.Touchpoint, error) {
	return touchpointOf(example, ind.Channels, ind.Speakers)
}

// touchpointOf makes a touchpoint of an example. What the example leaves out
// is the entry's first channel, and a speaker it listens to.
func touchpointOf(example rulebook.Example, channels []casework.Channel, speakers []casework.Speaker) (casework.Touchpoint, error) {
	t := casework.Touchpoint{
		ID: "example", Channel: example.Channel, Product: example.Product,
		Speaker: example.Speaker, Text: example.Text, Attributes: example.Attributes,
	}
	if t.Channel == "" && len(channels) > 0 {
		t.Channel = channels[0]
	}
	if t.Speaker == "" && len(speakers) > 0 {
		t.Speaker = speakers[0]
		if d := t.Channel.DefaultSpeaker(); maskOf(speakers, []casework.Speaker{d}) != 0 {
			t.Speaker = d
		}
	}
	if example.At == "" {
		return t, nil
	}
	at, err := time.Parse(time.RFC3339, example.At)
	if err != nil {
		return t, fmt.Errorf("at %q is no RFC 3339 time, such as 2026-03-02T09:00:00+08:00", example.At)
	}
	t.OccurredAt = at
	return t, nil
}

// quotes lists what was found, for a reader.
func quotes(evidence []casework.Evidence) string {
	if len(evidence) == 0 {
		return "its condition"
	}
	parts := make([]string, len(evidence))
	for i, e := range evidence {
		parts[i] = "「" + e.Quote + "」"
	}
	return strings.Join(parts, " ")
}

// CountExamples tells how many examples the rulebook holds.
func CountExamples(b *rulebook.Book) int {
	n := 0
	for _, i := range b.Indicators {
		n += len(i.Fires) + len(i.Not)
	}
	for _, c := range b.Categories {
		for i := range c.Phrases {
			n += len(c.Phrases[i].Fires) + len(c.Phrases[i].Not)
		}
	}
	for _, c := range b.Clues {
		n += len(c.Fires) + len(c.Not)
	}
	return n
}
