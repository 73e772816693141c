package llm

import (
	"math/big"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Figures are the numbers of a written text that stand neither in what was
// said nor in the facts that were given: turned round, rounded or made up. A
// number is the same in any script and with its ten thousands written out:
// 1.2万, 12,000 and 一万二千 are one. Numbers of utterances, of points in a
// list and of masks are none.
func (g *Grounds) Figures(text string) (missing []string) {
	there := map[string]bool{}
	for i := range g.said {
		note(there, string(g.said[i].shown))
	}
	note(there, g.given)
	for _, f := range figures(text) {
		if !there[f.value] && !slices.Contains(missing, f.written) {
			missing = append(missing, f.written)
		}
	}
	return missing
}

func note(there map[string]bool, source string) {
	for _, f := range figures(source) {
		there[f.value] = true
		there[f.plain] = true
	}
}

// A figure is a number in a text.
type figure struct {
	written string
	value   string // with its ten thousands, as a fraction in lowest terms
	plain   string // without them
}

var (
	// Letters before digits make a name (S12, M01), not a number.
	arabic = regexp.MustCompile(`([A-Za-z_]?)(\d+(?:,\d{3})*(?:\.\d+)?)\s*([十百千万亿]{0,3})`)
	han    = regexp.MustCompile(`[零〇一二两三四五六七八九十][零〇一二两三四五六七八九十百千万亿点]*[零〇一二两三四五六七八九十百千万亿]`)
	points = regexp.MustCompile(`(?m)^[\s（(]*\d{1,2}\s*[.、)）](?:\D|$)`)
	masks  = regexp.MustCompile(`〔[^〔〕]{0,20}〕`)
)

// figures reads the numbers of a text.
func figures(text string) []figure {
	text = norm.NFKC.String(masks.ReplaceAllString(text, " "))
	text = points.ReplaceAllStringFunc(text, func(s string) string { return strings.Repeat(" ", len(s)) })
	var found []figure
	for _, m := range arabic.FindAllStringSubmatch(text, -1) {
		n, ok := new(big.Rat).SetString(strings.ReplaceAll(m[2], ",", ""))
		if m[1] != "" || !ok {
			continue
		}
		value := new(big.Rat).Mul(n, new(big.Rat).SetInt64(scale(m[3])))
		found = append(found, figure{m[2] + m[3], value.RatString(), n.RatString()})
	}
	for _, written := range han.FindAllString(text, -1) {
		if n, ok := hanNumber(written); ok {
			found = append(found, figure{written, n.RatString(), n.RatString()})
		}
	}
	return found
}

// scale is what units such as 百万 multiply by.
func scale(units string) int64 {
	n := int64(1)
	for _, r := range units {
		n *= hanUnits[r]
	}
	return n
}

var hanUnits = map[rune]int64{'十': 10, '百': 100, '千': 1000, '万': 10_000, '亿': 100_000_000}

const hanDigits = "零一二三四五六七八九"

func hanDigit(r rune) (int64, bool) {
	switch r {
	case '〇':
		return 0, true
	case '两':
		return 2, true
	}
	i := strings.IndexRune(hanDigits, r)
	return int64(i / len("零")), i >= 0
}

// hanNumber reads a number in Chinese characters: with units (一万二千),
// digit by digit (二〇二六), or with a point (一点五). What only looks like
// one, such as 一一, is none.
func hanNumber(text string) (*big.Rat, bool) {
	whole, fraction, pointed := strings.Cut(text, "点")
	n, ok := hanWhole(whole)
	if !ok || !pointed && !strings.ContainsAny(text, "十百千万亿") && len([]rune(text)) < 3 {
		return nil, false
	}
	value := new(big.Rat).SetInt64(n)
	if !pointed {
		return value, true
	}
	place := big.NewRat(1, 1)
	for _, r := range fraction {
		d, ok := hanDigit(r)
		if !ok {
			return nil, false
		}
		place.Mul(place, big.NewRat(1, 10))
		value.Add(value, new(big.Rat).Mul(place, new(big.Rat).SetInt64(d)))
	}
	return value, fraction != ""
}

// hanWhole reads a whole number.
func hanWhole(text string) (int64, bool) {
	if text == "" || len([]rune(text)) > 16 {
		return 0, false
	}
	if !strings.ContainsAny(text, "十百千万亿") {
		var n int64
		for _, r := range text {
			d, _ := hanDigit(r)
			n = n*10 + d
		}
		return n, true
	}
	var total, section, digit, last int64
	for _, r := range text {
		if d, ok := hanDigit(r); ok {
			if digit = d; d == 0 {
				last = 0
			}
			continue
		}
		unit := hanUnits[r]
		if unit < 10_000 {
			if digit == 0 && unit == 10 {
				digit = 1
			}
			section += digit * unit
		} else {
			section += digit
			if section == 0 {
				return 0, false
			}
			if unit == 100_000_000 {
				total, section = (total+section)*unit, 0
			} else {
				total, section = total+section*unit, 0
			}
		}
		digit, last = 0, unit
	}
	if last >= 100 {
		digit *= last / 10 // 三万五 is 35,000
	}
	return total + section + digit, true
}
