package llm

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"time"

	"xiaobao/casework"
)

// call is the row of a call that begins now.
func (q *inquiry) call(now time.Time) casework.ModelCall {
	e := q.model.endpoint
	return casework.ModelCall{
		ID: "mc-" + strings.ToLower(rand.Text()), Stage: casework.CallBegun,
		Key: q.Key, Attempt: q.Attempt, Case: q.Case, Workflow: q.Workflow, Run: q.Run, Activity: q.Activity,
		Purpose: casework.Purpose(q.Prompt.ID), Endpoint: e.ID, Dialect: string(e.Dialect), Asked: e.Model,
		Prompt: q.Prompt.Name(), PromptHash: q.Prompt.Hash, SchemaHash: q.Prompt.SchemaHash, Params: e.params(),
		InputHash: q.inputHash, Masking: q.model.masker.Version(), At: now,
		Prices: e.Price.Version, Currency: e.Price.Currency, Injection: q.injected,
	}
}

// afterwardsMost bounds the writing down of what happened, which goes on when
// whoever asked went away.
const afterwardsMost = 10 * time.Second

// round asks once: it waits for its turn, looks whether it may, sets the
// budget aside, writes down that it asks, asks, and writes down what came of
// it. Complaints are those about the answer before.
func (q *inquiry) round(ctx context.Context, complaints []string) (Answer, error) {
	done, err := q.model.gate.pass(ctx)
	if err != nil {
		if errors.Is(err, context.Canceled) {
			return Answer{}, Failure(casework.TroubleCancelled, context.Canceled)
		}
		return Answer{}, Failure(casework.TroubleAway, errors.New("no turn in time"))
	}
	defer done()
	if err := q.model.mayAsk(ctx); err != nil {
		return Answer{}, err
	}
	messages := q.compose(complaints)
	e := q.model.endpoint
	call := q.call(q.model.now())
	call.Repaired = complaints != nil
	aside := usage{in: estimate(messages), out: e.MostTokens}
	asideCost := e.Price.cost(aside, call.At)
	if err := q.model.ledger.Reserve(ctx, e.ID, call.At, int64(aside.in+aside.out), asideCost, e.Budget); err != nil {
		return Answer{}, err
	}
	var answer Answer
	ex := &exchange{}
	var r reply
	err = q.model.ledger.AppendCall(ctx, call, nil)
	if err == nil {
		r, err = q.model.send(ctx, e.request(q.Prompt, messages), ex)
		if err == nil {
			answer, err = q.judge(r.content)
		}
		r.used = spentOn(r, ex, aside)
		answer.Call = q.ended(call, r, ex, answer, err)
		err = firstOf(err, q.write(ctx, &answer, err))
	}
	after, cancel := context.WithTimeout(context.WithoutCancel(ctx), afterwardsMost)
	defer cancel()
	settled := q.model.ledger.Settle(after, e.ID, call.At, int64(aside.in+aside.out), int64(r.used.in+r.used.out), asideCost, answer.Call.Cost)
	if err != nil || settled != nil {
		return Answer{}, firstOf(err, settled)
	}
	return answer, nil
}

// firstOf is the error that people are told: the trouble before what could not
// be written down about it.
func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// spentOn is what a call used: what the provider says, or what it may have
// charged for something that left and was not refused outright.
func spentOn(r reply, ex *exchange, aside usage) usage {
	switch {
	case r.counted:
		return r.used
	case !ex.left.Load() || ex.status >= 400:
		return usage{}
	case r.content != "":
		return usage{in: aside.in, out: len([]rune(r.content))}
	}
	return usage{in: aside.in}
}

// ended is the row of what came of a call.
func (q *inquiry) ended(call casework.ModelCall, r reply, ex *exchange, answer Answer, err error) casework.ModelCall {
	now := q.model.now()
	call.Stage, call.Took, call.At = casework.CallEnded, now.Sub(call.At), now
	call.Answered, call.Fingerprint, call.Finish = shortName(r.answered), shortName(r.fingerprint), shortName(r.finish)
	call.HTTPStatus = ex.status
	call.TokensIn, call.TokensHit, call.TokensOut = r.used.in, r.used.hit, r.used.out
	call.Cost = q.model.endpoint.Price.cost(r.used, call.At)
	call.Trouble = TroubleOf(err)
	if err != nil && call.Trouble == "" {
		call.Trouble = casework.TroubleAway
	}
	call.RetryAfter, _ = RetryAfter(err)
	if r.content != "" {
		call.OutputHash = digest(r.content)
	}
	call.SchemaOK, call.Stated, call.Grounded = answer.Call.SchemaOK, answer.Call.Stated, answer.Call.Grounded
	return call
}

