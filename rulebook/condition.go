package rulebook

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"

	"xiaobao/casework"
)

// Facts are what conditions may know of a touchpoint.
type Facts struct {
	Channel    casework.Channel
	Product    string
	Speaker    casework.Speaker
	At         time.Time
	Attributes map[string]any // as they came in JSON or YAML
}

// A Condition is a compiled `when`: an expression of expr-lang/expr over
//
//	channel, product, speaker   text
//	hour, minute, weekday       numbers, in Beijing; Monday is 1, Sunday 7
//	at                          the moment itself, to hold against other times
//	attr("name")                an attribute by its declared type, nil if absent
//	has("name")                 whether it is there
//	num, flag, str("name")      a number, bool or text; 0, false or "" if absent
//
// It is immutable and safe for concurrent use.
type Condition struct {
	source  string
	program *vm.Program
	reads   reading
	types   map[string]string // declared type of each attribute
}

// String is the source of the condition.
func (c *Condition) String() string { return c.source }

// Reads tells what the condition looks at: attributes, by name in order, and
// whether the time. That is what explains to people why it held.
func (c *Condition) Reads() (attributes []string, time bool) {
	return slices.Sorted(maps.Keys(c.reads.attributes)), c.reads.clock
}

// CompileCondition compiles an expression and refuses names that nobody
// declared, because a misspelt attribute would never hold and never tell.
func (b *Book) CompileCondition(src string) (*Condition, error) {
	if len(src) > maxConditionBytes {
		return nil, fmt.Errorf("the condition is longer than %d bytes", maxConditionBytes)
	}
	reads := reading{declared: b.attribute}
	program, err := expr.Compile(src,
		expr.Env(&environment{}),
		expr.AsBool(),
		expr.MaxNodes(500),
		// No clock and no hidden loops: the same facts always give the same answer.
		expr.DisableAllBuiltins(),
		expr.EnableBuiltin("len"), expr.EnableBuiltin("lower"), expr.EnableBuiltin("abs"),
		expr.EnableBuiltin("min"), expr.EnableBuiltin("max"), expr.EnableBuiltin("duration"),
		expr.Patch(&reads),
	)
	if len(reads.faults) > 0 { // ours explain more than the library's
		return nil, fmt.Errorf("%s", strings.Join(reads.faults, "; "))
	}
	if err != nil {
		return nil, fmt.Errorf("the condition does not compile: %s", oneLine(err))
	}
	c := &Condition{source: src, program: program, reads: reads, types: map[string]string{}}
	c.reads.needed = needs(program.Node())
	for name := range reads.attributes {
		c.types[name] = b.attribute[name].Type
	}
	return c, nil
}

const maxConditionBytes = 4096

// oneLine folds the library's message, which points into the source with a
// picture of several lines.
func oneLine(err error) string {
	first, _, _ := strings.Cut(err.Error(), "\n")
	return first
}

// Holds evaluates the condition. One that asks for the time does not hold of
// facts without a time. An error means that the attributes cannot be compared
// as the expression wants.
func (c *Condition) Holds(facts *Facts) (bool, error) {
	if c.reads.clock && facts.At.IsZero() {
		return false, nil
	}
	for _, name := range c.reads.needed {
		if facts.Attributes[name] == nil {
			return false, nil
		}
	}
	env := environments.Get().(*environment)
	defer environments.Put(env)
	env.set(c, facts)
	out, err := env.vm.Run(c.program, env)
	env.set(nil, &Facts{})
	if err != nil {
		return false, fmt.Errorf("condition %q: %s", c.source, oneLine(err))
	}
	holds, ok := out.(bool)
	if !ok {
		return false, fmt.Errorf("condition %q gives no yes or no", c.source)
	}
	return holds, nil
}

// An environment is what an expression sees. Its functions are bound once and
// it is used again, so that evaluating allocates little.
type environment struct {
	Channel string            `expr:"channel"`
	Product string            `expr:"product"`
	Speaker string            `expr:"speaker"`
	Hour    int               `expr:"hour"`
	Minute  int               `expr:"minute"`
	Weekday int               `expr:"weekday"`
	At      time.Time         `expr:"at"`
	Attr    func(any) any     `expr:"attr"`
	Has     func(any) bool    `expr:"has"`
	Num     func(any) float64 `expr:"num"`
	Flag    func(any) bool    `expr:"flag"`
	Str     func(any) string  `expr:"str"`

	vm         vm.VM
	condition  *Condition
	attributes map[string]any
}

var environments = sync.Pool{New: func() any {
	e := &environment{}
	e.Attr = func(name any) any {
		v, ok := e.attribute(name)
		if !ok {
			return nil
		}
		return v
	}
	e.Has = func(name any) bool { _, ok := e.attribute(name); return ok }
	e.Num = func(name any) float64 { return valueAs[float64](e, name) }
	e.Flag = func(name any) bool { return valueAs[bool](e, name) }
	e.Str = func(name any) string { return valueAs[string](e, name) }
	return e
}}

func (e *environment) set(c *Condition, f *Facts) {
	at := f.At.In(casework.Beijing)
	e.condition, e.attributes = c, f.Attributes
	e.Channel, e.Product, e.Speaker = string(f.Channel), f.Product, string(f.Speaker)
	e.At, e.Hour, e.Minute = at, at.Hour(), at.Minute()
	e.Weekday = (int(at.Weekday())+6)%7 + 1
}

// attribute gives a value by its declared type; one of another type is as
// good as absent, since nothing true could be said of it.
func (e *environment) attribute(name any) (any, bool) {
	key, ok := name.(string)
	if !ok {
		return nil, false
	}
	return typed(e.condition.types[key], e.attributes[key])
}

func valueAs[T any](e *environment, name any) T {
	v, _ := e.attribute(name)
	typed, _ := v.(T)
	return typed
}

var environmentType = reflect.TypeFor[environment]()

// names are what an expression may call on besides attributes, for hints.
func names() []string {
	var words []string
	for i := range environmentType.NumField() {
		if word := environmentType.Field(i).Tag.Get("expr"); word != "" {
			words = append(words, word)
		}
	}
	return words
}
