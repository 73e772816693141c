package workflows_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"go.temporal.io/sdk/temporal"

	"xiaobao/casework"
	"xiaobao/workflows"
)

// models stand in for what judges beyond rules: batches of touchpoints, of
// which a model sees something in one of ten.
type models struct {
	r        *registry
	plan     casework.CascadePlan
	batches  []int
	disputes int                                          // in each batch
	slow     int                                          // how many goes each batch takes
	refuse   func(call int, o workflows.JudgeOrder) error // of the first model, by call from 1
	second   error                                        // what the second model meets
	goes     map[int]int                                  // by batch
	calls    int
	asked    []workflows.JudgeOrder
	opinions []workflows.JudgeOrder
	left     []workflows.LeaveOrder
	block    chan struct{} // JudgeBatch does not come back by itself
}

// withModels has the registry's inspection drawn with a cascade.
func withModels(r *registry, batches ...int) *models {
	m := &models{
		r: r, plan: casework.CascadePlan{Local: "char@1#a", Model: "m", Share: 0.05, Patience: "20m"},
		batches: batches, slow: 1, goes: map[int]int{},
	}
	r.draw.Cascade = &m.plan
	return m
}

func (m *models) serves(e env) {
	m.r.serves(e)
	work(e, m.r, workflows.GatherUndecided, func(o workflows.GatherOrder) (casework.Gathering, error) {
		g := casework.Gathering{Undecided: 500, People: 3, Left: 7, Found: 3}
		if o.Plan.Model != "" {
			g.Batches = m.batches
		}
		m.r.candidates += g.Found
		return g, nil
	})
	serve(e, workflows.JudgeBatch, func(o workflows.JudgeOrder) (casework.JudgeResult, error) {
		if m.block != nil {
			<-m.block
		}
		m.r.Lock()
		defer m.r.Unlock()
		m.calls++
		m.r.calls[workflows.JudgeBatch.Name]++
		if m.refuse != nil {
			if err := m.refuse(m.calls, o); err != nil {
				return casework.JudgeResult{}, err
			}
		}
		m.asked = append(m.asked, o)
		return m.judged(o.Batches[0]), nil
	})
	work(e, m.r, workflows.SecondOpinion, func(o workflows.JudgeOrder) (casework.JudgeResult, error) {
		if m.second != nil {
			return casework.JudgeResult{}, m.second
		}
		m.opinions = append(m.opinions, o)
		n := len(o.Batches)
		m.r.candidates += n * m.disputes
		return casework.JudgeResult{Asked: 50 * n, Shown: (5 + m.disputes) * n, Cleared: (45 - m.disputes) * n, Found: (5 + m.disputes) * n}, nil
	})
	work(e, m.r, workflows.LeaveToPeople, func(o workflows.LeaveOrder) (casework.JudgeResult, error) {
		m.left = append(m.left, o)
		m.r.candidates += len(o.Batches)
		return casework.JudgeResult{People: len(o.Batches), Found: len(o.Batches)}, nil
	})
}

// judged is how a batch of fifty stands after one more go.
func (m *models) judged(batch int) casework.JudgeResult {
	m.goes[batch]++
	done := m.goes[batch]
	asked := 50 * done / m.slow
	if done == 1 {
		m.r.candidates += 5
	}
	return casework.JudgeResult{
		Asked: asked, Shown: 5, Cleared: asked - 5 - m.disputes, Disputed: m.disputes, Waiting: 50 - asked, Found: 5,
	}
}

// people is what people do in the end.
func people(e env) {
	for _, h := range []happening{{day, decideAll}, {2 * day, answerIt}, {3 * day, submit}, {4 * day, accept}} {
		e.on(h.on, h.do)
	}
}

var judgedEvents = strings.Fields("drawing testing judging judged adjudicating submitted confirmed reported")

