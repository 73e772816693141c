package llm

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"xiaobao/casework"
	"xiaobao/privacy"
)

// An inquiry is a question on its way.
type inquiry struct {
	Question
	model     *Model
	document  *privacy.Document
	grounds   *Grounds
	schema    *jsonschema.Schema
	given     string // masked JSON
	inputHash string
	injected  bool
}

// Ask masks the question's text, asks, checks the answer and records it. Its
// errors carry a casework.ModelTrouble; see the table of the package.
func (m *Model) Ask(ctx context.Context, q Question) (Answer, error) {
	in, err := m.inquire(q)
	if err != nil {
		return Answer{}, err
	}
	if answer, ok, err := in.finished(ctx); ok || err != nil {
		return answer, err
	}
	if err := m.mayAsk(ctx); err != nil {
		return Answer{}, err
	}
	if answer, ok, err := in.cached(ctx); ok || err != nil {
		return answer, err
	}
	in.grounds.last = false
	answer, err := in.round(ctx, nil)
	if complaints := mendable(err); complaints != nil {
		in.grounds.last = true
		answer, err = in.round(ctx, complaints)
	}
	return answer, err
}

// inquire masks a question and makes it ready.
func (m *Model) inquire(q Question) (*inquiry, error) {
	if q.Prompt == nil {
		return nil, casework.Errorf(casework.Invalid, "a question to a model needs a prompt")
	}
	for _, u := range q.Utterances {
		if !utf8.ValidString(u.Text) {
			return nil, casework.Errorf(casework.Invalid, "the text is not valid UTF-8").InChinese("文本不是有效的 UTF-8")
		}
	}
	schema, err := compiled(q.Prompt.Schema)
	if err != nil {
		return nil, err
	}
	in := &inquiry{Question: q, model: m, schema: schema, document: q.Document}
	if in.document == nil {
		in.document = m.masker.Document(m.names(q)...)
	}
	in.grounds = newGrounds(in.document, q.Utterances)
	if in.given, err = in.facts(); err != nil {
		return nil, err
	}
	in.grounds.given, in.grounds.last = in.given, true // what was kept passed already
	in.inputHash = in.hashInput()
	in.injected = injected(texts(q.Utterances))
	return in, nil
}

// names are the known names and those that the whole text gives away. A
// document learns names as it goes; by looking first, one that is only clear
// from the last utterance is masked in the first as well.
func (m *Model) names(q Question) []string {
	whole := strings.Join(texts(q.Utterances), "\n")
	runes := []rune(whole)
	names := slices.Clone(q.Known)
	for _, s := range m.masker.Find(whole, q.Known...) {
		if name := string(runes[s.Start:s.End]); s.Kind == privacy.Name && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// facts are the trusted facts as JSON, masked too: what is asked about a case
// may name its people. The rulebook's own words hold next to nothing that
// reads like a name.
func (q *inquiry) facts() (string, error) {
	if q.Given == nil {
		return "", nil
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(q.Given); err != nil {
		return "", casework.Errorf(casework.Internal, "the facts of a question cannot be written as JSON")
	}
	text := strings.TrimSpace(b.String())
	if text == "null" {
		return "", nil
	}
	return q.document.Mask(text).Text, nil
}

// mayAsk refuses if a person turned the model off.
func (m *Model) mayAsk(ctx context.Context) error {
	off, err := m.ledger.SwitchedOff(ctx, m.endpoint.ID)
	if err == nil && off {
		err = Failure(casework.TroubleOff, nil)
	}
	return err
}

// finished gives the answer that an earlier attempt at the same work paid for
// and did not live to deliver.
func (q *inquiry) finished(ctx context.Context) (Answer, bool, error) {
	if q.Key == "" {
		return Answer{}, false, nil
	}
	text, call, found, err := q.model.ledger.FinishedCall(ctx, q.Key)
	if err != nil || !found || call.Endpoint != q.model.endpoint.ID || call.PromptHash != q.Prompt.Hash || call.InputHash != q.inputHash {
		return Answer{}, false, err
	}
	answer, err := q.judge(string(text))
	if err != nil {
		return Answer{}, false, nil // what was good then is not now: ask again
	}
	answer.Call = call
	return answer, true, nil
}

// cached gives the answer to the same question asked for other work, and
// writes down that it served again.
func (q *inquiry) cached(ctx context.Context) (Answer, bool, error) {
	if q.NoCache {
		return Answer{}, false, nil
	}
	now := q.model.now()
	text, found, err := q.model.ledger.CachedAnswer(ctx, q.cacheKey(), now)
	if err != nil || !found {
		return Answer{}, false, err
	}
	answer, err := q.judge(string(text))
	if err != nil {
		return Answer{}, false, nil
	}
	call := q.call(now)
	call.Stage, call.Cached, call.SchemaOK = casework.CallEnded, true, true
	call.OutputHash = digest(string(answer.JSON))
	call.Stated, call.Grounded = answer.Call.Stated, answer.Call.Grounded
	if err := q.model.ledger.AppendCall(ctx, call, answer.JSON); err != nil {
		return Answer{}, false, err
	}
	answer.Call, answer.FromCache = call, true
	return answer, true, nil
}

// mendable are the complaints that the model gets one chance to mend, or none
// if that would not help.
func mendable(err error) []string {
	trouble := TroubleOf(err)
	if trouble != casework.TroubleBadOutput && trouble != casework.TroubleUngrounded {
		return nil
	}
	if r, ok := errors.AsType[*rejected](err); ok {
		return r.complaints
	}
	return []string{"回答不符合要求"}
}
