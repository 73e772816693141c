package rulebook

import "xiaobao/casework"

// A Pack is one YAML file: a heading and any of the sections below. Which
// sections a file holds is up to its author; ids are unique over all packs,
// but a pack of the institution may replace a built-in entry of the same id.
type Pack struct {
	ID      string `yaml:"pack"`    // "telemarketing"
	Version string `yaml:"version"` // "2026.11.1"
	Title   Text   `yaml:"title"`

	Regulations    []Regulation    `yaml:"regulations"`
	Deadlines      []Deadline      `yaml:"deadlines"`
	ComplaintCodes []ComplaintCode `yaml:"complaint_codes"`
	Holidays       []HolidayYear   `yaml:"holidays"`
	Attributes     []Attribute     `yaml:"attributes"`
	Lexicons       []Lexicon       `yaml:"lexicons"`
	Indicators     []Indicator     `yaml:"indicators"`
	Categories     []Category      `yaml:"marketing"`
	Disclosures    []Disclosure    `yaml:"disclosures"`
	ContextRules   []ContextRule   `yaml:"context_rules"`
	Clues          []Clue          `yaml:"black_grey"`
	Checklists     []Checklist     `yaml:"checklists"`

	File string `yaml:"-"` // where it was read from
	Hash string `yaml:"-"` // SHA-256 of the file, hex
}

// Stamp is how signals name the pack that made them: "telemarketing@2026.11.1#1a2b3c4d".
func (p *Pack) Stamp() string { return p.ID + "@" + p.Version + "#" + p.Hash[:8] }

// Text is a title or advice in both languages of the console.
type Text struct {
	Zh string `yaml:"zh" json:"zh"`
	En string `yaml:"en" json:"en"`
}

// In gives the text in the language asked for ("en", or else Chinese).
func (t Text) In(language string) string {
	if language == "en" && t.En != "" {
		return t.En
	}
	return t.Zh
}

// A Position is where in which file an entry stands.
type Position struct {
	File string
	Line int
}

// A Problem is one thing wrong with the packs.
type Problem struct {
	Position
	Entry  string // id of the entry, if known
	Reason string
}

// An Attribute declares a touchpoint attribute that conditions may use.
type Attribute struct {
	Name string `yaml:"name"`
	Type string `yaml:"type"` // number, bool, text, time
	Doc  Text   `yaml:"doc"`

	Position Position `yaml:"-"`
}

// An Example is a text with the verdict it must get. Text may hold several
// turns as lines that begin 坐席：/客户：.
type Example struct {
	Text       string           `yaml:"text"`
	Speaker    casework.Speaker `yaml:"speaker,omitempty"`
	Channel    casework.Channel `yaml:"channel,omitempty"`
	At         string           `yaml:"at,omitempty"` // RFC 3339, for conditions on time
	Product    string           `yaml:"product,omitempty"`
	Attributes map[string]any   `yaml:"attributes,omitempty"`
	Level      string           `yaml:"level,omitempty"` // expected level, if not the base level

	Position Position `yaml:"-"`
}
