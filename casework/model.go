package casework

import "time"

// A Purpose is what a language model is asked for.
type Purpose string

// The purposes.
const (
	ToJudge       Purpose = "judge"       // a touchpoint against candidate indicators
	ToReview      Purpose = "review"      // marketing material
	ToClassify    Purpose = "complaint"   // a complaint by facets A, B and C
	ToHearAnswer  Purpose = "answer"      // what a consumer said in a callback
	ToCheckProof  Purpose = "evidence"    // whether evidence shows that a task is done
	ToReadDuties  Purpose = "obligations" // the duties in a regulation text
	ToSummarise   Purpose = "summary"     // a case in a few sentences
	ToExplainBill Purpose = "bill"        // what a bill is made of
	ToLookBack    Purpose = "retrospect"  // a period's figures as a narrative
)

// Purposes are all purposes.
func Purposes() []Purpose {
	return []Purpose{ToJudge, ToReview, ToClassify, ToHearAnswer, ToCheckProof, ToReadDuties, ToSummarise, ToExplainBill, ToLookBack}
}

// A ModelTrouble says why a model did not conclude, and with that what can be
// done about it. It is the code of the errors of package llm and stands on
// every call that failed.
type ModelTrouble string

// The troubles.
const (
	TroubleAway       ModelTrouble = "model_away"       // no answer, or none that is one: try again
	TroubleQuota      ModelTrouble = "model_quota"      // the provider's account is empty: tell someone
	TroubleRefuses    ModelTrouble = "model_refuses"    // wrong key, name or request: mend the settings
	TroubleTooLong    ModelTrouble = "model_too_long"   // the text does not fit: split it
	TroubleFiltered   ModelTrouble = "model_filtered"   // the provider will not read it: a person must
	TroubleBadOutput  ModelTrouble = "model_bad_output" // answered, but not as asked, twice
	TroubleLeak       ModelTrouble = "model_leak"       // personal data was about to leave: stopped here
	TroubleBudget     ModelTrouble = "model_budget"     // today's own budget is spent
	TroubleOff        ModelTrouble = "model_off"        // switched off by a person
	TroubleNone       ModelTrouble = "model_none"       // no endpoint is configured
	TroubleCancelled  ModelTrouble = "model_cancelled"  // whoever asked went away
	TroubleUngrounded ModelTrouble = "model_ungrounded" // its findings do not stand in the text
)

// The stages of a call in the record, which is only ever appended to.
const (
	CallBegun = "begun"
	CallEnded = "ended"
)

