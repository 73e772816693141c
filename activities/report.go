package activities

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"go.temporal.io/sdk/activity"

	"xiaobao/casework"
	"xiaobao/workflows"
)

// openInspection writes down the order. The desk has done so already for what
// a person orders, with the name they gave it; a schedule has not.
func (a *Activities) openInspection(ctx context.Context, o workflows.InspectionOrder) (workflows.None, error) {
	checklist, ok := a.Rules.Checklist(o.Checklist)
	if !ok {
		return workflows.None{}, noChecklist(o.Checklist)
	}
	execution, begun := activity.GetInfo(ctx).WorkflowExecution, activity.GetInfo(ctx).ScheduledTime
	last := o.Scope.To.AddDate(0, 0, -1)
	err := a.Inspections.OpenInspection(ctx, casework.Inspection{
		ID:        o.ID,
		Name:      fmt.Sprintf("%s %s—%s", checklist.Title.Zh, casework.DayOf(o.Scope.From), casework.DayOf(last)),
		Checklist: o.Checklist, ChecklistVersion: stamp(checklist), Items: itemIDs(checklist, o.Items),
		Scope: o.Scope, Status: casework.InspectionOrdered, OrgID: o.OrgID,
		OrderedBy: o.OrderedBy, OrderedAt: begun, Schedule: o.Schedule,
		AdjudicateWithin: o.AdjudicateWithin, AnswerWithin: o.AnswerWithin,
		WorkflowID: execution.ID, RunID: execution.RunID,
	})
	if err != nil {
		return workflows.None{}, fmt.Errorf("open inspection: %w", err)
	}
	return workflows.None{}, nil
}

func (a *Activities) recordInspection(ctx context.Context, r casework.InspectionRecord) (casework.Remaining, error) {
	left, err := a.Inspections.RecordInspection(ctx, r)
	if err != nil {
		return left, fmt.Errorf("record inspection: %w", err)
	}
	a.log().InfoContext(ctx, "inspection moved on", "inspection", r.ID, "event", r.Event,
		"candidates", left.Candidates, "unanswered", left.Unanswered)
	return left, nil
}

// scoreInspection concludes every item by the rule it was drawn with, and
// weighs them.
func (a *Activities) scoreInspection(ctx context.Context, inspection string) (casework.InspectionScore, error) {
	tallies, err := a.Inspections.Tally(ctx, inspection)
	if err != nil {
		return casework.InspectionScore{}, fmt.Errorf("tally: %w", err)
	}
	verdicts := make([]casework.ItemVerdict, len(tallies))
	scores := make([]casework.ItemScore, len(tallies))
	weights := map[string]float64{}
	for n, tally := range tallies {
		verdicts[n], scores[n] = tally.Conclude(), tally.ScoreOf()
		weights[tally.Element] = tally.ElementWeight
	}
	score := casework.ScoreInspection(scores, weights)
	if err := a.Inspections.SaveScore(ctx, inspection, verdicts, score); err != nil {
		return casework.InspectionScore{}, fmt.Errorf("save score: %w", err)
	}
	return score, nil
}

// fileReport freezes the report. Filed before, it stays as it was filed then.
func (a *Activities) fileReport(ctx context.Context, inspection string) (workflows.ReportFiled, error) {
	activity.RecordHeartbeat(ctx)
	report, err := a.Reports.Canonical(ctx, inspection)
	if err != nil {
		return workflows.ReportFiled{}, fmt.Errorf("write report: %w", err)
	}
	activity.RecordHeartbeat(ctx)
	digest := sha256.Sum256(report)
	kept, err := a.Inspections.SaveReport(ctx, inspection, report, hex.EncodeToString(digest[:]))
	if err != nil {
		return workflows.ReportFiled{}, fmt.Errorf("save report: %w", err)
	}
	return workflows.ReportFiled{SHA256: kept}, nil
}
