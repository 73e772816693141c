package privacy

import (
	"strconv"
	"strings"
)

// A number is groups of digits that people may have written as one.
type number struct {
	r          []rune
	groups     []group
	digits     []byte
	separators [5]bool // blank, hyphen and the like, dot, comma, none (change of script)
	arabic     bool    // some of it is written in figures
}

// The classes of separators.
const (
	blankSeparator = iota
	lineSeparator
	dotSeparator
	commaSeparator
	scriptChange
)

func separatorClass(r rune) int {
	switch r {
	case ' ', nothing:
		return blankSeparator
	case '.':
		return dotSeparator
	case ',', '，', '、':
		return commaSeparator
	case 0:
		return scriptChange
	}
	return lineSeparator
}

// mostDigits is the length of the longest number that is personal.
const mostDigits = 25

// numbers finds everything that digits prove or suggest, in one pass.
func numbers(r []rune) []Span {
	var spans []Span
	var queue []group
	from := 0
	for {
		queue, from = refill(r, queue, from)
		if len(queue) == 0 {
			return spans
		}
		span, used, ok := firstNumber(r, queue)
		if ok && span.Kind != "" {
			spans = append(spans, span)
		}
		queue = queue[used:]
	}
}

// refill keeps as many groups at hand as one number can have.
func refill(r []rune, queue []group, from int) ([]group, int) {
	for len(queue) < mostDigits && from < len(r) {
		g, ok := nextGroup(r, from)
		if !ok {
			return queue, len(r)
		}
		if n := len(queue); n > 0 {
			g.follow(r, queue[n-1])
		}
		from = g.end
		queue = append(queue, g)
	}
	return queue, from
}

// firstNumber reads the best number that begins with the first group, and
// tells how many groups it takes: one that is nothing takes itself.
func firstNumber(r []rune, queue []group) (Span, int, bool) {
	best, bestWorth, used := Span{}, 0, 1
	n := number{r: r}
	if !begins(r, queue) {
		return best, 1, false
	}
	for i, g := range queue {
		if i > 0 && !g.joined || len(n.digits)+g.end-g.start > mostDigits {
			break
		}
		n.add(g, i > 0)
		if len(n.digits) < 7 || !n.ends() {
			continue
		}
		if span, worth := n.judge(); worth > bestWorth {
			best, bestWorth, used = span, worth, i+1
		}
	}
	return best, used, bestWorth > 0
}

// begins reports whether a number can begin with the first group: it is not
// the tail of a word, of a decimal or of a machine's identifier.
func begins(r []rune, queue []group) bool {
	start := queue[0].start
	before := at(r, start-1)
	switch {
	case before == masked, before == '_' && isLetter(at(r, start-2)):
		return false
	case isLetter(before):
		return afterWord(r, start)
	case before == '.' && isDigit(at(r, start-2)):
		return queue[0].end-start == 11 && listNumber(r, start-2)
	}
	return !inUUID(r, start)
}

// afterWord reports whether the letters before start are a word to which
// people append their number, such as a name in small letters, and not part
// of a code.
func afterWord(r []rune, start int) bool {
	from, telling := start, false
	for from > 0 && start-from < 12 && isLetter(r[from-1]) {
		from--
		telling = telling || r[from] > 'f' && r[from] <= 'z'
	}
	word := strings.ToLower(string(r[from:start]))
	switch word {
	case "tel", "phone", "mobile", "no", "vx", "wx", "qq", "id", "card", "v":
		return !isDigit(at(r, from-1))
	}
	before := at(r, from-1)
	return telling && !isLetter(before) && !isDigit(before) && before != '-' && before != '_' && before != '/' && word == string(r[from:start])
}

// listNumber reports whether the digit at i is a paragraph's number: 1.138…
func listNumber(r []rune, i int) bool {
	if r[i] == '0' {
		return false
	}
	if isDigit(at(r, i-1)) {
		i--
	}
	before := at(r, i-1)
	return before == hole || before == '\n' || before == ' ' || isHan(before) || before == '。' || before == '：'
}

// inUUID reports whether start is within 8-4-4-4-12 hexadecimal digits.
func inUUID(r []rune, start int) bool {
	from := start
	for from > 0 && start-from < 36 && isHex(r[from-1]) {
		from--
	}
	length, hyphens, letters := 0, 0, false
	for i := from; i < len(r) && length <= 36 && isHex(r[i]); i++ {
		length++
		if r[i] == '-' {
			hyphens++
		}
		letters = letters || isLetter(r[i])
	}
	return length == 36 && hyphens == 4 && letters
}

func isHex(r rune) bool {
	return isDigit(r) || r == '-' || r >= 'a' && r <= 'f' || r >= 'A' && r <= 'F'
}

// add appends a group.
func (n *number) add(g group, joined bool) {
	for _, c := range n.r[g.start:g.end] {
		value, _, _ := digit(c)
		n.digits = append(n.digits, value)
	}
	if joined {
		n.separators[separatorClass(g.separator)] = true
	}
	n.arabic = n.arabic || !g.spoken
	n.groups = append(n.groups, g)
}

func (n *number) start() int { return n.groups[0].start }

func (n *number) end() int { return n.groups[len(n.groups)-1].end }

// ends reports whether the number can end here: not within a word or a
// decimal. An X may be an identity number's last character.
func (n *number) ends() bool {
	end := n.end()
	next := at(n.r, end)
	if next == '.' && isDigit(at(n.r, end+1)) && !n.separators[dotSeparator] {
		return len(n.digits) >= 11 && len(n.groups) == 1
	}
	if isCheckX(next) {
		return !isLetter(at(n.r, end+1)) && !isDigit(at(n.r, end+1))
	}
	return !isLetter(next) && (next != '_' || !isLetter(at(n.r, end+1)))
}

func isCheckX(r rune) bool { return r == 'X' || r == 'x' }

// shape is the lengths of the groups, as in 3-4-4.
func (n *number) shape() string {
	var lengths []byte
	for i, g := range n.groups {
		if i > 0 {
			lengths = append(lengths, '-')
		}
		lengths = strconv.AppendInt(lengths, int64(g.end-g.start), 10)
	}
	return string(lengths)
}
