package casework

// An Engine is what came to a conclusion.
type Engine string

// The engines.
const (
	ByRule  Engine = "rule"  // the rulebook's terms and conditions
	ByLocal Engine = "local" // the local character model
	ByLLM   Engine = "llm"   // a language model, located in the text by code
	ByHuman Engine = "human" // an officer
)

// Confidence says how well a citation is verified.
type Confidence string

// The confidence tags.
const (
	TextRead   Confidence = "T" // the article itself was read
	Secondary  Confidence = "S" // stated by a secondary source; needs a check against the text
	Unverified Confidence = "M" // a configurable default; never cited by article number outside
	Practice   Confidence = "P" // practice or policy, not law
)

// A Basis is what a conclusion stands on: a regulation of the register and,
// where it is known, the article.
type Basis struct {
	Ref        string     `json:"ref" yaml:"ref"`                             // "R12", "F-01"
	Article    string     `json:"article,omitempty" yaml:"article,omitempty"` // "23(四)"
	Confidence Confidence `json:"confidence" yaml:"confidence"`
}

// String cites the basis as "R02 23(四)".
func (b Basis) String() string {
	if b.Article == "" {
		return b.Ref
	}
	return b.Ref + " " + b.Article
}

// Evidence is where in the original text a conclusion stands. Offsets count
// Unicode code points of Touchpoint.Content; Quote is cut by code, never
// written by a model.
type Evidence struct {
	Start   int     `json:"start"`
	End     int     `json:"end"` // exclusive
	Quote   string  `json:"quote"`
	Speaker Speaker `json:"speaker,omitempty"`
}

// A Signal (风险信号) is one indicator seen in one touchpoint.
type Signal struct {
	Indicator string         `json:"indicator"` // "col_threat_violence"
	Title     string         `json:"title"`     // Chinese
	Level     Level          `json:"level"`
	Engine    Engine         `json:"engine"`
	Version   string         `json:"version"`   // pack id, version and content hash: "col@2026.11.1#1a2b3c4d"
	Certainty float64        `json:"certainty"` // 0–1
	Basis     []string       `json:"basis"`     // "R02 23(四)"
	Evidence  []Evidence     `json:"evidence"`
	Facts     map[string]any `json:"facts,omitempty"`    // what a condition saw, where no words fired: figures, times and codes
	Obscured  bool           `json:"obscured,omitempty"` // the words were disguised, which is itself a sign
}
