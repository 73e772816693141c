package fakellm

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"xiaobao/privacy"
)

// mostTaken is how much of one answer a client may take before it gives up.
const mostTaken = 32 << 20

// AssertResilient fails the test for everything that the client did wrong.
func (s *Server) AssertResilient(t testing.TB) {
	t.Helper()
	for _, fault := range s.Verdict() {
		t.Error("the client: " + fault)
	}
}

// Verdict is everything that the client did wrong so far.
func (s *Server) Verdict() []string {
	var faults []string
	works := map[string][]*Entry{}
	for _, e := range s.Journal() {
		for _, fault := range e.Faults {
			faults = append(faults, fmt.Sprintf("request %d: %s", e.No, fault))
		}
		if e.Sent > mostTaken {
			faults = append(faults, fmt.Sprintf("request %d: took %d MiB of an answer that does not end", e.No, e.Sent>>20))
		}
		works[e.Work] = append(works[e.Work], e)
	}
	for _, attempts := range works {
		faults = append(faults, s.judgeAttempts(attempts)...)
	}
	slices.Sort(faults)
	return faults
}

// judgeAttempts looks at the attempts at one piece of work.
func (s *Server) judgeAttempts(attempts []*Entry) []string {
	var faults []string
	streak := 0
	for i, e := range attempts {
		if streak++; streak == s.options.Attempts+1 {
			faults = append(faults, fmt.Sprintf("request %d: more than %d attempts at the same work", e.No, s.options.Attempts))
		}
		if e.Whole {
			streak = 0
		}
		if i+1 == len(attempts) {
			break
		}
		next := attempts[i+1]
		if e.Final {
			faults = append(faults, fmt.Sprintf("request %d: asked again what request %d was refused for good (status %d, finish %q)", next.No, e.No, e.Status, e.Finish))
		}
		if waited := next.At.Sub(e.Ended); e.RetryAfter > 0 && max(waited, e.Declared) < e.RetryAfter {
			faults = append(faults, fmt.Sprintf("request %d: came %s after request %d, which asked to wait %s", next.No, waited, e.No, e.RetryAfter))
		}
	}
	return faults
}

// inspect finds what a request may never hold: numbers by their form, names
// and streets by what the test registered. The lock is held.
func (s *Server) inspect(r *http.Request, body []byte) []string {
	var faults []string
	text := spelled(body)
	if s.options.Dialect == OpenAI && r.URL.Path == "/v1/chat/completions" {
		if err := ValidateRequest(body); err != nil {
			faults = append(faults, "is no request of the public chat schema: "+err.Error())
		}
	}
	for _, said := range strings.SplitAfter(text, "\x00") {
		for _, found := range looked(said) {
			faults = append(faults, fmt.Sprintf("holds personal data: %s of %d characters", found.Kind, found.End-found.Start))
		}
	}
	beside := r.URL.String() + " " + headers(r.Header)
	for i, gold := range s.gold {
		if strings.Contains(text, gold) || strings.Contains(beside, gold) {
			faults = append(faults, fmt.Sprintf("holds the personal data that was registered as number %d", i+1))
		}
	}
	for _, secret := range append(slices.Clone(s.options.Secrets), s.options.Key) {
		if secret != "" && (strings.Contains(text, secret) || strings.Contains(beside, secret)) {
			faults = append(faults, "holds a secret outside of the Authorization header")
		}
	}
	slices.Sort(faults)
	return slices.Compact(faults)
}

// headers are all headers of a request but the one that holds the key.
func headers(h http.Header) string {
	var b strings.Builder
	for name, values := range h {
		if name != "Authorization" {
			b.WriteString(name + ": " + strings.Join(values, ",") + "\n")
		}
	}
	return b.String()
}

// innocent are the digests of texts in which nothing personal was found:
// instructions and examples come with every request.
var innocent sync.Map // [sha256.Size]byte → bool

// looked is the personal data of fixed form in a text.
func looked(text string) []privacy.Span {
	sum := sha256.Sum256([]byte(text))
	if _, known := innocent.Load(sum); known {
		return nil
	}
	found := privacy.Leaks(text)
	if len(found) == 0 {
		innocent.Store(sum, true)
	}
	return found
}

// spelled is every string of a body without JSON's escapes, each ended by a
// zero, so that nothing hides behind them. What is no JSON is taken as it is.
func spelled(body []byte) string {
	var v any
	if json.Unmarshal(body, &v) != nil {
		return string(body)
	}
	var b strings.Builder
	spell(&b, v)
	return b.String()
}

func spell(b *strings.Builder, v any) {
	switch v := v.(type) {
	case string:
		b.WriteString(v + "\x00")
	case []any:
		for _, below := range v {
			spell(b, below)
		}
	case map[string]any:
		for key, below := range v {
			b.WriteString(key + "\x00")
			spell(b, below)
		}
	}
}

// Accepted tells the judge which answer the client took for one. It must be
// what some request was answered with, to its end.
func (s *Server) Accepted(t testing.TB, answer []byte) {
	t.Helper()
	var got any
	if err := json.Unmarshal(answer, &got); err != nil {
		t.Errorf("the client accepted an answer that is not JSON: %v", err)
		return
	}
	for _, e := range s.Journal() {
		var given any
		if e.Whole && json.Unmarshal(e.Answer, &given) == nil && reflect.DeepEqual(got, given) {
			return
		}
	}
	t.Error("the client accepted an answer that was never given in full")
}
