package store

import (
	"context"
	"encoding/json"

	"github.com/lib/pq"

	"xiaobao/casework"
)

// A scheduleRow is a schedule as its columns hold it. Window is a word of SQL,
// so the column has another name.
type scheduleRow struct {
	casework.Schedule
	Items pq.StringArray
	Scope []byte
	Span  string
}

const scheduleColumns = `s.id, s.name, s.checklist, s.items, s.scope, s.span, s.every, s.at_hour, s.paused, s.owned_by, s.org_id, s.next_run,
	coalesce(s.last_run, (SELECT max(i.ordered_at) FROM inspections i WHERE i.schedule = s.id)) AS last_run`

func (r *scheduleRow) schedule() (casework.Schedule, error) {
	schedule := r.Schedule
	schedule.Items, schedule.Window = r.Items, r.Span
	return schedule, describe(json.Unmarshal(r.Scope, &schedule.Scope), "scope of schedule "+r.ID)
}

// SaveSchedule keeps a schedule, new or changed.
func (s *Store) SaveSchedule(ctx context.Context, schedule casework.Schedule) error {
	what := "schedule " + schedule.ID
	scope, err := json.Marshal(schedule.Scope)
	if err != nil {
		return describe(err, what)
	}
	_, err = s.db.ExecContext(ctx, `
		INSERT INTO schedules (id, name, checklist, items, scope, span, every, at_hour, paused, owned_by, org_id, next_run, last_run)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, checklist = excluded.checklist, items = excluded.items, scope = excluded.scope,
			span = excluded.span, every = excluded.every, at_hour = excluded.at_hour, paused = excluded.paused, owned_by = excluded.owned_by,
			org_id = excluded.org_id, next_run = excluded.next_run, last_run = excluded.last_run`,
		schedule.ID, schedule.Name, schedule.Checklist, textArray(schedule.Items), string(scope), schedule.Window, schedule.Every, schedule.AtHour,
		schedule.Paused, string(schedule.OwnedBy), schedule.OrgID, schedule.NextRun, schedule.LastRun)
	return describe(err, what)
}

// Schedule is one schedule.
func (s *Store) Schedule(ctx context.Context, id string) (casework.Schedule, error) {
	var row scheduleRow
	if err := s.db.GetContext(ctx, &row, `SELECT `+scheduleColumns+` FROM schedules s WHERE s.id = $1`, id); err != nil {
		return casework.Schedule{}, describe(err, "schedule "+id)
	}
	return row.schedule()
}

// Schedules are the schedules of units and all below them, by name; all of
// them if none is given.
func (s *Store) Schedules(ctx context.Context, within []string) ([]casework.Schedule, error) {
	var c conditions
	c.below("s.org_id", within)
	var rows []scheduleRow
	if err := s.db.SelectContext(ctx, &rows, `SELECT `+scheduleColumns+` FROM schedules s`+c.where()+` ORDER BY s.name, s.id`, c.args...); err != nil {
		return nil, describe(err, "schedules")
	}
	schedules := make([]casework.Schedule, len(rows))
	for i := range rows {
		var err error
		if schedules[i], err = rows[i].schedule(); err != nil {
			return nil, err
		}
	}
	return schedules, nil
}

// DeleteSchedule forgets a schedule. What it started stays.
func (s *Store) DeleteSchedule(ctx context.Context, id string) error {
	gone, err := s.db.ExecContext(ctx, `DELETE FROM schedules WHERE id = $1`, id)
	return oneRow(gone, err, "schedule "+id)
}
