package fakellm

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
)

// A Step is what is done with one request instead of answering it honestly.
type Step struct {
	Name  string
	Serve func(x *Exchange)
}

// Match picks requests.
type Match func(r *Request) bool

// Any picks every request.
func Any(*Request) bool { return true }

// Holding picks the requests whose messages hold a text.
func Holding(text string) Match {
	return func(r *Request) bool { return strings.Contains(r.Text(), text) }
}

// ForPrompt picks the requests of a prompt.
func ForPrompt(id string) Match {
	return func(r *Request) bool { return r.Prompt() == id }
}

// script is what to do with requests of a kind, one step after the other.
type script struct {
	match Match
	steps []Step
	again bool // the last step repeats
}

// Next scripts what to do with the next requests. After the last step they
// are answered honestly again.
func (s *Server) Next(steps ...Step) { s.Script(Any, steps...) }

// Script scripts what to do with the next requests that match.
func (s *Server) Script(m Match, steps ...Step) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scripts = append(s.scripts, &script{match: m, steps: slices.Clone(steps)})
}

// Always does the same with every request that matches, until Honestly.
func (s *Server) Always(m Match, step Step) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scripts = append(s.scripts, &script{match: m, steps: []Step{step}, again: true})
}

// Honestly forgets all scripts.
func (s *Server) Honestly() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scripts = nil
}

// Left is how many scripted steps were not reached. A test that scripts more
// than its client asks for learns it here.
func (s *Server) Left() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	left := 0
	for _, sc := range s.scripts {
		if !sc.again {
			left += len(sc.steps)
		}
	}
	return left
}

// next takes the step for a request out of the first script that has one.
func (s *Server) next(r *Request) (Step, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sc := range s.scripts {
		if len(sc.steps) == 0 || !sc.match(r) {
			continue
		}
		step := sc.steps[0]
		if !sc.again {
			sc.steps = sc.steps[1:]
		}
		return step, true
	}
	return Step{}, false
}

// A fault is a step with a name, and the kind of trouble it stands for.
type fault struct {
	name string
	row  int // of the fault matrix
	step func(x *Exchange)
}

// Faults are the names of all faults.
func Faults() []string {
	var names []string
	for _, f := range allFaults() {
		names = append(names, f.name)
	}
	return names
}

// FaultsOfRow are the names of the faults of a row of the fault matrix.
func FaultsOfRow(row int) []string {
	var names []string
	for _, f := range allFaults() {
		if f.row == row {
			names = append(names, f.name)
		}
	}
	return names
}

func allFaults() []fault {
	return slices.Concat(limits(), failures(), bodies(), connections(), streams(), finishes(), contents())
}

// Fault is the fault of a name. An unknown name panics: it is the test that is
// wrong.
func Fault(name string) Step {
	step, err := FaultNamed(name)
	if err != nil {
		panic(err)
	}
	return step
}

// FaultNamed is the fault of a name.
func FaultNamed(name string) (Step, error) {
	for _, f := range allFaults() {
		if f.name == name {
			return Step{Name: f.name, Serve: f.step}, nil
		}
	}
	return Step{}, fmt.Errorf("no fault is called %q; there are: %s", name, strings.Join(Faults(), " "))
}

// readFaults reads names of faults, one a line.
func readFaults(r io.Reader) ([]Step, error) {
	var steps []Step
	lines := bufio.NewScanner(io.LimitReader(r, mostBody))
	for lines.Scan() {
		name := strings.TrimSpace(lines.Text())
		if name == "" {
			continue
		}
		step, err := FaultNamed(name)
		if err != nil {
			return nil, err
		}
		steps = append(steps, step)
	}
	return steps, lines.Err()
}

// Say answers with a content as it is.
func Say(content string) Step {
	return Step{Name: "say", Serve: func(x *Exchange) { x.Send(Reply{Content: content, JSON: asJSON(content)}) }}
}

// Reword answers with the honest content, changed.
func Reword(name string, change func(r *Request, honest string) string) Step {
	return Step{Name: name, Serve: func(x *Exchange) {
		content := change(x.Request, x.Honest().Content)
		x.Send(Reply{Content: content, JSON: asJSON(content)})
	}}
}

// Held answers honestly once the channel is closed, or not at all if the
// client goes away before.
func Held(until <-chan struct{}) Step {
	return Step{Name: "held", Serve: func(x *Exchange) {
		if x.wait(until) {
			x.Send(x.Honest())
		}
	}}
}

// Then does something, and then answers honestly.
func Then(do func(r *Request)) Step {
	return Step{Name: "then", Serve: func(x *Exchange) {
		do(x.Request)
		x.Send(x.Honest())
	}}
}

// wait waits for a channel; false means that the client or the test is gone.
func (x *Exchange) wait(until <-chan struct{}) bool {
	select {
	case <-until:
		return true
	case <-x.r.Context().Done():
	case <-x.Server.done:
	}
	return false
}
