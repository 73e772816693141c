package screening

import (
	"fmt"
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
	for i := range e.indicators {
		ind := e.indicators[i].Indicator
		s.Only([]string{ind.ID})
		for _, each := range []struct {
			examples []rulebook.Example
			fires    bool
		}{{ind.Fires, true}, {ind.Not, false}} {
			for _, example := range each.examples {
				if why := s.tryIndicator(ind, example, each.fires); why != "" {
					failures = append(failures, ExampleFailure{example.Position, ind.ID, example.Text, why})
				}
			}
		}
	}
	return failures
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
	return n
}