func TestInspectAsksModelsAboutWhatIsUndecided(t *testing.T) {
	t.Parallel()
	away := func(int, workflows.JudgeOrder) error { return workflows.ModelFailure(casework.TroubleAway, 0) }
	for name, test := range map[string]struct {
		set      func(*models)
		why      casework.ModelTrouble
		asked    int // orders that the model carried out
		opinions int
		left     []int // batches left to people
	}{
		"all goes well":              {func(*models) {}, "", 3, 0, nil},
		"the model takes long":       {func(m *models) { m.slow = 5 }, "", 15, 0, nil},
		"without an endpoint":        {func(m *models) { m.plan.Model = "" }, casework.TroubleNone, 0, 0, nil},
		"disputed by a second model": {func(m *models) { m.plan.Second, m.disputes = "m2", 3 }, "", 3, 1, nil},
		"the second model is away": {func(m *models) {
			m.plan.Second, m.disputes, m.second = "m2", 3, workflows.ModelFailure(casework.TroubleQuota, 0)
		}, casework.TroubleQuota, 3, 0, []int{1, 2, 3}},
		"away for a while": {func(m *models) {
			m.refuse = func(call int, _ workflows.JudgeOrder) error {
				if call > 1 && call < 9 {
					return workflows.ModelFailure(casework.TroubleAway, 30*time.Second)
				}
				return nil
			}
		}, "", 3, 0, nil},
		"away past all patience": {func(m *models) { m.refuse = away }, casework.TroubleAway, 0, 0, []int{1, 2, 3}},
		"switched off in the middle": {func(m *models) {
			m.refuse = func(_ int, o workflows.JudgeOrder) error {
				if o.Batches[0] > 1 {
					return workflows.ModelFailure(casework.TroubleOff, 0)
				}
				return nil
			}
		}, casework.TroubleOff, 1, 0, []int{2, 3}},
		"the budget is spent": {func(m *models) {
			m.refuse = func(int, workflows.JudgeOrder) error { return workflows.ModelFailure(casework.TroubleBudget, 0) }
		}, casework.TroubleBudget, 0, 0, []int{1, 2, 3}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, r := newEnv(t), newRegistry()
			m := withModels(r, 50, 50, 50)
			test.set(m)
			m.serves(e)
			e.on(day, func(e env) { r.Lock(); r.candidates = 0; r.Unlock() })
			people(e)

			e.ExecuteWorkflow(workflows.InspectName, order())

			if got := result[workflows.InspectionClosing](e); got.Status != casework.InspectionReported {
				t.Errorf("ended %q", got.Status)
			}
			if got := r.events(); !slices.Equal(got, judgedEvents) {
				t.Errorf("recorded %v", got)
			}
			if got := r.step(casework.EventJudged).Why; got != string(test.why) {
				t.Errorf("kept from it by %q, want %q", got, test.why)
			}
			if len(m.asked) != test.asked || len(m.opinions) != test.opinions {
				t.Errorf("%d orders carried out and %d second opinions, want %d and %d", len(m.asked), len(m.opinions), test.asked, test.opinions)
			}
			var left []int
			for _, o := range m.left {
				left = append(left, o.Batches...)
				if o.Why != test.why {
					t.Errorf("left to people because of %q", o.Why)
				}
			}
			if !slices.Equal(left, test.left) {
				t.Errorf("left to people: %v, want %v", left, test.left)
			}
		})
	}
}

func TestADeadEndpointIsNotTriedBatchAfterBatch(t *testing.T) {
	t.Parallel()
	for trouble, most := range map[casework.ModelTrouble]int{casework.TroubleQuota: 4, casework.TroubleRefuses: 4, casework.TroubleLeak: 4} {
		e, r := newEnv(t), newRegistry()
		m := withModels(r, slices.Repeat([]int{50}, 36)...)
		m.refuse = func(int, workflows.JudgeOrder) error { return workflows.ModelFailure(trouble, 0) }
		m.serves(e)
		e.on(day, func(e env) { r.Lock(); r.candidates = 0; r.Unlock() })
		people(e)

		e.ExecuteWorkflow(workflows.InspectName, order())

		result[workflows.InspectionClosing](e)
		if m.calls > most || len(m.left) != 1 || len(m.left[0].Batches) != 36 {
			t.Errorf("%s: tried %d times, left %d orders", trouble, m.calls, len(m.left))
		}
	}
}

func TestPatienceWithAModelEndsInTime(t *testing.T) {
	t.Parallel()
	e, r := newEnv(t), newRegistry()
	m := withModels(r, slices.Repeat([]int{50}, 36)...)
	m.refuse = func(int, workflows.JudgeOrder) error { return workflows.ModelFailure(casework.TroubleAway, 0) }
	m.serves(e)
	e.on(day, func(e env) { r.Lock(); r.candidates = 0; r.Unlock() })
	people(e)

	e.ExecuteWorkflow(workflows.InspectName, order())

	result[workflows.InspectionClosing](e)
	waited := r.step(casework.EventJudged).At.Sub(r.step(casework.EventJudging).At)
	// This environment gives an activity ten attempts; a server goes on to the end.
	if waited < 3*time.Minute || waited > 25*time.Minute {
		t.Errorf("waited %v for a model, with a patience of 20m", waited)
	}
}

func TestInspectIsCancelledWhileAModelIsAsked(t *testing.T) {
	t.Parallel()
	e, r := newEnv(t), newRegistry()
	m := withModels(r, 50, 50)
	m.block = make(chan struct{})
	t.Cleanup(func() { close(m.block) })
	m.serves(e)
	e.during(workflows.JudgeBatch.Name, cancel)

	e.ExecuteWorkflow(workflows.InspectName, order())

	if got := result[workflows.InspectionClosing](e); got.Status != casework.InspectionCancelled {
		t.Errorf("ended %q", got.Status)
	}
	if got := r.last(); got.By != "u-li" || got.NoteRef != "n-2" || len(m.left) != 0 {
		t.Errorf("cancelled by %q with note %q, %d orders left to people", got.By, got.NoteRef, len(m.left))
	}
}

