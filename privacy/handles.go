package privacy

import "strings"

// isHandle reports whether a character can stand in an account's name.
func isHandle(r rune) bool { return isLetter(r) || isDigit(r) || r == '_' || r == '-' }

// emails finds addresses of mail around each @.
func emails(r []rune) []Span {
	var spans []Span
	last := 0
	for i, c := range r {
		if c != '@' {
			continue
		}
		start := i
		for start > last && i-start < 64 && (isHandle(r[start-1]) || strings.ContainsRune(".%+", r[start-1])) {
			start--
		}
		for start < i && strings.ContainsRune(".%+-", r[start]) {
			start++
		}
		if end := domain(r, i+1); start < i && end > 0 {
			spans = append(spans, Span{start, end, Email})
			last = end
		}
	}
	return spans
}

// domain gives the end of the domain that begins at from, 0 if there is none:
// labels of letters, digits and hyphens, the last of letters only.
func domain(r []rune, from int) int {
	end, label, lettersOnly := 0, from, true
	for i := from; i <= len(r) && i-from < 254; i++ {
		c := at(r, i)
		switch {
		case isLetter(c):
		case isDigit(c) || c == '-':
			lettersOnly = false
		default:
			if label > from && lettersOnly && i-label >= 2 {
				end = i
			}
			if c != '.' || i == label {
				return end
			}
			label, lettersOnly = i+1, true
		}
	}
	return end
}

// wechatCues are what people write before their name on WeChat; those of
// value true say so plainly, the others need a name with digits.
var wechatCues = []struct {
	word  string
	plain bool
}{
	{"微信号", true}, {"微信", false}, {"薇信", true}, {"威信", true}, {"v信", true}, {"vx", true}, {"wx", true}, {"wechat", false},
	{"weixin", false}, {"卫星号", true}, {"加v", true}, {"加薇", true}, {"加微", true}, {"+v", true}, {"➕v", true}, {"微❤", true},
}

// wechatFirst are the first characters of the cues.
var wechatFirst = runeSet("微薇威v卫加+➕w")

// wechats finds names on WeChat.
func wechats(r []rune) []Span {
	var spans []Span
	for i := 0; i < len(r); i++ {
		if hasFold(r, i, "wxid_") && !isHandle(at(r, i-1)) {
			if end := handleEnd(r, i); end-i >= 10 {
				spans = append(spans, Span{i, end, WeChat})
				i = end
				continue
			}
		}
		if !wechatFirst[lower(r[i])] {
			continue
		}
		for _, cue := range wechatCues {
			if !hasFold(r, i, cue.word) || isLetter(r[i]) && inCode(at(r, i-1)) {
				continue
			}
			start, told := connect(r, i+runeLen(cue.word))
			if isLetter(r[start-1]) {
				continue // vxabc may be anything
			}
			if end := handleEnd(r, start); handleOK(r[start:end], cue.plain || told) {
				spans = append(spans, Span{start, end, WeChat})
				i = end - 1
				break
			}
		}
	}
	return spans
}

// inCode reports whether letters after this character are not a word of their
// own but part of a key, a path or a number that machines made.
func inCode(before rune) bool {
	return isHandle(before) || before == '/' || before == '+' || before == '='
}

// handleOK reports whether a name could be one on WeChat: a letter first, six
// to twenty characters; without a plain cue with a digit or a line in it.
func handleOK(name []rune, plain bool) bool {
	if len(name) < 6 || len(name) > 20 || !isLetter(name[0]) && name[0] != '_' {
		return false
	}
	if plain {
		return true
	}
	for _, c := range name {
		if !isLetter(c) {
			return true
		}
	}
	return false
}

// connect steps over what stands between a cue and a name, and tells whether
// that says plainly that a name follows.
func connect(r []rune, i int) (start int, told bool) {
	for from := i; i < len(r) && i-from < 6; i++ {
		switch r[i] {
		case '：', ':', '是', '为', '=', '加', '叫':
			told = true
		case ' ', '号', '码', '我', '“', '"', '(', '（', '的', '个', 'I', 'D':
			if r[i] == 'I' && at(r, i+1) != 'D' || r[i] == 'D' && r[i-1] != 'I' {
				return i, told
			}
		default:
			return i, told
		}
	}
	return i, told
}

// handleEnd is where the name that begins at start ends.
func handleEnd(r []rune, start int) int {
	end := start
	for end < len(r) && end-start <= 24 && isHandle(r[end]) {
		end++
	}
	return end
}

// hasFold reports whether word, in small letters, stands at i.
func hasFold(r []rune, i int, word string) bool {
	for _, w := range word {
		c := at(r, i)
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != w {
			return false
		}
		i++
	}
	return true
}

func runeLen(s string) int { return len([]rune(s)) }

// qqs finds QQ numbers by the words before them.
func qqs(r []rune) []Span {
	var spans []Span
	for i := 0; i < len(r); i++ {
		if c := r[i]; c != 'q' && c != 'Q' && c != '扣' && c != '企' && c != '球' {
			continue
		}
		for _, cue := range [...]string{"qq", "扣扣", "企鹅号", "球球号"} {
			if !hasFold(r, i, cue) || inCode(at(r, i-1)) {
				continue
			}
			start, _ := connect(r, i+runeLen(cue))
			end := start
			for end < len(r) && end-start < 12 && isDigit(r[end]) {
				end++
			}
			if n := end - start; n >= 5 && n <= 11 && r[start] != '0' && !isLetter(at(r, end)) && at(r, end) != '@' && !counts(r, end) {
				spans = append(spans, Span{start, end, QQ})
				i = end
				break
			}
		}
	}
	return spans
}
