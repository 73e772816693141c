package activities

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/sdk/activity"

	"xiaobao/casework"
	"xiaobao/llm"
	"xiaobao/privacy"
	"xiaobao/workflows"
)

// How long a person who consults is kept waiting for a model that is away.
const (
	consultAttempts = 3
	consultPause    = 10 * time.Second
)

// An opinion is what a consultation comes to before it is masked.
type opinion struct {
	answer   any // of the purpose's type in casework
	document *privacy.Document
	kept     casework.Consultation
}

// answerConsultation reads the document, asks the model, and concludes
// without one where none can be asked. What is kept of it is masked.
func (a *Activities) answerConsultation(ctx context.Context, o workflows.ConsultationOrder) (workflows.ConsultationClosing, error) {
	var none workflows.ConsultationClosing
	c, err := a.Consultations.Consultation(ctx, o.ID)
	if err != nil {
		return none, fmt.Errorf("read consultation: %w", err)
	}
	if c.Status != casework.ConsultationAsked { // an attempt whose answer was lost
		return closingOf(c), nil
	}
	document, err := a.Consultations.ConsultationDocument(ctx, o.ID)
	if err != nil {
		return none, fmt.Errorf("read document: %w", err)
	}
	defer alive(ctx)()
	op, err := a.consult(ctx, o, document)
	if err != nil {
		return none, err
	}
	op.kept.ID = o.ID
	return a.keep(ctx, op, document)
}

// consult asks the model or, when it cannot be asked, concludes without.
func (a *Activities) consult(ctx context.Context, o workflows.ConsultationOrder, d casework.Document) (opinion, error) {
	trouble := casework.TroubleNone
	if model := a.Models.First; model != nil {
		op, err := a.askAbout(ctx, model, o, d)
		if err == nil {
			return op, nil
		}
		trouble = llm.TroubleOf(err)
		switch {
		case ctx.Err() != nil:
			return op, ctx.Err()
		case trouble != "" || errors.Is(err, errRulesSuffice):
		case casework.KindOf(err) == casework.Invalid: // too little to ask a model about
			trouble = casework.TroubleUngrounded
		default:
			return op, err
		}
		if pause, soon := a.again(ctx, trouble, err); soon {
			return op, workflows.ModelFailure(trouble, pause)
		}
	}
	answer, engine, err := a.Models.Unaided.Answer(o.Purpose, d)
	if err != nil {
		return opinion{}, err
	}
	return opinion{
		answer: answer, document: a.Models.Masker.Document(d.Names...),
		kept: casework.Consultation{Engine: engine, Version: a.Models.UnaidedVersion, Trouble: trouble},
	}, nil
}

// again says whether a model that is away is tried once more: it comes back
// soon, and it has not been tried often.
func (a *Activities) again(ctx context.Context, trouble casework.ModelTrouble, err error) (time.Duration, bool) {
	pause, told := llm.RetryAfter(err)
	if !told {
		pause = time.Second
	}
	return pause, trouble == casework.TroubleAway && pause <= consultPause && activity.GetInfo(ctx).Attempt < consultAttempts
}

// askAbout asks a model for the purpose.
func (a *Activities) askAbout(ctx context.Context, model *llm.Model, o workflows.ConsultationOrder, d casework.Document) (opinion, error) {
	info := activity.GetInfo(ctx)
	q := llm.DocumentQuestion{Document: d, Asking: llm.Asking{
		Key: "consultation/" + o.ID, Case: o.ID, Workflow: info.WorkflowExecution.ID, Run: info.WorkflowExecution.RunID,
		Activity: info.ActivityID, Attempt: int(info.Attempt),
	}}
	if a.Models.Options != nil {
		q.Options = a.Models.Options(o.Purpose)
	}
	answer, detail, err := a.put(ctx, model, o.Purpose, q)
	if err != nil {
		return opinion{}, err
	}
	return opinion{answer: answer, document: detail.Document, kept: casework.Consultation{
		Engine: casework.ByLLM, Version: versionOf(detail.Call), Injected: detail.Injected,
		Dropped: max(0, detail.Call.Stated-detail.Call.Grounded),
	}}, nil
}

