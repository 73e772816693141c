package screening

import (
	"fmt"
	"slices"
	"strings"

	"xiaobao/casework"
	"xiaobao/rulebook"
)

// A ruleset is a number of patterns compiled together: one dictionary of all
// their words, one automaton over its characters and one over its sounds. It
// is immutable.
type ruleset struct {
	letters   *alphabet
	exact     *automaton           // over letters
	sounds    *automaton           // over syllables
	spoken    []int32              // word of each sequence of sounds
	spellings map[spelling][]int32 // words
	lengths   []int32              // of each word of the automaton exact
	lasting   []int32              // of each sequence of sounds
	begins    beginnings           // of the sequences of sounds
	words     [][]uint16           // in letters

	sets    [][]int32 // words of each set, ascending
	members []bits    // endings of the automaton that hold a word of the set
	holding lists     // sets that have a word of each ending
	endings []int32   // of each word alone
	common  []int32   // of each set: how often its words come up, roughly

	owners []owner
	rules  []rule
	gates  []gate // of each rule
}

// An owner is what a rule speaks for: an indicator, a phrase, a disclosure.
type owner struct {
	channels mask // of casework.Channels; 0 means all
	speakers mask // of casework.Speakers; 0 means all
}

// A mask is a set of small numbers.
type mask uint16

func maskOf[T comparable](chosen, all []T) (m mask) {
	for i, each := range all {
		if slices.Contains(chosen, each) {
			m |= 1 << i
		}
	}
	return m
}

func (m mask) admits(i int) bool { return m == 0 || m&(1<<i) != 0 }

// scope is how far the words of a pattern may lie apart.
type scope uint8

const (
	sentence scope = iota
	clause
	turn
	whole
)

// A rule is a compiled pattern. Sets stand for its alternatives; none is -1.
type rule struct {
	owner     int32
	slots     []int32 // one, or the parts of a sequence or conjunction
	ordered   bool    // a sequence
	gap       int32
	regex     *expression // tried where slots[0] stands
	scope     scope
	when      *rulebook.Condition
	unless    int32
	absent    int32
	before    int32 // what another speaker said
	beforeNot int32 // and did not say in the same turn
	beforeAll bool  // and nothing else
	beforeWho int   // index in casework.Speakers, or -1 for anyone else
	turns     int
	opening   int
	guards    guard
	level     casework.Level // NoLevel: the owner's
	certainty float64
}

// A builder gathers patterns into a ruleset.
type builder struct {
	book    *rulebook.Book
	numbers map[literal]int32 // of words
	words   [][]uint16        // folded
	sounds  [][]uint16        // by word: its syllables, if it is found by sound
	setOf   map[string]int32  // by the numbers of its words
	rs      *ruleset
}

// A literal is a folded word, and whether it is found by its sound, too.
type literal struct {
	text   string
	spoken bool
}

func newBuilder(b *rulebook.Book) *builder {
	return &builder{b, map[literal]int32{}, nil, nil, map[string]int32{}, &ruleset{}}
}

// owner adds an owner with its patterns.
func (b *builder) owner(o owner, patterns []rulebook.Pattern, guards *[]string) (int32, error) {
	number := int32(len(b.rs.owners))
	b.rs.owners = append(b.rs.owners, o)
	for i := range patterns {
		r, err := b.rule(&patterns[i], guards)
		if err != nil {
			return 0, fmt.Errorf("pattern %d: %w", i+1, err)
		}
		r.owner = number
		b.rs.rules = append(b.rs.rules, r)
	}
	return number, nil
}

// usualGap is the most characters between neighbours of a sequence, if the
// pattern does not say; usualCertainty is how sure a hit is.
const (
	usualGap       = 8
	usualCertainty = 0.9
)

func (b *builder) rule(p *rulebook.Pattern, guards *[]string) (r rule, err error) {
	if r.slots, err = b.slots(p); err != nil {
		return r, err
	}
	r.ordered = len(p.Seq) > 0
	if p.Regex != "" {
		if r.regex, err = compileExpression(p.Regex); err != nil {
			return r, fmt.Errorf("regex: %w", err)
		}
	}
	if r.scope, err = scopeOf(p.Scope); err != nil {
		return r, err
	}
	if p.Guards != nil {
		guards = p.Guards
	}
	if r.guards, err = guardsOf(guards); err != nil {
		return r, err
	}
	r.gap, r.opening, r.level, r.certainty = int32(p.Gap), p.Opening, p.Level, p.Certainty
	if r.gap == 0 {
		r.gap = usualGap
	}
	if r.certainty == 0 {
		r.certainty = usualCertainty
	}
	return r, b.circumstances(&r, p)
}

// slots are the sets of words that must come up.
func (b *builder) slots(p *rulebook.Pattern) ([]int32, error) {
	var parts []rulebook.Alternatives
	given := 0
	for _, choice := range []struct {
		is    bool
		parts []rulebook.Alternatives
	}{
		{len(p.Words) > 0, []rulebook.Alternatives{p.Words}},
		{len(p.Seq) > 0, p.Seq},
		{len(p.All) > 0, p.All},
		{p.Regex != "", []rulebook.Alternatives{p.With}},
	} {
		if choice.is {
			parts = choice.parts
			given++
		}
	}
	if given != 1 {
		return nil, fmt.Errorf("give exactly one of words, seq, all and regex, not %d", given)
	}
	slots := make([]int32, len(parts))
	for i, part := range parts {
		set, err := b.set(part, true)
		switch {
		case err != nil:
			return nil, err
		case set < 0:
			return nil, fmt.Errorf("has no words to look for; a regex needs some in with")
		}
		slots[i] = set
	}
	return slots, nil
}

