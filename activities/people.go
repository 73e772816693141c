package activities

import (
	"context"
	"fmt"

	"xiaobao/casework"
	"xiaobao/workflows"
)

// askPeople puts each question to whoever answers for that kind of unit, and
// to the officer who ordered the inspection where nobody does: a question
// without a respondent would never be answered.
func (a *Activities) askPeople(ctx context.Context, o workflows.AskOrder) (workflows.Asked, error) {
	items, err := a.Inspections.Plan(ctx, o.Inspection)
	if err != nil {
		return workflows.Asked{}, fmt.Errorf("read plan: %w", err)
	}
	var questions []casework.Question
	for _, item := range items {
		if item.Method != casework.ByAsking || item.Outcome == casework.ItemNotRun {
			continue
		}
		respondent, err := a.Inspections.Respondent(ctx, o.OrgID, item.Respondent)
		if err != nil {
			return workflows.Asked{}, fmt.Errorf("find respondent: %w", err)
		}
		if respondent == "" {
			respondent = o.OrderedBy
		}
		questions = append(questions, casework.Question{
			ID: casework.QuestionID(o.Inspection, item.Item), Inspection: o.Inspection, Item: item.Item,
			Title: item.Title, Text: item.Question, Respondent: respondent, Due: o.Due, Answer: casework.ItemWaiting,
		})
	}
	if err := a.Inspections.Ask(ctx, questions); err != nil {
		return workflows.Asked{}, fmt.Errorf("ask: %w", err)
	}
	return workflows.Asked{Questions: len(questions)}, nil
}

func (a *Activities) recordVerdict(ctx context.Context, o casework.VerdictOrder) (workflows.VerdictResult, error) {
	result, err := a.Inspections.RecordVerdict(ctx, o)
	if err != nil {
		return result, fmt.Errorf("record verdict: %w", err)
	}
	a.log().InfoContext(ctx, "verdict recorded", "inspection", o.Inspection, "verdict", o.Verdict,
		"decided", result.Decided, "refused", len(result.Refused), "left", result.Left)
	return result, nil
}

func (a *Activities) recordAnswer(ctx context.Context, o casework.AnswerOrder) (workflows.AnswerResult, error) {
	result, err := a.Inspections.RecordAnswer(ctx, o)
	if err != nil {
		return result, fmt.Errorf("record answer: %w", err)
	}
	return result, nil
}