// put puts the question of one purpose.
func (a *Activities) put(ctx context.Context, m *llm.Model, p casework.Purpose, q llm.DocumentQuestion) (any, llm.Answer, error) {
	switch p {
	case casework.ToJudge:
		return a.putTouchpoint(ctx, m, q)
	case casework.ToReview:
		return anyOf(m.Review(ctx, q))
	case casework.ToClassify:
		return anyOf(m.Classify(ctx, q))
	case casework.ToHearAnswer:
		return anyOf(m.HearAnswer(ctx, q))
	case casework.ToCheckProof:
		return anyOf(m.CheckProof(ctx, q))
	case casework.ToReadDuties:
		return anyOf(m.ReadDuties(ctx, q))
	case casework.ToSummarise:
		return anyOf(m.Summarise(ctx, q))
	case casework.ToExplainBill:
		return anyOf(m.ExplainBill(ctx, q))
	case casework.ToLookBack:
		return anyOf(m.LookBack(ctx, q))
	}
	return nil, llm.Answer{}, casework.Errorf(casework.Invalid, "there is no purpose %q", string(p)).InChinese("没有“%s”这一用途", string(p)).WithCode("field:purpose")
}

func anyOf[T any](answer T, detail llm.Answer, err error) (any, llm.Answer, error) {
	return answer, detail, err
}

// keep masks the answer, seals what its tokens stand for, and saves both.
func (a *Activities) keep(ctx context.Context, op opinion, d casework.Document) (workflows.ConsultationClosing, error) {
	var none workflows.ConsultationClosing
	raw, err := json.Marshal(op.answer)
	if err != nil {
		return none, err
	}
	quotes, err := maskedQuotes(raw, d.Text, op.document)
	if err != nil {
		return none, err
	}
	c, now := op.kept, time.Now()
	if c.Answer, err = casework.MapWords(raw, func(text string) (string, error) {
		if masked, ok := quotes[text]; ok {
			return masked, nil
		}
		return op.document.Mask(text).Text, nil
	}); err != nil {
		return none, err
	}
	sealed, err := op.document.Seal(a.Models.Key, workflows.ConsultationWorkflowID(c.ID))
	if err != nil {
		return none, fmt.Errorf("seal what the tokens stand for: %w", err)
	}
	c.Status, c.EndedAt = casework.ConsultationAnswered, &now
	if err := a.Consultations.EndConsultation(ctx, c, sealed); err != nil {
		return none, fmt.Errorf("save answer: %w", err)
	}
	return closingOf(c), nil
}

// maskedQuotes are the quotes of an answer as they stand in the masked text: a
// quote alone does not tell what the words around it do. Masking the text has
// the document learn its names, too.
func maskedQuotes(answer json.RawMessage, text string, d *privacy.Document) (map[string]string, error) {
	var whole any
	if err := json.Unmarshal(answer, &whole); err != nil {
		return nil, err
	}
	masked, original := d.Mask(text), []rune(text)
	shown, quotes := []rune(masked.Text), map[string]string{}
	var look func(value any)
	look = func(value any) {
		switch v := value.(type) {
		case []any:
			for _, one := range v {
				look(one)
			}
		case map[string]any:
			quote, _ := v["quote"].(string)
			start, _ := v["start"].(float64)
			end, _ := v["end"].(float64)
			if from, upto := int(start), int(end); 0 <= from && from < upto && upto <= len(original) && string(original[from:upto]) == quote {
				from, upto = masked.At(from, upto)
				quotes[quote] = string(shown[from:upto])
			}
			for _, one := range v {
				look(one)
			}
		}
	}
	look(whole)
	return quotes, nil
}

// failConsultation writes down that nothing could answer.
func (a *Activities) failConsultation(ctx context.Context, o workflows.ConsultationOrder) (workflows.ConsultationClosing, error) {
	now := time.Now()
	c := casework.Consultation{ID: o.ID, Status: casework.ConsultationFailed, EndedAt: &now}
	if err := a.Consultations.EndConsultation(ctx, c, nil); err != nil {
		return workflows.ConsultationClosing{}, fmt.Errorf("end consultation: %w", err)
	}
	kept, err := a.Consultations.Consultation(ctx, o.ID)
	if err != nil {
		return workflows.ConsultationClosing{}, fmt.Errorf("read consultation: %w", err)
	}
	return closingOf(kept), nil
}

func closingOf(c casework.Consultation) workflows.ConsultationClosing {
	return workflows.ConsultationClosing{ID: c.ID, Status: c.Status, Engine: c.Engine, Trouble: c.Trouble}
}
