package workflows

import (
	"go.temporal.io/sdk/workflow"

	"xiaobao/casework"
)

// mayDecide allows verdicts while the findings are open.
func (i *inspection) mayDecide(_ workflow.Context, v FindingsVerdict) error {
	if err := i.open(); err != nil {
		return err
	}
	return casework.CheckVerdict(v.Verdict, v.Findings, v.Reason, v.MergeInto, v.NoteRef != "")
}

// decide puts a verdict on file. Verdicts queue up, so that the count of what
// is left is that of the last one.
func (i *inspection) decide(ctx workflow.Context, v FindingsVerdict) (VerdictResult, error) {
	if err := i.desk.Lock(ctx); err != nil {
		return VerdictResult{}, err
	}
	defer i.desk.Unlock()
	if err := i.open(); err != nil { // it may have closed in the queue
		return VerdictResult{}, err
	}
	result, err := RecordVerdict.Do(ctx, casework.VerdictOrder{
		ID: workflow.GetCurrentUpdateInfo(ctx).ID, Inspection: i.order.ID, By: v.By, At: workflow.Now(ctx),
		Verdict: v.Verdict, Findings: v.Findings, Reason: v.Reason,
		MergeInto: v.MergeInto, NoteRef: v.NoteRef, Overrule: v.Overrule,
	})
	if err != nil {
		return VerdictResult{}, FromTemporal(err)
	}
	i.Candidates = result.Left
	i.describe(ctx)
	return result, nil
}

// mayAnswer allows answers while the findings are open, late ones too: a late
// answer is better than none.
func (i *inspection) mayAnswer(_ workflow.Context, a QuestionAnswer) error {
	if err := i.open(); err != nil {
		return err
	}
	return casework.CheckAnswer(a.Question, a.Outcome, a.NoteRef != "")
}

func (i *inspection) answerQuestion(ctx workflow.Context, a QuestionAnswer) (AnswerResult, error) {
	if err := i.desk.Lock(ctx); err != nil {
		return AnswerResult{}, err
	}
	defer i.desk.Unlock()
	if err := i.open(); err != nil {
		return AnswerResult{}, err
	}
	result, err := RecordAnswer.Do(ctx, casework.AnswerOrder{
		ID: workflow.GetCurrentUpdateInfo(ctx).ID, Inspection: i.order.ID, By: a.By, At: workflow.Now(ctx),
		Question: a.Question, Outcome: a.Outcome, NoteRef: a.NoteRef,
	})
	if err != nil {
		return AnswerResult{}, FromTemporal(err)
	}
	i.Unanswered = result.Left
	i.describe(ctx)
	return result, nil
}

// open refuses what is for the time of verdicts and answers only.
func (i *inspection) open() error {
	switch {
	case i.Cancellation != nil, i.Status.Final():
		return i.ended()
	case i.Submission != nil:
		return casework.Errorf(casework.Conflict, "the report has been submitted; it must be returned before anything is changed").
			InChinese("报告已提交复核，退回后才能修改").WithCode("submitted")
	case i.Status != casework.InspectionAdjudicating:
		return casework.Errorf(casework.Conflict, "testing is still under way; verdicts and answers are taken when it is done").
			InChinese("自动测试尚未完成，请在测试结束后认定问题或答复").WithCode("not_open")
	}
	return nil
}

// ended is what is said to whoever comes too late.
func (i *inspection) ended() error {
	s := i.Status
	if i.Cancellation != nil {
		s = casework.InspectionCancelled
	}
	return casework.Errorf(casework.Conflict, "this inspection has ended (%s)", s.English()).
		InChinese("本次检查已结束（%s）", s.Chinese()).WithCode("ended")
}

