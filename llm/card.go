package llm

import "time"

// A Card says what an endpoint can do, as it was tried.
type Card struct {
	Endpoint  string        `json:"endpoint"`
	Address   string        `json:"address"` // scheme and host only
	Dialect   Dialect       `json:"dialect"`
	Asked     string        `json:"asked"`
	Answered  string        `json:"answered,omitempty"` // the model that answered, as it says
	At        time.Time     `json:"at"`
	Took      time.Duration `json:"took"` // the plain question
	Prices    Price         `json:"prices"`
	Warning   string        `json:"warning,omitempty"`
	Reachable Finding       `json:"reachable"`
	Schema    Finding       `json:"json_schema"`
	Object    Finding       `json:"json_object"`
	Quiet     Finding       `json:"thinking_off"` // it does not think aloud when told not to
	Usage     Finding       `json:"usage"`        // it says how many tokens it used
	Seed      Finding       `json:"seed"`
	LogProbs  Finding       `json:"logprobs"`
}

// A Finding is one thing that was tried.
type Finding struct {
	OK   bool   `json:"ok"`
	Note string `json:"note,omitempty"` // in words, nothing of the answer
}
