package workflows

import (
	"cmp"
	"fmt"

	"go.temporal.io/sdk/workflow"

	"xiaobao/casework"
)

// mostSecondOpinions bounds the orders for second opinions, and leastDisputed
// is how many disputes make one worth it.
const (
	mostSecondOpinions = 12
	leastDisputed      = 50
)

// A judging is how far models have been asked in one inspection.
type judging struct {
	batches int
	of      int // touchpoints that a model is to be asked about
	before  int // findings made until then

	// stand says how batches stand; of some that were asked about together it
	// stands at the first.
	stand   map[int]casework.JudgeResult
	stopped casework.ModelTrouble // why models are asked no more
	long    bool                  // the history has grown long: nothing more is begun in this run
}

// sums are how many touchpoints a model was asked about, and the findings
// that came of it.
func (j *judging) sums() (asked, found int) {
	for n := range j.batches {
		asked, found = asked+j.stand[n+1].Asked, found+j.stand[n+1].Found
	}
	return asked, found
}

// stands takes in how some batches stand now.
func (i *inspection) stands(batches []int, result casework.JudgeResult) {
	for _, batch := range batches {
		delete(i.judging.stand, batch)
	}
	i.judging.stand[batches[0]] = result
	_, found := i.judging.sums()
	i.Found = i.judging.before + found
}

// judge asks models about what neither rules nor the local model decided, as
// far as the plan goes, and leaves the rest to people. An inspection drawn
// without a plan knows nothing of it. No model, or one that is away, never
// keeps an inspection from its end.
func (i *inspection) judge(ctx workflow.Context) error {
	if i.Judging != nil { // an earlier run began; drawn again, it is the same
		plan, err := DrawScope.Do(ctx, i.order)
		if err != nil {
			return err
		}
		i.plan = plan
	}
	if i.plan.Cascade == nil || !i.plan.has(casework.ByIndicators) {
		return nil
	}
	if i.Judging == nil {
		if err := i.record(ctx, casework.EventJudging, casework.InspectionTesting, casework.InspectionRecord{}); err != nil {
			return err
		}
	}
	gathered, err := GatherUndecided.Do(ctx, GatherOrder{
		Inspection: i.order.ID, RulebookHash: i.plan.RulebookHash, Plan: *i.plan.Cascade, Touchpoints: i.Touchpoints,
	})
	if err != nil {
		return err
	}
	if i.Judging == nil {
		i.Found += gathered.Found
		i.Judging = &JudgingState{Before: i.Found}
	}
	i.judging = &judging{batches: len(gathered.Batches), before: i.Judging.Before, stand: map[int]casework.JudgeResult{}}
	batches := make([][]int, len(gathered.Batches))
	for n, touchpoints := range gathered.Batches {
		batches[n] = []int{n + 1}
		i.judging.of += touchpoints
	}
	why, err := i.askModels(ctx, batches)
	if err != nil {
		return err
	}
	if i.plan.Cascade.Model == "" {
		why = casework.TroubleNone
	}
	i.judging, i.Judging = nil, nil
	return i.record(ctx, casework.EventJudged, casework.InspectionTesting, casework.InspectionRecord{Why: string(why)})
}

// askModels asks the first model about all batches and the second about what
// is disputed in them.
func (i *inspection) askModels(ctx workflow.Context, batches [][]int) (why casework.ModelTrouble, err error) {
	if err := i.round(ctx, JudgeBatch, "the model", batches); err != nil {
		return "", err
	}
	why, i.judging.stopped = cmp.Or(i.Judging.Why, i.judging.stopped), ""
	i.Judging.Why = why
	if err := i.round(ctx, SecondOpinion, "the second model", i.disputes(len(batches))); err != nil {
		return "", err
	}
	return cmp.Or(why, i.judging.stopped), nil
}

// disputes are the batches that hold disputes, put together so that few
// orders cover them all.
func (i *inspection) disputes(batches int) [][]int {
	total := 0
	for n := range batches {
		total += i.judging.stand[n+1].Disputed
	}
	enough := max(leastDisputed, (total+mostSecondOpinions-1)/mostSecondOpinions)
	var groups [][]int
	held := enough // the first dispute begins a group
	for n := range batches {
		disputed := i.judging.stand[n+1].Disputed
		if disputed == 0 {
			continue
		}
		if held >= enough {
			groups, held = append(groups, nil), 0
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], n+1)
		held += disputed
	}
	return groups
}

// round has a model asked about groups of batches, several at a time. When it
// is away past the plan's patience or may not be asked, nothing more is begun,
// and what is not decided is left to people.
func (i *inspection) round(ctx workflow.Context, ask Activity[JudgeOrder, casework.JudgeResult], whom string, groups [][]int) error {
	ask = patiently(ask, *i.plan.Cascade)
	unfinished := make([]bool, len(groups))
	err := several(ctx, len(groups), func(ctx workflow.Context, n int) error {
		summary := fmt.Sprintf("ask %s: part %d of %d", whom, n+1, len(groups))
		done, err := i.group(ctx, ask, summary, groups[n])
		unfinished[n] = !done
		return err
	})
	if err != nil {
		return err
	}
	var left []int
	for n, group := range groups {
		if unfinished[n] {
			left = append(left, group...)
		}
	}
	switch {
	case len(left) == 0:
		return nil
	case i.judging.long && i.judging.stopped == "":
		return errNewRun
	}
	result, err := LeaveToPeople.Do(ctx, LeaveOrder{
		Inspection: i.order.ID, RulebookHash: i.plan.RulebookHash, Plan: *i.plan.Cascade,
		Batches: left, Why: i.judging.stopped,
	})
	if err == nil {
		i.stands(left, result)
	}
	return err
}

// group has a model asked about some batches until nothing waits in them. It
// is not done when the model cannot be asked, or when a slow one has made the
// history so long that it is for a new run.
func (i *inspection) group(ctx workflow.Context, ask Activity[JudgeOrder, casework.JudgeResult], summary string, batches []int) (done bool, err error) {
	order := JudgeOrder{Inspection: i.order.ID, RulebookHash: i.plan.RulebookHash, Plan: *i.plan.Cascade, Batches: batches}
	for i.judging.stopped == "" && !i.judging.long {
		result, err := ask.About(ctx, summary, order)
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		if trouble, ok := troubleOf(err); ok {
			i.judging.stopped = cmp.Or(i.judging.stopped, trouble)
			return false, nil
		}
		if err != nil {
			return false, err
		}
		i.stands(batches, result)
		i.describe(ctx)
		if result.Waiting == 0 {
			return true, nil
		}
		i.judging.long = i.judging.long || workflow.GetInfo(ctx).GetContinueAsNewSuggested()
	}
	return false, nil
}
