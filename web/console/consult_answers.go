package console

import (
	"encoding/json"

	"xiaobao/casework"
)

// An answerReader lays the answer of one purpose out as statements.
type answerReader func(c *Console, v *visit, data json.RawMessage) ([]statement, error)

var answerReaders = map[casework.Purpose]answerReader{
	casework.ToJudge:       reader(judgements),
	casework.ToReview:      reader(remarks),
	casework.ToClassify:    reader(facets),
	casework.ToHearAnswer:  reader(outcomes),
	casework.ToCheckProof:  reader(proofs),
	casework.ToReadDuties:  reader(duties),
	casework.ToSummarise:   reader(summary),
	casework.ToExplainBill: reader(bill),
	casework.ToLookBack:    reader(lookback),
}

// reader decodes an answer before it is laid out.
func reader[T any](lay func(*Console, *visit, T) []statement) answerReader {
	return func(c *Console, v *visit, data json.RawMessage) ([]statement, error) {
		var answer T
		if err := json.Unmarshal(data, &answer); err != nil {
			return nil, err
		}
		return lay(c, v, answer), nil
	}
}

func judgements(c *Console, v *visit, a casework.TouchpointAnswer) []statement {
	var all []statement
	for _, j := range a.Judgements {
		s := statement{
			Head: c.indicator(j.Indicator, j.Indicator, v.Lang), Link: "/rulebook/indicators/" + j.Indicator, Text: j.Reason,
			Certainty: j.Certainty, Evidence: j.Evidence, level: casework.Yellow,
		}
		s.Badge, s.Tone = shown(v, j.Shown, "red", "green")
		if found, ok := c.Book.Indicator(j.Indicator); ok {
			s.level = found.Level
		}
		all = append(all, s)
	}
	return all
}

// shown is the badge of something that is there, is not, or is unclear.
func shown(v *visit, s casework.Shown, yes, no string) (badge, tone string) {
	tone = map[casework.Shown]string{casework.Yes: yes, casework.No: no}[s]
	if tone == "" {
		tone = "yellow"
	}
	return v.t("shown." + string(s)), tone
}

func remarks(c *Console, v *visit, a casework.MaterialAnswer) []statement {
	var all []statement
	for _, r := range a.Remarks {
		head, why := c.labelName(r.Label, v.Lang), r.Reason
		if why == head { // rules have no more to say than what it is called
			why = ""
		}
		all = append(all, statement{
			Head: head, Link: "/rulebook/marketing/" + r.Label, Text: why,
			Notes: worded(v, "consultation.suggestion", r.Suggestion), Certainty: r.Certainty, Evidence: r.Evidence, level: casework.Orange,
		})
	}
	return all
}

// worded is a note with its heading; none without text.
func worded(v *visit, key, text string) []string {
	if text == "" {
		return nil
	}
	return []string{v.t(key) + text}
}

func facets(c *Console, v *visit, a casework.ComplaintAnswer) []statement {
	all := []statement{
		c.chosen(v, "facet.A", a.Channel), c.chosen(v, "facet.B", a.Business), c.chosen(v, "facet.C", a.Cause),
	}
	for _, flag := range a.Flags {
		all = append(all, c.chosen(v, "facet.flag", flag))
	}
	for _, want := range a.Wants {
		all = append(all, c.chosen(v, "facet.appeal", want))
	}
	scripted := c.chosen(v, "facet.scripted", a.Scripted)
	if a.Scripted.Code != "" {
		scripted.Badge, scripted.Tone = v.t("facet.suspected"), "yellow"
		scripted.Notes = []string{v.t("facet.scripted_caution")}
	} else {
		scripted.Badge, scripted.Tone = v.t("facet.not_suspected"), "green"
	}
	return append(all, scripted)
}

// chosen is a code chosen from a list.
func (c *Console) chosen(v *visit, head string, choice casework.Choice) statement {
	s := statement{
		Head: v.t(head), Badge: v.t("facet.none"), Tone: "yellow", Text: choice.Reason,
		Certainty: choice.Certainty, Evidence: choice.Evidence, level: casework.Blue,
	}
	if choice.Code == "" {
		return s
	}
	s.Badge, s.Tone = choice.Code, "blue"
	if code, ok := c.Book.Code(choice.Code); ok {
		s.Badge = code.Title.In(v.Lang)
	}
	return s
}

func outcomes(c *Console, v *visit, a casework.CallbackAnswer) []statement {
	var all []statement
	for _, o := range a.Outcomes {
		all = append(all, c.chosen(v, "consultation.outcome", o))
	}
	if len(all) == 0 { // nothing recognised is not nothing said
		all = append(all, c.chosen(v, "consultation.outcome", casework.Choice{}))
	}
	if a.Followup != "" {
		all = append(all, statement{Head: v.t("consultation.followup"), Badge: v.t("followup." + a.Followup), Tone: "red"})
	}
	return all
}

func proofs(_ *Console, v *visit, a casework.ProofAnswer) []statement {
	var all []statement
	for _, p := range a.Points {
		s := statement{Head: p.Asked, Text: p.Reason, Certainty: p.Certainty, Evidence: p.Evidence, level: casework.Blue}
		s.Badge, s.Tone = shown(v, p.Shown, "green", "red")
		all = append(all, s)
	}
	whole := statement{Head: v.t("consultation.all_points")}
	whole.Badge, whole.Tone = shown(v, a.Shown, "green", "red")
	return append(all, whole)
}

func duties(_ *Console, v *visit, a casework.DutiesAnswer) []statement {
	var all []statement
	for _, d := range a.Duties {
		s := statement{
			Head: d.Clause, Text: d.Duty, Badge: v.t("modality." + d.Modality), Tone: "blue",
			Certainty: d.Certainty, Evidence: d.Evidence, level: casework.Blue,
		}
		s.Notes = append(s.Notes, worded(v, "consultation.subject", d.Subject)...)
		s.Notes = append(s.Notes, worded(v, "consultation.deadline", d.Deadline)...)
		s.Notes = append(s.Notes, worded(v, "consultation.frequency", d.Frequency)...)
		s.Notes = append(s.Notes, worded(v, "consultation.proof", d.Proof)...)
		all = append(all, s)
	}
	return all
}

func summary(_ *Console, v *visit, a casework.SummaryAnswer) []statement {
	var all []statement
	for _, s := range a.Statements {
		all = append(all, statement{Text: s.Text, Badge: v.t("statement." + s.Kind), Tone: "blue", Evidence: s.Evidence, level: casework.Blue})
	}
	return all
}

func bill(_ *Console, v *visit, a casework.BillAnswer) []statement {
	var all []statement
	for _, l := range a.Lines {
		all = append(all, statement{Head: l.What, Badge: l.Amount, Tone: "blue", Text: l.Why, Evidence: l.Evidence, level: casework.Blue})
	}
	if a.Total != "" {
		all = append(all, statement{Head: v.t("consultation.total"), Text: a.Total})
	}
	return all
}

func lookback(_ *Console, v *visit, a casework.RetrospectAnswer) []statement {
	var all []statement
	for _, p := range a.Paragraphs {
		all = append(all, statement{Text: p})
	}
	for _, p := range a.Proposals {
		all = append(all, statement{Badge: v.t("consultation.proposal"), Tone: "blue", Text: p})
	}
	return all
}
