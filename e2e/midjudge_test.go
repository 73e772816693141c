package e2e_test

import (
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"

	"xiaobao/casework"
	"xiaobao/llm/fakellm"
)

// Months of the same touchpoints but for a word of the customers, so that no
// answer about one serves for the other.
var (
	calm      = month{no: 10, all: 40, doubtful: 8, ruled: 2}
	disturbed = month{no: 11, all: 40, doubtful: 8, ruled: 2}
)

// testKilledWhileAsking kills the worker at the worst moments of asking: when
// it is about to get an answer, when it has just got one, and when it has just
// asked. Nothing is lost, and nothing is paid for more than it must.
func testKilledWhileAsking(t *testing.T, fake *endpoint) {
	fake.stop(t)
	here := fakellm.New(t, fakellm.Options{Listen: fake.address, Key: endpointKey})
	the.set(t, fake.settings("XIAOBAO_LLM_SHARE=0.2")...)
	officer := the.as(t, "officer")
	quiet := opened(officer, calm.begin(officer, "平静的月份").ID, judgedWithin)
	before := here.Asked()

	died := make(chan error)
	pid := the.pids(t)["worker"]
	kill := func() { died <- syscall.Kill(pid, syscall.SIGKILL) }
	honest := fakellm.Then(func(*fakellm.Request) {})
	steps := []fakellm.Step{
		{Name: "killed before the answer", Serve: func(x *fakellm.Exchange) { kill(); x.Send(x.Honest()) }},
		{Name: "killed after the answer", Serve: func(x *fakellm.Exchange) { x.Send(x.Honest()); kill() }},
		{Name: "killed without an answer", Serve: func(*fakellm.Exchange) { kill() }},
	}
	for _, step := range steps {
		here.Next(honest, step)
	}
	i := disturbed.begin(officer, "被打断的月份")
	for _, step := range steps {
		select {
		case err := <-died:
			if err != nil {
				t.Fatalf("%s: %v", step.Name, err)
			}
		case <-t.Context().Done():
			t.Fatal(t.Context().Err())
		}
		the.up(t)
		pid = the.pids(t)["worker"]
	}
	i = opened(officer, i.ID, restartWithin)

	attempts, paid := map[string]int{}, 0
	for _, e := range here.Journal()[before:] {
		about := fmt.Sprint(e.Request.Lines()) // no two touchpoints have the same words
		if attempts[about]++; attempts[about] > 2 {
			t.Errorf("the model was asked %d times about the same touchpoint", attempts[about])
		}
		if e.Whole {
			paid++
		}
	}
	if len(attempts) != disturbed.doubtful || paid > disturbed.doubtful+len(steps) {
		t.Errorf("%d answers were paid for, about %d touchpoints, want %d and at most one more for each of %d kills", paid, len(attempts), disturbed.doubtful, len(steps))
	}
	t.Logf("%d kills: %d requests, %d answers paid for, %d touchpoints", len(steps), here.Asked()-before, paid, len(attempts))
	if left := here.Left(); left != 0 {
		t.Errorf("%d moments to kill never came", left)
	}
	got, want := seenIn(officer, i.ID), seenIn(officer, quiet.ID)
	if !slices.Equal(got, want) || !strings.Contains(fmt.Sprint(want), string(casework.ByLLM)) {
		t.Errorf("the disturbed run found\n%s\nthe calm one\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	here.AssertResilient(t)
}

// seenIn is what the findings of a month say, apart from which month it is.
func seenIn(p person, inspection string) []string {
	p.t.Helper()
	var all []string
	for _, f := range findings(p, inspection, "candidate") {
		all = append(all, fmt.Sprint(f.Item, f.Indicator, f.Touchpoint[len("doubt-00"):], f.Level, f.Engine, f.Evidence, f.Basis, f.Version))
	}
	slices.Sort(all)
	return all
}
