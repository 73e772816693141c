package privacy

import "slices"

// A piece is digits of a line that may be part of a number told over several
// lines or turns.
type piece struct {
	text   int // which of the texts
	span   Span
	digits string
}

// How a number is told over lines.
const (
	mostLeadIn  = 6  // characters beside the digits of a line that goes on with a number
	mostBetween = 12 // characters of a line between pieces: 嗯，您说
	mostInPiece = 10 // digits
	mostPauses  = 2  // such lines in a row
)

// piecewise finds numbers told in pieces over lines and texts: 手机号是138 —
// 嗯 — 00138 — 000. Repetitions by the other side are taken too.
func piecewise(texts [][]rune) [][]Span {
	found := make([][]Span, len(texts))
	var chain []piece
	pauses := 0
	flush := func() {
		for _, p := range proven(chain) {
			found[p.text] = append(found[p.text], p.span)
		}
		chain, pauses = chain[:0], 0
	}
	for t, text := range texts {
		for start := 0; start < len(text); {
			end := start
			for end < len(text) && text[end] != '\n' {
				end++
			}
			said := afterSpeaker(text, start, end)
			p, goesOn, ok := pieceOf(text, said, end)
			p.text = t
			if head, last := headOf(text, said, end); last && !goesOn && len(chain) > 0 {
				head.text = t
				chain = append(chain, head)
			}
			switch {
			case ok && goesOn:
				chain, pauses = append(chain, p), 0
			case ok: // what ends a line begins a number
				flush()
				chain = append(chain, p)
			case goesOn && pauses < mostPauses:
				pauses++
			default:
				flush()
			}
			start = end + 1
		}
	}
	flush()
	return found
}

// afterSpeaker is where a line begins after who says it: 客户：
func afterSpeaker(r []rune, start, end int) int {
	for i := start; i < min(end, start+8); i++ {
		if r[i] == '：' || r[i] == ':' {
			return i + 1
		}
		if _, _, ok := digit(r[i]); ok {
			break
		}
	}
	return start
}

// pieceOf reads a line. It has a piece if it has digits in one place at its
// end or little else; it goes on with a number if it has little beside them,
// or is but a pause.
func pieceOf(r []rune, start, end int) (p piece, goesOn, ok bool) {
	from, upto := -1, -1
	for i := start; i < end; i++ {
		value, _, isDigit := digit(r[i])
		if !isDigit {
			continue
		}
		if from < 0 || i-upto > 3 || slices.ContainsFunc(r[upto:i], func(c rune) bool { return !joins(c) }) {
			from, p.digits = i, ""
		}
		if len(p.digits) <= mostInPiece { // longer ones are none
			p.digits += string(rune(value))
		}
		upto = i + 1
	}
	if from < 0 {
		return p, end-start <= mostBetween && !slices.ContainsFunc(r[start:end], asksHowMuch), false
	}
	if isCheckX(at(r, upto)) && upto < end {
		p.digits += "X"
		upto++
	}
	p.span = Span{Start: from, End: upto}
	if len(p.digits) > mostInPiece || counts(r, upto) || end-upto > mostLeadIn {
		return p, false, false
	}
	return p, (from-start)+(end-upto) <= mostLeadIn, true
}

// headOf reads the digits at the beginning of a line that says more after
// them: 000，您记一下.
func headOf(r []rune, start, end int) (p piece, ok bool) {
	from := start
	for from < end && from-start <= mostLeadIn && !isAnyDigit(r[from]) {
		from++
	}
	upto := from
	for ; upto < end && len(p.digits) <= mostInPiece && isAnyDigit(r[upto]); upto++ {
		value, _, _ := digit(r[upto])
		p.digits += string(rune(value))
	}
	p.span = Span{Start: from, End: upto}
	return p, upto > from && len(p.digits) <= mostInPiece && !counts(r, upto)
}

func isAnyDigit(r rune) bool {
	_, _, ok := digit(r)
	return ok
}

// asksHowMuch tells words of questions that amounts answer.
func asksHowMuch(r rune) bool {
	return r == '多' || r == '几' || r == '少' || r == '额' || r == '期'
}

// proven are the pieces of a chain that make up a number of a person.
func proven(chain []piece) []piece {
	var all []piece
	for i := 0; i < len(chain); i++ {
		for _, echoes := range [...]bool{false, true} {
			if n, kind := provenFrom(chain[i:], echoes); n > 0 {
				for _, p := range chain[i : i+n] {
					p.span.Kind = kind
					all = append(all, p)
				}
				i += n - 1
				break
			}
		}
	}
	return all
}

// provenFrom tells how many pieces make up a number. With echoes, a piece that
// repeats the one before is no further digits.
func provenFrom(chain []piece, echoes bool) (int, Kind) {
	digits := ""
	for i, p := range chain {
		if echo := i > 0 && p.digits == chain[i-1].digits; !echo || !echoes {
			digits += p.digits
		}
		switch n := len(digits); {
		case i == 0:
		case n > 19:
			return 0, ""
		case n == 18 && identityForm(digits):
			return i + 1, Identity
		case n >= 16 && luhnCard(digits):
			return i + 1, BankCard
		case n == 11 && digits[0] == '1' && digits[1] >= '3':
			n := i + 1
			for echoes && n < len(chain) && chain[n].digits == p.digits { // the last one said again
				n++
			}
			return n, Mobile
		}
	}
	return 0, ""
}
