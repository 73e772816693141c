package rulebook_test

import (
	"strings"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/rulebook"
)

// The days off and the worked weekends of 2024 to 2026, as the yearly notices
// give them, month by month.
const (
	daysOff = `
2024-01: 1
2024-02: 10 11 12 13 14 15 16 17
2024-04: 4 5 6
2024-05: 1 2 3 4 5
2024-06: 10
2024-09: 15 16 17
2024-10: 1 2 3 4 5 6 7
2025-01: 1 28 29 30 31
2025-02: 1 2 3 4
2025-04: 4 5 6
2025-05: 1 2 3 4 5 31
2025-06: 1 2
2025-10: 1 2 3 4 5 6 7 8
2026-01: 1 2 3
2026-02: 15 16 17 18 19 20 21 22 23
2026-04: 4 5 6
2026-05: 1 2 3 4 5
2026-06: 19 20 21
2026-09: 25 26 27
2026-10: 1 2 3 4 5 6 7`
	worked = `
2024-02: 4 18
2024-04: 7 28
2024-05: 11
2024-09: 14 29
2024-10: 12
2025-01: 26
2025-02: 8
2025-04: 27
2025-09: 28
2025-10: 11
2026-01: 4
2026-02: 14 28
2026-05: 9
2026-09: 20
2026-10: 10`
)

// listed are the days of such a table.
func listed(t *testing.T, table string) map[casework.Day]bool {
	t.Helper()
	days := map[casework.Day]bool{}
	for line := range strings.Lines(strings.TrimSpace(table)) {
		month, list, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			t.Fatalf("line %q", line)
		}
		for day := range strings.FieldsSeq(list) {
			if len(day) == 1 {
				day = "0" + day
			}
			days[casework.Day(month+"-"+day)] = true
		}
	}
	return days
}

func TestTheCalendarKnowsEveryDayOf2024To2026(t *testing.T) {
	t.Parallel()
	off, on := listed(t, daysOff), listed(t, worked)
	calendar := builtin(t).Calendar()
	first, last := casework.Day("2024-01-01").Midnight(), casework.Day("2026-12-31").Midnight()
	for day := first; !day.After(last); day = day.AddDate(0, 0, 1) {
		name := casework.DayOf(day)
		weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
		want := on[name] || !off[name] && !weekend
		if got := calendar.WorkingDay(day); got != want {
			t.Errorf("%s: working day %v, want %v", name, got, want)
		}
	}
	if missing := calendar.Uncovered(casework.Day("2019-01-01").Midnight(), casework.Day("2027-01-01").Midnight()); len(missing) != 1 || missing[0] != 2027 {
		t.Errorf("years without a table: %v", missing)
	}
}

func TestTheCalendarKnowsTheOddDaysOfEarlierYears(t *testing.T) {
	t.Parallel()
	calendar := builtin(t).Calendar()
	for day, want := range map[casework.Day]bool{
		"2018-12-29": true,  // Saturday, worked for New Year 2019
		"2018-12-31": false, // Monday
		"2019-05-05": true,  // Sunday, worked by the notice that lengthened the holiday
		"2020-01-31": false, // the lengthened Spring Festival of 2020
		"2020-02-03": true,
		"2021-10-09": true, // Saturday
		"2022-10-08": true, // Saturday
		"2022-12-31": false,
		"2023-01-02": false,
		"2023-10-06": false,
		"2023-10-07": true, // Saturday
	} {
		if got := calendar.WorkingDay(day.Midnight()); got != want {
			t.Errorf("%s: working day %v, want %v", day, got, want)
		}
	}
}

func TestHolidaysThatContradictThemselvesAreRefused(t *testing.T) {
	t.Parallel()
	for entry, want := range map[string]string{
		"{year: 2027, source: s, off: [{name: n, from: 2027-02-05, to: 2027-02-01}]}": "ends on 2027-02-01 before",
		"{year: 2027, source: s, off: [{name: n, from: 2027-02-30}]}":                 "are no dates",
		"{year: 2027, source: s, off: [{name: n, from: 2027-02-05, to: 2028-02-05}]}": "longer than 31 days",
		"{year: 2027, source: s, off: [{name: n, from: 2025-02-05}]}":                 "is not in 2027",
		"{year: 2027, source: s, off: [{from: 2027-02-05}]}":                          "has no name",
		"{year: 2027, off: []}": "has no source",
		"{year: 27, source: s}": "is no year",
		"{year: 2027, source: s, off: [{name: n, from: 2027-02-06}], worked: [{name: m, from: 2027-02-06}]}": "off for n and worked for m",
		"{year: 2027, source: s, off: [], worked: [{name: m, from: 2027-02-05}]}":                            "worked anyway, it is a Friday",
	} {
		got := strings.Join(problems(t, overlay(heading+"holidays:\n  - "+entry+"\n")), "\n")
		if !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want %q", entry, got, want)
		}
	}
}

func TestAnOverlayMayAddTheNextYear(t *testing.T) {
	t.Parallel()
	b, err := rulebook.Load(overlay(heading + "holidays:\n  - {year: 2027, source: s, off: [{name: n, from: 2027-01-04, to: 2027-01-05}], worked: [{name: n, from: 2027-01-09}]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	monday := casework.Day("2027-01-04").Midnight()
	if b.Calendar().WorkingDay(monday) || !b.Calendar().WorkingDay(monday.AddDate(0, 0, 5)) || len(b.Calendar().Uncovered(monday, monday)) != 0 {
		t.Error("the year of the overlay is not in the calendar")
	}
}