func TestAnInspectionThatCannotSaveJudgementsEnds(t *testing.T) {
	t.Parallel()
	e, r := newEnv(t), newRegistry()
	m := withModels(r, 50)
	m.refuse = func(int, workflows.JudgeOrder) error {
		return temporal.NewNonRetryableApplicationError("no such table", "broken", nil)
	}
	m.serves(e)

	e.ExecuteWorkflow(workflows.InspectName, order())

	if err := e.GetWorkflowError(); err == nil || r.last().Status != casework.InspectionCancelled {
		t.Errorf("ended with %v as %s", err, r.last().Status)
	}
}

func TestTheTemporalUITellsHowFarModelsAreAsked(t *testing.T) {
	t.Parallel()
	e, r := newEnv(t), newRegistry()
	m := withModels(r, 50, 50)
	m.slow = 2
	var told []string
	m.serves(e)
	m.refuse = func(call int, _ workflows.JudgeOrder) error {
		if call == 4 {
			e.RegisterDelayedCallback(func() {
				standing, err := e.QueryWorkflow(workflows.InspectionStatus.Name)
				var s workflows.InspectionStanding
				if err != nil || standing.Get(&s) != nil {
					t.Error(err)
				}
				told = append(told, fmt.Sprint(s.Found))
			}, 0)
		}
		return nil
	}
	e.on(day, func(e env) { r.Lock(); r.candidates = 0; r.Unlock() })
	people(e)

	e.ExecuteWorkflow(workflows.InspectName, order())

	result[workflows.InspectionClosing](e)
	// 3 chunks and a query with a finding each, 3 left to people at once, 5 of each batch.
	if len(told) == 0 || told[0] != "17" && told[0] != "12" {
		t.Errorf("told %v findings", told)
	}
}

func TestConsultEndsWithAnAnswerOrSaysThatThereIsNone(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer error
		want   casework.ConsultationStatus
	}{
		"answered":             {nil, casework.ConsultationAnswered},
		"nothing could answer": {casework.Errorf(casework.Invalid, "the document has no text"), casework.ConsultationFailed},
		"no worker in time":    {workflows.ModelFailure(casework.TroubleAway, time.Minute), casework.ConsultationFailed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t)
			serve(e, workflows.AnswerConsultation, func(o workflows.ConsultationOrder) (workflows.ConsultationClosing, error) {
				return workflows.ConsultationClosing{ID: o.ID, Status: casework.ConsultationAnswered, Engine: casework.ByRule, Trouble: casework.TroubleNone}, workflows.ToTemporal(test.answer)
			})
			serve(e, workflows.FailConsultation, func(o workflows.ConsultationOrder) (workflows.ConsultationClosing, error) {
				return workflows.ConsultationClosing{ID: o.ID, Status: casework.ConsultationFailed}, nil
			})

			e.ExecuteWorkflow(workflows.ConsultName, workflows.ConsultationOrder{ID: "k-1", Purpose: casework.ToReview})

			if got := result[workflows.ConsultationClosing](e); got.Status != test.want || got.ID != "k-1" {
				t.Errorf("came to %+v", got)
			}
			if waited := e.Now().Sub(start); waited > 11*time.Minute {
				t.Errorf("waited %v", waited)
			}
		})
	}
}

// TestASlowModelDoesNotOutgrowTheHistory has a model take many goes: the run
// hands on what it knows before Temporal would end it.
func TestASlowModelDoesNotOutgrowTheHistory(t *testing.T) {
	t.Parallel()
	e, r := newEnv(t), newRegistry()
	m := withModels(r, 50, 50, 50, 50, 50, 50)
	m.slow = 6
	m.plan.Second, m.disputes = "m2", 3
	m.serves(e)
	e.during(workflows.JudgeBatch.Name, grow)
	e.ExecuteWorkflow(workflows.InspectName, order())

	next := carriedOver[workflows.InspectionOrder](e)
	before := m.calls
	if next.Carried == nil || next.Carried.Judging == nil || next.Carried.Status != casework.InspectionTesting || before > 14 {
		t.Fatalf("carried %+v after %d goes", next.Carried, before)
	}
	r.Lock()
	asked := len(m.opinions)
	r.Unlock()

	again := newEnv(t)
	again.SetStartTime(start.Add(3 * day))
	m.serves(again)
	again.on(day, func(env) { r.Lock(); r.candidates = 0; r.Unlock() })
	people(again)
	again.ExecuteWorkflow(workflows.InspectName, next)

	if got := result[workflows.InspectionClosing](again); got.Status != casework.InspectionReported {
		t.Errorf("ended %q", got.Status)
	}
	if got := r.events(); !slices.Equal(got, judgedEvents) {
		t.Errorf("recorded %v: nothing is done twice", got)
	}
	if len(m.opinions) == asked || len(m.left) != 0 {
		t.Errorf("%d second opinions before, %d after, left %v", asked, len(m.opinions), m.left)
	}
}
