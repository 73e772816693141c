package rulebook

import "xiaobao/casework"

// An Indicator (风险指标) is one thing that may be wrong with a touchpoint.
type Indicator struct {
	ID       string             `yaml:"id"` // "col_threat_violence"
	Title    Text               `yaml:"title"`
	Means    Text               `yaml:"means"` // what it is, in a sentence
	Level    casework.Level     `yaml:"level"`
	Kind     string             `yaml:"kind"` // text, system, both, ui, composite
	Channels []casework.Channel `yaml:"channels"`
	Speakers []casework.Speaker `yaml:"speakers"`
	Basis    []casework.Basis   `yaml:"basis"`
	Advice   Text               `yaml:"advice"`

	// Patterns fire on text, any of them alone. Guards are the readings that
	// excuse a hit; nil means all of them, an empty list none.
	Patterns []Pattern `yaml:"patterns"`
	Guards   *[]string `yaml:"guards"` // negation, quotation, report, question, warning

	// When is a condition on time, channel and attributes, in the expression
	// language of expr-lang/expr. In an indicator of kind text it must hold
	// besides a pattern. In any other kind it fires alone, with certainty 1
	// and no evidence in the text; kind both fires by its patterns alone, too.
	When string `yaml:"when"`

	// Rises raises the level where a condition holds, never lowers it.
	Rises []Rise `yaml:"rises"`

	Fires []Example `yaml:"fires"`
	Not   []Example `yaml:"not"`

	Pack     *Pack    `yaml:"-"`
	Position Position `yaml:"-"`
}

// A Rise raises an indicator's level.
type Rise struct {
	When string         `yaml:"when"`
	To   casework.Level `yaml:"to"`
}

// A Pattern is one way for an indicator to show in a text. Exactly one of
// Words, Seq, All and Regex says what to look for; the rest narrows it.
//
// A word is a literal, or "$name" for every word of that lexicon. Literals go
// through the same normalisation as the text, so one spelling is enough. Those
// of four characters and more are also found by their sound; one written with
// "=" before it (=月服务费), here or in a lexicon, is found by its spelling
// only. What excuses a hit, in Unless and Absent, never goes by sound.
type Pattern struct {
	Words Alternatives   `yaml:"words"` // any of these
	Seq   []Alternatives `yaml:"seq"`   // these in this order, within Scope
	Gap   int            `yaml:"gap"`   // most characters between neighbours of Seq; 0 means 8
	All   []Alternatives `yaml:"all"`   // these in any order, within Scope
	Regex string         `yaml:"regex"` // tried only where a word of With stands in Scope
	With  Alternatives   `yaml:"with"`

	Scope string `yaml:"scope"` // clause, sentence, turn, text; "" means sentence

	// Unless excuses the hit if any of these stands in the same Scope.
	Unless Alternatives `yaml:"unless"`

	// Absent: none of these stands anywhere in what the speaker said.
	Absent Alternatives `yaml:"absent"`

	// When is a condition that must hold besides, in the language of
	// Indicator.When.
	When string `yaml:"when"`

	// After: the hit counts only if another speaker said one of these in the turns just before.
	After *Before `yaml:"after"`

	// Opening limits the pattern to the speaker's first n turns or, in a text
	// without turns, its first n sentences; 0 is no limit.
	Opening int `yaml:"opening"`

	Level     casework.Level `yaml:"level"`     // if other than the indicator's
	Certainty float64        `yaml:"certainty"` // 0 means 0.9
	Guards    *[]string      `yaml:"guards"`    // if other than the indicator's

	Position Position `yaml:"-"`
}

// Before is what someone else must have said just before.
type Before struct {
	Speaker casework.Speaker `yaml:"speaker"`
	Words   Alternatives     `yaml:"words"`
	Unless  Alternatives     `yaml:"unless"` // a turn with one of these does not count
	Whole   bool             `yaml:"whole"`  // the turn must consist of Words and nothing else but marks: 不用了，不用了
	Turns   int              `yaml:"turns"`  // how many of that speaker's turns back; 0 means 1
}

// Alternatives are words of which any will do. In YAML a single word may
// stand without brackets.
type Alternatives []string

// A Lexicon is a named set of words that patterns share as "$name".
type Lexicon struct {
	Name  string   `yaml:"name"`
	Doc   string   `yaml:"doc"`
	Words []string `yaml:"words"`

	Position Position `yaml:"-"`
}
