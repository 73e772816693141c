package activities_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/llm/fakellm"
	"xiaobao/workflows"
)

// many are n touchpoints in which the agent is rude.
func many(n int) []suspect {
	var all []suspect
	for i := range n {
		said := "你烦不烦，爱办不办" + strings.Repeat("，真的", i) + "。" // no two alike: the answer to one would serve for the other
		all = append(all, suspect{"t-" + strings.Repeat("x", i+1), said, rude, 0.9 - 0.01*float64(i)})
	}
	return all
}

func TestOneModelDecidesWhatIsNotDisputed(t *testing.T) {
	t.Parallel()
	c := newCourt(t, false,
		suspect{"t-rude", "你烦不烦，爱办不办。", rude, 0.7},
		suspect{"t-kind", "好的，马上为您办理。", rude, 0.7},
		suspect{"t-insisted", "好的，这就为您办理。", rude, 0.85}, // no, although the local model all but knows
		suspect{"t-threat", "不还你就走着瞧。", threat, 0.7},    // much hangs on it
	)
	result := done(c, workflows.JudgeBatch, c.order())
	want := casework.JudgeResult{Asked: 4, Shown: 1, Cleared: 1, People: 2, Found: 3}
	if result != want {
		t.Errorf("came to %+v, want %+v", result, want)
	}
	found := c.findings()
	shown := found["t-rude"][0]
	if shown.Engine != casework.ByLLM || shown.Level != casework.Yellow || len(shown.Evidence) == 0 || len(shown.Basis) == 0 || shown.Title == "" ||
		!strings.HasPrefix(shown.Version, fakellm.Answerer+"@judge.v1#") {
		t.Errorf("found %+v", shown)
	}
	if at := shown.Evidence[0]; !strings.Contains(at.Quote, "烦不烦") && !strings.Contains(at.Quote, "爱办不办") {
		t.Errorf("evidence %+v", at)
	}
	if f := found["t-insisted"][0]; f.Engine != casework.ByLocal || f.Version != "char@1#a" || f.Evidence[0].Quote != "坐席" {
		t.Errorf("insisted: %+v", f)
	}
	if f := found["t-threat"][0]; f.Engine != casework.ByLLM || !strings.Contains(f.Evidence[0].Quote, "走着瞧") {
		t.Errorf("people do not see what the model saw: %+v", f)
	}
	if len(found["t-kind"]) != 0 {
		t.Errorf("cleared and found: %+v", found["t-kind"])
	}
	c.first.Gold("欧阳建国", "13912345678")
	c.first.AssertResilient(t)
	if again := done(c, workflows.JudgeBatch, c.order()); again != want || c.first.Asked() != 4 {
		t.Errorf("done again it came to %+v after %d requests", again, c.first.Asked())
	}
}

func TestASecondModelSettlesADisputeOrPeopleDo(t *testing.T) {
	t.Parallel()
	c := newCourt(t, true,
		suspect{"t-rude", "你烦不烦，爱办不办。", rude, 0.7},
		suspect{"t-threat", "不还你就走着瞧。", threat, 0.7},
		suspect{"t-insisted", "好的，马上为您办理。", rude, 0.85},
		suspect{"t-split", "不还你就走着瞧，卸你。", threat, 0.6},
	)
	first := done(c, workflows.JudgeBatch, c.order())
	if first.Disputed != 3 || first.Shown != 1 || first.Found != 1 || first.Waiting != 0 {
		t.Errorf("the first came to %+v", first)
	}
	c.second.Script(fakellm.Holding("卸你"), fakellm.Reword("denied", func(_ *fakellm.Request, honest string) string {
		return strings.ReplaceAll(honest, `"shown":"是"`, `"shown":"否"`)
	}))
	second := done(c, workflows.SecondOpinion, c.order())
	want := casework.JudgeResult{Asked: 4, Shown: 2, Cleared: 1, People: 1, Found: 3}
	if second != want {
		t.Errorf("the second came to %+v, want %+v", second, want)
	}
	found := c.findings()
	if f := found["t-threat"][0]; f.Engine != casework.ByLLM || f.Level != casework.Red {
		t.Errorf("agreed: %+v", f)
	}
	if f := found["t-split"][0]; f.Engine != casework.ByLLM || f.Evidence[0].Quote != "卸你" || len(found["t-insisted"]) != 0 {
		t.Errorf("split: %+v", f)
	}
}

