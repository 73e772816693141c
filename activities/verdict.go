package activities

import (
	"fmt"

	"xiaobao/casework"
	"xiaobao/llm"
)

// When a model's word alone is not enough.
const (
	unsure   = 0.6 // below this certainty it is not taken
	insisted = 0.8 // a no is not taken where the local model is as sure as this
)

// conclude makes an outcome of what a model said about a touchpoint: of its
// first opinion, or of its second on what was disputed.
func (j *jury) conclude(u *casework.UndecidedTouchpoint, opinion []casework.Judgement, detail llm.Answer) casework.Judged {
	judged := casework.Judged{Touchpoint: u.Touchpoint.ID, From: j.about, Asked: true, Outcome: casework.JudgeCleared}
	if j.about == casework.JudgeWaiting {
		judged.Opinion, judged.By = opinion, versionOf(detail.Call)
	} else {
		judged.Opinion, judged.By = u.Opinion, u.By
	}
	people := false
	for _, suspicion := range u.Suspicions {
		first, known := judgementOf(judged.Opinion, suspicion.Indicator)
		disputed := !known || j.disputed(suspicion, first, detail.Injected)
		if disputed && j.about == casework.JudgeWaiting && j.order.Plan.Second != "" {
			judged.Outcome, judged.Findings = casework.JudgeDisputed, nil
			return judged
		}
		if disputed && j.about == casework.JudgeDisputed {
			second, heard := judgementOf(opinion, suspicion.Indicator)
			disputed = !known || !heard || second.Shown != first.Shown || first.Shown == casework.Unclear
		}
		switch {
		case disputed && first.Shown == casework.Yes && len(first.Evidence) > 0: // people see what the model saw, and where
			people = true
			judged.Findings = append(judged.Findings, j.shown(&u.Touchpoint, first, judged.By)...)
		case disputed:
			people = true
			judged.Findings = append(judged.Findings, j.suspected(&u.Touchpoint, suspicion, j.order.Plan.Local)...)
		case first.Shown == casework.Yes:
			judged.Outcome = casework.JudgeShown
			judged.Findings = append(judged.Findings, j.shown(&u.Touchpoint, first, judged.By)...)
		}
	}
	if people {
		judged.Outcome = casework.JudgePeople
	}
	return judged
}

// disputed reports whether a judgement needs a second one: where much hangs
// on it, where the model is not sure, where it says no although the local
// model all but knows, and where the text speaks to the model.
func (j *jury) disputed(s casework.Suspicion, said casework.Judgement, injected bool) bool {
	switch said.Shown {
	case casework.Yes:
		indicator, ok := j.Rules.Indicator(s.Indicator)
		return said.Certainty < unsure || len(said.Evidence) == 0 || ok && indicator.Level == casework.Red
	case casework.No:
		return said.Certainty < unsure || s.Certainty >= insisted || injected
	}
	return true
}

// judgementOf is what was said of an indicator.
func judgementOf(opinion []casework.Judgement, indicator string) (casework.Judgement, bool) {
	for _, said := range opinion {
		if said.Indicator == indicator {
			return said, true
		}
	}
	return casework.Judgement{}, false
}

// shown are the findings of a language model, located in the text by code.
func (c *conclusions) shown(t *casework.Touchpoint, said casework.Judgement, version string) []casework.Finding {
	return c.findings(t, c.signal(said.Indicator, casework.Signal{
		Engine: casework.ByLLM, Version: version, Certainty: said.Certainty, Evidence: said.Evidence,
	}))
}

// versionOf names the model that answered and the prompt it answered to:
// "model@judge.v1#1a2b3c4d".
func versionOf(call casework.ModelCall) string {
	model := call.Answered
	if model == "" {
		model = call.Asked
	}
	return fmt.Sprintf("%s@%s#%.8s", model, call.Prompt, call.PromptHash)
}

// toPeople leaves an undecided touchpoint to officers, as findings of the
// local model.
func (j *jury) toPeople(u *casework.UndecidedTouchpoint, why casework.ModelTrouble, asked bool) casework.Judged {
	judged := j.left(u, j.order.Plan.Local, why)
	judged.Asked = asked
	return judged
}

// left makes findings of the local model of what it suspects most.
func (c *conclusions) left(u *casework.UndecidedTouchpoint, version string, why casework.ModelTrouble) casework.Judged {
	judged := casework.Judged{Touchpoint: u.Touchpoint.ID, From: u.Outcome, Outcome: casework.JudgePeople, Why: why}
	for _, suspicion := range u.Likeliest() {
		judged.Findings = append(judged.Findings, c.suspected(&u.Touchpoint, suspicion, version)...)
	}
	return judged
}
