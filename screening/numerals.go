package screening

import "strings"

// percentage reads 百分之三十五点五 as 35.5% and gives how many characters it
// took; 0 if ahead is none. Digits are folded already.
func percentage(ahead []rune) (string, int) {
	lead := prefixed(ahead, "百分之")
	if lead == 0 || lead == len(ahead) || ahead[lead] == '百' {
		return "", 0
	}
	var b strings.Builder
	i := lead
	for ; i < len(ahead); i++ {
		r := ahead[i]
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == '点' || r == '.':
			b.WriteByte('.')
		case r == '十':
			ten(&b, i+1 < len(ahead) && isDigit(ahead[i+1]))
		default:
			goto done
		}
	}
done:
	if i == lead {
		return "", 0
	}
	return b.String() + "%", i
}

// ten writes what 十 stands for after the digits so far: 十五 15, 二十 20, 二十五 25.
func ten(b *strings.Builder, more bool) {
	if b.Len() == 0 {
		b.WriteByte('1')
	}
	if !more {
		b.WriteByte('0')
	}
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }
