package activities_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	sdk "go.temporal.io/sdk/worker"

	"xiaobao/activities"
	"xiaobao/casework"
	"xiaobao/llm"
	"xiaobao/llm/fakellm"
	"xiaobao/privacy"
	"xiaobao/rulebook"
	"xiaobao/screening"
	"xiaobao/store"
	"xiaobao/store/storetest"
	"xiaobao/unaided"
	"xiaobao/worker"
	"xiaobao/workflows"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

// monday is when the touchpoints of these tests happened.
var monday = time.Date(2026, 3, 2, 10, 0, 0, 0, casework.Beijing)

// Indicators of these tests. Their levels decide what one model may say alone.
const (
	rude    = "cs_poor_attitude"      // yellow
	stopped = "cs_obstruct_complaint" // orange
	threat  = "col_threat_violence"   // red
)

// A ledger is the store's, which fails when it is told to.
type ledger struct {
	*store.Store
	mu       sync.Mutex
	failEnds int // ends of calls that are not written down
}

func (l *ledger) AppendCall(ctx context.Context, call casework.ModelCall, answer []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if call.Stage == casework.CallEnded && l.failEnds > 0 {
		l.failEnds--
		return errors.New("killed")
	}
	return l.Store.AppendCall(ctx, call, answer)
}

// A cascade is the store's, which fails when it is told to.
type cascade struct {
	*store.Store
	failSaves int
}

func (c *cascade) SaveJudged(ctx context.Context, inspection string, all []casework.Judged) (int, error) {
	if c.failSaves > 0 {
		c.failSaves--
		return 0, errors.New("killed")
	}
	return c.Store.SaveJudged(ctx, inspection, all)
}

// A court is an inspection on a real database, with undecided touchpoints and
// models over real HTTP, whose answers are keywords.
type court struct {
	*testsuite.TestActivityEnvironment
	t       *testing.T
	store   *store.Store
	ledger  *ledger
	cascade *cascade
	first   *fakellm.Server
	second  *fakellm.Server
	acts    *activities.Activities
	plan    casework.CascadePlan
}

// A suspect is an undecided touchpoint: who says what, and what is suspected.
type suspect struct {
	id        string
	said      string // by the agent
	indicator string
	certainty float64
}

