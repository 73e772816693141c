package rulebook

import (
	"strconv"
	"strings"

	"xiaobao/casework"
)

// A Regulation is one entry of the register (法规登记).
type Regulation struct {
	ID         string              `yaml:"id"` // "R03"
	Title      Text                `yaml:"title"`
	Document   string              `yaml:"document"` // document number
	Issuer     string              `yaml:"issuer"`
	Issued     string              `yaml:"issued"`    // date, or empty if unknown
	Effective  string              `yaml:"effective"` // date, or empty if unknown
	Status     string              `yaml:"status"`    // in_force, superseded, repealed, title_only, reserved, practice
	Scope      Text                `yaml:"scope"`
	Confidence casework.Confidence `yaml:"confidence"`
	Articles   []Article           `yaml:"articles"`

	Pack     *Pack    `yaml:"-"`
	Position Position `yaml:"-"`
}

// An Article is one clause and the duty it sets, in our own words.
type Article struct {
	No         string              `yaml:"no"` // "23(四)"; empty if the number is not known
	Duty       Text                `yaml:"duty"`
	Confidence casework.Confidence `yaml:"confidence"`
}

// A Deadline is a clock, limit, retention period or frequency (时限).
type Deadline struct {
	ID       string           `yaml:"id"`    // "C-01", "F-02", "K-08", "G-04"
	Group    string           `yaml:"group"` // complaint, contact, retention, governance, supervision
	Title    Text             `yaml:"title"`
	Value    float64          `yaml:"value"` // 0 if it is no number
	Unit     string           `yaml:"unit"`  // calendar_day, working_day, hour, minute, month, year, per_day, per_year, percent, count, ""
	Text     Text             `yaml:"text"`  // the rule in words
	Starts   Text             `yaml:"starts"`
	Basis    []casework.Basis `yaml:"basis"`
	Settable bool             `yaml:"settable"` // the institution may set its own value

	Pack     *Pack    `yaml:"-"`
	Position Position `yaml:"-"`
}

// A ComplaintCode is one value of a complaint facet (投诉分类).
type ComplaintCode struct {
	Facet      string              `yaml:"facet"` // A, B, C, source, level, urgency, flag, reason, appeal, result, callback
	ID         string              `yaml:"id"`    // our own placeholder until the official table is loaded
	Parent     string              `yaml:"parent"`
	Title      Text                `yaml:"title"`
	Official   string              `yaml:"official"` // official code, empty until loaded
	Confidence casework.Confidence `yaml:"confidence"`
	Wording    []string            `yaml:"wording"` // how consumers say it

	// Signs are words that speak for this code; "词*3" weighs three, others one.
	Signs   []string `yaml:"signs"`
	LeadsTo string   `yaml:"leads_to"` // what must follow: complaint, warning, task; empty: nothing

	Pack     *Pack    `yaml:"-"`
	Position Position `yaml:"-"`
}

// Sign takes a sign apart: "词*3" is a word and what it weighs. A weight that
// is none gives 0.
func Sign(sign string) (word string, weight int) {
	word, after, weighted := strings.Cut(sign, "*")
	if !weighted {
		return word, 1
	}
	weight, err := strconv.Atoi(after)
	if err != nil {
		return word, 0
	}
	return word, weight
}

// A HolidayYear is one year of the holiday table.
type HolidayYear struct {
	Year   int    `yaml:"year"`
	Source string `yaml:"source"`
	Off    []Rest `yaml:"off"`    // holidays
	Worked []Rest `yaml:"worked"` // weekends worked to make up

	Position Position `yaml:"-"`
}

// A Rest is a named run of days, both ends included; To may be left out for one day.
type Rest struct {
	Name string       `yaml:"name"`
	From casework.Day `yaml:"from"`
	To   casework.Day `yaml:"to"`
}
