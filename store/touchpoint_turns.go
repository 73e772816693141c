package store

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"xiaobao/casework"
)

// A span is one turn as the column turns keeps it: the words themselves are
// in the column text, where a search finds them.
type span struct {
	Speaker casework.Speaker `json:"s"`
	Bytes   int              `json:"n"`
	At      *time.Time       `json:"t,omitempty"`
}

// turnsText writes how a text divides into turns.
func turnsText(turns []casework.Turn) (string, error) {
	spans := make([]span, len(turns))
	for i, turn := range turns {
		spans[i] = span{Speaker: turn.Speaker, Bytes: len(turn.Text)}
		if turn.At != nil {
			at := turn.At.UTC().Truncate(time.Microsecond)
			spans[i].At = &at
		}
	}
	data, err := json.Marshal(spans)
	return string(data), err
}

// divide cuts a text into its turns again.
func divide(text string, turns []byte) ([]casework.Turn, error) {
	var spans []span
	if err := json.Unmarshal(turns, &spans); err != nil {
		return nil, fmt.Errorf("turns: %w", err)
	}
	divided := make([]casework.Turn, len(spans))
	for i, s := range spans {
		if i > 0 {
			text = strings.TrimPrefix(text, "\n")
		}
		if s.Bytes > len(text) {
			return nil, fmt.Errorf("turn %d ends after the text", i)
		}
		divided[i] = casework.Turn{Speaker: s.Speaker, Text: text[:s.Bytes], At: s.At}
		text = text[s.Bytes:]
	}
	return divided, nil
}
