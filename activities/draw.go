package activities

import (
	"context"
	"fmt"
	"time"

	"go.temporal.io/sdk/activity"

	"xiaobao/casework"
	"xiaobao/workflows"
)

// chunks bounds the history of an inspection: each chunk is an activity, and
// an activity is up to six events. Small chunks show progress sooner.
var chunks = casework.ChunkPlan{Most: 80, Least: 1000}

// fewerChunks leave room in the history for the batches that models are asked
// about.
var fewerChunks = casework.ChunkPlan{Most: 40, Least: 1000}

// drawScope fixes what is inspected and how each item is tested.
func (a *Activities) drawScope(ctx context.Context, o workflows.InspectionOrder) (workflows.Draw, error) {
	if err := a.sameRules(o.RulebookHash); err != nil {
		return workflows.Draw{}, err
	}
	if err := o.Scope.Check(); err != nil {
		return workflows.Draw{}, err
	}
	checklist, ok := a.Rules.Checklist(o.Checklist)
	if !ok {
		return workflows.Draw{}, noChecklist(o.Checklist)
	}
	if err := a.Inspections.SavePlan(ctx, o.ID, a.planItems(checklist, o.Items)); err != nil {
		return workflows.Draw{}, fmt.Errorf("save plan: %w", err)
	}
	items, err := a.Inspections.Plan(ctx, o.ID) // an earlier attempt's, if there was one
	if err != nil {
		return workflows.Draw{}, fmt.Errorf("read plan: %w", err)
	}
	cascade, cut, err := a.fixCascade(ctx, o.ID)
	if err != nil {
		return workflows.Draw{}, err
	}
	defer alive(ctx)()
	drawing, err := a.Inspections.DrawScope(ctx, o.ID, o.Scope, cut)
	if err != nil {
		return workflows.Draw{}, fmt.Errorf("draw scope: %w", err)
	}
	draw := workflows.Draw{RulebookHash: a.RulesHash, Drawing: drawing, Cascade: cascade}
	for _, item := range items {
		draw.Items = append(draw.Items, workflows.PlannedItem{Item: item.Item, Method: item.Method, Outcome: item.Outcome})
	}
	return draw, nil
}

// fixCascade fixes what the inspection goes by beyond rules, and with that
// how finely its scope is cut. What an earlier attempt fixed stays.
func (a *Activities) fixCascade(ctx context.Context, inspection string) (*casework.CascadePlan, casework.ChunkPlan, error) {
	if a.Models == nil {
		return nil, chunks, nil
	}
	plan, err := a.cascadePlan(ctx)
	if err != nil {
		return nil, chunks, err
	}
	if plan, err = a.Cascade.FixCascade(ctx, inspection, plan); err != nil {
		return nil, chunks, fmt.Errorf("fix cascade: %w", err)
	}
	if plan == nil {
		return nil, chunks, nil
	}
	return plan, fewerChunks, nil
}

// aliveEvery is how often a long statement in the database tells Temporal
// that it goes on. It is well below the heartbeat timeout.
const aliveEvery = 5 * time.Second

// alive sends heartbeats until the function it gives is called, for work that
// waits for one answer of the database. Cancellation comes back through ctx.
func alive(ctx context.Context) (stop func()) {
	done := make(chan struct{})
	go func() {
		ticker := time.NewTicker(aliveEvery)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				activity.RecordHeartbeat(ctx)
			case <-done:
				return
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() { close(done) }
}
