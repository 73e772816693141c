package llm

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"xiaobao/casework"
	"xiaobao/privacy"
	"xiaobao/prompts"
)

// A DocumentQuestion asks for a purpose about a document.
type DocumentQuestion struct {
	Asking
	Document casework.Document
	Options  []Option
}

// An Option is something a model may choose: a complaint code, a marketing
// category, an outcome of callbacks. What is not offered is refused.
type Option struct {
	ID    string
	Title string
	Hint  string // what counts as it, or how a consumer puts it
	Group string // of complaint codes: A, B, C, flag, appeal; empty: told by the id
}

// offered is an option as it is sent.
type offered struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Hint  string `json:"hint,omitempty"`
}

func (o Option) offered() offered { return offered{o.ID, o.Title, o.Hint} }

// unknowable is what a model says when it cannot tell.
const unknowable = "无法判断"

// certainties are what a model's words for it count as.
var certainties = map[string]float64{"高": 0.9, "中": 0.7, "低": 0.5}

// A matter is a purpose's question before it is cut into parts.
type matter struct {
	Asking
	purpose    casework.Purpose
	utterances []Utterance
	known      []string
	given      any
	longest    int // characters of a part
	least      int // letters and digits there have to be; 0: 4
}

// lines are the utterances of a text, each line one of its own: letters,
// bills and regulations say one thing a line.
func lines(text string, unmarked casework.Speaker, turns ...casework.Turn) []Utterance {
	var out []Utterance
	for _, u := range Utterances(text, unmarked, turns...) {
		start := u.Start
		for line := range strings.SplitSeq(u.Text, "\n") {
			trimmed := strings.TrimLeftFunc(line, unicode.IsSpace)
			lead := utf8.RuneCountInString(line) - utf8.RuneCountInString(trimmed)
			if trimmed = strings.TrimRightFunc(trimmed, unicode.IsSpace); trimmed != "" {
				out = append(out, Utterance{u.Speaker, trimmed, start + lead})
			}
			start += utf8.RuneCountInString(line) + 1
		}
	}
	return out
}

// A hearing is one look at an answer about one part. Reading counts what the
// model stated and what of that stands in the text, drops what does not, and
// notes what a second round could mend.
type hearing struct {
	*Grounds
	part             []Utterance
	stated, grounded int
	faults           []string
}

// fault notes what the model should mend. It must quote nothing of the text.
// What is still at fault after the repair has been dropped by the reading.
func (h *hearing) fault(what string) { h.faults = append(h.faults, what) }

// locate gives the evidence that stands in the text.
func (h *hearing) locate(quoted []Quoted, speakers ...casework.Speaker) []casework.Evidence {
	found := []casework.Evidence{}
	for _, q := range quoted {
		if e, ok := h.Locate(q, speakers...); ok && !slices.Contains(found, e) {
			found = append(found, e)
		}
	}
	return found
}

// prove counts a statement and reports whether it has evidence.
func (h *hearing) prove(evidence []casework.Evidence) bool {
	h.stated++
	if len(evidence) == 0 {
		return false
	}
	h.grounded++
	return true
}

// A reading turns a raw answer into the purpose's. Its error is for what
// cannot stand, even after a repair.
type reading[T any] func(h *hearing, raw json.RawMessage) (T, error)

// consult asks about each part of a matter and gives the answers in order,
// with one Answer that stands for all calls.
func consult[T any](ctx context.Context, m *Model, in matter, read reading[T]) ([]T, [][]Utterance, Answer, error) {
	p, err := prompts.Latest(string(in.purpose))
	if err != nil {
		return nil, nil, Answer{}, Failure(casework.TroubleRefuses, err)
	}
	if err := in.enough(); err != nil {
		return nil, nil, Answer{}, err
	}
	parts := Split(in.utterances, in.longest)
	document := m.numbering(in, len(parts))
	var results []T
	var whole Answer
	for i, part := range parts {
		q := in.question(p, part)
		if q.Key != "" && len(parts) > 1 {
			q.Key += "#" + strconv.Itoa(i+1)
		}
		q.Document = document
		var result T // of the check that let the answer pass
		q.Check = func(raw json.RawMessage, g *Grounds) (stated, grounded int, err error) {
			h := &hearing{Grounds: g, part: part}
			if result, err = read(h, raw); err == nil {
				err = h.complaint()
			}
			if err != nil { // rejected as it is: nothing of it counts
				return 0, 0, err
			}
			return h.stated, h.grounded, nil
		}
		answer, err := m.Ask(ctx, q)
		whole = together(whole, answer, i == 0)
		if err != nil {
			return nil, nil, whole, err
		}
		results = append(results, result)
	}
	return results, parts, whole, nil
}

