package llm

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// keptFor is how long an answer serves again for the same question.
const keptFor = 30 * 24 * time.Hour

// digest is the SHA-256 of things in order, in hex. Each is written as JSON,
// so that none can run into the next.
func digest(things ...any) string {
	h := sha256.New()
	enc := json.NewEncoder(h)
	for _, thing := range things {
		// Strings, numbers and slices of them: they cannot fail, and a hash
		// takes all that is written.
		_ = enc.Encode(thing)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// cacheKey names everything that an answer depends on, and nothing else: not
// the fence, which is new for each process, and not whose work it is.
func (q *inquiry) cacheKey() string {
	e := q.model.endpoint
	return digest("answer@1", e.Dialect, e.ID, e.BaseURL, e.Model, q.Prompt.Name(), q.Prompt.Hash, q.Prompt.SchemaHash, e.params(), q.inputHash)
}

// hashInput names what the model is shown of the question.
func (q *inquiry) hashInput() string {
	things := []any{"input@1", q.given, len(q.grounds.said)}
	for _, s := range q.grounds.said {
		things = append(things, s.Speaker, string(s.shown))
	}
	return digest(things...)
}
