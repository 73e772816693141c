package localstack

import (
	"context"
	"sync"
	"time"
)

// The states of a part.
const (
	StateUp       = "up"
	StateDown     = "down"
	StateHanging  = "not answering" // its process lives, but it does no work
	askNoLonger   = 3 * time.Second
	elsewhereNote = "elsewhere"
)

// A PartStatus says how one part is.
type PartStatus struct {
	Name    string    `json:"name"`
	State   string    `json:"state"`
	PID     int       `json:"pid,omitempty"`
	Address string    `json:"address,omitempty"`
	URL     string    `json:"url,omitempty"`
	Since   time.Time `json:"since,omitzero"`
	Log     string    `json:"log,omitempty"`
	Note    string    `json:"note,omitempty"` // why it is not up, or who runs it
}

// Status looks at every part, all at once, and changes nothing.
func (s *Stack) Status(ctx context.Context) []PartStatus {
	var parts []Part
	for _, stage := range s.Stages {
		parts = append(parts, stage.Parts...)
	}
	all := make([]PartStatus, len(parts))
	var wg sync.WaitGroup
	for i, part := range parts {
		wg.Go(func() { all[i] = s.look(ctx, part) })
	}
	wg.Wait()
	return all
}

func (s *Stack) look(ctx context.Context, p Part) PartStatus {
	status := PartStatus{Name: p.Name, State: StateDown, Address: p.Address, URL: p.URL}
	ctx, cancel := context.WithTimeout(ctx, askNoLonger)
	defer cancel()
	r, up := s.Home.running(p.Name)
	switch {
	case p.Elsewhere:
		status.Note = elsewhereNote
	case !up:
		status.Log = s.Home.logFile(p.Name)
		return status
	default:
		status.PID, status.Since, status.Log = r.PID, r.Since, s.Home.logFile(p.Name)
	}
	if err := p.Ready(ctx, r); err != nil {
		status.Note = err.Error()
		if up {
			status.State = StateHanging
		}
		return status
	}
	status.State = StateUp
	return status
}

// AllUp reports whether nothing is missing.
func AllUp(all []PartStatus) bool {
	for _, p := range all {
		if p.State != StateUp {
			return false
		}
	}
	return len(all) > 0
}
