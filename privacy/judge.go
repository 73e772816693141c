package privacy

import (
	"slices"
	"strings"
)

// How much a reading of a number is worth against another that begins at the
// same place: what proves itself comes first.
const (
	byHint = iota + 1
	byForm
	byChecksum
	byPattern
	byProof
)

// judge tells what the number is, if it is personal.
func (n *number) judge() (Span, int) {
	if n.apart() && len(n.digits) < 11 {
		return Span{}, 0
	}
	digits := string(n.digits)
	span := Span{Start: n.start(), End: n.end()}
	last := at(n.r, span.End)
	if length := len(digits); (length == 17 || length < 18 && isCheckX(last)) && (isCheckX(last) || last == '叉') {
		digits += "X"
		span.End++
	}
	if n.published(digits) {
		return Span{}, byPattern
	}
	for _, try := range [...]func(string, *Span) int{n.identity, n.mobile, n.card, n.landline, n.account} {
		if worth := try(digits, &span); worth > 0 {
			return span, worth
		}
	}
	return Span{}, 0
}

// published reports whether the number is nobody's own: a company's hotline,
// a day.
func (n *number) published(digits string) bool {
	switch {
	case hotline(digits):
		return n.orderly()
	case n.separators[lineSeparator] || n.separators[dotSeparator]:
		return n.shape() == "4-2-2" && isDate(digits)
	}
	return false
}

// apart reports whether every digit stands alone.
func (n *number) apart() bool { return len(n.groups) == len(n.digits) }

// orderly reports whether the separators are those of one number: no list of
// figures, no decimals.
func (n *number) orderly() bool {
	if n.separators[dotSeparator] && (n.separators[blankSeparator] || n.separators[lineSeparator]) {
		return false
	}
	return !n.separators[commaSeparator] || !n.arabic
}

// identity knows 居民身份证, also with a wrong check character or birthday
// where the words say so.
func (n *number) identity(digits string, span *Span) int {
	if len(digits) < 14 || len(digits) > 19 || !n.orderly() {
		return 0
	}
	span.Kind = Identity
	full := len(digits) == 18 && identityForm(digits)
	if full && identityChecksum(digits) {
		return byProof
	}
	usual := slices.Contains([]string{"18", "17", "6-8-4", "6-12", "14-4", "6-4-4-4", "3-3-4-4-4", "6-8-3", "4-4-4-4-2", "4-4-4-4-1", "17-1", "15", "6-6-3"}, n.shape())
	told := cueBefore(n.r, n.start())
	switch {
	case told == ownPaper && len(digits) >= 15 && len(digits) <= 18:
		return byForm
	case told == notOwn || told == ownAccount || told == ownCard:
		return 0
	case full && (usual || n.apart() || !n.arabic || n.separators[scriptChange]), strings.HasSuffix(digits, "X") && len(digits) == 18:
		return byForm
	case len(digits) == 15 && usual && identityForm(digits) && !luhnCard(digits):
		return byForm
	}
	return 0
}

func luhnCard(digits string) bool { return issued(digits) && luhn(digits) }

// mobileShapes are how people group a mobile number.
var mobileShapes = []string{"11", "3-4-4", "3-8", "7-4", "3-3-5", "4-3-4", "4-4-3", "5-6", "6-5", "3-2-2-2-2", "2-11", "4-11", "2-3-4-4", "4-3-4-4", "2-3-8"}

// mobile knows numbers of 11 digits that begin with 13 to 19, perhaps after
// the country's code.
func (n *number) mobile(digits string, span *Span) int {
	local := digits
	switch len(digits) {
	case 13:
		local = strings.TrimPrefix(digits, "86")
	case 15:
		local = strings.TrimPrefix(digits, "0086")
	case 12:
		local = strings.TrimPrefix(digits, "0") // as dialled from elsewhere
	}
	if len(local) != 11 || local[0] != '1' || local[1] < '3' || local[10] == 'X' {
		return 0
	}
	shape := n.shape()
	plain := slices.Contains(mobileShapes, shape)
	switch {
	case plain && (n.separators[commaSeparator] || n.separators[dotSeparator]):
		if shape != "3-4-4" && n.arabic {
			return 0
		}
	case !plain && !n.orderly():
		return 0
	case !plain && !n.apart() && n.separators[blankSeparator] && n.arabic && cueBefore(n.r, n.start()) != ownPhone && !n.separators[scriptChange]:
		return 0
	}
	span.Kind = Mobile
	if len(digits) > 12 && at(n.r, span.Start-1) == '+' {
		span.Start--
	}
	return byPattern
}

