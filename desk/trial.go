package desk

import (
	"context"
	"slices"

	"xiaobao/casework"
)

// Trial shows, of a consultation about a touchpoint, what each engine makes of
// it and what would be sent to a model: now, by the rulebook and local model
// in force. Quotes are masked.
func (d *Desk) Trial(ctx context.Context, u casework.User, id string) (casework.Trial, error) {
	c, doc, err := d.consultation(ctx, u, id)
	if err != nil {
		return casework.Trial{}, err
	}
	if c.Purpose != casework.ToJudge || d.Try == nil {
		return casework.Trial{}, casework.Errorf(casework.Invalid, "only a touchpoint is tried stage by stage").
			InChinese("只有触点研判可以逐级查看").WithCode("field:purpose")
	}
	channel := doc.Channel
	if channel == "" {
		channel = casework.ServiceCall
	}
	trial, err := d.Try(ctx, &casework.Touchpoint{ID: "trial", Channel: channel, Product: doc.Product, Text: doc.Text}, doc.Names)
	if err != nil {
		return casework.Trial{}, err
	}
	text, err := d.mask(doc.Text, doc.Names...) // whole: a quote alone does not tell what the words around it do
	if err != nil {
		return casework.Trial{}, err
	}
	masked := []rune(text)
	for i := range trial.Rules {
		trial.Rules[i].Evidence = hidden(trial.Rules[i].Evidence, masked)
	}
	for i := range trial.Guesses {
		trial.Guesses[i].Evidence = hidden(trial.Guesses[i].Evidence, masked)
	}
	return trial, nil
}

// hidden are quotes as they stand in the masked text.
func hidden(evidence []casework.Evidence, masked []rune) []casework.Evidence {
	shown := slices.Clone(evidence)
	for i, e := range shown {
		shown[i].Quote = ""
		if e.Start >= 0 && e.Start < e.End && e.End <= len(masked) {
			shown[i].Quote = string(masked[e.Start:e.End])
		}
	}
	return shown
}
