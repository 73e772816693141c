package privacy

// plateProvinces are the first characters of plates.
const plateProvinces = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"

var plateFirst = runeSet(plateProvinces)

func runeSet(s string) map[rune]bool {
	set := map[rune]bool{}
	for _, r := range s {
		set[r] = true
	}
	return set
}

// plates finds number plates: a province, a letter, five or six more.
func plates(r []rune) []Span {
	var spans []Span
	for i := 0; i+6 < len(r); i++ {
		if !plateFirst[r[i]] || !isLetter(r[i+1]) {
			continue
		}
		body := i + 2
		if c := r[body]; c == '·' || c == ' ' || c == '-' || c == '.' {
			body++
		}
		end, digits := body, 0
		for end < len(r) && end-body < 7 && (isDigit(r[end]) || isLetter(r[end])) {
			if isDigit(r[end]) {
				digits++
			}
			end++
		}
		n := end - body
		switch at(r, end) {
		case '挂', '学', '警', '港', '澳', '领':
			if n == 4 {
				end, n = end+1, 5
			}
		}
		if (n == 5 || n == 6) && digits >= n-2 {
			spans = append(spans, Span{i, end, Plate})
			i = end - 1
		}
	}
	return spans
}

// A paper is what people name before its number, and how that is made.
type paper struct {
	word        string
	kind        Kind
	letters     int // at most, before the digits
	least, most int // digits
}

// papers are the documents besides the identity card.
var papers = []paper{
	{"护照", Passport, 2, 7, 9},
	{"passport", Passport, 2, 7, 9},
	{"通行证", Permit, 1, 8, 10},
	{"回乡证", Permit, 1, 8, 10},
	{"台胞证", Permit, 0, 8, 10},
	{"军官证", Permit, 0, 6, 9},
	{"士兵证", Permit, 0, 6, 9},
	{"文职证", Permit, 0, 6, 9},
	{"警官证", Permit, 0, 6, 8},
	{"警号", Permit, 0, 6, 8},
	{"驾驶证", Permit, 0, 12, 12},
	{"驾照", Permit, 0, 12, 12},
	{"档案编号", Permit, 0, 12, 12},
	{"户口本", Permit, 1, 8, 9},
	{"户口簿", Permit, 1, 8, 9},
	{"居住证", Permit, 3, 10, 18},
	{"永居证", Permit, 3, 10, 18},
	{"居留证", Permit, 3, 10, 18},
	{"社保号", Permit, 1, 8, 12},
	{"社保卡", Permit, 1, 8, 12},
	{"医保卡", Permit, 1, 8, 12},
	{"医保号", Permit, 1, 8, 12},
	{"残疾证", Permit, 0, 18, 20},
	{"学生证", Permit, 1, 6, 14},
	{"学号", Permit, 1, 6, 14},
	{"出生证", Permit, 1, 9, 9},
	{"出生医学证明", Permit, 1, 9, 9},
	{"结婚证", Permit, 1, 8, 20},
}

// papersByFirst finds a paper by its word's first character.
var papersByFirst = func() map[rune][]paper {
	first := map[rune][]paper{}
	for _, p := range papers {
		c := []rune(p.word)[0]
		first[c] = append(first[c], p)
		if isLetter(c) {
			first[c-'a'+'A'] = append(first[c-'a'+'A'], p)
		}
	}
	return first
}()

// documents finds the numbers of papers other than the identity card.
func documents(r []rune) []Span {
	spans := armyPapers(r)
	for i := 0; i < len(r); i++ {
		for _, p := range papersByFirst[r[i]] {
			if !hasFold(r, i, p.word) {
				continue
			}
			if span, ok := p.after(r, i+runeLen(p.word)); ok {
				spans = append(spans, span)
				i = span.End - 1
				break
			}
		}
	}
	return spans
}

// after finds the paper's number after its name, over a few words such as
// 号码是.
func (p paper) after(r []rune, i int) (Span, bool) {
	for from := i; i < len(r) && i-from < 8; i++ {
		c := r[i]
		if isDigit(c) || isLetter(c) {
			break
		}
		if !isHan(c) && c != ' ' && c != '：' && c != ':' && c != '(' && c != ')' && c != '（' && c != '）' && c != '，' && c != ',' {
			return Span{}, false
		}
	}
	start := i
	for i < len(r) && isLetter(r[i]) {
		i++
	}
	letters, digits := i-start, 0
	for i < len(r) && (isDigit(r[i]) || digits > 0 && (r[i] == ' ' || r[i] == '-') && isDigit(at(r, i+1))) {
		if isDigit(r[i]) {
			digits++
		}
		i++
	}
	if letters > p.letters || digits < p.least || digits > p.most || isLetter(at(r, i)) || counts(r, i) {
		return Span{}, false
	}
	if at(r, i) == '(' && isDigit(at(r, i+1)) && at(r, i+2) == ')' {
		i += 3
	}
	return Span{start, i, p.kind}, true
}

// armyPapers finds 军字第1234567号 and the like.
func armyPapers(r []rune) []Span {
	var spans []Span
	for i := 1; i+3 < len(r); i++ {
		if r[i] != '字' || r[i+1] != '第' || !armies[r[i-1]] {
			continue
		}
		end := i + 2
		for end < len(r) && (isDigit(r[end]) || r[end] == ' ') && end-i < 14 {
			end++
		}
		if end-i >= 8 {
			if at(r, end) == '号' {
				end++
			}
			spans = append(spans, Span{i - 1, end, Permit})
			i = end
		}
	}
	return spans
}

var armies = runeSet("军南北沈兰成济广海空参政后装武士文东西中火战")
