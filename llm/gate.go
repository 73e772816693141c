package llm

import (
	"context"
	"fmt"
	"sync"

	"golang.org/x/time/rate"
)

// A gate lets only so many calls through, and only so many at once. All
// models of a program that stand for the same endpoint share one.
type gate struct {
	pace  *rate.Limiter
	slots chan struct{}
}

var gates = struct {
	sync.Mutex
	open map[string]*gate
}{open: map[string]*gate{}}

// gateOf is the endpoint's gate. Other limits make another gate.
func gateOf(e Endpoint) *gate {
	name := fmt.Sprint(e.ID, " ", e.BaseURL, " ", e.PerSecond, " ", e.AtOnce)
	gates.Lock()
	defer gates.Unlock()
	if gates.open[name] == nil {
		burst := max(1, int(e.PerSecond))
		gates.open[name] = &gate{rate.NewLimiter(rate.Limit(e.PerSecond), burst), make(chan struct{}, e.AtOnce)}
	}
	return gates.open[name]
}

// pass waits for a turn. The caller gives the turn back when it is done.
func (g *gate) pass(ctx context.Context) (done func(), err error) {
	select {
	case g.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if err := g.pace.Wait(ctx); err != nil {
		<-g.slots
		return nil, err
	}
	return func() { <-g.slots }, nil
}
