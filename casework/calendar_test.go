package casework_test

import (
	"slices"
	"testing"
	"time"

	"xiaobao/casework"
)

// spring2026 is the table around Spring Festival 2026: nine days off from
// Sunday 15 February, with the Saturdays before and after worked.
func spring2026() casework.Calendar {
	days := map[casework.Day]bool{"2026-02-14": false, "2026-02-28": false}
	for day := 15; day <= 23; day++ {
		days[casework.DayOf(time.Date(2026, 2, day, 12, 0, 0, 0, casework.Beijing))] = true
	}
	return casework.NewCalendar(days, []int{2026})
}

// at is a moment in Beijing.
func at(t *testing.T, s string) time.Time {
	t.Helper()
	moment, err := time.ParseInLocation("2006-01-02 15:04", s, casework.Beijing)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

func TestWorkingDaysStepOverHolidaysAndOntoMakeUpDays(t *testing.T) {
	t.Parallel()
	calendar := spring2026()
	for _, c := range []struct {
		from string
		n    int
		want string
	}{
		{"2026-02-13 09:30", 0, "2026-02-13 09:30"},
		{"2026-02-13 09:30", 1, "2026-02-14 09:30"}, // a worked Saturday
		{"2026-02-13 09:30", 2, "2026-02-24 09:30"}, // over the festival
		{"2026-02-17 23:59", 1, "2026-02-24 23:59"}, // from inside it
		{"2026-02-27 18:00", 1, "2026-02-28 18:00"}, // the worked Saturday after
		{"2026-02-27 18:00", 2, "2026-03-02 18:00"},
		{"2026-02-24 09:00", -1, "2026-02-14 09:00"},
		{"2026-02-24 09:00", -2, "2026-02-13 09:00"},
		{"2026-03-06 09:00", 1, "2026-03-09 09:00"}, // an ordinary weekend
	} {
		if got := calendar.AddWorkingDays(at(t, c.from), c.n); !got.Equal(at(t, c.want)) {
			t.Errorf("%s %+d working days: %s, want %s", c.from, c.n, got, c.want)
		}
	}
}

func TestWorkingDaysBetweenIsTheInverseOfAdding(t *testing.T) {
	t.Parallel()
	calendar := spring2026()
	from := at(t, "2026-02-10 15:00")
	for n := range 30 {
		to := calendar.AddWorkingDays(from, n)
		if got := calendar.WorkingDaysBetween(from, to); got != n {
			t.Errorf("between %s and %s: %d, want %d", from, to, got, n)
		}
		if got := calendar.WorkingDaysBetween(to, from); got != -n {
			t.Errorf("backwards: %d, want %d", got, -n)
		}
	}
	if got := calendar.WorkingDaysBetween(at(t, "2026-02-14 23:00"), at(t, "2026-02-23 08:00")); got != 0 {
		t.Errorf("the festival has %d working days", got)
	}
}

func TestADayIsADayInBeijing(t *testing.T) {
	t.Parallel()
	evening := time.Date(2026, 2, 23, 16, 30, 0, 0, time.UTC) // 24 February, 00:30 in Beijing
	if day := casework.DayOf(evening); day != "2026-02-24" {
		t.Errorf("day %s", day)
	}
	if !spring2026().WorkingDay(evening) {
		t.Error("the first day after the festival is worked")
	}
	if got := casework.Day("2026-02-24").Midnight(); !got.Equal(time.Date(2026, 2, 23, 16, 0, 0, 0, time.UTC)) {
		t.Errorf("midnight %s", got)
	}
	if !casework.Day("2026-02-30").Midnight().IsZero() {
		t.Error("the 30th of February has a midnight")
	}
}

func TestAYearWithoutATableFallsBackToWeekendsAndSaysSo(t *testing.T) {
	t.Parallel()
	calendar := spring2026()
	if !calendar.WorkingDay(at(t, "2027-10-01 09:00")) || calendar.WorkingDay(at(t, "2027-10-02 09:00")) {
		t.Error("2027 should go by the week: a Friday worked, a Saturday off")
	}
	if got := calendar.Uncovered(at(t, "2025-12-31 23:00"), at(t, "2028-01-01 00:00")); !slices.Equal(got, []int{2025, 2027, 2028}) {
		t.Errorf("uncovered %v", got)
	}
	if got := calendar.Uncovered(at(t, "2026-01-01 00:00"), at(t, "2026-12-31 23:59")); got != nil {
		t.Errorf("uncovered %v in a year with a table", got)
	}
}

func TestACalendarKeepsItsOwnCopyOfTheTable(t *testing.T) {
	t.Parallel()
	days := map[casework.Day]bool{"2026-03-02": true}
	calendar := casework.NewCalendar(days, []int{2026})
	days["2026-03-02"] = false
	if calendar.WorkingDay(at(t, "2026-03-02 09:00")) {
		t.Error("the calendar changed with the caller's map")
	}
}
