package main

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/llm"
	"xiaobao/rulebook"
	"xiaobao/screening/charmodel"
)

// given is an environment.
func given(values map[string]string) func(string) string {
	return func(name string) string { return values[name] }
}

func TestTheKeyIsMadeOnceAndForItsOwnerOnly(t *testing.T) {
	t.Parallel()
	home, none := t.TempDir(), given(nil)
	if _, err := privacyKey(home, none); casework.KindOf(err) != casework.NotFound {
		t.Errorf("before it is made: %v", err)
	}
	if err := makePrivacyKey(home, none); err != nil {
		t.Fatal(err)
	}
	first, err := privacyKey(home, none)
	if err != nil || len(first) != keyBytes {
		t.Fatalf("%d bytes, %v", len(first), err)
	}
	if err := makePrivacyKey(home, none); err != nil {
		t.Fatal(err)
	}
	if again, err := privacyKey(home, none); err != nil || !bytes.Equal(first, again) {
		t.Errorf("made anew: %v", err)
	}
	info, err := os.Stat(keyFile(home))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	named, err := privacyKey(home, given(map[string]string{"XIAOBAO_PRIVACY_KEY": strings.Repeat("ab", keyBytes)}))
	if err != nil || named[0] != 0xab {
		t.Errorf("named: %x, %v", named, err)
	}
	for _, wrong := range []string{"geheim", strings.Repeat("ab", 16), strings.Repeat("zz", keyBytes)} {
		_, err := privacyKey(home, given(map[string]string{"XIAOBAO_PRIVACY_KEY": wrong}))
		if casework.KindOf(err) != casework.Invalid || strings.Contains(err.Error(), wrong) {
			t.Errorf("a wrong key: %v", err)
		}
	}
}

func TestSettingsOfTheCascadeAreReadOrRefusedInWords(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		env      map[string]string
		share    float64
		patience time.Duration
		refused  string
	}{
		"nothing set":     {nil, 0.05, 0, ""},
		"both":            {map[string]string{"XIAOBAO_LLM_SHARE": "0.2", "XIAOBAO_LLM_PATIENCE": "1h"}, 0.2, time.Hour, ""},
		"all of it":       {map[string]string{"XIAOBAO_LLM_SHARE": "1"}, 1, 0, ""},
		"no share":        {map[string]string{"XIAOBAO_LLM_SHARE": "0"}, 0, 0, "XIAOBAO_LLM_SHARE"},
		"per cent":        {map[string]string{"XIAOBAO_LLM_SHARE": "5%"}, 0, 0, "XIAOBAO_LLM_SHARE"},
		"too much":        {map[string]string{"XIAOBAO_LLM_SHARE": "5"}, 0, 0, "XIAOBAO_LLM_SHARE"},
		"not a number":    {map[string]string{"XIAOBAO_LLM_SHARE": "NaN"}, 0, 0, "XIAOBAO_LLM_SHARE"},
		"no unit":         {map[string]string{"XIAOBAO_LLM_PATIENCE": "20"}, 0, 0, "XIAOBAO_LLM_PATIENCE"},
		"hardly patience": {map[string]string{"XIAOBAO_LLM_PATIENCE": "1s"}, 0, 0, "XIAOBAO_LLM_PATIENCE"},
	} {
		share, patience, err := cascadeSettings(given(test.env))
		if test.refused != "" {
			if casework.KindOf(err) != casework.Invalid || !strings.Contains(err.Error(), test.refused) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil || share != test.share || patience != test.patience {
			t.Errorf("%s: %v, %v, %v", name, share, patience, err)
		}
	}
}

func TestWhatIsToldOfAnEndpointHoldsNoKey(t *testing.T) {
	t.Parallel()
	told, err := json.Marshal(standingOf(llm.Endpoint{
		ID: "primary", BaseURL: "https://user:pw@api.example.com/v1?key=k", Key: "sk-secret", Model: "m", Budget: casework.ModelBudget{Tokens: 9},
	}))
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"sk-secret", "pw", "key=k"} {
		if strings.Contains(string(told), secret) {
			t.Errorf("%q is told: %s", secret, told)
		}
	}
	if !strings.Contains(string(told), `"host":"api.example.com"`) || !strings.Contains(string(told), `"tokens":9`) {
		t.Errorf("told %s", told)
	}
}

func TestModelsChooseFromTheRulebook(t *testing.T) {
	t.Parallel()
	book, err := rulebook.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	options := optionsOf(book)
	groups := map[string]int{}
	for _, o := range options(casework.ToClassify) {
		groups[o.Group]++
		if o.ID == "" || o.Title == "" {
			t.Errorf("option %+v", o)
		}
	}
	if groups["A"] == 0 || groups["B"] == 0 || groups["C"] == 0 || groups["flag"] == 0 || groups["callback"] != 0 {
		t.Errorf("complaints are sorted by %v", groups)
	}
	if len(options(casework.ToReview)) != len(book.Categories) || len(options(casework.ToSummarise)) != 0 {
		t.Error("materials and summaries are offered something else")
	}
}

func TestLabelsAreLinesThatTheTrainerReads(t *testing.T) {
	t.Parallel()
	set := newLabelSet()
	label := func(touchpoint, indicator string, v casework.Verdict, why casework.DismissReason) {
		err := set.add(casework.LabelledTouchpoint{
			Label:      casework.Label{Indicator: indicator, Verdict: v, Reason: why},
			Touchpoint: casework.Touchpoint{ID: touchpoint, Channel: casework.ServiceCall, OccurredAt: benchFrom, Text: "坐席：您好 <b>"},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	label("t-1", "cs_poor_attitude", casework.Confirm, "")
	label("t-1", "cs_obstruct_complaint", casework.Dismiss, casework.FalseHit)
	label("t-2", "cs_poor_attitude", casework.Dismiss, casework.AlreadyHandled)
	label("t-2", "cs_obstruct_complaint", casework.Dismiss, casework.LawfulContext)
	var out bytes.Buffer
	if err := set.write(&out); err != nil {
		t.Fatal(err)
	}
	examples, err := charmodel.FromLabels(&out)
	if err != nil {
		t.Fatal(err)
	}
	if len(examples) != 2 || !slices.Equal(examples[0].Shows, []string{"cs_poor_attitude"}) || !slices.Equal(examples[0].Not, []string{"cs_obstruct_complaint"}) ||
		len(examples[1].Shows) != 0 || !slices.Equal(examples[1].Open, []string{"cs_poor_attitude"}) || examples[0].Text != "坐席：您好 <b>" {
		t.Errorf("read back %+v", examples)
	}
}

func TestAStandingIsPrintedForPeople(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	err := printStanding(&out, casework.ModelsStanding{
		Endpoints: []casework.ModelStanding{
			{Endpoint: "primary", Configured: true, Model: "m", Host: "h", Today: casework.ModelDay{Tokens: 5, Limit: casework.ModelBudget{Tokens: 9}, Currency: "CNY"}, Warning: "slow"},
			{Endpoint: "second", Switch: &casework.ModelSwitch{Off: true, By: "u-1", At: benchFrom}},
		},
		Share: 0.05, Masking: "mask@1",
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"5 of 9", "not configured here", "off since 2026-06-01 09:00:00 by u-1", "5 %", "primary: slow", "none"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
}
