package activities

import (
	"context"
	"fmt"

	"xiaobao/casework"
	"xiaobao/workflows"
)

// How batches are cut: no smaller than leastInBatch as long as mostBatches
// allows, which bounds the history of an inspection.
const (
	leastInBatch = 50
	mostBatches  = 36
)

// peoplePage is how many undecided touchpoints are left to people at once.
const peoplePage = 100

// gatherUndecided shares out what neither rules nor the local model decided.
// What is beyond the share that models are asked about is left to people, or
// to nobody where it is too unlikely.
func (a *Activities) gatherUndecided(ctx context.Context, o workflows.GatherOrder) (casework.Gathering, error) {
	var none casework.Gathering
	if err := a.sameRules(o.RulebookHash); err != nil {
		return none, err
	}
	most, why := 0, casework.TroubleNone
	if o.Plan.Model != "" {
		most, why = int(o.Plan.Share*float64(o.Touchpoints)), ""
	}
	defer alive(ctx)()
	gathered, err := a.Cascade.GatherUndecided(ctx, o.Inspection, most, max(leastInBatch, (most+mostBatches-1)/mostBatches))
	if err != nil {
		return none, fmt.Errorf("gather undecided: %w", err)
	}
	result, left, err := a.leave(ctx, o.Inspection, []int{0}, o.Plan.Local, why)
	gathered.People, gathered.Left, gathered.Found = result.People, left, result.Found
	return gathered, err
}

// leaveToPeople leaves to people what no model has decided in some batches.
func (a *Activities) leaveToPeople(ctx context.Context, o workflows.LeaveOrder) (casework.JudgeResult, error) {
	if err := a.sameRules(o.RulebookHash); err != nil {
		return casework.JudgeResult{}, err
	}
	defer alive(ctx)()
	result, _, err := a.leave(ctx, o.Inspection, o.Batches, o.Plan.Local, o.Why)
	return result, err
}

// leave counts out what waits and is unlikely, and makes findings of the local
// model of the rest and of all that is disputed.
func (a *Activities) leave(ctx context.Context, inspection string, batches []int, local string, why casework.ModelTrouble) (casework.JudgeResult, int, error) {
	var none casework.JudgeResult
	left, err := a.Cascade.LeaveUnlikely(ctx, inspection, batches, why)
	if err != nil {
		return none, 0, fmt.Errorf("leave unlikely: %w", err)
	}
	items, err := a.Inspections.Plan(ctx, inspection)
	if err != nil {
		return none, 0, fmt.Errorf("read plan: %w", err)
	}
	c := newConclusions(a, inspection, items)
	for _, outcome := range []casework.JudgeOutcome{casework.JudgeWaiting, casework.JudgeDisputed} {
		if err := c.leaveAll(ctx, batches, outcome, local, why); err != nil {
			return none, 0, err
		}
	}
	result, err := a.Cascade.JudgeProgress(ctx, inspection, batches)
	if err != nil {
		return none, 0, fmt.Errorf("count judged: %w", err)
	}
	return result, left, nil
}

// leaveAll leaves all to people that stands at an outcome.
func (c *conclusions) leaveAll(ctx context.Context, batches []int, outcome casework.JudgeOutcome, local string, why casework.ModelTrouble) error {
	for {
		if err := goesOn(ctx); err != nil {
			return err
		}
		rows, err := c.Cascade.Undecided(ctx, c.inspection, batches, outcome, peoplePage)
		if err != nil {
			return fmt.Errorf("read undecided: %w", err)
		}
		if len(rows) == 0 {
			return nil
		}
		judged := make([]casework.Judged, len(rows))
		for n := range rows {
			judged[n] = c.left(&rows[n], local, why)
		}
		if _, err := c.Cascade.SaveJudged(ctx, c.inspection, judged); err != nil {
			return fmt.Errorf("save judged: %w", err)
		}
	}
}
