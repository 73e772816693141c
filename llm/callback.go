package llm

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"

	"xiaobao/casework"
)

// What a callback leads to.
const (
	LeadsToComplaint = "complaint"
	LeadsToWarning   = "warning"
	LeadsToTask      = "task"
)

// outcomes are the codes of what a consumer said, the gravest first, with
// what at least must follow. A model may say more, never less.
var outcomes = []struct{ code, leadsTo string }{
	{"CRISIS", LeadsToWarning}, {"FRAUD_SUSPECT", LeadsToWarning}, {"NOT_SELF", LeadsToWarning}, {"INFO_LEAK", LeadsToWarning},
	{"NEW_COMPLAINT", LeadsToComplaint}, {"STOP_CONTACT", LeadsToTask},
	{"MISLED", LeadsToTask}, {"TIE_IN", LeadsToTask}, {"EXTRA_CHARGE", LeadsToTask}, {"FEE_MISMATCH", LeadsToTask}, {"COLLECTION_ISSUE", LeadsToWarning},
	{"HARDSHIP", LeadsToTask}, {"NOT_UNDERSTOOD", LeadsToTask}, {"DISSATISFIED", LeadsToTask},
	{"OK_EXPLAINED", ""}, {outcomeOK, ""},
	{"REFUSED", ""}, {"APPOINTMENT", ""}, {"WRONG_PERSON", ""}, {"PARTIAL", ""},
}

const outcomeOK = "OK"

// leads are what a model says that should follow, the strongest first: a
// complaint is on a statutory clock from when it was voiced.
var leads = []struct{ said, leadsTo string }{
	{"转投诉", LeadsToComplaint}, {"预警", LeadsToWarning}, {"任务", LeadsToTask}, {unknowable, LeadsToTask}, {"无", ""},
}

// heard is what one part of a callback came to.
type heard struct {
	outcomes []casework.Choice
	followup string
}

// HearAnswer sorts what a consumer said in a callback. Only the consumer's
// words count, or those of whoever answered the phone. The outcome codes are
// those of the prompt; options are not needed. An outcome without a code is
// one that somebody has to listen to again.
func (m *Model) HearAnswer(ctx context.Context, q DocumentQuestion) (casework.CallbackAnswer, Answer, error) {
	in := matter{
		Asking: q.Asking, purpose: casework.ToHearAnswer, known: q.Document.Names, longest: 6000, least: 1,
		utterances: lines(q.Document.Text, casework.Consumer),
	}
	if q.Document.Context != "" {
		in.given = map[string]any{"question": q.Document.Context}
	}
	results, _, answer, err := consult(ctx, m, in, readOutcomes)
	if err != nil {
		return casework.CallbackAnswer{}, answer, err
	}
	var whole casework.CallbackAnswer
	for _, part := range results {
		whole.Outcomes = union(whole.Outcomes, part.outcomes)
		whole.Followup = stronger(whole.Followup, part.followup)
	}
	whole.Outcomes = gravestFirst(whole.Outcomes)
	return whole, answer, nil
}

func readOutcomes(h *hearing, raw json.RawMessage) (out heard, err error) {
	var answer struct {
		Outcomes []chosen `json:"outcomes"`
		Followup string   `json:"followup"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return out, errors.New("回答不是要求的样子")
	}
	if len(answer.Outcomes) == 0 {
		return out, errors.New("outcomes 是空的，至少要有一条，看不出就写“无法判断”")
	}
	for _, c := range answer.Outcomes {
		choice := c.heard(h)
		out.outcomes = union(out.outcomes, []casework.Choice{choice})
		out.followup = stronger(out.followup, leadsTo(choice.Code))
	}
	for _, l := range leads {
		if l.said == answer.Followup && out.followup == "" {
			out.followup = l.leadsTo
		}
	}
	return out, nil
}

// heard takes an outcome that the consumer's own words bear out.
func (c chosen) heard(h *hearing) casework.Choice {
	speakers := []casework.Speaker{casework.Consumer, casework.ThirdParty}
	if c.Code == "PARTIAL" { // that a call broke off is seen from either side
		speakers = nil
	}
	out := casework.Choice{Reason: c.Reason, Evidence: h.locate(c.Evidence, speakers...)}
	switch {
	case c.Code == unknowable:
	case !h.prove(out.Evidence):
		out.Reason = unproven
	default:
		out.Code, out.Certainty = c.Code, certainties[c.Certainty]
	}
	return out
}

// leadsTo is what at least follows from an outcome. One that could not be
// told is a task: somebody listens.
func leadsTo(code string) string {
	for _, o := range outcomes {
		if o.code == code {
			return o.leadsTo
		}
	}
	return LeadsToTask
}

// stronger is what a callback leads to if both are called for.
func stronger(a, b string) string {
	for _, l := range leads {
		if l.leadsTo == a || l.leadsTo == b {
			return l.leadsTo
		}
	}
	return ""
}

// gravestFirst puts outcomes in order, and drops 正常 where anything else is.
func gravestFirst(list []casework.Choice) []casework.Choice {
	place := func(c casework.Choice) int {
		if c.Code == "" { // before 正常, behind all that is known
			return slices.IndexFunc(outcomes, func(o struct{ code, leadsTo string }) bool { return o.code == "OK_EXPLAINED" })
		}
		return slices.IndexFunc(outcomes, func(o struct{ code, leadsTo string }) bool { return o.code == c.Code })
	}
	slices.SortStableFunc(list, func(a, b casework.Choice) int { return cmp.Compare(place(a), place(b)) })
	if len(list) > 1 {
		list = slices.DeleteFunc(list, func(c casework.Choice) bool { return c.Code == outcomeOK })
	}
	return list
}
