package casework

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// A Consultation (辅助研判) asks for one purpose about one document, of a
// model where there is one and by plainer means where there is none. Its
// procedure carries the id only; the document stays in the database.
type Consultation struct {
	ID       string             `json:"id"`
	Purpose  Purpose            `json:"purpose"`
	OrgID    string             `json:"org_id"`
	By       Actor              `json:"by"`
	At       time.Time          `json:"at"`
	Status   ConsultationStatus `json:"status"`
	Engine   Engine             `json:"engine,omitempty"`  // what answered in the end
	Version  string             `json:"version,omitempty"` // of that engine
	Trouble  ModelTrouble       `json:"trouble,omitempty"` // why it was not a model
	Injected bool               `json:"injected,omitempty"`
	Dropped  int                `json:"dropped,omitempty"` // findings dropped because they do not stand in the text
	Answer   json.RawMessage    `json:"answer,omitempty"`  // the purpose's answer, with tokens for personal data
	EndedAt  *time.Time         `json:"ended_at,omitempty"`
}

// A ConsultationStatus is where a consultation stands.
type ConsultationStatus string

// The states of a consultation.
const (
	ConsultationAsked    ConsultationStatus = "asked"
	ConsultationAnswered ConsultationStatus = "answered"
	ConsultationFailed   ConsultationStatus = "failed"
)

// A Document is what a consultation is about: text, and what is known beside
// it. Nothing of it is ever part of a procedure's history.
type Document struct {
	Text    string   `json:"text"`              // turns as 坐席：… / 客户：… where there are speakers
	Channel Channel  `json:"channel,omitempty"` // of a touchpoint
	Product string   `json:"product,omitempty"`
	Names   []string `json:"names,omitempty"`   // of people the case file knows
	Context string   `json:"context,omitempty"` // what is asked about it: the task, the question, the period's figures as JSON
}

// The answers, one type for each purpose. Every statement about a text stands
// with its evidence; Certainty is 0–1.

// A Judgement is what was seen of one indicator in a touchpoint.
type Judgement struct {
	Indicator string     `json:"indicator"`
	Shown     Shown      `json:"shown"`
	Reason    string     `json:"reason"` // a sentence
	Certainty float64    `json:"certainty"`
	Evidence  []Evidence `json:"evidence"`
}

// Shown says whether something is there.
type Shown string

// What can be said of it.
const (
	Yes     Shown = "yes"
	No      Shown = "no"
	Unclear Shown = "unclear"
)

// A TouchpointAnswer answers ToJudge.
type TouchpointAnswer struct {
	Judgements []Judgement `json:"judgements"` // one for each candidate
}

// A MaterialRemark is one thing to mend in a material.
type MaterialRemark struct {
	Label      string     `json:"label"` // marketing category, "M01"
	Reason     string     `json:"reason"`
	Suggestion string     `json:"suggestion"`
	Certainty  float64    `json:"certainty"`
	Evidence   []Evidence `json:"evidence"`
}

// A MaterialAnswer answers ToReview.
type MaterialAnswer struct {
	Remarks []MaterialRemark `json:"remarks"`
}

// A Choice is one code chosen from a list.
type Choice struct {
	Code      string     `json:"code"` // empty: cannot be told
	Reason    string     `json:"reason"`
	Certainty float64    `json:"certainty"`
	Evidence  []Evidence `json:"evidence"`
}

// A ComplaintAnswer answers ToClassify by the facets of JR/T 0169: A channel,
// B business, C reason, with what calls for care.
type ComplaintAnswer struct {
	Channel  Choice   `json:"channel"`
	Business Choice   `json:"business"`
	Cause    Choice   `json:"cause"`
	Flags    []Choice `json:"flags"`    // sensitivity
	Wants    []Choice `json:"wants"`    // what the consumer asks for
	Scripted Choice   `json:"scripted"` // whether it reads like a letter from the black or grey industry; never shortens a right
}

// A CallbackAnswer answers ToHearAnswer by the outcome codes of callbacks.
type CallbackAnswer struct {
	Outcomes []Choice `json:"outcomes"` // the most serious first
	Followup string   `json:"followup"` // "", complaint, warning, task
}

