package rulebook

import "github.com/expr-lang/expr/ast"

// A Grain is how finely a condition looks at the time.
type Grain uint8

// The grains. At a coarser one, the same answer serves for longer.
const (
	NoTime   Grain = iota
	ByHour         // hour and weekday
	ByMoment       // minute, or the moment itself
)

// Grain tells how finely the condition looks at the time, so that whoever
// asks it often may remember its answers.
func (c *Condition) Grain() Grain {
	finest := grainFinder(NoTime)
	node := c.program.Node()
	ast.Walk(&node, &finest)
	return Grain(finest)
}

type grainFinder Grain

// Visit implements the visitor of the expression's tree.
func (g *grainFinder) Visit(node *ast.Node) {
	name, ok := (*node).(*ast.IdentifierNode)
	if !ok {
		return
	}
	switch name.Value {
	case "hour", "weekday":
		*g = max(*g, grainFinder(ByHour))
	case "minute", "at":
		*g = grainFinder(ByMoment)
	}
}