func TestWhatAModelCannotReadGoesToPeople(t *testing.T) {
	t.Parallel()
	for fault, why := range map[string]casework.ModelTrouble{
		"inspection": casework.TroubleFiltered, "too_long": casework.TroubleTooLong, "only_reasoning": casework.TroubleBadOutput,
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			c := newCourt(t, true, suspect{"t-1", "你烦不烦。", rude, 0.3}, suspect{"t-2", "爱办不办。", rude, 0.2})
			c.first.Script(fakellm.Holding("你烦不烦"), fakellm.Fault(fault), fakellm.Fault(fault))
			result := done(c, workflows.JudgeBatch, c.order())
			if result.People != 1 || result.Shown != 1 || result.Found != 2 {
				t.Errorf("came to %+v", result)
			}
			if f := c.findings()["t-1"][0]; f.Engine != casework.ByLocal || c.count().Troubles[why] != 1 {
				t.Errorf("found %+v, troubles %v", f, c.count().Troubles)
			}
		})
	}
}

func TestAModelThatCannotBeAskedStopsTheBatchAndSaysWhy(t *testing.T) {
	t.Parallel()
	for fault, want := range map[string]struct {
		trouble casework.ModelTrouble
		final   bool
		pause   time.Duration
	}{
		"quota":         {casework.TroubleQuota, true, 0},
		"balance":       {casework.TroubleQuota, true, 0},
		"key_wrong":     {casework.TroubleRefuses, true, 0},
		"model_unknown": {casework.TroubleRefuses, true, 0},
		"limit_seconds": {casework.TroubleAway, false, 7 * time.Second},
		"overloaded":    {casework.TroubleAway, false, 0},
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			c := newCourt(t, false, many(3)...)
			c.first.Next(fakellm.Then(func(*fakellm.Request) {}), fakellm.Fault(fault))
			_, err := do(c, workflows.JudgeBatch, c.order())
			if got := c.trouble(err); got != want.trouble {
				t.Errorf("said %q, want %q", got, want.trouble)
			}
			if e := c.failure(err); e.NonRetryable() != want.final || e.NextRetryDelay() != want.pause {
				t.Errorf("final %v, pause %v", e.NonRetryable(), e.NextRetryDelay())
			}
			if count := c.count(); count.Shown != 1 || count.Asked != 1 {
				t.Errorf("what was judged before is lost: %+v", count)
			}
			result := done(c, workflows.JudgeBatch, c.order()) // and the next attempt goes on behind it
			if result.Shown != 3 || result.Found != 3 {
				t.Errorf("went on to %+v", result)
			}
		})
	}
}

func TestSwitchedOffInTheMiddleAModelIsAskedNoMore(t *testing.T) {
	t.Parallel()
	c := newCourt(t, false, many(4)...)
	c.first.Next(fakellm.Then(func(*fakellm.Request) {}), fakellm.Then(func(*fakellm.Request) {
		check(t, c.store.SwitchModel(t.Context(), casework.ModelSwitch{Endpoint: casework.AllModels, Off: true, By: "u-wang", At: monday, Reason: "演练"}))
	}))
	_, err := do(c, workflows.JudgeBatch, c.order())
	if got := c.trouble(err); got != casework.TroubleOff || c.first.Asked() != 2 {
		t.Errorf("said %q after %d requests", got, c.first.Asked())
	}
	left := done(c, workflows.LeaveToPeople, workflows.LeaveOrder{Inspection: "i-1", RulebookHash: hash, Plan: c.plan, Batches: []int{1}, Why: casework.TroubleOff})
	if left.Shown != 2 || left.People != 2 || left.Waiting != 0 || left.Found != 4 {
		t.Errorf("left %+v", left)
	}
}

