package casework

import "fmt"

// A Level says how serious a signal is. Levels are ordered: Blue < Red.
type Level int8

// The levels (预警级别), from a service defect to harm that must stop at once.
const (
	NoLevel Level = iota
	Blue          // 蓝: service defect or weak signal
	Yellow        // 黄: likely breach or dissatisfied customer
	Orange        // 橙: clear breach with customer impact, or a complaint about to escalate
	Red           // 红: illegal or violent conduct, personal safety, data leak, group event
)

var (
	levelNames   = [...]string{"none", "blue", "yellow", "orange", "red"}
	levelNamesZh = [...]string{"无", "蓝色", "黄色", "橙色", "红色"}
)

// Levels are all levels, the most serious first.
func Levels() []Level { return []Level{Red, Orange, Yellow, Blue} }

// ParseLevel reads a level by its English name.
func ParseLevel(s string) (Level, error) {
	for i, name := range levelNames {
		if s == name {
			return Level(i), nil
		}
	}
	return NoLevel, Errorf(Invalid, "there is no level %q; use blue, yellow, orange or red", s)
}

// String is the English name, as in JSON and the database.
func (l Level) String() string {
	if l < NoLevel || l > Red {
		return fmt.Sprintf("level(%d)", int8(l))
	}
	return levelNames[l]
}

// Chinese is the name officers see.
func (l Level) Chinese() string {
	if l < NoLevel || l > Red {
		return l.String()
	}
	return levelNamesZh[l]
}

// MarshalText writes the English name.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads the English name.
func (l *Level) UnmarshalText(text []byte) error {
	parsed, err := ParseLevel(string(text))
	*l = parsed
	return err
}
