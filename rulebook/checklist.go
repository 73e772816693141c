package rulebook

import "xiaobao/casework"

// A Checklist is a list of items that an inspection tests (检查清单).
type Checklist struct {
	ID       string          `yaml:"id"` // "annual"
	Title    Text            `yaml:"title"`
	Elements []EvalElement   `yaml:"elements"`
	Items    []ChecklistItem `yaml:"items"`

	Pack     *Pack    `yaml:"-"`
	Position Position `yaml:"-"`
}

// An EvalElement is one element of the supervisory evaluation.
type EvalElement struct {
	ID     string  `yaml:"id"` // "MK"
	Title  Text    `yaml:"title"`
	Weight float64 `yaml:"weight"` // percent, a floor in the measure in force
}

// A ChecklistItem is one thing to check.
type ChecklistItem struct {
	ID         string           `yaml:"id"` // "I-057"
	Element    string           `yaml:"element"`
	Title      Text             `yaml:"title"`
	Source     Text             `yaml:"source"`     // where the evidence is
	Automation []string         `yaml:"automation"` // SQL, RULE, LLM, MAN: what the register foresees
	Frequency  string           `yaml:"frequency"`  // monthly, quarterly, yearly
	Weight     float64          `yaml:"weight"`
	Criterion  Text             `yaml:"criterion"` // when it passes, in words
	Basis      []casework.Basis `yaml:"basis"`

	// Method says how it is tested here. Indicators go with rule, Query with
	// query, Question with ask. Every item has a question, so that one whose
	// data is not connected can be asked of a person.
	Method     casework.Method `yaml:"method"`
	Indicators []string        `yaml:"indicators"`
	Query      string          `yaml:"query"`
	Params     map[string]any  `yaml:"params"`
	Question   Text            `yaml:"question"`
	Respondent string          `yaml:"respondent"` // kind of unit that answers: compliance, marketing, collection, it, hr, service, finance, risk, wealth, complaints
	Pass       PassRule        `yaml:"pass"`

	Position Position `yaml:"-"`
}

// A PassRule bounds the confirmed findings of an item that has passed.
type PassRule struct {
	MaxFindings    int      `yaml:"max_findings"`
	MaxPerThousand *float64 `yaml:"max_per_thousand"` // of touchpoints tested, instead of MaxFindings
	MaxRed         *int     `yaml:"max_red"`          // and of red ones
}
