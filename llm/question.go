package llm

import (
	"encoding/json"

	"xiaobao/casework"
	"xiaobao/privacy"
	"xiaobao/prompts"
)

// Asking says for which work a question is asked. Every purpose's question
// embeds it.
type Asking struct {
	Key      string // of the work: repeated attempts share it and pay once; empty: each pays
	Case     string
	Workflow string
	Run      string
	Activity string
	Attempt  int
}

// An Utterance is what one speaker said in one go, or a piece of it.
type Utterance struct {
	Speaker casework.Speaker
	Text    string
	Start   int // code points in the original
}

// A Question is what a model is asked.
type Question struct {
	Prompt     *prompts.Prompt
	Key        string // of the work: repeated attempts share it and pay once; empty: each pays
	Case       string
	Workflow   string
	Run        string
	Activity   string
	Attempt    int
	Utterances []Utterance
	Known      []string // names that the case file holds
	Given      any      // trusted facts, sent as JSON: candidates with their meaning; never consumers' words

	// Document numbers the tokens of the whole text, where the utterances are
	// a part of it: 〔姓名1〕 is then the same person in every part. Nil: the
	// utterances are all there is.
	Document *privacy.Document

	// Check is the purpose's own check of an answer that fits the schema. It
	// counts the findings stated and those located in the text. An error is
	// told to the model, which gets one chance to mend it: it must not hold
	// anything of the text.
	Check func(answer json.RawMessage, g *Grounds) (stated, grounded int, err error)

	NoCache bool // neither look in our cache nor keep the answer there
}

// An Answer is what a model answered, checked and located.
type Answer struct {
	JSON      json.RawMessage // with tokens for personal data
	Grounds   *Grounds
	Call      casework.ModelCall // as recorded when it ended
	Injected  bool               // the text speaks to the machine; the verdict is what it is without that
	FromCache bool
	Document  *privacy.Document // turns tokens back
}

// A Quoted is where a model says that its finding stands: an utterance and a
// few of its words. Code looks for them; the model's words are never evidence.
type Quoted struct {
	Utterance string `json:"utterance"` // "S12"
	Anchor    string `json:"anchor"`
}
