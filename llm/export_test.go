package llm

import "xiaobao/privacy"

// What tests try on its own.
var (
	Parse       = parse
	Injected    = injected
	Harmless    = harmless
	ReadPause   = readPause
	AtPeak      = atPeak
	SpeakerList = speakerNames
	SecretWord  = secretWord
)

// GroundsOf makes the grounds of utterances without a model.
func GroundsOf(d *privacy.Document, utterances []Utterance, given string) *Grounds {
	g := newGrounds(d, utterances)
	g.given = given
	return g
}