// A ProofAnswer answers ToCheckProof.
type ProofAnswer struct {
	Points []ProofPoint `json:"points"`
	Shown  Shown        `json:"shown"` // whether all of it is shown
}

// A ProofPoint is one thing a task asks for, and whether its evidence shows it.
type ProofPoint struct {
	Asked     string     `json:"asked"`
	Shown     Shown      `json:"shown"`
	Reason    string     `json:"reason"`
	Certainty float64    `json:"certainty"`
	Evidence  []Evidence `json:"evidence"`
}

// A Duty is an obligation read from a text.
type Duty struct {
	Clause    string     `json:"clause"` // as the text numbers it
	Subject   string     `json:"subject"`
	Duty      string     `json:"duty"`
	Modality  string     `json:"modality"` // must, must_not, may, should
	Deadline  string     `json:"deadline,omitempty"`
	Frequency string     `json:"frequency,omitempty"`
	Proof     string     `json:"proof,omitempty"`
	Certainty float64    `json:"certainty"`
	Evidence  []Evidence `json:"evidence"`
}

// A DutiesAnswer answers ToReadDuties.
type DutiesAnswer struct {
	Duties []Duty `json:"duties"`
}

// A Statement is a sentence of a summary and what it stands on.
type Statement struct {
	Text     string     `json:"text"`
	Kind     string     `json:"kind"` // fact, demand, done, open
	Evidence []Evidence `json:"evidence"`
}

// A SummaryAnswer answers ToSummarise. Every figure in it stands in the text.
type SummaryAnswer struct {
	Statements []Statement `json:"statements"`
}

// A BillAnswer answers ToExplainBill, line by line, in words for consumers.
type BillAnswer struct {
	Lines []BillLine `json:"lines"`
	Total string     `json:"total"`
}

// A BillLine explains one amount.
type BillLine struct {
	Amount   string     `json:"amount"` // as the bill writes it
	What     string     `json:"what"`
	Why      string     `json:"why"`
	Evidence []Evidence `json:"evidence"`
}

// A RetrospectAnswer answers ToLookBack. Every figure in it is one of those
// it was given.
type RetrospectAnswer struct {
	Paragraphs []string `json:"paragraphs"`
	Proposals  []string `json:"proposals"`
}

// codeFields are the fields of answers that hold codes, not words.
var codeFields = []string{"indicator", "code", "label", "shown", "kind", "modality", "followup", "speaker"}

// MapWords gives an answer, as JSON, with every text in it changed that people
// or models wrote; codes and keys stay.
func MapWords(answer json.RawMessage, change func(string) (string, error)) (json.RawMessage, error) {
	var value any
	if err := json.Unmarshal(answer, &value); err != nil {
		return nil, err
	}
	value, err := mapWords("", value, change)
	if err != nil {
		return nil, err
	}
	return json.Marshal(value)
}

func mapWords(field string, value any, change func(string) (string, error)) (_ any, err error) {
	switch v := value.(type) {
	case string:
		if slices.Contains(codeFields, field) {
			return v, nil
		}
		return change(v)
	case []any:
		for n := range v {
			if v[n], err = mapWords(field, v[n], change); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) { // in a fixed order: masks are numbered as they come
			if v[key], err = mapWords(key, v[key], change); err != nil {
				return nil, err
			}
		}
	}
	return value, nil
}

// A Trial is what each engine but the language model makes of a touchpoint,
// stage by stage, and what would be sent to that.
type Trial struct {
	Rules    []Signal `json:"rules"`
	Local    string   `json:"local,omitempty"` // version of the local model; empty: none
	Guesses  []Guess  `json:"guesses,omitempty"`
	Sent     string   `json:"sent"` // the text as it is masked before it goes out
	Injected bool     `json:"injected,omitempty"`
}

// A Guess is what the local model suspects, and whether it is sure enough for
// a finding.
type Guess struct {
	Suspicion
	Sure bool `json:"sure"`
}
