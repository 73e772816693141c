package casework

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"
)

// A Chunk is a part of what an inspection drew, small enough to be tested in
// one go. It runs over ingest sequence numbers or, in a sample, over the
// sample's ordinals.
type Chunk struct {
	No      int   `json:"no"`    // from 1
	After   int64 `json:"after"` // exclusive
	Upto    int64 `json:"upto"`  // inclusive
	Count   int   `json:"count"` // touchpoints in it
	Sampled bool  `json:"sampled,omitempty"`
}

// A Drawing is what an inspection's scope came to at the moment it was drawn.
// What is imported later does not join it.
type Drawing struct {
	Touchpoints int     `json:"touchpoints"`
	Digest      string  `json:"digest"` // SHA-256 of the drawn ids, in order
	Chunks      []Chunk `json:"chunks,omitempty"`
}

// A ChunkPlan says how to cut a drawing: at most Most chunks, and no smaller
// than Least touchpoints each as long as that allows.
type ChunkPlan struct{ Most, Least int }

// Size is how many touchpoints a chunk gets.
func (p ChunkPlan) Size(touchpoints int) int {
	return max(p.Least, (touchpoints+p.Most-1)/p.Most)
}

// A PageLimit bounds how much of a chunk is in memory at once. A page holds
// at least one touchpoint, however long.
type PageLimit struct {
	Rows  int
	Bytes int // of text
}

// A DrawnTouchpoint is a touchpoint with its place in its chunk.
type DrawnTouchpoint struct {
	Position int64 // ingest sequence number or ordinal of the sample
	Touchpoint
}

// A ChunkPage is what testing one page of a chunk came to. After is the
// position the page began behind: a page is saved only if the chunk still
// stands there, so two attempts at the same chunk count nothing twice.
type ChunkPage struct {
	Inspection string
	Chunk      int
	After      int64
	Upto       int64
	Tested     int
	Items      map[string]int // touchpoints tested, by item
	Findings   []Finding
	Undecided  []Undecided // what neither rules nor the local model decided
	Done       bool        // nothing of the chunk is left
}

// ChunkProgress is how far the testing of a chunk is.
type ChunkProgress struct {
	Position int64
	Tested   int
	Found    int // findings that were new
	Done     bool
}

// A PlannedItem is a checklist item as it stood when the inspection was
// drawn. A later change of the rulebook does not change the rules of an
// inspection under way.
type PlannedItem struct {
	Item          string      `json:"item"`
	Element       string      `json:"element"`
	ElementWeight float64     `json:"element_weight"`
	Title         string      `json:"title"` // Chinese
	TitleEn       string      `json:"title_en,omitempty"`
	Weight        float64     `json:"weight"`
	Method        Method      `json:"method"`
	Basis         []string    `json:"basis,omitempty"`
	Indicators    []string    `json:"indicators,omitempty"` // those that can be screened for
	Channels      []Channel   `json:"channels,omitempty"`   // that the indicators look at; empty means all
	Query         string      `json:"query,omitempty"`
	Params        ParamValues `json:"params,omitempty"`
	Question      string      `json:"question,omitempty"`   // Chinese
	Respondent    string      `json:"respondent,omitempty"` // kind of unit that answers
	Pass          PassRule    `json:"pass"`
	Outcome       ItemOutcome `json:"outcome"` // waiting, or not_run from the start
	Why           string      `json:"why,omitempty"`
}

// ParamValues are the parameters of a named query.
type ParamValues map[string]any

// LooksAt reports whether the item's indicators look at a channel.
func (p PlannedItem) LooksAt(c Channel) bool {
	if p.Method != ByIndicators || p.Outcome == ItemNotRun {
		return false
	}
	for _, channel := range p.Channels {
		if channel == c {
			return true
		}
	}
	return len(p.Channels) == 0
}

// A QueryHit is one record that a named query holds against an item. Facts
// are counts and times, no words.
type QueryHit struct {
	Touchpoint string
	Channel    Channel
	OccurredAt time.Time
	OrgID      string
	AgentID    string
	CustomerID string
	Product    string
	Level      Level
	Facts      map[string]any
}

// QuestionID derives a question's id from what it is about, so that asking
// again asks the same.
func QuestionID(inspection, item string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{inspection, item}, "\x00")))
	return "q-" + hex.EncodeToString(sum[:10])
}