// numbering is the document of a text that is asked about in parts, with its
// tokens numbered as they come in the whole; nil if there is one part.
func (m *Model) numbering(in matter, parts int) *privacy.Document {
	if parts < 2 {
		return nil
	}
	d := m.masker.Document(m.names(Question{Utterances: in.utterances, Known: in.known})...)
	d.MaskAll(texts(in.utterances)...)
	return d
}

// complaint is what the model is asked to mend, as long as it is asked.
func (h *hearing) complaint() error {
	if h.last || len(h.faults) == 0 {
		return nil
	}
	if h.grounded < h.stated {
		h.fault("另有内容的证据在材料里找不到：编号要对，anchor 要逐字抄自那一句")
	}
	return errors.New(strings.Join(h.faults, "；"))
}

func (in matter) question(p *prompts.Prompt, part []Utterance) Question {
	return Question{
		Prompt: p, Key: in.Key, Case: in.Case, Workflow: in.Workflow, Run: in.Run, Activity: in.Activity, Attempt: in.Attempt,
		Utterances: part, Known: in.known, Given: in.given,
	}
}

// enough refuses a text that holds nothing to conclude from, before it costs
// anything.
func (in matter) enough() error {
	least, letters := in.least, 0
	if least == 0 {
		least = 4
	}
	for _, u := range in.utterances {
		for _, r := range u.Text {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				letters++
			}
		}
	}
	switch {
	case letters == 0:
		return casework.Errorf(casework.Invalid, "the document has no text").
			InChinese("材料没有文字内容，请补充后再试").WithCode("field:text")
	case letters < least:
		return casework.Errorf(casework.Invalid, "the text is too short to conclude anything from").
			InChinese("文字太少，不足以得出结论，请补充后再试").WithCode("field:text")
	}
	return nil
}

// together adds the answer about a part to those before.
func together(whole, part Answer, first bool) Answer {
	if first {
		return part
	}
	sum := part
	sum.Injected = whole.Injected || part.Injected
	sum.FromCache = whole.FromCache && part.FromCache
	sum.Call.Stated += whole.Call.Stated
	sum.Call.Grounded += whole.Call.Grounded
	sum.Call.TokensIn += whole.Call.TokensIn
	sum.Call.TokensHit += whole.Call.TokensHit
	sum.Call.TokensOut += whole.Call.TokensOut
	sum.Call.Cost += whole.Call.Cost
	sum.Call.Took += whole.Call.Took
	return sum
}

// joined puts the findings of all parts together. Parts overlap by an
// utterance; what stands in it alone was already told with the part before,
// if that told anything of it.
func joined[I any](findings [][]I, parts [][]Utterance, evidence func(I) []casework.Evidence) []I {
	all := []I{}
	for i, list := range findings {
		for _, item := range list {
			if i > 0 && toldBefore(findings[i-1], evidence, shared(parts[i-1], parts[i]), evidence(item)) {
				continue
			}
			all = append(all, item)
		}
	}
	return all
}

// toldBefore reports whether all evidence lies in the shared utterance and the part
// before has something there too.
func toldBefore[I any](before []I, evidence func(I) []casework.Evidence, s span, found []casework.Evidence) bool {
	if !s.all(found) {
		return false
	}
	for _, item := range before {
		if s.all(evidence(item)) {
			return true
		}
	}
	return false
}

// A span is a stretch of the original.
type span struct{ start, end int }

// shared is the utterance that both parts hold; empty if there is none.
func shared(before, after []Utterance) span {
	last := before[len(before)-1]
	if last.Start != after[0].Start {
		return span{}
	}
	return span{last.Start, last.Start + utf8.RuneCountInString(last.Text)}
}

// all reports whether there is evidence and all of it lies in the span.
func (s span) all(evidence []casework.Evidence) bool {
	for _, e := range evidence {
		if e.Start < s.start || e.End > s.end {
			return false
		}
	}
	return len(evidence) > 0
}
