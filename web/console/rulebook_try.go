package console

import (
	"net/url"
	"time"

	"xiaobao/casework"
)

type tryPage struct {
	Base
	Form     fields
	Channels []casework.Channel
	Speakers []casework.Speaker
	Screened bool
	Lines    []line
	Signals  []signalView
	Book     string
}

// tryText is where officers see what the rulebook makes of a text.
func (c *Console) tryText(v *visit) (reply, error) {
	return show("rulebook_try", c.tryPage(v))
}

func (c *Console) tryPage(v *visit) tryPage {
	return tryPage{
		Base: v.base("try.title"), Form: v.fields(url.Values{"channel": {string(casework.TelemarketingCall)}}),
		Channels: casework.Channels(), Speakers: casework.Speakers(), Book: c.Book.Version(),
	}
}

// screenText answers the POST itself: a text may hold personal data, so it
// stands in no address, and nothing is kept that a reload could repeat.
func (c *Console) screenText(v *visit) (reply, error) {
	t := casework.Touchpoint{
		ID: "try", Channel: casework.Channel(v.text("channel")), Speaker: casework.Speaker(v.text("speaker")), Text: v.PostFormValue("text"), // without a time no rule about time holds
	}
	if at := v.text("at"); at != "" {
		hour, err := time.ParseInLocation("15:04", at, casework.Beijing)
		if err != nil {
			return v.refused(badField("at", "give a time such as 21:30", "时间请写成 21:30 的样子"), c.tryText)
		}
		day := casework.DayOf(c.Now()).Midnight()
		t.OccurredAt = day.Add(time.Duration(hour.Hour())*time.Hour + time.Duration(hour.Minute())*time.Minute)
	}
	if v.text("text") == "" {
		return v.refused(badField("text", "paste a text first", "请先粘贴一段文字"), c.tryText)
	}
	if err := t.Check(time.Time{}); err != nil {
		return v.refused(err, c.tryText)
	}
	signals := c.Screener().Screen(&t)
	v.Entered = v.PostForm
	page := c.tryPage(v)
	page.Screened, page.Lines = true, conversation(&t, marksOf(signals))
	for _, s := range signals {
		page.Signals = append(page.Signals, c.signal(s, v.Lang))
	}
	return show("rulebook_try", page)
}
