package desk

import (
	"context"

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
	masked, err := d.mask(doc.Text, doc.Names...)
	if err != nil {
		return casework.Trial{}, err
	}
	for i := range trial.Rules {
		requote(trial.Rules[i].Evidence, masked)
	}
	for i := range trial.Guesses {
		requote(trial.Guesses[i].Evidence, masked)
	}
	return trial, nil
}

// requote quotes evidence from the masked text, which has as many characters.
// A name is recognised by the sentences around it, so a quote alone would show
// what the text hides.
func requote(evidence []casework.Evidence, masked string) {
	text := []rune(masked)
	for i := range evidence {
		e := &evidence[i]
		if e.Quote = ""; e.Start >= 0 && e.Start < e.End && e.End <= len(text) {
			e.Quote = string(text[e.Start:e.End])
		}
	}
}