func newCourt(t *testing.T, second bool, suspects ...suspect) *court {
	t.Helper()
	book, err := rulebook.Builtin()
	check(t, err)
	engine, err := screening.Compile(book)
	check(t, err)
	quiet := slog.New(slog.DiscardHandler)
	suite := new(testsuite.WorkflowTestSuite)
	suite.SetLogger(log.NewStructuredLogger(quiet))
	s := storetest.New(t)
	c := &court{
		TestActivityEnvironment: suite.NewTestActivityEnvironment(), t: t, store: s, ledger: &ledger{Store: s}, cascade: &cascade{Store: s},
		first: fakellm.New(t, fakellm.Options{}), plan: casework.CascadePlan{Local: "char@1#a", Model: "m1", Share: 1},
	}
	c.SetWorkerOptions(sdk.Options{Interceptors: []interceptor.WorkerInterceptor{worker.Errors()}})
	masker := privacy.NewMasker(nil)
	c.acts = &activities.Activities{
		Inspections: s, Rules: book, RulesHash: hash, Log: quiet, Cascade: c.cascade, Consultations: s,
		NewScreener: func() activities.Screener { return engine.NewScreener() },
		Models: &activities.Models{
			First:   c.model(llm.Primary, "m1", c.first, masker),
			Unaided: unaided.New(book, engine), UnaidedVersion: unaided.Version, Masker: masker, Key: []byte(strings.Repeat("k", 32)),
		},
	}
	if second {
		c.second, c.plan.Second = fakellm.New(t, fakellm.Options{}), "m2"
		c.acts.Models.Second = c.model(llm.Second, "m2", c.second, masker)
	}
	c.acts.Register(c)
	c.acts.RegisterFirst(c)
	c.acts.RegisterSecond(c)
	c.open()
	if len(suspects) > 0 {
		c.summon(suspects)
		_, err := s.GatherUndecided(t.Context(), "i-1", len(suspects), 50)
		check(t, err)
	}
	return c
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (c *court) model(id, name string, server *fakellm.Server, masker *privacy.Masker) *llm.Model {
	c.t.Helper()
	m, err := llm.Open(llm.Endpoint{ID: id, BaseURL: server.URL, Model: name, PerSecond: 1000, AtOnce: 4, Timeout: 5 * time.Second}, c.ledger, masker)
	check(c.t, err)
	return m
}

// scope holds all the suspects.
var scope = casework.Scope{From: monday.AddDate(0, 0, -1), To: monday.AddDate(0, 0, 1)}

// open puts the inspection on file.
func (c *court) open() {
	c.t.Helper()
	check(c.t, c.store.CreateInspection(c.t.Context(), casework.Inspection{
		ID: "i-1", Name: "检查", Checklist: "annual", Scope: scope, OrgID: "HQ", OrderedBy: "u-li", OrderedAt: monday, WorkflowID: "inspection/i-1",
	}))
	check(c.t, c.store.SavePlan(c.t.Context(), "i-1", []casework.PlannedItem{
		{Item: "I-1", Element: "CO", Title: "服务", Weight: 1, Method: casework.ByIndicators, Outcome: casework.ItemWaiting, Indicators: []string{rude, stopped, threat}},
	}))
	_, err := c.store.AddCustomers(c.t.Context(), []casework.Customer{{ID: "c-1", Name: "欧阳建国"}})
	check(c.t, err)
}

// summon puts the suspects on file, as testing their chunk would.
func (c *court) summon(suspects []suspect) {
	c.t.Helper()
	ctx := c.t.Context()
	var batch []casework.Touchpoint
	var undecided []casework.Undecided
	for n, s := range suspects {
		batch = append(batch, casework.Touchpoint{
			ID: s.id, Channel: casework.CollectionCall, OccurredAt: monday.Add(time.Duration(n) * time.Minute), CustomerID: "c-1",
			Text: "坐席：您好，是欧阳建国吗，电话13912345678。\n客户：是我，有什么事。\n坐席：" + s.said,
		})
		undecided = append(undecided, casework.Undecided{Touchpoint: s.id, Suspicions: []casework.Suspicion{
			{Indicator: s.indicator, Certainty: s.certainty, Evidence: []casework.Evidence{{Start: 0, End: 2, Quote: "坐席"}}},
		}})
	}
	_, err := c.store.AddTouchpoints(ctx, "", batch)
	check(c.t, err)
	drawn, err := c.store.DrawScope(ctx, "i-1", scope, casework.ChunkPlan{Most: 1, Least: len(batch)})
	check(c.t, err)
	_, err = c.store.FixCascade(ctx, "i-1", &c.plan)
	check(c.t, err)
	_, err = c.store.SaveChunkPage(ctx, casework.ChunkPage{
		Inspection: "i-1", Chunk: 1, Upto: drawn.Chunks[0].Upto, Tested: len(batch), Undecided: undecided, Done: true,
	})
	check(c.t, err)
}

// order asks about the first batch.
func (c *court) order() workflows.JudgeOrder {
	return workflows.JudgeOrder{Inspection: "i-1", RulebookHash: hash, Plan: c.plan, Batches: []int{1}}
}

// do does an activity and decodes what it gives.
func do[In, Out any](c *court, a workflows.Activity[In, Out], in In) (Out, error) {
	var out Out
	value, err := c.ExecuteActivity(a.Name, in)
	if err != nil {
		return out, err
	}
	return out, value.Get(&out)
}

// done is do for what has to succeed.
func done[In, Out any](c *court, a workflows.Activity[In, Out], in In) Out {
	c.t.Helper()
	out, err := do(c, a, in)
	check(c.t, err)
	return out
}

// findings are all there are, by touchpoint.
func (c *court) findings() map[string][]casework.Finding {
	c.t.Helper()
	page, err := c.store.Findings(c.t.Context(), casework.FindingFilter{Inspection: "i-1"}, casework.PageRequest{Limit: 500})
	check(c.t, err)
	found := map[string][]casework.Finding{}
	for _, f := range page.Rows {
		found[f.Touchpoint] = append(found[f.Touchpoint], f)
	}
	return found
}

func (c *court) count() casework.CascadeCount {
	c.t.Helper()
	count, err := c.store.Cascade(c.t.Context(), "i-1")
	check(c.t, err)
	return *count
}

// failure is how an activity failed, as the workflow sees it, without a word
// of anybody's.
func (c *court) failure(err error) *temporal.ApplicationError {
	c.t.Helper()
	e, ok := errors.AsType[*temporal.ApplicationError](err)
	if !ok {
		c.t.Fatalf("met %v", err)
	}
	for _, secret := range []string{"欧阳", "139", "烦不烦", "走着瞧"} {
		if strings.Contains(err.Error(), secret) {
			c.t.Errorf("the failure tells %q: %v", secret, err)
		}
	}
	return e
}

// trouble is what a failure says of the model.
func (c *court) trouble(err error) casework.ModelTrouble {
	c.t.Helper()
	e := c.failure(err)
	var trouble casework.ModelTrouble
	if e.Type() != "model" || e.Details(&trouble) != nil {
		c.t.Errorf("met %v of type %q", err, e.Type())
	}
	return trouble
}
