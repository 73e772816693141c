package llm_test

import (
	"encoding/json"
	"fmt"
	"sync/atomic"
	"testing"

	"xiaobao/casework"
	"xiaobao/llm"
	"xiaobao/llm/fakellm"
)

// liedAbout are calls that a model lies about, each with another thing said.
func liedAbout() []*casework.Touchpoint {
	list := []*casework.Touchpoint{conversation()}
	for i, said := range []string{
		"这笔钱您先借出来放着，额度都提出来，以后想用就用。", "你这个老赖，今天必须把4350.5元还清。", "法院的人已经在路上了，您自己看着办吧。",
		"今天是优惠的最后一天，错过就没有了，赶紧点确认。", "这款稳赚不亏的，张经理自己都买了二十万。",
	} {
		list = append(list, &casework.Touchpoint{ID: fmt.Sprint("tp-", i+2), Channel: casework.CollectionCall, Turns: []casework.Turn{
			{Speaker: casework.Agent, Text: "您好，请问是尾号0213的机主吗？"},
			{Speaker: casework.Consumer, Text: "是我，你们怎么又打来了，我不是说过别再打了吗？"},
			{Speaker: casework.Agent, Text: said},
			{Speaker: casework.Consumer, Text: "你刚才说的我都录音了，我会去投诉的。"},
			{Speaker: casework.Agent, Text: "好的好的，您请便。"},
		}})
	}
	return list
}

// liars never leave a finding: whatever they quote stands nowhere, or with
// somebody whose words count for nothing here.
var liars = map[string]bool{
	"quote_invented": true, "quote_stitched": true, "quote_of_example": true, "quote_of_instruction": true, "quote_of_facts": true, "quote_of_customer": true,
	"quote_of_no_line": true, "quote_empty": true, "quote_blank": true, "quote_mark": true, "quote_pattern": true, "quote_denied": true,
	"token_invented": true, "evidence_none": true, "label_unknown": true, "label_of_instruction": true, "enum_unknown": true,
	"certainty_a_number": true, "certainty_in_words": true, "key_extra": true, "key_missing": true, "type_wrong": true, "type_null": true,
	"said_twice": true, "left_out": true, "root_extra": true, "greets": true, "repeats": true, "recites": true, "translates": true, "shell": true,
	"answers_twice": true, "canary": true, "truncated": true,
}

// A thousand wrong answers and more: what comes out of each stands in the
// text, or nothing comes out.
func TestNoLieBecomesAFinding(t *testing.T) {
	t.Parallel()
	const seeds = 20
	var lied, refused, findings atomic.Int64
	t.Run("all", func(t *testing.T) {
		for _, kind := range fakellm.Lies() {
			t.Run(kind, func(t *testing.T) {
				t.Parallel()
				b := against(t, fakellm.Options{})
				for seed := range uint64(seeds) {
					b.Honestly()
					b.Always(fakellm.Any, fakellm.Lie(kind, seed))
					tp := liedAbout()[seed%6]
					q := doubt(tp)
					verdict, answer, err := b.again(t, llm.NewMemory()).Judge(t.Context(), q)
					lied.Add(1)
					if err != nil {
						refused.Add(1)
						if trouble := llm.TroubleOf(err); trouble != casework.TroubleBadOutput && trouble != casework.TroubleUngrounded {
							t.Fatalf("seed %d: %v", seed, err)
						}
						quietError(t, err, tp)
						continue
					}
					soundVerdict(t, q, verdict)
					soundQuotes(t, tp, answer)
					for _, j := range verdict.Judgements {
						if j.Shown != casework.Yes {
							continue
						}
						findings.Add(1)
						if liars[kind] {
							t.Errorf("seed %d: %s shows by %+v", seed, j.Indicator, j.Evidence)
						}
					}
				}
			})
		}
	})
	t.Logf("%d wrong answers: %d refused, %d true findings in the others", lied.Load(), refused.Load(), findings.Load())
	if lied.Load() < 1000 {
		t.Errorf("%d wrong answers are too few", lied.Load())
	}
	if refused.Load() == 0 || findings.Load() == 0 {
		t.Error("all were refused, or none: the lies are of one kind")
	}
}

// soundQuotes locates every quotation of an accepted answer: it stands in the
// utterance that it names, or is not found.
func soundQuotes(t testing.TB, tp *casework.Touchpoint, answer llm.Answer) {
	t.Helper()
	var said struct {
		Judgements []struct {
			Evidence []llm.Quoted `json:"evidence"`
		} `json:"judgements"`
	}
	if err := json.Unmarshal(answer.JSON, &said); err != nil {
		t.Fatal(err)
	}
	utterances := answer.Grounds.Utterances()
	for _, j := range said.Judgements {
		for _, quoted := range j.Evidence {
			e, ok := answer.Grounds.Locate(quoted)
			if !ok {
				continue
			}
			soundEvidence(t, tp, e, nil)
			inside := false
			for _, u := range utterances {
				inside = inside || e.Start >= u.Start && e.End <= u.Start+len([]rune(u.Text)) && u.Speaker == e.Speaker
			}
			if !inside {
				t.Errorf("%q of %s is found at %d–%d, in no utterance", quoted.Anchor, quoted.Utterance, e.Start, e.End)
			}
		}
	}
}

// A lie in the first round and the truth in the second: the truth counts.
func TestALieIsMendedByTheSecondRound(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"quote_invented", "quote_of_example", "token_invented", "enum_unknown", "left_out", "greets", "truncated", "canary"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			b := against(t, fakellm.Options{})
			b.Next(fakellm.Lie(kind, 7))
			q := doubt(conversation())
			verdict, answer, err := b.Judge(t.Context(), q)
			if err != nil {
				t.Fatal(err)
			}
			soundVerdict(t, q, verdict)
			b.Accepted(t, answer.JSON)
			if verdict.Judgements[0].Shown != casework.Yes || !answer.Call.Repaired || b.Asked() != 2 {
				t.Errorf("after %d requests: %+v", b.Asked(), verdict)
			}
			b.AssertResilient(t)
		})
	}
}
