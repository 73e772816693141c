package store

import (
	"context"

	"xiaobao/casework"
)

// SwitchModel turns an endpoint, or all of them, off or on. What held before
// stays on record.
func (s *Store) SwitchModel(ctx context.Context, m casework.ModelSwitch) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO llm_switches (endpoint, off, by, at, reason) VALUES ($1, $2, $3, $4, $5)`,
		m.Endpoint, m.Off, string(m.By), m.At, m.Reason)
	return describe(err, "switch of "+m.Endpoint)
}

// SwitchedOff reports whether an endpoint is off, by itself or with all.
func (s *Store) SwitchedOff(ctx context.Context, endpoint string) (bool, error) {
	var off bool
	err := s.db.GetContext(ctx, &off, `
		SELECT coalesce(bool_or(off), false)
		FROM (SELECT DISTINCT ON (endpoint) off FROM llm_switches WHERE endpoint IN ($1, $2) ORDER BY endpoint, id DESC) latest`,
		endpoint, casework.AllModels)
	return off, describe(err, "switch of "+endpoint)
}

// ModelSwitches are the switches as they stand, of each endpoint that was
// ever switched.
func (s *Store) ModelSwitches(ctx context.Context) ([]casework.ModelSwitch, error) {
	switches := []casework.ModelSwitch{}
	err := s.db.SelectContext(ctx, &switches, `
		SELECT DISTINCT ON (endpoint) endpoint, off, by, at, reason FROM llm_switches ORDER BY endpoint, id DESC`)
	return switches, describe(err, "switches")
}
