package screening

import (
	"fmt"
	"sync"

	"xiaobao/casework"
	"xiaobao/rulebook"
)

// An Engine is a rulebook compiled for screening. It is immutable and safe
// for concurrent use; each goroutine takes a Screener of its own.
type Engine struct {
	book       *rulebook.Book
	texts      func() *ruleset // built on first use; owners are indicators, by place
	views      []func() *view  // of texts by channel, likewise
	indicators []indicator
	always     []askable // by channel: indicators that a condition alone can fire

	materials *materials
	clues     []clue
	clueRules *ruleset
	clueView  *view
}

// An indicator is what Screen needs of rulebook.Indicator.
type indicator struct {
	*rulebook.Indicator
	when     *rulebook.Condition
	rises    []rise
	needsOne bool // when is a condition on the text's hits, not enough by itself
	stamp    string
	basis    []string
}

type rise struct {
	when *rulebook.Condition
	to   casework.Level
}

// Compile makes a rulebook ready. An error is a fault of the rulebook.
func Compile(b *rulebook.Book) (*Engine, error) {
	e := &Engine{book: b, always: make([]askable, len(allChannels)+1)}
	for i, source := range b.Indicators {
		ind, err := e.indicator(source)
		if err != nil {
			return nil, faultOf(source.Position, source.ID, err)
		}
		e.indicators = append(e.indicators, ind)
		if ind.when != nil && !ind.needsOne {
			e.fires(int32(i), maskOf(source.Channels, allChannels))
		}
	}
	patterns, err := e.patterns()
	if err != nil {
		return nil, err
	}
	e.texts = sync.OnceValue(patterns.build)
	for channel := range len(allChannels) + 1 {
		e.views = append(e.views, sync.OnceValue(func() *view { return e.viewFor(channel) }))
	}
	if e.materials, err = compileMaterials(b); err != nil {
		return nil, err
	}
	if e.clues, e.clueRules, err = compileClues(b); err != nil {
		return nil, err
	}
	e.clueView = e.clueRules.everything()
	return e, nil
}

// patterns gathers the patterns of all indicators.
func (e *Engine) patterns() (*builder, error) {
	build := newBuilder(e.book)
	for i := range e.indicators {
		source := e.indicators[i].Indicator
		if _, err := build.owner(owner{speakers: maskOf(source.Speakers, allSpeakers)}, source.Patterns, source.Guards); err != nil {
			return nil, faultOf(source.Position, source.ID, err)
		}
	}
	return build, nil
}

// viewFor is the view of the indicators that concern a channel; one that is
// not known may be any.
func (e *Engine) viewFor(channel int) *view {
	return e.texts().viewOf(func(owner int32) bool {
		return channel == len(allChannels) || maskOf(e.indicators[owner].Channels, allChannels).admits(channel)
	})
}

// faultOf says where in the rulebook it is wrong.
func faultOf(at rulebook.Position, id string, err error) error {
	return casework.Errorf(casework.Invalid, "%s: %s: %s", at, id, err).
		InChinese("规则库 %s 的 %s 有误：%s", at, id, err)
}

// indicator compiles conditions. A text indicator with patterns needs both
// its words and its condition; of kind both or system, the condition alone
// will do.
func (e *Engine) indicator(source *rulebook.Indicator) (indicator, error) {
	ind := indicator{
		Indicator: source, needsOne: source.Kind == "text" && len(source.Patterns) > 0, basis: citations(source.Basis),
	}
	if source.Pack != nil {
		ind.stamp = source.Pack.Stamp()
	}
	var err error
	if source.When != "" {
		if ind.when, err = e.book.CompileCondition(source.When); err != nil {
			return ind, fmt.Errorf("when: %w", err)
		}
	}
	for i, r := range source.Rises {
		when, err := e.book.CompileCondition(r.When)
		if err != nil {
			return ind, fmt.Errorf("rise %d: %w", i+1, err)
		}
		ind.rises = append(ind.rises, rise{when, r.To})
	}
	return ind, nil
}

// fires notes an indicator under each channel where its condition is asked.
func (e *Engine) fires(number int32, channels mask) {
	for i := range e.always {
		if channels.admits(i) {
			e.always[i].add(number, e.indicators[number].when)
		}
	}
}

// Book is the rulebook that the engine was compiled from.
func (e *Engine) Book() *rulebook.Book { return e.book }

// CountWords runs nothing but the automaton of the whole rulebook over a text
// and counts the words it finds: what benchmarks hold screening against.
func (e *Engine) CountWords(text string) int {
	all := e.texts()
	a, table, state, n := all.exact, &all.letters.glyphs, int32(0), 0
	for _, r := range text {
		if state = a.step(state, table.of(r).rune()); state == 0 {
			continue
		}
		if ending := a.cells[state].ending; ending != 0 {
			for range a.words(ending) {
				n++
			}
		}
	}
	return n
}

// Words is how many different words the automaton knows.
func (e *Engine) Words() int {
	different := map[int32]bool{}
	for _, ending := range e.texts().endings {
		different[ending] = true
	}
	return len(different)
}
