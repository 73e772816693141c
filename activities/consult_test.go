package activities_test

import (
	"encoding/json"
	"strings"
	"testing"

	"xiaobao/casework"
	"xiaobao/llm"
	"xiaobao/llm/fakellm"
	"xiaobao/privacy"
	"xiaobao/workflows"
)

// letter is a document with people in it.
var letter = casework.Document{
	Text:  "客户：我叫欧阳建国，电话13912345678。贵行客服爱办不办，我要投诉，请在三天内答复。\n坐席：好的，已经为您登记。",
	Names: []string{"欧阳建国"}, Channel: casework.ServiceCall,
}

// ask puts a consultation on file.
func (c *court) ask(p casework.Purpose, d casework.Document) workflows.ConsultationOrder {
	c.t.Helper()
	check(c.t, c.store.AddConsultation(c.t.Context(), casework.Consultation{ID: "k-1", Purpose: p, OrgID: "HQ", By: "u-li", At: monday}, d))
	return workflows.ConsultationOrder{ID: "k-1", Purpose: p}
}

func (c *court) consultation() casework.Consultation {
	c.t.Helper()
	kept, err := c.store.Consultation(c.t.Context(), "k-1")
	check(c.t, err)
	return kept
}

func TestAConsultationIsAnsweredByAModelAndKeptMasked(t *testing.T) {
	t.Parallel()
	c := newCourt(t, false)
	order := c.ask(casework.ToSummarise, letter)
	for range 2 { // an attempt whose answer was lost
		closing := done(c, workflows.AnswerConsultation, order)
		if closing.Status != casework.ConsultationAnswered || closing.Engine != casework.ByLLM || closing.Trouble != "" {
			t.Errorf("closed as %+v", closing)
		}
	}
	kept := c.consultation()
	if c.first.Asked() != 1 || !strings.HasPrefix(kept.Version, fakellm.Answerer+"@summary.v1#") || kept.EndedAt == nil {
		t.Errorf("asked %d times, kept %+v", c.first.Asked(), kept)
	}
	for _, secret := range []string{"欧阳建国", "13912345678"} {
		if strings.Contains(string(kept.Answer), secret) {
			t.Errorf("the answer on file holds %q: %s", secret, kept.Answer)
		}
	}
	sealed, err := c.store.PrivacyMap(t.Context(), "consultation/k-1")
	check(t, err)
	tokens, err := privacy.Open(c.acts.Models.Key, "consultation/k-1", sealed)
	check(t, err)
	whole, err := casework.MapWords(kept.Answer, tokens.Unmask)
	check(t, err)
	var answer casework.SummaryAnswer
	check(t, json.Unmarshal(whole, &answer))
	text := []rune(letter.Text)
	for _, s := range answer.Statements {
		for _, e := range s.Evidence {
			if e.Quote != string(text[e.Start:e.End]) {
				t.Errorf("evidence %+v does not stand in the document", e)
			}
		}
	}
	c.first.Gold("欧阳建国", "13912345678")
	c.first.AssertResilient(t)
}

func TestEveryPurposeIsAnsweredWithAndWithoutAModel(t *testing.T) {
	t.Parallel()
	figures := `[{"name":"投诉量","value":12,"unit":"件"}]`
	for _, p := range casework.Purposes() {
		for name, endpoint := range map[string]bool{"with": true, "without": false} {
			t.Run(string(p)+" "+name, func(t *testing.T) {
				t.Parallel()
				c := newCourt(t, false)
				c.acts.Models.Options = func(p casework.Purpose) []llm.Option {
					if p == casework.ToReview {
						return []llm.Option{{ID: "M01", Title: "保本保收益"}}
					}
					return []llm.Option{{ID: "A1", Title: "电话", Group: "A"}, {ID: "B1", Title: "贷款", Group: "B"}, {ID: "C1", Title: "服务态度", Group: "C"}}
				}
				if !endpoint {
					c.acts.Models.First = nil
				}
				d := letter
				if p == casework.ToLookBack {
					d.Context = figures
				} else if p == casework.ToCheckProof {
					d.Context = "整改客服态度，提交培训记录"
				}
				closing, err := do(c, workflows.AnswerConsultation, c.ask(p, d))
				if err != nil {
					t.Fatal(err)
				}
				kept := c.consultation()
				if closing.Status != casework.ConsultationAnswered || len(kept.Answer) < 2 || kept.Version == "" || kept.Engine == "" {
					t.Errorf("kept %+v", kept)
				}
				if !endpoint && (kept.Engine != casework.ByRule || kept.Trouble != casework.TroubleNone) {
					t.Errorf("without an endpoint it was answered by %s, because of %q", kept.Engine, kept.Trouble)
				}
			})
		}
	}
}

func TestAConsultationDoesNotWaitForAModelThatCannotBeAsked(t *testing.T) {
	t.Parallel()
	for fault, test := range map[string]struct {
		trouble  casework.ModelTrouble
		attempts int // that end with another try
	}{
		"quota": {casework.TroubleQuota, 0}, "inspection": {casework.TroubleFiltered, 0}, "key_wrong": {casework.TroubleRefuses, 0},
		"overloaded": {casework.TroubleAway, 1},
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			c := newCourt(t, false)
			c.first.Always(fakellm.Any, fakellm.Fault(fault))
			order := c.ask(casework.ToSummarise, letter)
			closing, err := do(c, workflows.AnswerConsultation, order)
			if test.attempts > 0 {
				if got := c.trouble(err); got != test.trouble {
					t.Errorf("said %q", got)
				}
				return
			}
			if err != nil || closing.Engine != casework.ByRule || closing.Trouble != test.trouble || c.consultation().Trouble != test.trouble {
				t.Errorf("closed as %+v, %v", closing, err)
			}
		})
	}
}

func TestAConsultationThatNothingCanAnswerFailsOnce(t *testing.T) {
	t.Parallel()
	c := newCourt(t, false)
	c.acts.Models.First = nil
	order := c.ask(casework.ToReview, casework.Document{Text: " "})
	if _, err := do(c, workflows.AnswerConsultation, order); kindOf(err) != casework.Invalid {
		t.Errorf("met %v", err)
	}
	for range 2 {
		if closing := done(c, workflows.FailConsultation, order); closing.Status != casework.ConsultationFailed {
			t.Errorf("closed as %+v", closing)
		}
	}
	if kept := c.consultation(); kept.EndedAt == nil || kept.Answer != nil {
		t.Errorf("kept %+v", kept)
	}
}

func TestQuotesAreKeptMaskedByWhatTheWholeTextTells(t *testing.T) {
	t.Parallel()
	c := newCourt(t, false)
	c.acts.Models.First = nil
	order := c.ask(casework.ToSummarise, casework.Document{
		Text: "我叫赵铁柱。2026年3月2日，赵铁柱投诉多扣利息500元，要求退还。我的手机号是138\n0013\n8000。", Channel: casework.ServiceCall,
	})
	done(c, workflows.AnswerConsultation, order)
	kept := string(c.consultation().Answer)
	if !strings.Contains(kept, "投诉多扣利息") || strings.Contains(kept, "铁柱") || strings.Contains(kept, "0013") {
		t.Errorf("kept %s", kept)
	}
}