func TestWithoutItsModelABatchIsNotJudged(t *testing.T) {
	t.Parallel()
	c := newCourt(t, false, many(2)...)
	order := c.order()
	order.Plan.Model = "another"
	_, err := do(c, workflows.JudgeBatch, order)
	if got := c.trouble(err); got != casework.TroubleNone {
		t.Errorf("another model than planned said %q", got)
	}
	_, err = do(c, workflows.SecondOpinion, c.order())
	if got := c.trouble(err); got != casework.TroubleNone {
		t.Errorf("without a second endpoint: %q", got)
	}
	order = c.order()
	order.RulebookHash = "other"
	_, err = do(c, workflows.JudgeBatch, order)
	if kindOf(err) != casework.Busy || c.first.Asked() != 0 {
		t.Errorf("by another rulebook: %v after %d requests", err, c.first.Asked())
	}
}

func TestAWorkerKilledBetweenAnswerAndRecordPaysOnceMoreAndFindsNothingTwice(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		kill  func(*court)
		asked int
	}{
		"before the answer is on record":  {func(c *court) { c.ledger.failEnds = 1 }, 4}, // one call is paid for twice
		"before the finding is on record": {func(c *court) { c.cascade.failSaves = 1 }, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCourt(t, false, many(3)...)
			test.kill(c)
			if _, err := do(c, workflows.JudgeBatch, c.order()); err == nil {
				t.Fatal("it was not killed")
			}
			result := done(c, workflows.JudgeBatch, c.order())
			if result.Shown != 3 || result.Found != 3 || len(c.findings()) != 3 {
				t.Errorf("came to %+v", result)
			}
			if c.first.Asked() != test.asked {
				t.Errorf("the model was asked %d times, want %d", c.first.Asked(), test.asked)
			}
			if n, broken, err := c.store.VerifyCalls(t.Context()); broken != nil || err != nil || n < 6 {
				t.Errorf("%d records of calls hold, broken at %v: %v", n, broken, err)
			}
		})
	}
}

func TestGatherLeavesToPeopleWhatIsBeyondTheShare(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		model string
		share float64
		want  casework.Gathering
		why   map[casework.ModelTrouble]int
	}{
		"without an endpoint": {"", 1, casework.Gathering{Undecided: 4, People: 2, Left: 2, Found: 2}, map[casework.ModelTrouble]int{casework.TroubleNone: 4}},
		"a quarter is asked":  {"m1", 0.25, casework.Gathering{Undecided: 4, Batches: []int{1}, People: 1, Left: 2, Found: 1}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCourt(t, false)
			c.plan.Model, c.plan.Share = test.model, test.share
			c.summon([]suspect{{"t-1", "你烦不烦。", rude, 0.9}, {"t-2", "爱办不办。", rude, 0.6}, {"t-3", "好。", rude, 0.4}, {"t-4", "好的。", rude, 0.2}})
			order := workflows.GatherOrder{Inspection: "i-1", RulebookHash: hash, Plan: c.plan, Touchpoints: 4}
			for range 2 { // the second finds it done
				got := done(c, workflows.GatherUndecided, order)
				if got.Undecided != test.want.Undecided || !slices.Equal(got.Batches, test.want.Batches) || got.People != test.want.People ||
					got.Left != test.want.Left || got.Found != test.want.Found {
					t.Errorf("gathered %+v, want %+v", got, test.want)
				}
			}
			if troubles := c.count().Troubles; len(troubles) != len(test.why) || troubles[casework.TroubleNone] != test.why[casework.TroubleNone] {
				t.Errorf("troubles %v", troubles)
			}
		})
	}
}
