package desk

import (
	"context"
	"slices"

	"xiaobao/casework"
	"xiaobao/workflows"
)

// A VerdictRequest is an officer's verdict on findings of one inspection.
type VerdictRequest struct {
	RequestID string // sent twice, decided once
	Verdict   casework.Verdict
	Findings  []string
	Reason    casework.DismissReason
	Note      string
	MergeInto string
	Overrule  bool // also what has been decided already, while the inspection is adjudicated
}

// Decide confirms, dismisses or merges findings. Those that somebody else
// decided in the meantime come back refused, unless the request overrules;
// the others are decided.
func (d *Desk) Decide(ctx context.Context, u casework.User, inspection string, r VerdictRequest) (workflows.VerdictResult, error) {
	none := workflows.VerdictResult{}
	if err := u.Permit(casework.DecideFindings); err != nil {
		return none, err
	}
	note, err := cleanNote(r.Note)
	if err != nil {
		return none, err
	}
	if err := r.onlyWhatCounts(); err != nil {
		return none, err
	}
	if err := casework.CheckVerdict(r.Verdict, r.Findings, r.Reason, r.MergeInto, note != ""); err != nil {
		return none, err
	}
	request, err := stepID(u, "decide", inspection, r.RequestID)
	if err != nil {
		return none, err
	}
	if _, err := d.mayTouch(ctx, u, casework.DecideFindings, inspection, "finding.decide", map[string]any{
		"verdict": r.Verdict, "reason": r.Reason, "findings": len(r.Findings), "first": r.Findings[0], "into": r.MergeInto, "overrule": r.Overrule,
	}); err != nil {
		return none, err
	}
	ref, err := d.note(ctx, u, "inspection/"+inspection, request, note)
	if err != nil {
		return none, err
	}
	return workflows.DecideFindings.Send(ctx, d.Temporal, workflows.InspectionWorkflowID(inspection), request,
		workflows.FindingsVerdict{
			By: u.ID, Verdict: r.Verdict, Findings: r.Findings, Reason: r.Reason, MergeInto: r.MergeInto, NoteRef: ref, Overrule: r.Overrule,
		})
}

// onlyWhatCounts takes out what does not belong to the verdict and refuses
// what is no id: all of it goes into the audit trail and into histories, where
// no free text may be.
func (r *VerdictRequest) onlyWhatCounts() error {
	if r.Verdict != casework.Dismiss {
		r.Reason = ""
	}
	if r.Verdict != casework.Merge {
		r.MergeInto = ""
	}
	ids := r.Findings
	if r.MergeInto != "" {
		ids = append(slices.Clone(ids), r.MergeInto)
	}
	for _, id := range ids {
		if !plain(id) {
			return casework.Errorf(casework.Invalid, "what was chosen is no finding").InChinese("所选内容不是有效的问题编号").WithCode("field:findings")
		}
	}
	return nil
}

// An AnswerRequest is a respondent's answer to a question.
type AnswerRequest struct {
	RequestID string
	Question  string
	Outcome   casework.ItemOutcome
	Note      string
}

// Answer answers a question of an inspection. The respondent named may
// answer, and so may officers.
func (d *Desk) Answer(ctx context.Context, u casework.User, r AnswerRequest) error {
	if err := u.Permit(casework.AnswerQuestions); err != nil {
		return err
	}
	note, err := cleanNote(r.Note)
	if err != nil {
		return err
	}
	if err := casework.CheckAnswer(r.Question, r.Outcome, note != ""); err != nil {
		return err
	}
	request, err := stepID(u, "answer", r.Question, r.RequestID)
	if err != nil {
		return err
	}
	q, err := d.question(ctx, u, r.Question)
	if err != nil {
		return err
	}
	if q.Respondent != u.ID && !u.May(casework.DecideFindings) {
		return casework.Errorf(casework.Denied, "this question was put to somebody else").
			InChinese("该问题由其他同事负责答复").WithCode("not_respondent")
	}
	if err := d.audit(ctx, u, "question.answer", "question/"+q.ID, map[string]any{"outcome": r.Outcome}); err != nil {
		return err
	}
	ref, err := d.note(ctx, u, "inspection/"+q.Inspection, request, note)
	if err != nil {
		return err
	}
	_, err = workflows.AnswerQuestion.Send(ctx, d.Temporal, workflows.InspectionWorkflowID(q.Inspection), request,
		workflows.QuestionAnswer{By: u.ID, Question: q.ID, Outcome: r.Outcome, NoteRef: ref})
	return err
}
