package fakellm

import (
	"cmp"
	"encoding/json"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// Answerer is the model that every answer names. No record of a call can be
// mistaken for one of a real model.
const Answerer = "fake-rules-v1"

// mostBody is the largest request that is read.
const mostBody = 8 << 20

// Options say what kind of endpoint to be.
type Options struct {
	Dialect  Dialect          // empty: OpenAI
	Listen   string           // empty: a free port of this machine
	Key      string           // the key it asks for; empty: none is asked for
	Model    string           // the only model it knows; empty: whatever is asked for
	Window   int              // most characters of all messages of a request; 0: no bound
	Attempts int              // most attempts for one piece of work; 0: 6
	Secrets  []string         // what no request may hold beside the key
	Now      func() time.Time // nil: the clock
}

// A Server is a running fake endpoint.
type Server struct {
	URL string // what a client takes as base URL; ends in /v1

	options Options
	server  *http.Server
	done    chan struct{}

	mu      sync.Mutex
	journal []*Entry
	scripts []*script
	gold    []string
}

// New starts an endpoint. With a test it is closed when the test ends, and the
// test fails if it cannot start; without one, that panics.
func New(t testing.TB, o Options) *Server {
	s, err := Start(o)
	switch {
	case err != nil && t == nil:
		panic(err)
	case err != nil:
		t.Helper()
		t.Fatalf("the fake endpoint does not start: %v", err)
	case t != nil:
		t.Cleanup(s.Close)
	}
	return s
}

// Start starts an endpoint.
func Start(o Options) (*Server, error) {
	o.Dialect = cmp.Or(o.Dialect, OpenAI)
	o.Attempts = cmp.Or(o.Attempts, 6)
	if o.Now == nil {
		o.Now = time.Now
	}
	l, err := net.Listen("tcp", cmp.Or(o.Listen, "127.0.0.1:0"))
	if err != nil {
		return nil, err
	}
	s := &Server{URL: "http://" + l.Addr().String() + "/v1", options: o, done: make(chan struct{})}
	s.server = &http.Server{Handler: s.routes(), ErrorLog: log.New(io.Discard, "", 0), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.server.Serve(l) }() // ends with Close, and has nothing to say
	return s, nil
}

// Close ends the endpoint and whatever it keeps waiting.
func (s *Server) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.done:
		return
	default:
	}
	close(s.done)
	_ = s.server.Close() // connections are cut; there is nobody to tell
}

// Dialect is the vendor it behaves as.
func (s *Server) Dialect() Dialect { return s.options.Dialect }

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/chat/completions", s.chat)
	mux.HandleFunc("POST /v1/embeddings", s.embeddings)
	mux.HandleFunc("GET /v1/models", s.models)
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string]string{"status": "ok", "model": Answerer})
	})
	mux.HandleFunc("GET /journal", s.serveJournal)
	mux.HandleFunc("GET /verdict", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, http.StatusOK, map[string][]string{"faults": append([]string{}, s.Verdict()...)})
	})
	mux.HandleFunc("POST /faults", s.takeFaults)
	mux.HandleFunc("POST /gold", s.takeGold)
	return mux
}

// chat answers one request, as the script says or honestly.
func (s *Server) chat(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostBody))
	if err != nil {
		return // the client went away while it was speaking
	}
	request, problem := parse(body)
	x := &Exchange{Request: request, Server: s, w: w, r: r, entry: s.enter(r, body, request)}
	defer x.close()
	if problem == "" && !x.authorised() {
		x.Refuse(http.StatusUnauthorized, "Incorrect API key provided.", "invalid_api_key")
		return
	}
	if problem != "" {
		x.Refuse(http.StatusBadRequest, problem, "invalid_request_error")
		return
	}
	if step, ok := s.next(request); ok {
		x.entry.set(func(e *Entry) { e.Step = step.Name })
		step.Serve(x)
		return
	}
	if refusal := s.refusal(request); refusal != nil {
		x.Refuse(refusal.status, refusal.message, refusal.code)
		return
	}
	x.Send(x.Honest())
}

func (s *Server) models(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]any{"object": "list", "data": []map[string]any{{
		"id": cmp.Or(s.options.Model, Answerer), "object": "model", "created": 1767225600, "owned_by": "xiaobao-tests",
	}}})
}

// takeFaults scripts the faults that a request names, one a line, for tests
// that run the endpoint as a program of its own.
func (s *Server) takeFaults(w http.ResponseWriter, r *http.Request) {
	steps, err := readFaults(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.Next(steps...)
	w.WriteHeader(http.StatusNoContent)
}

// takeGold registers personal data that no request may hold, one a line.
func (s *Server) takeGold(w http.ResponseWriter, r *http.Request) {
	lines, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostBody))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.Gold(strings.Fields(string(lines))...)
	w.WriteHeader(http.StatusNoContent)
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body) // who went away will not miss it
}