// card knows bank cards by their issuers and check digit.
func (n *number) card(digits string, span *Span) int {
	if len(digits) < 14 || !n.orderly() || !luhnCard(digits) {
		return 0
	}
	if cueBefore(n.r, n.start()) == notOwn && !strings.HasPrefix(digits, "62") {
		return 0
	}
	span.Kind = BankCard
	return byChecksum
}

// landline knows fixed lines by their area code, and local numbers by the
// words before them.
func (n *number) landline(digits string, span *Span) int {
	span.Kind = Landline
	if strings.Contains(digits, "123456789") {
		return 0 // counting, as in 一二三四五六七八九
	}
	if strings.HasPrefix(digits, "86") && len(n.groups) > 1 && at(n.r, span.Start-1) == '+' {
		digits = "0" + digits[2:]
	}
	if area := areaCode(digits); area > 0 && n.orderly() && !n.separators[dotSeparator] && !n.separators[commaSeparator] {
		rest := digits[area:]
		if (len(rest) == 8 || len(rest) == 7 && area == 4) && rest[0] >= '2' && !strings.HasSuffix(rest, "X") && n.areaAlone(area) {
			if cueBefore(n.r, n.start()) == notOwn {
				return 0
			}
			span.End = extension(n.r, span.End)
			if len(n.groups) > 1 && at(n.r, span.Start-1) == '(' && at(n.r, n.groups[0].end) == ')' {
				span.Start--
			}
			return byPattern
		}
	}
	if (len(digits) == 8 || len(digits) == 7) && digits[0] >= '2' && digits[0] <= '8' && len(n.groups) <= 2 && n.orderly() && !n.separators[commaSeparator] &&
		!isDate(digits) && !counts(n.r, span.End) && cueBefore(n.r, n.start()) == ownPhone && !strings.HasSuffix(digits, "X") {
		return byHint
	}
	return 0
}

// areaAlone reports whether the groups part the area's code from the rest, or
// nothing parts them.
func (n *number) areaAlone(area int) bool {
	first := n.groups[0].end - n.groups[0].start
	return len(n.groups) == 1 || first == area || first == 2 || first == area+1 || !n.arabic || n.separators[scriptChange]
}

// extension takes in what follows a landline's number: 转801, -801.
func extension(r []rune, end int) int {
	i := end
	for i < len(r) && i-end < 2 && (r[i] == ' ' || r[i] == '-') {
		i++
	}
	switch {
	case at(r, i) == '转':
		i++
	case i == end || !isDigit(at(r, i)):
		return end
	}
	from := i
	for i < len(r) && i-from < 6 && isDigit(r[i]) {
		i++
	}
	if i == from || i-from > 5 || at(r, i) == '-' || isLetter(at(r, i)) {
		return end
	}
	return i
}

// account suspects an account's number: of a card's form with a wrong check
// digit, or any long number that the words before call so.
func (n *number) account(digits string, span *Span) int {
	span.Kind = Account
	length := len(digits)
	if length < 8 || strings.HasSuffix(digits, "X") || !n.orderly() || counts(n.r, span.End) || isDate(digits) || hotline(digits) {
		return 0
	}
	told := cueBefore(n.r, n.start())
	switch {
	case told == ownAccount && (len(n.groups) == 1 || length >= 12), told == ownCard && length >= 12:
		return byHint
	case told == notOwn:
		return 0
	case strings.HasPrefix(digits, "62") && length >= 16 && length <= 19 && (len(n.groups) == 1 || strings.HasPrefix(n.shape(), "4-4-4-4") || strings.HasPrefix(n.shape(), "6-")):
		return byHint
	}
	return 0
}

// hotline reports whether a number is one that companies publish.
func hotline(digits string) bool {
	return len(digits) == 10 && (strings.HasPrefix(digits, "400") || strings.HasPrefix(digits, "800"))
}
