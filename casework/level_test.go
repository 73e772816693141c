package casework_test

import (
	"encoding/json"
	"slices"
	"testing"

	"xiaobao/casework"
)

func TestLevelsAreOrderedAndNamed(t *testing.T) {
	t.Parallel()
	levels := casework.Levels()
	if !slices.Equal(levels, []casework.Level{casework.Red, casework.Orange, casework.Yellow, casework.Blue}) {
		t.Errorf("levels %v", levels)
	}
	for i := 1; i < len(levels); i++ {
		if levels[i] >= levels[i-1] {
			t.Errorf("%s is not below %s", levels[i], levels[i-1])
		}
	}
	for _, level := range levels {
		parsed, err := casework.ParseLevel(level.String())
		if err != nil || parsed != level {
			t.Errorf("%s is read as %v, %v", level, parsed, err)
		}
	}
	if casework.Red.Chinese() != "红色" || casework.NoLevel.String() != "none" {
		t.Errorf("names %q %q", casework.Red.Chinese(), casework.NoLevel)
	}
}

func TestALevelTravelsAsItsName(t *testing.T) {
	t.Parallel()
	data, err := json.Marshal(struct{ L casework.Level }{casework.Orange})
	if err != nil || string(data) != `{"L":"orange"}` {
		t.Errorf("written as %s, %v", data, err)
	}
	var level casework.Level
	if err := json.Unmarshal([]byte(`"yellow"`), &level); err != nil || level != casework.Yellow {
		t.Errorf("read as %v, %v", level, err)
	}
	if err := json.Unmarshal([]byte(`"pink"`), &level); casework.KindOf(err) != casework.Invalid {
		t.Errorf("pink is %v, %v", level, err)
	}
}

func TestALevelOutOfRangeStillPrints(t *testing.T) {
	t.Parallel()
	for _, level := range []casework.Level{-1, 9} {
		if level.String() == "" || level.Chinese() != level.String() {
			t.Errorf("%d prints as %q and %q", int8(level), level, level.Chinese())
		}
	}
}

func TestEveryWordOfferedToPeopleHasANameInBothLanguages(t *testing.T) {
	t.Parallel()
	check := func(what, chinese, english string) {
		t.Helper()
		if chinese == "" || chinese == what || english == "" || english == what {
			t.Errorf("%s is called %q and %q", what, chinese, english)
		}
	}
	for _, c := range casework.Channels() {
		check(string(c), c.Chinese(), c.English())
	}
	for _, s := range casework.Speakers() {
		check(string(s), s.Chinese(), s.English())
	}
	for _, r := range casework.Roles() {
		check(string(r), r.Chinese(), r.English())
	}
	for _, s := range casework.InspectionStatuses() {
		check(string(s), s.Chinese(), s.English())
	}
	for _, s := range casework.FindingStatuses() {
		check(string(s), s.Chinese(), s.English())
	}
	for _, r := range casework.DismissReasons() {
		check(string(r), r.Chinese(), r.English())
	}
	for _, o := range []casework.ItemOutcome{casework.ItemWaiting, casework.ItemPassed, casework.ItemFailed, casework.ItemNotApplicable, casework.ItemNotRun, casework.ItemUnanswered} {
		check(string(o), o.Chinese(), o.English())
	}
	if got := casework.Channel("new_one").Chinese(); got != "new_one" {
		t.Errorf("a word of a newer release shows as %q", got)
	}
}

func TestAChannelSaysWhoSpeaksWhereTheTextDoesNot(t *testing.T) {
	t.Parallel()
	want := map[casework.Channel]casework.Speaker{
		casework.TelemarketingCall: casework.Agent, casework.ServiceCall: casework.Agent,
		casework.ServiceChat: casework.Agent, casework.CollectionCall: casework.Agent,
		casework.SMSPush: casework.Message, casework.PartnerPage: casework.Page,
		casework.ComplaintChannel: casework.Consumer, casework.SocialPost: casework.Post,
	}
	for _, channel := range casework.Channels() {
		if got := channel.DefaultSpeaker(); got != want[channel] || !got.Known() || !channel.Known() {
			t.Errorf("%s: %s, want %s", channel, got, want[channel])
		}
	}
	if casework.Channel("fax").Known() || casework.Speaker("").Known() {
		t.Error("unknown words count as known")
	}
}
