package casework

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"
)

// SureEnough is the certainty of the local model from which officers get what
// no language model could be asked about.
const SureEnough = 0.5

// Likelihood is that of the likeliest suspicion.
func (u Undecided) Likelihood() float64 {
	most := 0.0
	for _, s := range u.Suspicions {
		most = max(most, s.Certainty)
	}
	return most
}

// Likeliest are the suspicions that officers get: those from SureEnough on,
// and at least the likeliest.
func (u Undecided) Likeliest() []Suspicion {
	sorted := slices.SortedStableFunc(slices.Values(u.Suspicions), func(a, b Suspicion) int { return cmp.Compare(b.Certainty, a.Certainty) })
	for n, s := range sorted {
		if n > 0 && s.Certainty < SureEnough {
			return sorted[:n]
		}
	}
	return sorted
}

// AboutTheText reports whether the trouble lies in the text that was asked
// about, so that another text may well fare better.
func (t ModelTrouble) AboutTheText() bool {
	return t == TroubleTooLong || t == TroubleFiltered || t == TroubleBadOutput || t == TroubleUngrounded
}

// An UndecidedTouchpoint is an undecided touchpoint with what models and
// officers need of it.
type UndecidedTouchpoint struct {
	Undecided
	Touchpoint Touchpoint
	Known      []string    // names on record that belong to it
	Opinion    []Judgement // of the first model, where the second is to be asked
	By         string      // version of the engine that gave the opinion
}

// A Judged is what became of one undecided touchpoint, to be saved.
type Judged struct {
	Touchpoint string
	From       JudgeOutcome // where it stood when it was asked about; one that stands elsewhere by now stays. Empty: anywhere
	Outcome    JudgeOutcome
	Why        ModelTrouble
	Asked      bool // a model has answered about it
	Opinion    []Judgement
	By         string
	Findings   []Finding
}

// A Gathering is how the undecided touchpoints of an inspection are shared
// out. Gathered again, it is the same.
type Gathering struct {
	Undecided int   `json:"undecided"`
	Batches   []int `json:"batches,omitempty"` // touchpoints in each batch, the likeliest first; batch n is at n-1
	People    int   `json:"people"`            // beyond what may be asked, left to officers
	Left      int   `json:"left"`              // beyond what may be asked, and too unlikely
	Found     int   `json:"found"`             // findings that this made
}

// A LocalModel is a version of the local model on file.
type LocalModel struct {
	Version     string          `json:"version"` // with a digest of its content: "char@1#1a2b3c4d"
	Report      json.RawMessage `json:"report"`  // how it was trained and how well it does
	PublishedBy Actor           `json:"published_by"`
	PublishedAt time.Time       `json:"published_at"`
	Active      bool            `json:"active"`
	Size        int             `json:"size"` // bytes
}

// A LabelledTouchpoint is an officer's decision with the touchpoint it is
// about, for training.
type LabelledTouchpoint struct {
	Label
	Touchpoint Touchpoint `json:"touchpoint"`
	Known      []string   `json:"-"` // names on record that belong to it
}

// A ModelCallFilter narrows the list of calls.
type ModelCallFilter struct {
	Endpoint string
	Purpose  Purpose
	Case     string
	Failed   bool // only those that did not go well
	From     time.Time
	To       time.Time
}
