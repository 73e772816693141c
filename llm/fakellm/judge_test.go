package fakellm_test

import (
	"strings"
	"testing"
	"time"

	"xiaobao/llm/fakellm"
)

func TestTheJudgeFindsWhatAClientDoesWrong(t *testing.T) {
	t.Parallel()
	limit, quota, filter := fakellm.Fault("limit_seconds"), fakellm.Fault("quota"), fakellm.Fault("finish_filter")
	for name, test := range map[string]struct {
		steps []fakellm.Step
		asks  int
		said  string // more in the message
		want  string // empty: nothing to find
	}{
		"a good client":             {nil, 3, "", ""},
		"comes back too early":      {[]fakellm.Step{limit}, 2, "", "asked to wait 7s"},
		"asks an empty account":     {[]fakellm.Step{quota}, 2, "", "refused for good"},
		"asks what was filtered":    {[]fakellm.Step{filter}, 2, "", "refused for good"},
		"never gives up":            {repeat(fakellm.Fault("broken"), 7), 7, "", "more than 6 attempts"},
		"gives up in time":          {repeat(fakellm.Fault("broken"), 6), 6, "", ""},
		"sends a mobile number":     {nil, 1, "电话13812345678", "personal data: mobile"},
		"sends an identity number":  {nil, 1, "证件11010519491231002X", "personal data: id_card"},
		"sends a registered name":   {nil, 1, "找阿依古丽", "registered as number 1"},
		"sends its key in the text": {nil, 1, "sk-fake-secret", "a secret outside"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := fakellm.New(t, fakellm.Options{Secrets: []string{"sk-fake-secret"}})
			s.Gold("阿依古丽")
			s.Next(test.steps...)
			b := call(t)
			if test.said != "" {
				b = b.with(body{"messages": append(b["messages"].([]body), body{"role": "user", "content": test.said})})
			}
			for range test.asks {
				post(t, s, b)
			}
			found := strings.Join(s.Verdict(), "\n")
			if test.want == "" && found != "" || !strings.Contains(found, test.want) {
				t.Errorf("found %q, want %q", found, test.want)
			}
		})
	}
}

func repeat(step fakellm.Step, n int) []fakellm.Step {
	steps := make([]fakellm.Step, n)
	for i := range steps {
		steps[i] = step
	}
	return steps
}

func TestTheJudgeHearsWhatAClientDeclares(t *testing.T) {
	t.Parallel()
	for declared, want := range map[time.Duration]int{7 * time.Second: 0, 6 * time.Second: 1} {
		s := fakellm.New(t, fakellm.Options{})
		s.Next(fakellm.Fault("limit_seconds"))
		post(t, s, call(t))
		s.Declare(declared)
		post(t, s, call(t))
		if got := s.Verdict(); len(got) != want {
			t.Errorf("declared %s: found %q", declared, got)
		}
	}
}

func TestEveryFormOfALimitAsksToWaitAsLong(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"limit_seconds", "limit_fraction", "limit_date", "limit_milliseconds"} {
		s := fakellm.New(t, fakellm.Options{})
		s.Next(fakellm.Fault(name))
		post(t, s, call(t))
		if got := s.Last().RetryAfter; got < fakellm.Long || got > fakellm.Long+time.Second {
			t.Errorf("%s asks to wait %s", name, got)
		}
	}
}

// A recorder is a test that is expected to fail.
type recorder struct {
	testing.TB
	faults []string
}

// Helper does nothing.
func (r *recorder) Helper() {}

// Error notes a failure.
func (r *recorder) Error(args ...any) { r.faults = append(r.faults, args[0].(string)) }

// Errorf notes a failure.
func (r *recorder) Errorf(format string, _ ...any) { r.faults = append(r.faults, format) }

func TestOnlyAnswersGivenInFullMayBeAccepted(t *testing.T) {
	t.Parallel()
	s := fakellm.New(t, fakellm.Options{})
	s.Next(fakellm.Fault("finish_length_whole"))
	cut := post(t, s, call(t)).content(t)
	r := &recorder{TB: t}
	s.Accepted(r, []byte(cut))
	if len(r.faults) != 1 {
		t.Errorf("an answer that ended for want of tokens was accepted: %q", r.faults)
	}
	whole := post(t, s, call(t)).content(t)
	s.Accepted(t, []byte(whole))
	s.Next(fakellm.Fault("quota"))
	post(t, s, call(t))
	post(t, s, call(t))
	r = &recorder{TB: t}
	s.AssertResilient(r)
	if len(r.faults) != 1 || !strings.Contains(r.faults[0], "refused for good") {
		t.Errorf("the test was told %q", r.faults)
	}
}