// A ModelCall is one attempt to ask a model, as it is kept for audits (模型调用记录).
// It holds no text: what was asked and answered is named by its digests.
type ModelCall struct {
	ID          string        `json:"id"`
	Stage       string        `json:"stage"` // begun or ended: two rows for each attempt
	Key         string        `json:"key"`   // of the work this attempt is for; repeated attempts share it
	Attempt     int           `json:"attempt"`
	Case        string        `json:"case,omitempty"`
	Workflow    string        `json:"workflow,omitempty"`
	Run         string        `json:"run,omitempty"`
	Activity    string        `json:"activity,omitempty"`
	Purpose     Purpose       `json:"purpose"`
	Endpoint    string        `json:"endpoint"` // "primary" or "second"
	Dialect     string        `json:"dialect"`
	Asked       string        `json:"asked"`              // model that was asked for
	Answered    string        `json:"answered,omitempty"` // model that answered, as it says
	Fingerprint string        `json:"fingerprint,omitempty"`
	Prompt      string        `json:"prompt"`      // id and version: "judge.v1"
	PromptHash  string        `json:"prompt_hash"` // SHA-256, hex
	SchemaHash  string        `json:"schema_hash"` // SHA-256, hex
	Params      string        `json:"params"`      // JSON: temperature, seed, most tokens, thinking
	InputHash   string        `json:"input_hash"`  // SHA-256 of the masked request
	Masking     string        `json:"masking"`     // version of the masking
	OutputHash  string        `json:"output_hash,omitempty"`
	Finish      string        `json:"finish,omitempty"`
	HTTPStatus  int           `json:"http_status,omitempty"`
	Trouble     ModelTrouble  `json:"trouble,omitempty"` // empty: it went well
	RetryAfter  time.Duration `json:"retry_after,omitempty"`
	At          time.Time     `json:"at"`
	Took        time.Duration `json:"took,omitempty"`
	TokensIn    int           `json:"tokens_in,omitempty"`
	TokensHit   int           `json:"tokens_cached,omitempty"` // of TokensIn, from the provider's cache
	TokensOut   int           `json:"tokens_out,omitempty"`
	Prices      string        `json:"prices,omitempty"` // version of the price table
	Cost        float64       `json:"cost,omitempty"`   // in Currency
	Currency    string        `json:"currency,omitempty"`
	SchemaOK    bool          `json:"schema_ok,omitempty"`
	Repaired    bool          `json:"repaired,omitempty"` // the second round of one question
	Stated      int           `json:"stated,omitempty"`   // findings the model stated
	Grounded    int           `json:"grounded,omitempty"` // of those, located in the text
	Injection   bool          `json:"injection,omitempty"`
	Cached      bool          `json:"cached,omitempty"` // answered from our own cache: nothing was sent
}

// A ModelBudget bounds what an endpoint may use in a day (Beijing time).
// Zero is no bound.
type ModelBudget struct {
	Tokens int64   `json:"tokens,omitempty"`
	Cost   float64 `json:"cost,omitempty"`
}

// AllModels names the switch that turns every endpoint off.
const AllModels = "all"

// A ModelSwitch is who turned a model off or on, and why.
type ModelSwitch struct {
	Endpoint string    `json:"endpoint"` // "primary", "second" or "all"
	Off      bool      `json:"off"`
	By       Actor     `json:"by"`
	At       time.Time `json:"at"`
	Reason   string    `json:"reason"`
}

// A ModelDay is what an endpoint used on one day.
type ModelDay struct {
	Endpoint string      `json:"endpoint"`
	Day      string      `json:"day"` // "2026-11-23", Beijing time
	Calls    int         `json:"calls"`
	Failed   int         `json:"failed"`
	Tokens   int64       `json:"tokens"`
	Cost     float64     `json:"cost"`
	Currency string      `json:"currency"`
	Limit    ModelBudget `json:"limit"`
}

// A ModelStanding is where an endpoint stands today.
type ModelStanding struct {
	Endpoint   string       `json:"endpoint"` // "primary" or "second"
	Configured bool         `json:"configured"`
	Model      string       `json:"model,omitempty"`
	Dialect    string       `json:"dialect,omitempty"`
	Host       string       `json:"host,omitempty"`    // of its address, no more
	Warning    string       `json:"warning,omitempty"` // what is doubtful about its settings
	Switch     *ModelSwitch `json:"switch,omitempty"`  // the last time a person turned it off or on
	Today      ModelDay     `json:"today"`
}

// A ModelsStanding is where all engines beyond the rules stand.
type ModelsStanding struct {
	Endpoints []ModelStanding `json:"endpoints"`
	All       *ModelSwitch    `json:"all,omitempty"`   // of the switch for every endpoint
	Local     string          `json:"local,omitempty"` // version of the local model in force
	Masking   string          `json:"masking"`         // version of the masking
	Share     float64         `json:"share"`           // most of the touchpoints that models are asked about
}

// A FiledEvaluation is an evaluation on file, with who filed it.
type FiledEvaluation struct {
	ID   string     `json:"id"`
	By   Actor      `json:"by"`
	At   time.Time  `json:"at"`
	Name string     `json:"name"` // of the data, as whoever filed it calls it
	Body Evaluation `json:"evaluation"`
}
