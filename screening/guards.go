package screening

import (
	"fmt"
	"slices"
)

// A guard is a reading of a hit that excuses it. Guards are a set.
type guard uint8

const (
	negation  guard = 1 << iota // 本产品不承诺保本
	quotation                   // 严禁使用“零风险”等用语
	report                      // 您说有人承诺包过
	question                    // 是零利息吗
	warning                     // 凡宣称包过的均为骗局
	allGuards guard = 1<<iota - 1
)

var guardNames = map[string]guard{
	"negation": negation, "quotation": quotation, "report": report, "question": question, "warning": warning,
}

// guardsOf reads the guards of the rulebook; nil means all.
func guardsOf(names *[]string) (guard, error) {
	if names == nil {
		return allGuards, nil
	}
	var g guard
	for _, name := range *names {
		if guardNames[name] == 0 {
			return 0, fmt.Errorf("there is no guard %q; use negation, quotation, report, question or warning", name)
		}
		g |= guardNames[name]
	}
	return g, nil
}

// A reading is a hit in its sentence, as the guards look at it: characters
// folded in width, case and script, one for one.
type reading struct {
	text       []rune // the sentence
	plain      []rune // the same with idioms blanked out, which only look like guards
	start, end int    // the hit
	clause     [2]int // of the hit
	claims     bool   // the speaker is on the institution's side
}

// excused reports whether any of the guards excuses the stretch of the
// original; parts are the words it is made of, in order.
func (m *matcher) excused(g guard, number int32, parts []span) bool {
	if g == 0 {
		return false
	}
	first, last := parts[0], parts[len(parts)-1]
	lo, hi := m.bounds(sentence, number, span{first.start, last.end})
	m.sentence = m.sentence[:0]
	fold := surface()
	for _, c := range m.runes[lo:hi] {
		if c < 0x10000 && fold[c] != 0 {
			c = rune(fold[c])
		}
		m.sentence = append(m.sentence, c)
	}
	m.plain = blankIdioms(m.plain[:0], m.sentence)
	left, _ := m.bounds(clause, number, first)
	_, right := m.bounds(clause, number, last)
	r := reading{
		text: m.sentence, plain: m.plain, start: int(first.start - lo), end: int(last.end - lo),
		clause: [2]int{int(left - lo), int(right - lo)},
		claims: institution.admits(m.said[number].who) && m.said[number].who < len(allSpeakers),
	}
	switch {
	case g&negation != 0 && (r.negated() || r.negatedWithin(parts, int(lo))),
		g&quotation != 0 && r.quoted(),
		g&report != 0 && r.reported(),
		g&question != 0 && r.asked(),
		g&warning != 0 && r.warned():
		return true
	}
	return false
}

// reach is how far before a hit a negation may stand, in characters.
const reach = 8

// blankIdioms copies the text without its idioms.
func blankIdioms(to, text []rune) []rune {
	to = append(to, text...)
	for i := 0; i < len(text); {
		n := longest(text[i:], idioms)
		if n > 0 && n >= longest(text[i:], negators) {
			clear(to[i : i+n])
		}
		i += max(n, 1)
	}
	return to
}

// negated reports a negation of the hit in its clause: an odd number of
// negators in the reach before it, or a denial just after it.
func (r *reading) negated() bool {
	if r.denied() {
		return true
	}
	from := max(r.clause[0], r.start-reach)
	if !oddNegation(r.plain[r.clause[0]:r.clause[1]], from-r.clause[0], r.start-r.clause[0]) {
		return false
	}
	inner, after := r.text[r.clause[0]:r.clause[1]], r.text[r.end:]
	switch {
	case containsAny(r.text[r.end:r.clause[1]], ironies): // 不保本才怪
		return false
	case containsAny(r.text[from:r.start], notMerelySaid) && containsAny(after, contrasts): // 不是说保本，但基本不会亏
		return false
	case containsAny(inner, indignant), // 难道不是零利息
		r.claims && inner[len(inner)-1] == '吗': // 这不是零利息吗
		return false
	}
	return true
}

// negatedWithin reports a negation between the words of a sequence, of the
// word that follows it: 肯定不能批 is no 肯定…批.
func (r *reading) negatedWithin(parts []span, offset int) bool {
	for i := 1; i < len(parts); i++ {
		from, upto := int(parts[i-1].end)-offset, max(int(parts[i-1].end), int(parts[i].start))-offset
		from += lastStop(r.plain[from:upto])
		// The first character behind tells an enumeration from a double negation.
		if oddNegation(r.plain[from:min(upto+1, len(r.plain))], 0, upto-from) {
			return true
		}
	}
	return false
}

// oddNegation reports whether the text between from and upto negates what
// follows. A consequence (不还就…) or a premise (你不签…) begins
// anew, and two negations cancel out unless they stand side by side.
func oddNegation(text []rune, from, upto int) bool {
	odd, last := false, span{}
	for i := 0; i < upto; {
		denies, begins := longest(text[i:], negators), longest(text[i:], consequences)
		switch {
		case begins > denies:
			odd = false
		case denies > 0 && (i+denies > from || odd):
			this := span{int32(i), int32(i + denies)}
			odd = odd && enumerates(text, last, this) || !odd && !premise(text[:i], text[i:])
			last = this
		}
		i += max(denies, begins, 1)
	}
	return odd
}

