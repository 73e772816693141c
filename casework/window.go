package casework

import "time"

// A schedule's windows: the period that had just ended when it starts.
const (
	PreviousDay     = "previous_day"
	PreviousWeek    = "previous_week" // Monday to Sunday
	PreviousMonth   = "previous_month"
	PreviousQuarter = "previous_quarter"
)

// Window is the period a window means at a moment, in Beijing's days: from
// its first moment to the first moment after it.
func Window(name string, at time.Time) (from, to time.Time, err error) {
	today := DayOf(at).Midnight()
	switch name {
	case PreviousDay:
		return today.AddDate(0, 0, -1), today, nil
	case PreviousWeek:
		monday := today.AddDate(0, 0, -(int(today.Weekday())+6)%7)
		return monday.AddDate(0, 0, -7), monday, nil
	case PreviousMonth:
		first := today.AddDate(0, 0, 1-today.Day())
		return first.AddDate(0, -1, 0), first, nil
	case PreviousQuarter:
		first := today.AddDate(0, 0, 1-today.Day())
		first = first.AddDate(0, -(int(first.Month())-1)%3, 0)
		return first.AddDate(0, -3, 0), first, nil
	}
	return from, to, Errorf(Invalid, "there is no window %q", name).
		InChinese("没有名为“%s”的检查期间", name).WithCode("field:window")
}
