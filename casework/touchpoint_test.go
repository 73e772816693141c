package casework_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"xiaobao/casework"
)

var now = time.Date(2026, 11, 23, 12, 0, 0, 0, casework.Beijing)

func TestATouchpointIsCheckedFieldByField(t *testing.T) {
	t.Parallel()
	turn := casework.Turn{Speaker: casework.Agent, Text: "您好"}
	for name, c := range map[string]struct {
		change func(*casework.Touchpoint)
		want   string
	}{
		"fine":               {func(*casework.Touchpoint) {}, ""},
		"turns instead":      {func(p *casework.Touchpoint) { p.Text, p.Turns = "", []casework.Turn{turn} }, ""},
		"no words at all":    {func(p *casework.Touchpoint) { p.Text = "" }, ""},
		"the longest text":   {func(p *casework.Touchpoint) { p.Text = strings.Repeat("保", casework.MaxTextRunes) }, ""},
		"within a day":       {func(p *casework.Touchpoint) { p.OccurredAt = now.Add(23 * time.Hour) }, ""},
		"no id":              {func(p *casework.Touchpoint) { p.ID = "" }, "field:id"},
		"a long id":          {func(p *casework.Touchpoint) { p.ID = strings.Repeat("x", casework.MaxIDBytes+1) }, "field:id"},
		"an id of two lines": {func(p *casework.Touchpoint) { p.ID = "a\nb" }, "field:id"},
		"an unknown channel": {func(p *casework.Touchpoint) { p.Channel = "fax" }, "field:channel"},
		"text and turns":     {func(p *casework.Touchpoint) { p.Turns = []casework.Turn{turn} }, "field:turns"},
		"an unknown speaker": {func(p *casework.Touchpoint) { p.Speaker = "dog" }, "field:speaker"},
		"no time":            {func(p *casework.Touchpoint) { p.OccurredAt = time.Time{} }, "field:occurred_at"},
		"long ago":           {func(p *casework.Touchpoint) { p.OccurredAt = now.AddDate(-30, 0, 0) }, "field:occurred_at"},
		"in the future":      {func(p *casework.Touchpoint) { p.OccurredAt = now.Add(25 * time.Hour) }, "field:occurred_at"},
		"text not UTF-8":     {func(p *casework.Touchpoint) { p.Text = "\xff" }, "field:text"},
		"a NUL":              {func(p *casework.Touchpoint) { p.Text = "a\x00b" }, "field:text"},
		"too long":           {func(p *casework.Touchpoint) { p.Text = strings.Repeat("保", casework.MaxTextRunes+1) }, "field:text"},
		"too many turns":     {func(p *casework.Touchpoint) { p.Text, p.Turns = "", make([]casework.Turn, casework.MaxTurns+1) }, "field:turns"},
		"a turn by nobody":   {func(p *casework.Touchpoint) { p.Text, p.Turns = "", []casework.Turn{{Text: "x"}} }, "field:turns.speaker"},
		"a turn not UTF-8": {func(p *casework.Touchpoint) {
			p.Text, p.Turns = "", []casework.Turn{{Speaker: casework.Agent, Text: "\xff"}}
		}, "field:turns.text"},
	} {
		p := casework.Touchpoint{ID: "t-1", Channel: casework.TelemarketingCall, OccurredAt: now.Add(-time.Hour), Text: "坐席：您好"}
		c.change(&p)
		err := p.Check(now)
		if (err == nil) != (c.want == "") || code(err) != c.want {
			t.Errorf("%s: %v with code %q, want %q", name, err, code(err), c.want)
		}
		if err != nil && (p.Text != "" && strings.Contains(err.Error(), p.Text)) {
			t.Errorf("%s: the error repeats the consumer's words", name)
		}
	}
}

func TestAZeroNowLeavesTheTimeUnchecked(t *testing.T) {
	t.Parallel()
	p := casework.Touchpoint{ID: "t-1", Channel: casework.SMSPush, Text: "x"}
	if err := p.Check(time.Time{}); err != nil {
		t.Error(err)
	}
}

func TestContentJoinsTurnsByLineFeeds(t *testing.T) {
	t.Parallel()
	p := casework.Touchpoint{Turns: []casework.Turn{{Speaker: casework.Agent, Text: "您好"}, {Speaker: casework.Consumer, Text: "别打了"}}}
	if got := p.Content(); got != "您好\n别打了" {
		t.Errorf("content %q", got)
	}
	if got := (&casework.Touchpoint{Text: "坐席：您好"}).Content(); got != "坐席：您好" {
		t.Errorf("content %q", got)
	}
}

func TestTheInputFormatIsFixed(t *testing.T) {
	t.Parallel()
	line := `{"id":"t-1","channel":"service_chat","occurred_at":"2026-03-02T09:00:00+08:00","customer_id":"c-1","agent_id":"a-1","org_id":"o-1","product":"cash_loan","turns":[{"speaker":"customer","text":"您好","at":"2026-03-02T09:00:01+08:00"}],"attributes":{"calls_today":2}}`
	var p casework.Touchpoint
	if err := json.Unmarshal([]byte(line), &p); err != nil {
		t.Fatal(err)
	}
	back, err := json.Marshal(p)
	if err != nil || string(back) != line {
		t.Errorf("round trip\n%s, %v\nwant\n%s", back, err, line)
	}
}

func TestABasisCitesTheArticleIfThereIsOne(t *testing.T) {
	t.Parallel()
	for want, basis := range map[string]casework.Basis{
		"R02 23(四)": {Ref: "R02", Article: "23(四)"},
		"F-01":      {Ref: "F-01"},
	} {
		if basis.String() != want {
			t.Errorf("%q, want %q", basis, want)
		}
	}
}
