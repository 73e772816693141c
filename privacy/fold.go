package privacy

import "unicode"

// hole stands where nothing may be found: in tokens and in what another
// detector has already taken.
const hole = '\x00'

// fold makes a text comparable, one character for one, so that places stay:
// full-width forms become plain ones, and the many dashes, dots and blanks one
// of each.
func fold(text string) []rune { return foldRunes([]rune(text)) }

// foldRunes folds characters where they stand.
func foldRunes(r []rune) []rune {
	ringed := false
	for i, c := range r {
		r[i] = foldRune(c)
		ringed = ringed || r[i] >= 0xB2 && ringedDigit(r[i]) != 0
	}
	if ringed {
		unring(r)
	}
	return r
}

// unring makes figures of those in rings and brackets, small and raised ones
// that stand side by side: one alone is the number of a paragraph.
func unring(r []rune) {
	for i := 0; i < len(r); {
		end := i
		for end < len(r) && (ringedDigit(r[end]) != 0 || end > i && r[end] == nothing) {
			end++
		}
		if end-i > 1 {
			for j := i; j < end; j++ {
				if d := ringedDigit(r[j]); d != 0 {
					r[j] = d
				}
			}
		}
		i = max(end, i+1)
	}
}

func foldRune(r rune) rune {
	switch {
	case r < 0x80:
		if r == '\t' {
			return ' '
		}
		if r == hole {
			return '\x01'
		}
		return r
	case isHan(r):
		return r
	case r >= 0xFF01 && r <= 0xFF5E && r != masked && r != '，' && r != '：' && r != '；' && r != '？' && r != '！':
		return r - 0xFEE0
	case r == 0x3000 || r == 0xA0 || r >= 0x2000 && r <= 0x200A || r == 0x202F:
		return ' '
	case r >= 0x2010 && r <= 0x2015 || r == 0x2212 || r == 0xFE63:
		return '-'
	case r == '•' || r == '・' || r == '‧' || r == '･' || r == '∙' || r == '⋅':
		return '·'
	case r == 0x85 || r == 0x2028 || r == 0x2029:
		return '\n'
	case unseen(r):
		return nothing
	case unicode.Is(unicode.Nd, r):
		return decimal(r)
	}
	return r
}

// unseen tells characters that nobody sees, and those that only dress up the
// one before: the rings and boxes of keys.
func unseen(r rune) bool {
	switch {
	case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r), unicode.Is(unicode.Me, r):
		return true
	}
	return r == 0x34F || r == 0x115F || r == 0x1160 || r == 0x3164 || r == 0xFFA0
}

// decimal is the plain form of a digit of any script. The digits of a script
// follow each other from zero.
func decimal(r rune) rune {
	for _, t := range unicode.Nd.R16 {
		if r <= rune(t.Hi) {
			return '0' + (r-rune(t.Lo))%10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if r <= rune(t.Hi) {
			return '0' + (r-rune(t.Lo))%10
		}
	}
	return r
}

// ringedDigit is the plain form of a figure in a ring or brackets, small or
// raised; 0 if it is none.
func ringedDigit(r rune) rune {
	for _, run := range [...]struct{ first, from, last rune }{
		{0x2460, '1', '9'}, {0x2474, '1', '9'}, {0x2488, '1', '9'}, {0x24F5, '1', '9'}, {0x2776, '1', '9'}, {0x2780, '1', '9'}, {0x278A, '1', '9'},
		{0x2080, '0', '9'}, {0x2074, '4', '9'}, {0x2070, '0', '0'}, {0xB9, '1', '1'}, {0xB2, '2', '3'}, {0x24EA, '0', '0'}, {0x24FF, '0', '0'},
		{0x3220, '1', '9'}, {0x3280, '1', '9'}, {0x1F10B, '0', '0'}, {0x1F10C, '0', '0'}, {0x1F100, '0', '0'},
	} {
		if d := run.from + r - run.first; r >= run.first && d <= run.last {
			return d
		}
	}
	return 0
}

// nothing stands for characters that nobody sees.
const nothing = '\x02'

// digit is the value of a digit, Chinese ones included; spoken tells those.
func digit(r rune) (value byte, spoken, ok bool) {
	if r >= '0' && r <= '9' {
		return byte(r), false, true
	}
	if r < 0x3007 {
		return 0, false, false
	}
	switch r {
	case '〇', '零':
		return '0', true, true
	case '一', '幺', '壹':
		return '1', true, true
	case '二', '贰':
		return '2', true, true
	case '三', '叁':
		return '3', true, true
	case '四', '肆':
		return '4', true, true
	case '五', '伍':
		return '5', true, true
	case '六', '陆':
		return '6', true, true
	case '七', '柒':
		return '7', true, true
	case '八', '捌':
		return '8', true, true
	case '九', '玖':
		return '9', true, true
	}
	return 0, false, false
}

func isHan(r rune) bool {
	return r >= 0x4E00 && r <= 0x9FFF || r >= 0x3400 && r <= 0x4DBF || r >= 0x20000 && r <= 0x323AF || r == '〇'
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// at is the character at i, or 0 beyond the ends.
func at(r []rune, i int) rune {
	if i < 0 || i >= len(r) {
		return hole
	}
	return r[i]
}