// enumerates reports that a negation goes on with a list of them and does not
// cancel the one before: it is joined to it (不送米也不送油), or the same
// negator denies the same verb of something else (不送米不送油).
func enumerates(text []rune, before, this span) bool {
	if before.end >= this.start {
		return false // 不是不…
	}
	if slices.Contains(joiners, text[this.start-1]) {
		return true
	}
	return int(this.end) < len(text) && text[before.end] == text[this.end] &&
		slices.Equal(text[before.start:before.end], text[this.start:this.end])
}

// joiners before a negator join it to the negation before.
var joiners = []rune("、也又更且和或及")

// premise reports a negation that only sets a condition for what follows:
// 你不还…, 再不解决…, of the listener's doing, not of the speaker's claim.
func premise(before, at []rune) bool {
	if longest(at, bareNegators) != 1 || len(at) < 2 || longest(at[1:], modal) > 0 {
		return false
	}
	return endsWithAny(before, conditions)
}

// deniedWithin is how far after a hit its denial may begin, in characters.
const deniedWithin = 8

// denied reports a denial after the hit: 保本是不可能的.
func (r *reading) denied() bool {
	rest := r.text[r.end:r.clause[1]]
	for skip := 0; skip <= deniedWithin && skip < len(rest); skip++ {
		if longest(rest[skip:], denials) > 0 {
			return true
		}
		if !slices.Contains(linkers, rest[skip]) {
			return false
		}
	}
	next := r.text[min(r.clause[1]+1, len(r.text)):]
	return longest(next, denialsNext) > 0
}

// quoted reports a hit inside quotation marks in a sentence that warns of it
// or reports it; marks alone may be mere emphasis.
func (r *reading) quoted() bool {
	open, close := -1, -1
	for i := r.start - 1; i >= 0 && i >= r.start-longestQuote; i-- {
		if slices.Contains(openers, r.text[i]) {
			open = i
			break
		}
		if slices.Contains(closers, r.text[i]) {
			return false
		}
	}
	for i := r.end; open >= 0 && i < len(r.text) && i < r.end+longestQuote; i++ {
		if slices.Contains(closers, r.text[i]) {
			close = i
			break
		}
	}
	if close < 0 {
		return false
	}
	outside := slices.Concat(r.text[:open], []rune("\n"), r.text[close+1:])
	return containsAny(outside, quoters) || containsAny(outside, warnings) || containsAny(outside, bans) ||
		containsAny(outside, reporters) || containsAny(outside, verdicts)
}

const longestQuote = 60

// reported reports a hit that someone else is said to have said: in the same
// clause, right before it, or where the clause carries on with what was said.
func (r *reading) reported() bool {
	before := r.plain[:r.start]
	at := lastOf(before, reporters)
	if at < 0 {
		return false
	}
	end := at + longest(before[at:], reporters)
	carries := longest(r.text[r.clause[0]:], continuations) > 0
	if at < r.clause[0] && !carries && r.clause[0]-end > reportPause {
		return false
	}
	if longest(before[at:], ofListeners) > 0 && !r.describes(at, end) {
		return false
	}
	return !endsWithAny(before[:at], crowds) && longest(before[at:], instructions) == 0
}

// describes reports whether what the listener received or said (您收到的…,
// 您说的…) is being described: it is a message or the like, or the hit stands
// right behind, and nobody asks for it to be handed over (您收到的验证码念给我).
func (r *reading) describes(at, end int) bool {
	if containsAny(r.text[end:r.clause[1]], handovers) {
		return false
	}
	if longest(r.text[at:], received) > 0 {
		return containsAny(r.text[end:r.clause[1]], messages)
	}
	return r.start-end <= remarkReach && r.start >= r.clause[0] && at >= r.clause[0]
}

// remarkReach is how far behind 您说的 the remark may begin, in characters.
const remarkReach = 6

// reportPause is what may stand between a report and the clause it reports,
// in characters: 您反映的是，…
const reportPause = 3

// asked reports a hit in a question. What the institution's side asks may be
// a claim all the same, so only its asking about others' words counts.
func (r *reading) asked() bool {
	inner := r.text[r.clause[0]:r.clause[1]]
	before := r.text[r.clause[0]:r.start]
	after := r.text[r.end:r.clause[1]]
	if containsAny(inner, rhetorical) && r.claims {
		return false
	}
	if containsAny(before, whether) && !r.claims || lastOf(before, openQuestions) >= 0 {
		return true
	}
	if r.claims {
		return containsAny(before, inquiries)
	}
	if len(after) > 0 && slices.Contains([]rune("吗么嘛"), after[len(after)-1]) {
		return !containsAny(inner, rhetorical)
	}
	ends := r.clause[1] < len(r.text) && (r.text[r.clause[1]] == '?')
	return ends && !containsAny(inner, rhetorical)
}

// warned reports a hit that the sentence warns of, forbids or unmasks.
func (r *reading) warned() bool {
	before, after := r.plain[:r.start], r.plain[r.end:]
	switch {
	case containsAny(before, warnings), containsAny(before, impostors):
		return true
	case lastOf(before, bans) >= 0 && lastOf(before, bans) >= len(before)-banReach:
		return true
	case containsAny(before, cautions) && (!r.claims || containsAny(r.text, scams)):
		return true
	case containsAny(after, warningsAfter):
		return true
	}
	at := firstOf(after, verdicts)
	accused := func(text []rune) bool { return containsAny(text, listeners) }
	return at >= 0 && !accused(after[max(0, at-4):at]) && !accused(r.text[max(r.clause[0], r.start-4):r.start])
}

// banReach is how far before a hit a prohibition may stand, in characters.
const banReach = 24
