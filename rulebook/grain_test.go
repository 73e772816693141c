package rulebook_test

import (
	"testing"

	"xiaobao/rulebook"
)

func TestGrainTellsHowFinelyAConditionLooksAtTheTime(t *testing.T) {
	t.Parallel()
	book, err := rulebook.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for source, want := range map[string]rulebook.Grain{
		`product == "card"`:                          rulebook.NoTime,
		`hour >= 22 || weekday == 7`:                 rulebook.ByHour,
		`hour == 8 && minute < 30`:                   rulebook.ByMoment,
		`channel == "sms_push" && !(minute > 5)`:     rulebook.ByMoment,
		`channel in ["sms_push"] ? hour < 8 : false`: rulebook.ByHour,
	} {
		condition, err := book.CompileCondition(source)
		if err != nil {
			t.Fatal(err)
		}
		if got := condition.Grain(); got != want {
			t.Errorf("%s: grain %d, want %d", source, got, want)
		}
	}
}
