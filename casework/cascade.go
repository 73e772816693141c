package casework

// The cascade (逐级判定): rules decide first; the local model ranks what no rule
// caught; what stays undecided is asked of a language model, then of another
// one; people get the rest.

// A Suspicion is an indicator that the local model thinks may show in a
// touchpoint although no rule fired.
type Suspicion struct {
	Indicator string     `json:"indicator"`
	Certainty float64    `json:"certainty"` // calibrated probability, 0–1
	Evidence  []Evidence `json:"evidence"`  // the turn that speaks most for it
}

// An Undecided is a touchpoint of an inspection that neither the rules nor
// the local model decided.
type Undecided struct {
	Inspection string       `json:"inspection"`
	Touchpoint string       `json:"touchpoint"`
	Suspicions []Suspicion  `json:"suspicions"` // the likeliest first
	Batch      int          `json:"batch"`      // 0: beyond what may be asked
	Outcome    JudgeOutcome `json:"outcome"`
	Why        ModelTrouble `json:"why,omitempty"` // why no model decided
}

// A JudgeOutcome is what became of an undecided touchpoint.
type JudgeOutcome string

// The outcomes.
const (
	JudgeWaiting  JudgeOutcome = "waiting"  // to be asked
	JudgeShown    JudgeOutcome = "shown"    // a model located it in the text: a finding
	JudgeCleared  JudgeOutcome = "cleared"  // the model saw nothing of it
	JudgeDisputed JudgeOutcome = "disputed" // the second model is to be asked
	JudgePeople   JudgeOutcome = "people"   // left to officers, as a finding of the local model
	JudgeLeft     JudgeOutcome = "left"     // too unlikely for officers, and no model to ask: counted, no more
)

// A CascadePlan is what an inspection goes by beyond rules, fixed when it is
// drawn, so that it holds to its end.
type CascadePlan struct {
	Local    string  `json:"local,omitempty"`    // version of the local model; empty: none
	Model    string  `json:"model,omitempty"`    // model of the first endpoint; empty: none
	Second   string  `json:"second,omitempty"`   // model of the second endpoint; empty: none
	Share    float64 `json:"share,omitempty"`    // most of the touchpoints that models are asked about, 0–1
	Batch    int     `json:"batch,omitempty"`    // touchpoints of a batch
	Patience string  `json:"patience,omitempty"` // how long a batch is tried, as Go writes durations
}

// A JudgeResult is what came of one batch, in counts.
type JudgeResult struct {
	Asked    int          `json:"asked"`
	Shown    int          `json:"shown"`
	Cleared  int          `json:"cleared"`
	Disputed int          `json:"disputed"`
	People   int          `json:"people"`
	Waiting  int          `json:"waiting,omitempty"` // not asked about yet: the batch is to be taken up again
	Found    int          `json:"found,omitempty"`   // findings that were new
	Trouble  ModelTrouble `json:"trouble,omitempty"` // why the rest of the batch was left to people
}

// A CascadeCount says, for an inspection's page and report, how many
// touchpoints each engine decided.
type CascadeCount struct {
	Plan      CascadePlan          `json:"plan"`
	Rules     int                  `json:"rules"`     // touchpoints with a finding by rule
	Local     int                  `json:"local"`     // with a finding by the local model alone
	Undecided int                  `json:"undecided"` // neither
	Asked     int                  `json:"asked"`     // of those, asked of a model
	Shown     int                  `json:"shown"`
	Cleared   int                  `json:"cleared"`
	People    int                  `json:"people"`
	Left      int                  `json:"left"`
	Troubles  map[ModelTrouble]int `json:"troubles,omitempty"`
}
