package activities

import (
	"context"
	"fmt"

	"xiaobao/casework"
	"xiaobao/workflows"
)

// queryPage is how many findings of a query are in memory at once.
const queryPage = 500

// testByQuery runs the query of one item over what was drawn and makes each
// record it holds against the item a finding. What a query counts, it counts
// over all records; only what was drawn is held against the item.
func (a *Activities) testByQuery(ctx context.Context, t workflows.QueryTest) (workflows.ItemResult, error) {
	result := workflows.ItemResult{Item: t.Item, Outcome: casework.ItemWaiting}
	if err := a.sameRules(t.RulebookHash); err != nil {
		return result, err
	}
	item, err := a.planned(ctx, t.Inspection, t.Item)
	if err != nil {
		return result, err
	}
	if !a.Inspections.KnowsQuery(item.Query) { // planned by a worker that knew it
		why := casework.ItemVerdict{Item: t.Item, Outcome: casework.ItemNotRun, Why: casework.WhyUnknown("query", item.Query)}
		result.Outcome = casework.ItemNotRun
		if err := a.Inspections.SetItemOutcome(ctx, t.Inspection, why); err != nil {
			return result, fmt.Errorf("set outcome: %w", err)
		}
		return result, nil
	}
	defer alive(ctx)()
	var page []casework.Finding
	save := func(tested int) error {
		result.Found, err = a.Inspections.SaveItemFindings(ctx, t.Inspection, t.Item, tested, page)
		page = page[:0]
		return err
	}
	result.Tested, err = a.Inspections.RunDrawnQuery(ctx, item.Query, t.Inspection, item.Params, func(hit casework.QueryHit) error {
		if page = append(page, a.queryFinding(t.Inspection, item, hit)); len(page) < queryPage {
			return nil
		}
		return save(0)
	})
	if err != nil {
		return result, fmt.Errorf("run query %s: %w", item.Query, err)
	}
	if err := save(result.Tested); err != nil {
		return result, fmt.Errorf("save findings: %w", err)
	}
	return result, nil
}

// planned is one item of the plan.
func (a *Activities) planned(ctx context.Context, inspection, id string) (casework.PlannedItem, error) {
	items, err := a.Inspections.Plan(ctx, inspection)
	if err != nil {
		return casework.PlannedItem{}, fmt.Errorf("read plan: %w", err)
	}
	for _, item := range items {
		if item.Item == id {
			return item, nil
		}
	}
	return casework.PlannedItem{}, casework.Errorf(casework.NotFound, "inspection %s has no item %s", inspection, id).
		InChinese("本次检查没有检查项 %s", id)
}

// queryFinding makes a finding of what a query holds against a record. What a
// query counts is certain; whether it is a breach is for people to say.
func (a *Activities) queryFinding(inspection string, item casework.PlannedItem, hit casework.QueryHit) casework.Finding {
	return casework.Finding{
		ID:         casework.FindingID(inspection, item.Item, item.Query, hit.Touchpoint),
		Inspection: inspection, Item: item.Item, Indicator: item.Query, Title: item.Title,
		Touchpoint: hit.Touchpoint, Channel: hit.Channel, OccurredAt: hit.OccurredAt,
		OrgID: hit.OrgID, AgentID: hit.AgentID, CustomerID: hit.CustomerID, Product: hit.Product,
		Level: max(hit.Level, casework.Blue), Engine: casework.ByRule, Version: a.Rules.Version(), Certainty: 1,
		Basis: item.Basis, Facts: hit.Facts, Status: casework.FindingCandidate,
	}
}
