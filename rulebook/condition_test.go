package rulebook_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/rulebook"
)

func builtin(t testing.TB) *rulebook.Book {
	t.Helper()
	b, err := rulebook.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestConditionsHoldOfTheFactsTheyDescribe(t *testing.T) {
	t.Parallel()
	night := time.Date(2026, 3, 2, 14, 30, 0, 0, time.UTC) // Monday 22:30 in Beijing
	facts := func(attributes map[string]any) *rulebook.Facts {
		return &rulebook.Facts{Channel: casework.CollectionCall, Product: "cash_loan", Speaker: casework.Agent, At: night, Attributes: attributes}
	}
	timeless := &rulebook.Facts{Channel: casework.CollectionCall}
	for _, c := range []struct {
		when  string
		facts *rulebook.Facts
		want  bool
	}{
		{`hour >= 22 || hour < 8`, facts(nil), true},
		{`hour >= 22 || hour < 8`, timeless, false},
		{`weekday == 1 && minute == 30`, facts(nil), true},
		{`channel == "collection_call" && product == "cash_loan" && speaker == "agent"`, facts(nil), true},
		{`channel in ["sms_push", "service_chat"]`, facts(nil), false},
		{`flag("opted_out")`, facts(nil), false},
		{`flag("opted_out")`, facts(map[string]any{"opted_out": true}), true},
		{`flag("opted_out")`, facts(map[string]any{"opted_out": "TRUE"}), true},
		{`!flag("night_agreed")`, facts(nil), true},
		{`num("calls_today") > 3`, facts(nil), false},
		{`num("calls_today") > 3`, facts(map[string]any{"calls_today": 4}), true},
		{`num("calls_today") > 3`, facts(map[string]any{"calls_today": "4"}), true},
		{`num("calls_today") > 3`, facts(map[string]any{"calls_today": "many"}), false},
		{`num("calls_today") < 3`, facts(nil), true},
		{`num("calls_today") >= 0`, facts(nil), true},
		{`num("calls_today") > 3 || flag("stop_flag")`, facts(map[string]any{"stop_flag": true}), true},
		{`num("calls_today") > 3 || num("calls_today") == 0`, facts(nil), true},
		{`has("asr_confidence") && num("asr_confidence") < 0.5`, facts(map[string]any{"asr_confidence": 0.4}), true},
		{`has("asr_confidence") && num("asr_confidence") < 0.5`, facts(nil), false},
		{`str("callee_relation") == "stranger"`, facts(map[string]any{"callee_relation": "stranger"}), true},
		{`str("callee_relation") != "debtor"`, facts(nil), true},
		{`str("callee_relation") in ["contact", "stranger"]`, facts(map[string]any{"callee_relation": "contact"}), true},
		{`attr("callee_relation") == nil`, facts(nil), true},
		{`has("opted_out_at") && attr("opted_out_at") < at`, facts(map[string]any{"opted_out_at": "2026-03-02T10:00:00+08:00"}), true},
		{`has("opted_out_at") && attr("opted_out_at") < at`, facts(map[string]any{"opted_out_at": "2026-03-03T10:00:00+08:00"}), false},
		{`has("opted_out_at") && at - attr("opted_out_at") > duration("24h")`, facts(map[string]any{"opted_out_at": "2026-03-01T10:00:00+08:00"}), true},
		{`num("claimed_amount") > num("ledger_amount") * 1.01`, facts(map[string]any{"claimed_amount": 1200.0, "ledger_amount": 1000}), true},
	} {
		condition, err := builtin(t).CompileCondition(c.when)
		if err != nil {
			t.Errorf("%s: %v", c.when, err)
			continue
		}
		got, err := condition.Holds(c.facts)
		if err != nil || got != c.want {
			t.Errorf("%s of %v: got %v, %v; want %v", c.when, c.facts.Attributes, got, err, c.want)
		}
	}
}

func TestConditionsThatCouldNeverBeMeantAreRefused(t *testing.T) {
	t.Parallel()
	for when, want := range map[string]string{
		`flag("opted_outt")`:             `did you mean "opted_out"`,
		`num("opted_out") > 1`:           `is of type bool`,
		`flag("x" + "y")`:                `in quotes`,
		`has()`:                          `one attribute`,
		`calls_today > 3`:                `is an attribute; write num("calls_today")`,
		`hours > 3`:                      `did you mean "hour"`,
		`channel == "colection_call"`:    `did you mean "collection_call"`,
		`speaker in ["agent", "robot"]`:  `unknown speaker "robot"`,
		`hour`:                           `does not compile`,
		`hour >`:                         `does not compile`,
		`now().Hour() > 3`:               `now`,
		`hour > "a"`:                     `does not compile`,
		strings.Repeat("true && ", 2000): `longer than`,
	} {
		_, err := builtin(t).CompileCondition(when)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%.40s: got %v, want one line with %q", when, err, want)
		}
	}
}

func TestAConditionThatComparesTheIncomparableSaysSo(t *testing.T) {
	t.Parallel()
	condition, err := builtin(t).CompileCondition(`attr("calls_today") < at`)
	if err != nil {
		t.Fatal(err)
	}
	_, err = condition.Holds(&rulebook.Facts{At: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), Attributes: map[string]any{"calls_today": 3}})
	if err == nil || !strings.Contains(err.Error(), "calls_today") {
		t.Errorf("got %v", err)
	}
}

func TestConditionsTellWhatTheyRead(t *testing.T) {
	t.Parallel()
	for when, want := range map[string]string{
		`num("calls_today") > 3 && !flag("appointment") && num("calls_today") < 9`: "appointment calls_today, time false",
		`weekday == 7 || has("opted_out_at") && attr("opted_out_at") < at`:         "opted_out_at, time true",
		`channel == "complaint"`: ", time false",
	} {
		condition, err := builtin(t).CompileCondition(when)
		if err != nil {
			t.Fatal(err)
		}
		attributes, clock := condition.Reads()
		if got := fmt.Sprintf("%s, time %t", strings.Join(attributes, " "), clock); got != want {
			t.Errorf("%s reads %q, want %q", when, got, want)
		}
	}
}

func TestConditionsMayBeEvaluatedConcurrently(t *testing.T) {
	t.Parallel()
	condition, err := builtin(t).CompileCondition(`num("calls_today") > 3 && str("direction") == "outbound"`)
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			for i := range 200 {
				calls := (worker + i) % 7
				got, err := condition.Holds(&rulebook.Facts{Attributes: map[string]any{"calls_today": calls, "direction": "outbound"}})
				if err != nil || got != (calls > 3) {
					t.Errorf("%d calls: %v, %v", calls, got, err)
				}
			}
		})
	}
	group.Wait()
}

func TestConditionsOnAbsentAttributesCostNothing(t *testing.T) {
	condition, err := builtin(t).CompileCondition(`num("calls_today") > 3 && hour >= 9`)
	if err != nil {
		t.Fatal(err)
	}
	facts := &rulebook.Facts{At: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	if n := testing.AllocsPerRun(100, func() { condition.Holds(facts) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
