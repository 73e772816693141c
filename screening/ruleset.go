package screening

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"xiaobao/casework"
	"xiaobao/rulebook"
)

// A ruleset is a number of patterns compiled together: one dictionary of all
// their words, one automaton over its characters and one over its sounds. It
// is immutable.
type ruleset struct {
	letters *alphabet
	exact   *automaton // over letters
	sounds  *automaton // over syllables
	spoken  []int32    // word of each sequence of sounds
	lengths []int32    // of each word of the automaton exact
	lasting []int32    // of each sequence of sounds
	begins  pairs      // of syllables, the first two of any sequence
	words   [][]uint16 // in letters

	sets     [][]int32 // words of each set
	members  []bits    // the same, to ask about one word
	memberOf [][]int32 // sets of each word
	watchers [][]int32 // rules to look at once a word of the set has come up

	owners []owner
	rules  []rule
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
	regex     *regexp.Regexp // tried where slots[0] stands
	scope     scope
	unless    int32
	absent    int32
	before    int32 // what another speaker said
	beforeWho int   // index in casework.Speakers, or -1 for anyone else
	turns     int
	opening   int
	guards    guard
	level     casework.Level // NoLevel: the owner's
	certainty float64
}

// A builder gathers patterns into a ruleset.
type builder struct {
	lexicons map[string]*rulebook.Lexicon
	numbers  map[string]int32 // of words, by their folded form
	words    [][]uint16       // folded
	setOf    map[string]int32 // by the numbers of its words
	rs       *ruleset
}

func newBuilder(lexicons map[string]*rulebook.Lexicon) *builder {
	return &builder{lexicons, map[string]int32{}, nil, map[string]int32{}, &ruleset{}}
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
		if r.regex, err = regexp.Compile(p.Regex); err != nil {
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
		set, err := b.set(part)
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
	if r.unless, err = b.set(p.Unless); err != nil {
		return err
	}
	if r.absent, err = b.set(p.Absent); err != nil {
		return err
	}
	r.before, r.beforeWho = -1, -1
	if p.After == nil {
		return nil
	}
	r.turns = max(1, p.After.Turns)
	r.beforeWho = slices.Index(casework.Speakers(), p.After.Speaker)
	if r.before, err = b.set(p.After.Words); err == nil && r.before < 0 {
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

// set numbers a set of alternatives; the same words are one set. None is -1.
func (b *builder) set(alternatives rulebook.Alternatives) (int32, error) {
	var members []int32
	for _, word := range alternatives {
		words := []string{word}
		if name, is := strings.CutPrefix(word, "$"); is {
			lexicon, known := b.lexicons[name]
			if !known {
				return -1, fmt.Errorf("there is no lexicon $%s", name)
			}
			words = lexicon.Words
		}
		for _, w := range words {
			number, err := b.word(w)
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

func (b *builder) word(word string) (int32, error) {
	units := folded(word)
	if len(units) == 0 || slices.Max(units) == 0 {
		return 0, fmt.Errorf("the word %q has no characters to look for", word)
	}
	key := string(runesOf(units))
	if number, ok := b.numbers[key]; ok {
		return number, nil
	}
	number := int32(len(b.words))
	b.numbers[key] = number
	b.words = append(b.words, units)
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
	for number, word := range b.words {
		if s := soundOf(word); s != nil {
			sounds = append(sounds, s)
			rs.spoken = append(rs.spoken, int32(number))
			rs.lasting = append(rs.lasting, int32(len(s)))
		}
	}
	rs.letters = newAlphabet(b.words, sounds)
	rs.memberOf = make([][]int32, len(b.words))
	for _, word := range b.words {
		rs.words = append(rs.words, rs.letters.encode(word))
		rs.lengths = append(rs.lengths, int32(len(word)))
	}
	rs.exact = newAutomaton(rs.words, rs.letters.letters)
	rs.sounds = newAutomaton(sounds, len(syllables().name))
	rs.begins = pairsThatBegin(sounds, len(syllables().name))
	for set, members := range rs.sets {
		rs.members = append(rs.members, bitsOf(members, len(b.words)))
		for _, word := range members {
			rs.memberOf[word] = append(rs.memberOf[word], int32(set))
		}
	}
	rs.watchers = make([][]int32, len(rs.sets))
	for i := range rs.rules {
		set := rs.rarest(rs.rules[i].slots)
		rs.watchers[set] = append(rs.watchers[set], int32(i))
	}
	return rs
}

// rarest guesses which of the sets comes up least: the one whose shortest
// word is longest and, among those, that has the fewest words.
func (rs *ruleset) rarest(sets []int32) int32 {
	return slices.MaxFunc(sets, func(a, b int32) int {
		if d := rs.shortest(a) - rs.shortest(b); d != 0 {
			return int(d)
		}
		return len(rs.sets[b]) - len(rs.sets[a])
	})
}

func (rs *ruleset) shortest(set int32) int32 {
	least := rs.lengths[rs.sets[set][0]]
	for _, word := range rs.sets[set] {
		least = min(least, rs.lengths[word])
	}
	return least
}

// bits is a set of numbers as a field of bits.
type bits []uint64

func bitsOf(numbers []int32, upto int) bits {
	b := make(bits, (upto+63)/64)
	for _, n := range numbers {
		b[n/64] |= 1 << (n % 64)
	}
	return b
}

func (b bits) has(n int32) bool { return b[n>>6]&(1<<(n&63)) != 0 }
