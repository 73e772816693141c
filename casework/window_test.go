package casework_test

import (
	"testing"
	"time"

	"xiaobao/casework"
)

func TestWindowIsThePeriodThatHasJustEnded(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ window, at, from, to string }{
		{casework.PreviousDay, "2026-03-01T00:30:00+08:00", "2026-02-28", "2026-03-01"},
		{casework.PreviousDay, "2026-02-28T17:00:00Z", "2026-02-28", "2026-03-01"}, // already March in Beijing
		{casework.PreviousWeek, "2026-03-02T09:00:00+08:00", "2026-02-23", "2026-03-02"},
		{casework.PreviousWeek, "2026-03-01T09:00:00+08:00", "2026-02-16", "2026-02-23"}, // a Sunday ends its week
		{casework.PreviousMonth, "2026-03-31T09:00:00+08:00", "2026-02-01", "2026-03-01"},
		{casework.PreviousMonth, "2026-01-15T09:00:00+08:00", "2025-12-01", "2026-01-01"},
		{casework.PreviousQuarter, "2026-01-01T00:00:00+08:00", "2025-10-01", "2026-01-01"},
		{casework.PreviousQuarter, "2026-06-30T09:00:00+08:00", "2026-01-01", "2026-04-01"},
	} {
		t.Run(test.window+" at "+test.at, func(t *testing.T) {
			t.Parallel()
			at, err := time.Parse(time.RFC3339, test.at)
			if err != nil {
				t.Fatal(err)
			}
			from, to, err := casework.Window(test.window, at)
			if err != nil {
				t.Fatal(err)
			}
			if casework.DayOf(from) != casework.Day(test.from) || casework.DayOf(to) != casework.Day(test.to) {
				t.Errorf("from %s to %s, want %s to %s", casework.DayOf(from), casework.DayOf(to), test.from, test.to)
			}
		})
	}
}

func TestWindowRefusesAnUnknownName(t *testing.T) {
	t.Parallel()
	if _, _, err := casework.Window("yesterday", time.Unix(0, 0)); casework.KindOf(err) != casework.Invalid {
		t.Errorf("got %v", err)
	}
}
