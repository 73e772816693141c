package desk

import (
	"context"

	"xiaobao/casework"
	"xiaobao/privacy"
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
	for i := range trial.Rules {
		hide(trial.Rules[i].Evidence, doc.Names)
	}
	for i := range trial.Guesses {
		hide(trial.Guesses[i].Evidence, doc.Names)
	}
	return trial, nil
}

// hide masks what quotes hold of personal data.
func hide(evidence []casework.Evidence, names []string) {
	for i := range evidence {
		evidence[i].Quote = privacy.Mask(evidence[i].Quote, names...)
	}
}
