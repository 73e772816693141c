package privacy

// hole stands where nothing may be found: in tokens and in what another
// detector has already taken.
const hole = '\x00'

// fold makes a text comparable, one character for one, so that places stay:
// full-width forms become plain ones, and the many dashes, dots and blanks one
// of each.
func fold(text string) []rune {
	folded := make([]rune, 0, len(text)/2)
	for _, r := range text {
		folded = append(folded, foldRune(r))
	}
	return folded
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
	case r >= 0xFF01 && r <= 0xFF5E && r != masked && r != '，' && r != '：' && r != '；' && r != '？' && r != '！':
		return r - 0xFEE0
	case r == 0x3000 || r == 0xA0 || r >= 0x2000 && r <= 0x200A || r == 0x202F:
		return ' '
	case r >= 0x2010 && r <= 0x2015 || r == 0x2212 || r == 0xFE63:
		return '-'
	case r == '•' || r == '・' || r == '‧' || r == '･' || r == '∙' || r == '⋅':
		return '·'
	case r == 0x200B || r == 0x200C || r == 0x200D || r == 0x2060 || r == 0xFEFF || r == 0xAD:
		return nothing
	}
	return r
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
