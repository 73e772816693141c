package activities

import (
	"context"
	"log/slog"
	"runtime"
	"sync"

	"go.temporal.io/sdk/worker"

	"xiaobao/casework"
	"xiaobao/rulebook"
	"xiaobao/workflows"
)

// A Rules is the rulebook as far as activities read it.
type Rules interface {
	Indicator(id string) (*rulebook.Indicator, bool)
	Checklist(id string) (*rulebook.Checklist, bool)
	Version() string
}

// A Screener screens one touchpoint after another. It is for one goroutine.
type Screener interface {
	// Only limits the screener to some indicators; nil means all.
	Only(indicators []string)
	// Screen tells which indicators show in the touchpoint; nil if none do.
	Screen(t *casework.Touchpoint) []casework.Signal
}

// Activities are what the activities work with. All fields but Log
// and those about models must be set before they are registered.
type Activities struct {
	Inspections Inspections
	Reports     Reports
	Rules       Rules
	RulesHash   string          // of Rules: inspections name it, so that they are tested by one rulebook throughout
	NewScreener func() Screener // of the engine compiled from Rules
	Log         *slog.Logger    // nil: the default one

	Models        *Models       // nil: inspections go by rules alone
	Cascade       Cascade       // with Models
	Consultations Consultations // with Models

	once  sync.Once
	cores chan struct{} // one for each goroutine that may screen just now
}

// Register names the work behind every activity that needs no language model. The compiler checks that
// each takes and gives what the workflows expect.
func (a *Activities) Register(r worker.ActivityRegistry) {
	workflows.OpenInspection.Register(r, a.openInspection)
	workflows.RecordInspection.Register(r, a.recordInspection)
	workflows.DrawScope.Register(r, a.drawScope)
	workflows.TestTouchpoints.Register(r, a.testTouchpoints)
	workflows.TestByQuery.Register(r, a.testByQuery)
	workflows.AskPeople.Register(r, a.askPeople)
	workflows.RecordVerdict.Register(r, a.recordVerdict)
	workflows.RecordAnswer.Register(r, a.recordAnswer)
	workflows.ScoreInspection.Register(r, a.scoreInspection)
	workflows.FileReport.Register(r, a.fileReport)
	workflows.GatherUndecided.Register(r, a.gatherUndecided)
	workflows.LeaveToPeople.Register(r, a.leaveToPeople)
	workflows.FailConsultation.Register(r, a.failConsultation)
}

// RegisterFirst names the work that needs the first model, for the worker on
// its queue.
func (a *Activities) RegisterFirst(r worker.ActivityRegistry) {
	workflows.JudgeBatch.Register(r, a.judgeBatch)
	workflows.AnswerConsultation.Register(r, a.answerConsultation)
}

// RegisterSecond names the work that needs the second model.
func (a *Activities) RegisterSecond(r worker.ActivityRegistry) {
	workflows.SecondOpinion.Register(r, a.secondOpinion)
}

// core waits for a core to screen on and gives back what frees it. All
// activities of the process share them, so that many chunks at once do not
// crowd out everything else.
func (a *Activities) core(ctx context.Context) (free func(), err error) {
	a.once.Do(func() { a.cores = make(chan struct{}, runtime.GOMAXPROCS(0)) })
	select {
	case a.cores <- struct{}{}:
		return func() { <-a.cores }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// sameRules refuses to go on with an inspection by another rulebook than it
// was drawn by. It is tried again until a worker with that rulebook is there,
// or someone cancels the inspection.
func (a *Activities) sameRules(hash string) error {
	if hash == "" || hash == a.RulesHash {
		return nil
	}
	return casework.Errorf(casework.Busy,
		"this inspection is tested by rulebook %.8s, and this worker has %.8s; start a worker with that rulebook, or cancel the inspection and order it anew",
		hash, a.RulesHash).
		InChinese("本次检查使用的规则库版本（%.8s）与当前版本（%.8s）不一致，请恢复该版本，或取消后重新发起检查", hash, a.RulesHash).
		WithCode("rulebook_changed")
}

func (a *Activities) log() *slog.Logger {
	if a.Log == nil {
		return slog.Default()
	}
	return a.Log
}
