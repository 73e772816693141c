package llm_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode"

	"xiaobao/casework"
	"xiaobao/llm"
	"xiaobao/llm/fakellm"
)

const fakeKey = "sk-fake-0123456789abcdef"

// A bench is a model whose endpoint is the fake one.
type bench struct {
	*fakellm.Server
	*llm.Model
	kept *llm.Memory
}

// against opens a model that stands before a fake endpoint.
func against(t testing.TB, o fakellm.Options, changes ...func(*llm.Endpoint)) *bench {
	t.Helper()
	o.Key, o.Secrets = fakeKey, []string{fakeKey}
	b := &bench{Server: fakellm.New(t, o), kept: llm.NewMemory()}
	b.Model = b.again(t, b.kept, changes...)
	return b
}

// again opens another model before the same endpoint.
func (b *bench) again(t testing.TB, l llm.Ledger, changes ...func(*llm.Endpoint)) *llm.Model {
	t.Helper()
	e := llm.Endpoint{
		BaseURL: b.URL, Key: fakeKey, Model: fakellm.Answerer, Dialect: llm.Dialect(b.Server.Dialect()), Timeout: 20 * time.Second,
		PerSecond: 100_000, AtOnce: 16,
	}
	if b.Server.Dialect() == fakellm.VLLMLegacy {
		e.Dialect = llm.VLLM
	}
	for _, change := range changes {
		change(&e)
	}
	m, err := llm.Open(e, l, masker(t))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func hasty(e *llm.Endpoint) { e.Timeout = 250 * time.Millisecond }

// conversation is a call with one thing to find, said by the agent.
func conversation() *casework.Touchpoint {
	return &casework.Touchpoint{ID: "tp-1", Channel: casework.TelemarketingCall, Turns: []casework.Turn{
		{Speaker: casework.Agent, Text: "您好，这里是惠民消费金融的客服，请问您近期有资金需要吗？"},
		{Speaker: casework.Consumer, Text: "我征信不太好，上一家也说包过，最后没批下来。"},
		{Speaker: casework.Agent, Text: "我们家不一样，您资料交上来百分百通过，当天就到账。"},
		{Speaker: casework.Consumer, Text: "那我考虑一下，明天再说吧。"},
	}}
}

// suspects are the candidates of conversation: only the first shows.
func suspects() []llm.Candidate {
	agent := []casework.Speaker{casework.Agent, casework.Bot}
	return []llm.Candidate{
		{Indicator: "tm_guaranteed_approval", Title: "承诺包过、必下款", Means: "在审批决定作出之前，把结果说成已经确定的事", Speakers: agent},
		{Indicator: "tm_over_borrowing_inducement", Title: "诱导过度借贷", Means: "劝没有需要的人多借或反复借", Speakers: agent},
		{Indicator: "col_threat_violence", Title: "暴力威胁", Means: "以伤害人身、财产或上门滋扰相威胁", Speakers: agent},
	}
}

func doubt(t *casework.Touchpoint) llm.JudgeQuestion {
	return llm.JudgeQuestion{Touchpoint: t, Candidates: suspects()}
}

// insist asks as the procedures do: again while it helps, at most six times,
// after the wait that was asked for, which it declares instead of sleeping.
func (b *bench) insist(ctx context.Context, q llm.JudgeQuestion) (casework.TouchpointAnswer, llm.Answer, error) {
	var all error
	for range 6 {
		verdict, answer, err := b.Judge(ctx, q)
		if err == nil {
			return verdict, answer, nil
		}
		all = err
		if !llm.Retryable(llm.TroubleOf(err)) {
			break
		}
		wait, _ := llm.RetryAfter(err)
		b.Declare(wait)
	}
	return casework.TouchpointAnswer{}, llm.Answer{}, all
}

// soundVerdict checks what must hold of every verdict, whatever the model
// said: each candidate once, a yes with evidence, and evidence that is the
// original's own words, said by whoever it says, who may show it.
func soundVerdict(t testing.TB, q llm.JudgeQuestion, verdict casework.TouchpointAnswer) {
	t.Helper()
	if len(verdict.Judgements) != len(q.Candidates) {
		t.Fatalf("%d judgements about %d candidates", len(verdict.Judgements), len(q.Candidates))
	}
	for i, j := range verdict.Judgements {
		c := q.Candidates[i]
		if j.Indicator != c.Indicator {
			t.Errorf("judgement %d is about %s", i, j.Indicator)
		}
		if j.Shown == casework.Yes && len(j.Evidence) == 0 {
			t.Errorf("%s shows without evidence", j.Indicator)
		}
		if j.Certainty <= 0 || j.Certainty >= 1 {
			t.Errorf("%s is certain to %v", j.Indicator, j.Certainty)
		}
		for _, e := range j.Evidence {
			soundEvidence(t, q.Touchpoint, e, c.Speakers)
		}
	}
}

func soundEvidence(t testing.TB, tp *casework.Touchpoint, e casework.Evidence, speakers []casework.Speaker) {
	t.Helper()
	original := []rune(tp.Content())
	if e.Start < 0 || e.Start >= e.End || e.End > len(original) {
		t.Errorf("evidence from %d to %d of %d characters", e.Start, e.End, len(original))
		return
	}
	if got := string(original[e.Start:e.End]); got != e.Quote {
		t.Errorf("the evidence says %q, the original %q", e.Quote, got)
	}
	at, speaker := 0, casework.Speaker("")
	for _, turn := range tp.Turns {
		end := at + len([]rune(turn.Text))
		if e.Start >= at && e.End <= end {
			speaker = turn.Speaker
		}
		at = end + 1
	}
	if speaker == "" || speaker != e.Speaker {
		t.Errorf("the evidence is of %q, who said it is %q", e.Speaker, speaker)
	}
	for _, s := range speakers {
		if s == speaker {
			return
		}
	}
	if len(speakers) > 0 {
		t.Errorf("words of %s are taken against %v", speaker, speakers)
	}
}

// quietError checks that an error tells nothing of the text or the key.
func quietError(t testing.TB, err error, tp *casework.Touchpoint) {
	t.Helper()
	for e := err; e != nil; e = errors.Unwrap(e) {
		words := e.Error() + casework.Words(e) + casework.WordsZh(e)
		if strings.Contains(words, fakeKey) || strings.Contains(words, "127.0.0.1") {
			t.Errorf("the error holds the key or the address: %s", words)
		}
		for _, turn := range tp.Turns {
			runes := []rune(turn.Text)
			for i := 0; i+6 <= len(runes); i++ {
				if six := string(runes[i : i+6]); !strings.ContainsFunc(six, notHan) && strings.Contains(words, six) {
					t.Errorf("the error quotes the text: %s", words)
					return
				}
			}
		}
	}
}

func notHan(r rune) bool { return !unicode.Is(unicode.Han, r) }
