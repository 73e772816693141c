package casework

import "time"

// Beijing is the time zone of deadlines and contact hours. It has no summer
// time, so a fixed offset says all there is to know, on every machine alike.
var Beijing = time.FixedZone("CST", 8*60*60)

// A Day is a date in Beijing, "2026-10-01".
type Day string

// DayOf is the date in Beijing at t.
func DayOf(t time.Time) Day { return Day(t.In(Beijing).Format(time.DateOnly)) }

// Midnight is the first moment of the day in Beijing; the zero time if the
// day is no date.
func (d Day) Midnight() time.Time {
	t, err := time.ParseInLocation(time.DateOnly, string(d), Beijing)
	if err != nil {
		return time.Time{}
	}
	return t
}

// A Calendar tells working days from holidays. Its table names only the days
// that differ from the week: holidays, and weekends that are worked to make up
// for them (调休). A year without a table falls back to weekends, and
// Uncovered says so.
type Calendar struct {
	off   map[Day]bool // true: a holiday, false: a make-up working day
	years map[int]bool
}

// NewCalendar makes a calendar from the days that differ from the week (true
// means off) and the years the table covers.
func NewCalendar(days map[Day]bool, years []int) Calendar {
	c := Calendar{off: make(map[Day]bool, len(days)), years: make(map[int]bool, len(years))}
	for day, off := range days {
		c.off[day] = off
	}
	for _, year := range years {
		c.years[year] = true
	}
	return c
}

// WorkingDay reports whether the day of t in Beijing is worked.
func (c Calendar) WorkingDay(t time.Time) bool {
	t = t.In(Beijing)
	if off, ok := c.off[DayOf(t)]; ok {
		return !off
	}
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday
}

// AddWorkingDays is the same time of day n working days after t; n may be
// negative. The day of t itself does not count.
func (c Calendar) AddWorkingDays(t time.Time, n int) time.Time {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	t = t.In(Beijing)
	for n > 0 {
		t = t.AddDate(0, 0, step)
		if c.WorkingDay(t) {
			n--
		}
	}
	return t
}

// WorkingDaysBetween counts the working days after from up to and including
// the day of to; negative if to is earlier.
func (c Calendar) WorkingDaysBetween(from, to time.Time) int {
	if to.Before(from) {
		return -c.WorkingDaysBetween(to, from)
	}
	n := 0
	last := DayOf(to)
	for day := DayOf(from).Midnight(); DayOf(day) < last; {
		day = day.AddDate(0, 0, 1)
		if c.WorkingDay(day) {
			n++
		}
	}
	return n
}

// Uncovered lists the years from one moment to the other for which there is
// no holiday table, so that whoever shows a deadline can warn.
func (c Calendar) Uncovered(from, to time.Time) []int {
	var missing []int
	for year := from.In(Beijing).Year(); year <= to.In(Beijing).Year(); year++ {
		if !c.years[year] {
			missing = append(missing, year)
		}
	}
	return missing
}
