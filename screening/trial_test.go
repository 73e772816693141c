package screening_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"xiaobao/casework"
	"xiaobao/rulebook"
	"xiaobao/screening"
)

// heading begins every trial pack.
const heading = `pack: trial
version: "2026.11.1"
title: {zh: 试, en: trial}
`

// trialIndicator writes an indicator with the patterns and other fields
// given, so that a test shows only what it is about.
func trialIndicator(id, fields string) string {
	if !strings.Contains(fields, "kind:") {
		fields += "\nkind: text"
	}
	if !strings.Contains(fields, "level:") {
		fields += "\nlevel: orange"
	}
	if !strings.Contains(fields, "channels:") {
		fields += "\nchannels: [telemarketing_call, service_chat, collection_call, sms_push, partner_page, social_post, complaint]"
	}
	fields += `
title: {zh: 试, en: trial}
means: {zh: 试, en: trial}
advice: {zh: 试, en: trial}
basis: [{ref: R02, confidence: T}]
fires: [{text: "示例一"}, {text: "示例二"}, {text: "示例三"}]
not: [{text: "反例一"}, {text: "反例二"}, {text: "反例三"}]
`
	return "  - id: " + id + "\n    " + strings.ReplaceAll(strings.TrimSpace(fields), "\n", "\n    ") + "\n"
}

// trialEngine compiles the built-in packs with one laid over them.
func trialEngine(t testing.TB, pack string) *screening.Engine {
	t.Helper()
	book, err := rulebook.Load(fstest.MapFS{"trial.yaml": {Data: []byte(heading + pack)}})
	if err != nil {
		t.Fatalf("the trial pack does not load:\n%s", err)
	}
	engine, err := screening.Compile(book)
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

// trial is a screener that knows only one indicator of the id "t_trial".
func trial(t testing.TB, fields string) *screening.Screener {
	t.Helper()
	s := trialEngine(t, "indicators:\n"+trialIndicator("t_trial", fields)).NewScreener()
	s.Only([]string{"t_trial"})
	return s
}

// said is a sales call in which the agent, or whoever the prefix says, speaks.
func said(text string) *casework.Touchpoint {
	return &casework.Touchpoint{ID: "t", Channel: casework.TelemarketingCall, Text: text}
}

// quotesOf gives what the first signal quotes.
func quotesOf(signals []casework.Signal) []string {
	var quotes []string
	if len(signals) > 0 {
		for _, e := range signals[0].Evidence {
			quotes = append(quotes, e.Quote)
		}
	}
	return quotes
}
