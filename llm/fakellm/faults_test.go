package fakellm_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"xiaobao/llm/fakellm"
)

func TestEveryRowOfTheMatrixHasItsFaults(t *testing.T) {
	t.Parallel()
	for _, row := range []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 14} {
		if len(fakellm.FaultsOfRow(row)) == 0 {
			t.Errorf("row %d has none", row)
		}
	}
	names := fakellm.Faults()
	slices.Sort(names)
	if len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("a name stands twice in %v", names)
	}
	if _, err := fakellm.FaultNamed("weather"); err == nil || !strings.Contains(err.Error(), "limit_seconds") {
		t.Errorf("an unknown fault: %v", err)
	}
}

// endless are the faults that wait for their client to go away.
var endless = []string{"no_headers", "no_body", "half_body"}

// A client that goes away must not leave anything running, whatever the fault.
func TestEveryFaultEndsWhenItsClientGoesAway(t *testing.T) {
	t.Parallel()
	sent := must(t, call(t))
	for _, name := range fakellm.Faults() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := fakellm.New(t, fakellm.Options{})
			ctx, leave := context.WithCancel(t.Context())
			defer leave()
			ended := make(chan struct{})
			s.Next(fakellm.Step{Name: name, Serve: func(x *fakellm.Exchange) {
				defer close(ended)
				if slices.Contains(endless, name) {
					leave()
				}
				fakellm.Fault(name).Serve(x)
			}})
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL+"/chat/completions", bytes.NewReader(sent))
			if err != nil {
				t.Fatal(err)
			}
			c := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
			if resp, err := c.Do(req); err == nil {
				_, _ = io.CopyN(io.Discard, resp.Body, 1<<20) // cut short, as the client is
				_ = resp.Body.Close()
			}
			<-ended
			if s.Last().Step != name || s.Left() != 0 {
				t.Errorf("the journal says %+v", s.Last())
			}
		})
	}
}

func TestHeldAnswersComeWhenTheTestSaysSo(t *testing.T) {
	t.Parallel()
	s := fakellm.New(t, fakellm.Options{})
	open, came := make(chan struct{}), make(chan reply, 1)
	s.Next(fakellm.Then(func(*fakellm.Request) {}), fakellm.Held(open))
	post(t, s, call(t))
	go func() { came <- post(t, s, call(t)) }()
	select {
	case <-came:
		t.Fatal("it came before it was let go")
	default:
	}
	close(open)
	if got := <-came; got.status != http.StatusOK {
		t.Errorf("status %d", got.status)
	}
}

func TestScriptsAreForTheRequestsTheyMatch(t *testing.T) {
	t.Parallel()
	s := fakellm.New(t, fakellm.Options{})
	s.Script(fakellm.Holding("打包票"), fakellm.Say("{}"), fakellm.Fault("broken"))
	s.Always(fakellm.ForPrompt("summary"), fakellm.Fault("balance"))
	other := question(prompt(t, "judge"), candidates, "坐席：您好。")
	summary := question(prompt(t, "summary"), "", "客户：您好，我想退钱。")
	for i, test := range []struct {
		ask  body
		want int
	}{{other, 200}, {call(t), 200}, {call(t), 500}, {call(t), 200}, {summary, 402}, {summary, 402}} {
		if got := post(t, s, test.ask); got.status != test.want {
			t.Errorf("request %d: status %d, want %d", i+1, got.status, test.want)
		}
	}
	s.Honestly()
	if got := post(t, s, summary); got.status != http.StatusOK {
		t.Errorf("honestly: status %d", got.status)
	}
}

func TestLiesAreSeededAndDiffer(t *testing.T) {
	t.Parallel()
	s := fakellm.New(t, fakellm.Options{})
	honest := post(t, s, call(t)).content(t)
	if len(fakellm.Lies()) < 45 {
		t.Errorf("there are %d lies only", len(fakellm.Lies()))
	}
	for _, kind := range fakellm.Lies() {
		said := map[string]bool{}
		for seed := range uint64(6) {
			s.Next(fakellm.Lie(kind, seed), fakellm.Lie(kind, seed))
			first, again := post(t, s, call(t)).content(t), post(t, s, call(t)).content(t)
			if first != again {
				t.Errorf("%s: seed %d says two things", kind, seed)
			}
			said[first] = true
		}
		if len(said) == 1 && said[honest] {
			t.Errorf("%s is no lie: %s", kind, honest)
		}
	}
}

func TestTheProgramPrintsItsAddressAndTakesOrders(t *testing.T) {
	t.Parallel()
	bin := t.TempDir() + "/fakellmd"
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", bin, "./fakellmd").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if out, err := exec.CommandContext(t.Context(), bin, "--fault", "weather").CombinedOutput(); err == nil || !strings.Contains(string(out), "no fault is called") {
		t.Errorf("an unknown fault: %v, %s", err, out)
	}
	cmd := exec.CommandContext(t.Context(), bin, "--dialect", "deepseek", "--fault", "balance")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // killed: there is nothing to learn from how it ended
	}()
	address := make([]byte, 200)
	n, err := out.Read(address)
	if err != nil {
		t.Fatal(err)
	}
	root := strings.TrimSuffix(strings.TrimSpace(string(address[:n])), "/v1")
	for path, order := range map[string]string{"/faults": "broken\n", "/gold": "阿依古丽\n", "/v1/chat/completions": string(must(t, call(t)))} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, root+path, strings.NewReader(order))
		if err != nil {
			t.Fatal(err)
		}
		do(t, req)
	}
	if journal := get(t, root+"/journal?bodies=yes"); !strings.Contains(journal, `"step":"balance"`) || !strings.Contains(journal, `"dialect":"deepseek"`) || !strings.Contains(journal, "打包票") {
		t.Errorf("journal: %s", journal)
	}
}

func must(t *testing.T, v any) []byte {
	t.Helper()
	sent, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return sent
}
