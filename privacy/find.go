package privacy

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Kind is a kind of personal data.
type Kind string

// The kinds.
const (
	Identity Kind = "id_card"   // 居民身份证
	Mobile   Kind = "mobile"    // 手机号
	BankCard Kind = "bank_card" // 银行卡号
	Email    Kind = "email"     // 邮箱
	Name     Kind = "name"      // 姓名, as the case file knows it
)

// A Span is personal data in a text. Start and End count Unicode code points.
type Span struct {
	Start int  `json:"start"`
	End   int  `json:"end"`
	Kind  Kind `json:"type"`
}

// Digits may be grouped by single spaces or hyphens, as people write them.
var (
	digitRun = regexp.MustCompile(`[0-9][0-9 \-]{9,30}[0-9Xx]`)
	email    = regexp.MustCompile(`[A-Za-z0-9._%+\-]{1,64}@(?:[A-Za-z0-9\-]+\.)+[A-Za-z]{2,}`)
)

// Find gives the personal data in text, in order and without overlaps. Known
// are names that the case file holds, such as the customer's.
func Find(text string, known ...string) []Span {
	var spans []Span
	for _, at := range digitRun.FindAllStringIndex(text, -1) {
		if kind, ok := number(text[at[0]:at[1]]); ok {
			spans = append(spans, span(text, at[0], at[1], kind))
		}
	}
	for _, at := range email.FindAllStringIndex(text, -1) {
		spans = append(spans, span(text, at[0], at[1], Email))
	}
	for _, name := range known {
		spans = append(spans, occurrences(text, name)...)
	}
	slices.SortFunc(spans, func(a, b Span) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
	return slices.CompactFunc(spans, func(next, kept Span) bool { return next.Start < kept.End })
}

// occurrences are all places where a known name stands. A name of one
// character would hit everywhere and is left alone.
func occurrences(text, name string) []Span {
	if utf8.RuneCountInString(name) < 2 {
		return nil
	}
	var spans []Span
	for from := 0; ; {
		i := strings.Index(text[from:], name)
		if i < 0 {
			return spans
		}
		spans = append(spans, span(text, from+i, from+i+len(name), Name))
		from += i + len(name)
	}
}

func span(text string, from, to int, kind Kind) Span {
	start := utf8.RuneCountInString(text[:from])
	return Span{Start: start, End: start + utf8.RuneCountInString(text[from:to]), Kind: kind}
}

// number tells what a run of digits is, if it is personal.
func number(run string) (Kind, bool) {
	digits := strings.NewReplacer(" ", "", "-", "").Replace(run)
	switch n := len(digits); {
	case n == 18 && identityChecksum(digits):
		return Identity, true
	case n == 11 && digits[0] == '1' && digits[1] >= '3' && !strings.ContainsAny(digits, "Xx"):
		return Mobile, true
	case n == 13 && strings.HasPrefix(digits, "861") && digits[3] >= '3':
		return Mobile, true
	case n >= 15 && n <= 19 && strings.ContainsRune("3456", rune(digits[0])) && luhn(digits):
		return BankCard, true
	}
	return "", false
}

// identityChecksum checks a resident identity number by GB 11643 (MOD 11-2).
func identityChecksum(digits string) bool {
	weights := [...]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, w := range weights {
		if digits[i] < '0' || digits[i] > '9' {
			return false
		}
		sum += w * int(digits[i]-'0')
	}
	return "10X98765432"[sum%11] == strings.ToUpper(digits)[17]
}

// luhn checks a card number by ISO/IEC 7812.
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if d < 0 || d > 9 {
			return false
		}
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
