package activities

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"go.temporal.io/sdk/activity"

	"xiaobao/casework"
	"xiaobao/llm"
	"xiaobao/prompts"
	"xiaobao/rulebook"
	"xiaobao/workflows"
)

// atATime is how many undecided touchpoints are in memory at once.
const atATime = 10

// judgeBatch asks the first model about what waits in a batch.
func (a *Activities) judgeBatch(ctx context.Context, o workflows.JudgeOrder) (casework.JudgeResult, error) {
	var model *llm.Model
	if a.Models != nil {
		model = a.Models.First
	}
	return a.judge(ctx, o, model, o.Plan.Model, casework.JudgeWaiting)
}

// secondOpinion asks the second model about what is disputed in some batches.
func (a *Activities) secondOpinion(ctx context.Context, o workflows.JudgeOrder) (casework.JudgeResult, error) {
	var model *llm.Model
	if a.Models != nil {
		model = a.Models.Second
	}
	return a.judge(ctx, o, model, o.Plan.Second, casework.JudgeDisputed)
}

// A jury asks one model about the undecided touchpoints of an order.
type jury struct {
	*conclusions
	order  workflows.JudgeOrder
	model  *llm.Model
	prompt *prompts.Prompt
	about  casework.JudgeOutcome // which it asks about
	asking llm.Asking
}

// judge asks about one touchpoint after the other and saves each answer at
// once, so that another attempt goes on behind it. After a while it makes
// room for other batches and inspections.
func (a *Activities) judge(ctx context.Context, o workflows.JudgeOrder, model *llm.Model, planned string, of casework.JudgeOutcome) (casework.JudgeResult, error) {
	var none casework.JudgeResult
	if err := a.sameRules(o.RulebookHash); err != nil {
		return none, err
	}
	if nameOf(model) == "" || nameOf(model) != planned { // an inspection holds to the model it was drawn with
		return none, workflows.ModelFailure(casework.TroubleNone, 0)
	}
	j, err := a.jury(ctx, o, model, of)
	if err != nil {
		return none, err
	}
	defer alive(ctx)()
	if err := j.hear(ctx, time.Now().Add(workflows.PatienceOf(o.Plan)/turns)); err != nil {
		return none, err
	}
	result, err := a.Cascade.JudgeProgress(ctx, o.Inspection, o.Batches)
	if err != nil {
		return none, fmt.Errorf("count judged: %w", err)
	}
	if of == casework.JudgeDisputed {
		result.Waiting = result.Disputed
	}
	return result, nil
}

// turns is by how much one go is shorter than the patience with a batch:
// several batches share an endpoint, and each must come to its turn in time.
const turns = 8

func (a *Activities) jury(ctx context.Context, o workflows.JudgeOrder, model *llm.Model, of casework.JudgeOutcome) (*jury, error) {
	items, err := a.Inspections.Plan(ctx, o.Inspection)
	if err != nil {
		return nil, fmt.Errorf("read plan: %w", err)
	}
	prompt, err := prompts.Latest(string(casework.ToJudge))
	if err != nil {
		return nil, err
	}
	info := activity.GetInfo(ctx)
	return &jury{
		conclusions: newConclusions(a, o.Inspection, items), order: o, model: model, prompt: prompt, about: of,
		asking: llm.Asking{
			Case: o.Inspection, Workflow: info.WorkflowExecution.ID, Run: info.WorkflowExecution.RunID,
			Activity: info.ActivityID, Attempt: int(info.Attempt),
		},
	}, nil
}

// hear asks about all there is, until then.
func (j *jury) hear(ctx context.Context, until time.Time) error {
	for {
		rows, err := j.Cascade.Undecided(ctx, j.inspection, j.order.Batches, j.about, atATime)
		if err != nil {
			return fmt.Errorf("read undecided: %w", err)
		}
		if len(rows) == 0 {
			return nil
		}
		for n := range rows {
			if err := goesOn(ctx); err != nil {
				return err
			}
			judged, err := j.ask(ctx, &rows[n])
			if err != nil {
				return err
			}
			if _, err := j.Cascade.SaveJudged(ctx, j.inspection, []casework.Judged{judged}); err != nil {
				return fmt.Errorf("save judged: %w", err)
			}
			if time.Now().After(until) { // after one at least, so that it comes to an end
				return nil
			}
		}
	}
}

// goesOn tells why an attempt must end between two pieces of work.
func goesOn(ctx context.Context) error {
	select {
	case <-activity.GetWorkerStopChannel(ctx):
		return errStopping
	case <-ctx.Done():
		return ctx.Err()
	default:
		return nil
	}
}

// ask asks the model about one touchpoint. A trouble that lies in its text is
// an outcome: people get it. Any other ends the attempt.
func (j *jury) ask(ctx context.Context, u *casework.UndecidedTouchpoint) (casework.Judged, error) {
	question := llm.JudgeQuestion{Asking: j.asking, Touchpoint: &u.Touchpoint, Known: u.Known, Candidates: j.candidates(u.Suspicions)}
	question.Key = j.key(u.Touchpoint.ID)
	if len(question.Candidates) == 0 { // none of them is in the rulebook any more
		return j.toPeople(u, casework.TroubleNone, false), nil
	}
	answer, detail, err := j.model.Judge(ctx, question)
	if err == nil {
		return j.conclude(u, answer.Judgements, detail), nil
	}
	trouble := llm.TroubleOf(err)
	switch {
	case ctx.Err() != nil:
		return casework.Judged{}, ctx.Err()
	case trouble.AboutTheText():
		return j.toPeople(u, trouble, true), nil
	case trouble == "" && casework.KindOf(err) == casework.Invalid: // too short to say anything of
		return j.toPeople(u, casework.TroubleUngrounded, false), nil
	case trouble == "":
		return casework.Judged{}, fmt.Errorf("ask about touchpoint %s: %w", u.Touchpoint.ID, err)
	}
	pause, _ := llm.RetryAfter(err)
	return casework.Judged{}, workflows.ModelFailure(trouble, pause)
}

// key names the work of judging a touchpoint, so that an answer that was paid
// for is not paid for again.
func (j *jury) key(touchpoint string) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{
		j.inspection, touchpoint, j.model.Endpoint().ID, j.model.Endpoint().Model, j.prompt.Name(), j.prompt.Hash,
	}, "\x00")))
	return hex.EncodeToString(sum[:])
}

// candidates are the suspicions as the model is asked about them.
func (j *jury) candidates(suspicions []casework.Suspicion) []llm.Candidate {
	var candidates []llm.Candidate
	for _, s := range suspicions {
		if indicator, ok := j.Rules.Indicator(s.Indicator); ok && len(j.conclusions.of[s.Indicator]) > 0 {
			candidates = append(candidates, candidateOf(indicator))
		}
	}
	return candidates
}

// candidateOf is an indicator as a model is asked about it.
func candidateOf(i *rulebook.Indicator) llm.Candidate {
	return llm.Candidate{Indicator: i.ID, Title: i.Title.Zh, Means: i.Means.Zh, Speakers: i.Speakers}
}