// maySubmit refuses a report with findings nobody has decided, and one with
// questions that may still be answered in time.
func (i *inspection) maySubmit(ctx workflow.Context, _ Submission) error {
	if i.answered(ctx) {
		return nil
	}
	if err := i.open(); err != nil {
		return err
	}
	switch {
	case i.Candidates > 0:
		return casework.Errorf(casework.Conflict, "%d findings still wait for a verdict; decide them before you submit the report", i.Candidates).
			InChinese("还有 %d 条问题待认定，全部认定后才能提交报告", i.Candidates).WithCode("candidates_left")
	case i.Unanswered > 0 && !i.Overdue:
		return casework.Errorf(casework.Conflict, "%d questions still wait for an answer until %s", i.Unanswered, casework.DayOf(i.Due)).
			InChinese("还有 %d 个问题未答复，请等待答复，或在 %s 到期后提交", i.Unanswered, casework.DayOf(i.Due)).WithCode("questions_open")
	}
	return nil
}

// submit is answered when the report is with the second person.
func (i *inspection) submit(ctx workflow.Context, s Submission) (InspectionStanding, error) {
	if !i.answered(ctx) {
		i.answer(ctx)
		i.Submission = &s
	}
	return i.when(ctx, func() bool { return i.Submission == nil || i.Status != casework.InspectionAdjudicating })
}

// mayConfirm wants a second person, and a reason from one who returns it.
func (i *inspection) mayConfirm(ctx workflow.Context, c Confirmation) error {
	if i.answered(ctx) {
		return nil
	}
	switch {
	case i.Cancellation != nil, i.Status.Final():
		return i.ended()
	case i.Status != casework.InspectionConfirming:
		return casework.Errorf(casework.Conflict, "the report has not been submitted yet").
			InChinese("报告尚未提交，暂不能复核").WithCode("not_submitted")
	case i.Confirmation != nil:
		return casework.Errorf(casework.Conflict, "someone else has just decided on this report").
			InChinese("该报告已由其他同事复核，请刷新页面").WithCode("confirmed")
	case !c.Accept && c.NoteRef == "":
		return casework.Errorf(casework.Invalid, "say why the report is returned").
			InChinese("退回报告时请填写理由").WithCode("field:note")
	}
	return casework.FourEyes(i.Submission.By, c.By)
}

// confirm is answered when the report is on file, or with the officers again.
func (i *inspection) confirm(ctx workflow.Context, c Confirmation) (InspectionStanding, error) {
	if !i.answered(ctx) {
		i.answer(ctx)
		i.Confirmation = &c
	}
	return i.when(ctx, func() bool { return i.Confirmation == nil || i.Status != casework.InspectionConfirming })
}

// mayCancel wants a reason, and an inspection that can still be cancelled.
func (i *inspection) mayCancel(ctx workflow.Context, c Cancellation) error {
	if i.answered(ctx) {
		return nil
	}
	switch {
	case i.Cancellation != nil, i.Status.Final():
		return i.ended()
	case i.accepted():
		return casework.Errorf(casework.Conflict, "the report has been confirmed and is being filed; it cannot be cancelled any more").
			InChinese("报告已复核通过，正在归档，不能再取消").WithCode("confirmed")
	case c.NoteRef == "":
		return casework.Errorf(casework.Invalid, "say why the inspection is cancelled").
			InChinese("取消检查时请填写理由").WithCode("field:note")
	}
	return nil
}

// cancel lets go of the work under way, and is answered when that is on file.
func (i *inspection) cancel(ctx workflow.Context, c Cancellation) (InspectionStanding, error) {
	if !i.answered(ctx) {
		i.answer(ctx)
		i.Cancellation = &c
		i.stop()
	}
	return i.when(ctx, func() bool { return i.Status.Final() })
}

// when tells where the inspection stands as soon as done holds, or before, if
// this run ends: then the next one carries out what was asked. Either comes,
// so that even a run cancelled meanwhile gives its answer.
func (i *inspection) when(ctx workflow.Context, done func() bool) (InspectionStanding, error) {
	ctx, _ = workflow.NewDisconnectedContext(ctx)
	err := workflow.Await(ctx, func() bool { return done() || i.leaving })
	return i.standing(i.order.ID), err
}