// write keeps the row and, of an answer that holds, its text. What cannot be
// written down does not count as answered.
func (q *inquiry) write(ctx context.Context, answer *Answer, failed error) error {
	after, cancel := context.WithTimeout(context.WithoutCancel(ctx), afterwardsMost)
	defer cancel()
	ledger := q.model.ledger
	if failed != nil {
		err := ledger.AppendCall(after, answer.Call, nil)
		if err != nil { // the caller is told of the trouble that came first
			slog.Error("a model call could not be written down", "call", answer.Call.ID, "trouble", answer.Call.Trouble, "error", err)
		}
		return err
	}
	if err := ledger.AppendCall(after, answer.Call, answer.JSON); err != nil {
		return err
	}
	if q.NoCache || answer.Call.Grounded < answer.Call.Stated {
		return nil
	}
	return ledger.CacheAnswer(after, q.cacheKey(), answer.JSON, answer.Call.At.Add(keptFor))
}

// judge decides whether words are an answer: one JSON object, of the schema's
// form, without words that nobody may know, with tokens that stand in the
// text, and what the purpose asks for. It never fills in what is missing. The
// answer comes with its counts also where it is rejected.
func (q *inquiry) judge(content string) (Answer, error) {
	answer := Answer{Grounds: q.grounds, Document: q.document, Injected: q.injected}
	q.grounds.tiers = Tiers{}
	if strings.Contains(bare(content), q.canary()) {
		return answer, badOutput("回答里出现了不该出现的内容；只输出 JSON 对象")
	}
	object, err := parse(q.spelled(content))
	if err != nil {
		return answer, badOutput(err.Error())
	}
	if wrong := fits(object, q.schema); len(wrong) > 0 {
		return answer, badOutput(wrong...)
	}
	answer.Call.SchemaOK = true
	if _, err := q.document.Unmask(string(object)); err != nil {
		return answer, badOutput("回答里有材料中没有的〔…〕标记；标记只能照抄材料里的")
	}
	answer.JSON = object
	if q.Check == nil {
		return answer, nil
	}
	stated, grounded, err := q.Check(json.RawMessage(object), q.grounds)
	answer.Call.Stated, answer.Call.Grounded = stated, grounded
	switch {
	case stated > 0 && grounded == 0:
		complaint := "所写的证据在材料里都找不到：编号要对，anchor 要逐字抄自那一句，说话人要符合要求"
		complaints := []string{complaint}
		if err != nil {
			complaints = append(complaints, casework.WordsZh(told(err)))
		}
		return answer, Failure(casework.TroubleUngrounded, &rejected{complaints})
	case err != nil:
		return answer, badOutput(casework.WordsZh(told(err)))
	}
	return answer, nil
}

// told makes a check's error one whose words the model is told: checks may
// give plain errors.
func told(err error) error {
	if e, ok := errors.AsType[*casework.Error](err); ok {
		return e
	}
	return casework.Errorf(casework.Invalid, "%s", err.Error())
}

// spelled writes the tokens of an answer as the text does: models change their
// brackets and put blanks in them.
func (q *inquiry) spelled(content string) string {
	known := map[string]string{}
	for i := range q.grounds.said {
		for _, m := range token.FindAllStringSubmatch(string(q.grounds.said[i].shown), -1) {
			if strings.HasPrefix(m[0], "〔") {
				known[m[1]+m[2]] = m[0]
			}
		}
	}
	for _, m := range token.FindAllStringSubmatch(q.given, -1) {
		if strings.HasPrefix(m[0], "〔") {
			known[m[1]+m[2]] = m[0]
		}
	}
	return token.ReplaceAllStringFunc(content, func(s string) string {
		m := token.FindStringSubmatch(s)
		if right, ok := known[m[1]+m[2]]; ok {
			return right
		}
		return s
	})
}
