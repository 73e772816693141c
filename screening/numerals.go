package screening

// percentageLead is what a percentage in characters begins with.
const percentageLead = "百分之"

// percentage reads 百分之三十五点五 as 35.5% into to and gives how many
// characters it took; 0 if ahead is none. Digits are folded already.
func percentage(to []byte, ahead []rune) ([]byte, int) {
	lead := prefixed(ahead, percentageLead)
	if lead == 0 {
		return to, 0
	}
	i := lead
	for ; i < len(ahead); i++ {
		switch r := ahead[i]; {
		case isDigit(r):
			to = append(to, byte(r))
		case r == '点' || r == '.':
			to = append(to, '.')
		case r == '十':
			to = ten(to, i+1 < len(ahead) && isDigit(ahead[i+1]))
		default:
			return append(to, '%'), taken(lead, i)
		}
	}
	return append(to, '%'), taken(lead, i)
}

// taken is how many characters a percentage took: none without digits.
func taken(lead, end int) int {
	if end == lead {
		return 0
	}
	return end
}

// ten writes what 十 stands for after the digits so far: 十五 15, 二十 20, 二十五 25.
func ten(to []byte, more bool) []byte {
	if len(to) == 0 {
		to = append(to, '1')
	}
	if !more {
		to = append(to, '0')
	}
	return to
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }
