package llm

import (
	"context"
	"slices"
	"sync"
	"time"

	"xiaobao/casework"
)

// A Memory is a Ledger that forgets everything when the program ends, for
// evaluations on files, for the doctor and for tests. It is safe for
// concurrent use.
type Memory struct {
	mu       sync.Mutex
	calls    []casework.ModelCall
	finished map[string]finished
	cached   map[string]keptAnswer
	days     map[spent]*casework.ModelDay
	off      map[string]bool
}

type finished struct {
	answer []byte
	call   casework.ModelCall
}

type keptAnswer struct {
	answer []byte
	until  time.Time
}

// spent names a day of an endpoint.
type spent struct {
	endpoint string
	day      casework.Day
}

// NewMemory makes an empty ledger.
func NewMemory() *Memory {
	return &Memory{
		finished: map[string]finished{}, cached: map[string]keptAnswer{},
		days: map[spent]*casework.ModelDay{}, off: map[string]bool{},
	}
}

// Calls are all rows, in the order they were written.
func (m *Memory) Calls() []casework.ModelCall {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.calls)
}

// Day is what an endpoint used on the day of a moment.
func (m *Memory) Day(endpoint string, at time.Time) casework.ModelDay {
	m.mu.Lock()
	defer m.mu.Unlock()
	return *m.day(endpoint, at)
}

// Switch turns an endpoint, or casework.AllModels, off or on again.
func (m *Memory) Switch(endpoint string, off bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.off[endpoint] = off
}

// FinishedCall gives the answer of an ended call that went well.
func (m *Memory) FinishedCall(_ context.Context, key string) ([]byte, casework.ModelCall, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f, ok := m.finished[key]
	return slices.Clone(f.answer), f.call, ok, nil
}

// AppendCall writes a row.
func (m *Memory) AppendCall(_ context.Context, call casework.ModelCall, answer []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls = append(m.calls, call)
	if call.Stage != casework.CallEnded {
		return nil
	}
	if call.Trouble == "" && answer != nil && call.Key != "" {
		m.finished[call.Key] = finished{slices.Clone(answer), call}
	}
	if !call.Cached {
		day := m.day(call.Endpoint, call.At)
		day.Calls++
		if call.Trouble != "" {
			day.Failed++
		}
	}
	return nil
}

// CachedAnswer gives an answer kept under a key, unless its time is over.
func (m *Memory) CachedAnswer(_ context.Context, key string, now time.Time) ([]byte, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	kept, ok := m.cached[key]
	if !ok || !now.Before(kept.until) {
		return nil, false, nil
	}
	return slices.Clone(kept.answer), true, nil
}

// CacheAnswer keeps an answer until its time is over.
func (m *Memory) CacheAnswer(_ context.Context, key string, answer []byte, until time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.cached[key] = keptAnswer{slices.Clone(answer), until}
	return nil
}

// Reserve sets aside what a call may use, unless the day's budget is spent.
func (m *Memory) Reserve(_ context.Context, endpoint string, at time.Time, tokens int64, cost float64, limit casework.ModelBudget) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	day := m.day(endpoint, at)
	day.Limit = limit
	if limit.Tokens > 0 && day.Tokens+tokens > limit.Tokens || limit.Cost > 0 && day.Cost+cost > limit.Cost {
		return Failure(casework.TroubleBudget, nil)
	}
	day.Tokens += tokens
	day.Cost += cost
	return nil
}

// Settle puts what a call did use in the place of what was set aside.
func (m *Memory) Settle(_ context.Context, endpoint string, at time.Time, reservedTokens, tokens int64, reservedCost, cost float64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	day := m.day(endpoint, at)
	day.Tokens += tokens - reservedTokens
	day.Cost += cost - reservedCost
	return nil
}

// SwitchedOff reports whether the endpoint, or all of them, are off.
func (m *Memory) SwitchedOff(_ context.Context, endpoint string) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.off[endpoint] || m.off[casework.AllModels], nil
}

// day is the day's row, made when it is first asked for.
func (m *Memory) day(endpoint string, at time.Time) *casework.ModelDay {
	key := spent{endpoint, casework.DayOf(at)}
	if m.days[key] == nil {
		m.days[key] = &casework.ModelDay{Endpoint: endpoint, Day: string(key.day)}
	}
	return m.days[key]
}