// circumstances compiles what narrows a pattern.
func (b *builder) circumstances(r *rule, p *rulebook.Pattern) (err error) {
	if r.unless, err = b.set(p.Unless, false); err != nil {
		return err
	}
	if r.absent, err = b.set(p.Absent, false); err != nil {
		return err
	}
	if p.When != "" {
		if r.when, err = b.book.CompileCondition(p.When); err != nil {
			return fmt.Errorf("when: %w", err)
		}
	}
	r.before, r.beforeNot, r.beforeWho = -1, -1, -1
	if p.After == nil {
		return nil
	}
	r.turns = max(1, p.After.Turns)
	r.beforeWho = slices.Index(casework.Speakers(), p.After.Speaker)
	r.beforeAll = p.After.Whole
	if r.beforeNot, err = b.set(p.After.Unless, false); err != nil {
		return err
	}
	if r.before, err = b.set(p.After.Words, true); err == nil && r.before < 0 {
		err = fmt.Errorf("after has no words")
	}
	return err
}

func scopeOf(name string) (scope, error) {
	switch name {
	case "", "sentence":
		return sentence, nil
	case "clause":
		return clause, nil
	case "turn":
		return turn, nil
	case "text":
		return whole, nil
	}
	return 0, fmt.Errorf("there is no scope %q; use clause, sentence, turn or text", name)
}

// set numbers a set of alternatives, to be found by sound or not; the same
// words are one set. None is -1.
func (b *builder) set(alternatives rulebook.Alternatives, spoken bool) (int32, error) {
	var members []int32
	for _, word := range alternatives {
		words := []string{word}
		if name, is := strings.CutPrefix(word, "$"); is {
			lexicon, known := b.book.Lexicons[name]
			if !known {
				return -1, fmt.Errorf("there is no lexicon $%s", name)
			}
			words = lexicon.Words
		}
		for _, w := range words {
			number, err := b.word(w, spoken)
			if err != nil {
				return -1, err
			}
			members = append(members, number)
		}
	}
	if len(members) == 0 {
		return -1, nil
	}
	slices.Sort(members)
	members = slices.Compact(members)
	key := fmt.Sprint(members)
	if number, ok := b.setOf[key]; ok {
		return number, nil
	}
	number := int32(len(b.rs.sets))
	b.setOf[key] = number
	b.rs.sets = append(b.rs.sets, members)
	return number, nil
}

// word numbers a word of the rulebook; "=" before it keeps it from being
// found by its sound.
func (b *builder) word(word string, spoken bool) (int32, error) {
	word, exact := strings.CutPrefix(word, "=")
	units := folded(word)
	if len(units) == 0 || slices.Max(units) == 0 {
		return 0, fmt.Errorf("the word %q has no characters to look for", word)
	}
	sounds := soundOf(units)
	key := literal{string(runesOf(units)), spoken && !exact && (sounds != nil || isShort(units))}
	if !key.spoken {
		sounds = nil
	}
	if number, ok := b.numbers[key]; ok {
		return number, nil
	}
	number := int32(len(b.words))
	b.numbers[key] = number
	b.words, b.sounds = append(b.words, units), append(b.sounds, sounds)
	return number, nil
}

func runesOf(units []uint16) []rune {
	out := make([]rune, len(units))
	for i, u := range units {
		out[i] = rune(u)
	}
	return out
}

// build makes the dictionary and the automata.
func (b *builder) build() *ruleset {
	rs := b.rs
	var sounds [][]uint16
	for number, s := range b.sounds {
		if s != nil {
			sounds = append(sounds, s)
			rs.spoken = append(rs.spoken, int32(number))
			rs.lasting = append(rs.lasting, int32(len(s)))
		}
	}
	rs.letters = newAlphabet(b.words, sounds)
	for _, word := range b.words {
		rs.words = append(rs.words, rs.letters.encode(word))
		rs.lengths = append(rs.lengths, int32(len(word)))
	}
	rs.exact = newAutomaton(rs.words, rs.letters.letters)
	rs.sounds = newAutomaton(sounds, len(syllables().name))
	rs.begins = beginningsOf(sounds, rs.sounds)
	rs.spellings = b.spellings()
	rs.index()
	rs.countIn(examplesOf(b.book))
	for i := range rs.rules {
		rs.gates = append(rs.gates, rs.gateOf(&rs.rules[i]))
	}
	return rs
}

// index relates sets to the endings of the automaton.
func (rs *ruleset) index() {
	memberOf := make([][]int32, len(rs.words))
	for set, members := range rs.sets {
		rs.members = append(rs.members, newBits(rs.exact.endings()))
		for _, word := range members {
			memberOf[word] = append(memberOf[word], int32(set))
		}
	}
	rs.endings = make([]int32, len(rs.words))
	for ending := range int32(rs.exact.endings()) {
		var sets []int32
		words := rs.exact.words(ending)
		for _, word := range words {
			if rs.lengths[word] == rs.lengths[words[0]] {
				rs.endings[word] = ending
			}
			sets = append(sets, memberOf[word]...)
		}
		slices.Sort(sets)
		sets = slices.Compact(sets)
		for _, set := range sets {
			rs.members[set].add(ending)
		}
		rs.holding.add(sets)
	}
}
