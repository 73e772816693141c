package fakellm

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// An Entry is one request and what became of it.
type Entry struct {
	No         int             `json:"no"` // from 1
	At         time.Time       `json:"at"`
	Ended      time.Time       `json:"ended"`
	Path       string          `json:"path"`
	Work       string          `json:"work"`             // attempts at the same work share it
	Prompt     string          `json:"prompt,omitempty"` // id of the prompt
	Model      string          `json:"model"`
	Format     string          `json:"format"` // of the answer asked for
	Stream     bool            `json:"stream,omitempty"`
	Thinks     bool            `json:"thinks,omitempty"` // the vendor would have thought first
	Step       string          `json:"step,omitempty"`   // of the script; empty: honest
	Status     int             `json:"status"`
	Final      bool            `json:"final,omitempty"`       // no other attempt will change it
	RetryAfter time.Duration   `json:"retry_after,omitempty"` // what it asked to wait
	Declared   time.Duration   `json:"declared,omitempty"`    // what the client said that it would wait
	Finish     string          `json:"finish,omitempty"`
	Whole      bool            `json:"whole,omitempty"` // a complete answer, given in full
	Answer     json.RawMessage `json:"answer,omitempty"`
	Sent       int64           `json:"sent"` // bytes
	Faults     []string        `json:"faults,omitempty"`

	Body    []byte      `json:"-"`
	Header  http.Header `json:"-"`
	Request *Request    `json:"-"`

	mu sync.Mutex
}

// set changes an entry while others may be reading it.
func (e *Entry) set(change func(e *Entry)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	change(e)
}

// copy is the entry as it stands.
func (e *Entry) copy() *Entry {
	e.mu.Lock()
	defer e.mu.Unlock()
	return &Entry{
		No: e.No, At: e.At, Ended: e.Ended, Path: e.Path, Work: e.Work, Prompt: e.Prompt, Model: e.Model, Format: e.Format,
		Stream: e.Stream, Thinks: e.Thinks, Step: e.Step, Status: e.Status, Final: e.Final, RetryAfter: e.RetryAfter,
		Declared: e.Declared, Finish: e.Finish, Whole: e.Whole, Answer: e.Answer, Sent: e.Sent, Faults: e.Faults,
		Body: e.Body, Header: e.Header, Request: e.Request,
	}
}

// answered notes what is about to be said.
func (e *Entry) answered(reply Reply) {
	e.set(func(e *Entry) {
		e.Finish = reply.Finish
		e.Final = reply.Finish == "content_filter" || reply.Refusal != ""
	})
}

// whole notes that an answer was given in full.
func (e *Entry) whole(reply Reply) {
	e.set(func(e *Entry) {
		e.Whole = reply.Finish == "stop" && reply.JSON != nil
		if e.Whole {
			e.Answer = reply.JSON
		}
	})
}

// enter begins an entry and looks at what was sent.
func (s *Server) enter(r *http.Request, body []byte, request *Request) *Entry {
	e := &Entry{
		At: s.options.Now(), Path: r.URL.Path, Work: request.Work(), Prompt: request.Prompt(), Model: request.Model,
		Stream: request.Stream, Thinks: s.thinks(request), Format: "text", Body: body, Header: r.Header.Clone(), Request: request,
	}
	if request.Format != nil {
		e.Format = request.Format.Type
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e.Faults = s.inspect(r, body)
	e.No = len(s.journal) + 1
	s.journal = append(s.journal, e)
	return e
}

// Journal is every request so far, in order.
func (s *Server) Journal() []*Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]*Entry, len(s.journal))
	for i, e := range s.journal {
		list[i] = e.copy()
	}
	return list
}

// Asked is how many requests came.
func (s *Server) Asked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.journal)
}

// Last is the latest request; nil if none came.
func (s *Server) Last() *Entry {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.journal) == 0 {
		return nil
	}
	return s.journal[len(s.journal)-1].copy()
}

// Declare notes how long the client says that it will wait before the next
// attempt, for clients that leave waiting to somebody else.
func (s *Server) Declare(wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.journal) > 0 {
		s.journal[len(s.journal)-1].set(func(e *Entry) { e.Declared = wait })
	}
}

// Gold registers personal data that no request may hold.
func (s *Server) Gold(values ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, v := range values {
		if strings.TrimSpace(v) != "" {
			s.gold = append(s.gold, v)
		}
	}
}

// saidBefore reports whether an earlier request had the same system message.
func (s *Server) saidBefore(system string, no int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.journal[:min(no-1, len(s.journal))] {
		if e.Request.Said("system") == system {
			return system != ""
		}
	}
	return false
}

// serveJournal gives the journal to tests that run the endpoint as a program
// of its own; with ?bodies=yes also what was sent.
func (s *Server) serveJournal(w http.ResponseWriter, r *http.Request) {
	type withBody struct {
		*Entry
		Body json.RawMessage `json:"body,omitempty"`
	}
	list := []withBody{}
	for _, e := range s.Journal() {
		row := withBody{Entry: e}
		if r.URL.Query().Get("bodies") == "yes" && json.Valid(e.Body) {
			row.Body = e.Body
		}
		list = append(list, row)
	}
	writeJSON(w, http.StatusOK, map[string]any{"model": Answerer, "dialect": s.options.Dialect, "entries": list})
}

// waitOf is how long headers ask to wait.
func waitOf(h http.Header, now time.Time) time.Duration {
	if ms, err := strconv.ParseFloat(h.Get("retry-after-ms"), 64); err == nil {
		return time.Duration(ms * float64(time.Millisecond))
	}
	after := h.Get("Retry-After")
	if s, err := strconv.ParseFloat(after, 64); err == nil {
		return time.Duration(s * float64(time.Second))
	}
	if at, err := http.ParseTime(after); err == nil {
		return max(0, at.Sub(now).Truncate(time.Second))
	}
	return 0
}
