package privacy

import "strings"

// forTagger is a folded text as the network knows it: it was taught with plain
// punctuation.
func forTagger(r []rune) []rune {
	plain := make([]rune, len(r))
	for i, c := range r {
		switch c {
		case '，', '、':
			c = ','
		case '。':
			c = '.'
		case '：':
			c = ':'
		case '；':
			c = ';'
		case '？':
			c = '?'
		case '！':
			c = '!'
		case '（':
			c = '('
		case '）':
			c = ')'
		}
		plain[i] = c
	}
	return plain
}

// byTagger finds names and addresses with the network. r is the text with
// holes, whole is it before they were made.
func byTagger(t *Tagger, r, whole []rune) []Span {
	var spans []Span
	words := t.tag(forTagger(whole))
	for n, w := range words {
		if w.kind == tagPerson {
			if span, ok := person(r, w); ok {
				spans = append(spans, span)
			}
		}
		if w.kind == tagPlace && (n == 0 || words[n-1].kind != tagPlace || words[n-1].end != w.start) {
			end := w.end
			for _, next := range words[n+1:] {
				if next.kind != tagPlace || next.start != end {
					break
				}
				end = next.end
			}
			if span, ok := place(r, w.start, end); ok {
				spans = append(spans, span)
			}
		}
	}
	return spans
}

// notPersons are words for people that the network takes for names.
var notPersons = map[string]bool{}

func init() {
	for w := range strings.FieldsSeq("客户 先生 女士 小姐 老师 经理 您好 你好 坐席 客服 花呗 借呗 京东 微信 支付宝 贷款 老板 同学 阿姨 大爷 亲爱 宝贝 某某 白条 小贷 蚂蚁 陆金 恒大 爸爸 妈妈 大哥 大姐 小哥 小微 小额 行长 老人 姓名 本人 银联 顺丰") {
		notPersons[w] = true
	}
}

// person makes a name of what the network takes for one: without what stands
// around it, with the character that it left out.
func person(r []rune, w tagged) (Span, bool) {
	start, end := w.start, w.end
	if !free(r[start:end]) {
		return Span{}, false
	}
	for start < end && !isHan(r[start]) {
		start++
	}
	for end > start && !isHan(r[end-1]) {
		end--
	}
	for again := true; again; {
		again = false
		for _, n := range [...]int{3, 2} {
			if end-start > n && titles.at(r, end-n) == n {
				end, again = end-n, true
			}
		}
	}
	for _, c := range r[start:end] {
		if !isHan(c) && c != '·' && c != ' ' || notGiven[c] && !foreign[c] {
			return Span{}, false
		}
	}
	word := string(r[start:end])
	n := end - start
	if n == 0 || n > 15 || nameWords[word] || notPersons[word] || institutionAfter(r, end) {
		return Span{}, false
	}
	if n == 1 {
		return Span{start, end, Name}, usual[r[start]] && titleAt(r, end)
	}
	if (r[start] == '老' || r[start] == '小' || r[start] == '阿') && n == 2 {
		return Span{start + 1, end, Name}, usual[r[start+1]]
	}
	start, end = grown(r, start, end)
	return Span{start, end, Name}, true
}

// grown takes in a surname before a name that has none, and the last
// character of one that the network cut short.
func grown(r []rune, start, end int) (int, int) {
	if surnameAt(r, start, false) == 0 && end-start <= 2 && start > 0 && usual[r[start-1]] {
		start--
	}
	if end-start == 2 && surnameAt(r, start, true) == 1 && isHan(at(r, end)) && !notGiven[r[end]] && follows(r, end) == 0 && follows(r, end+1) == 2 {
		end++
	}
	return start, end
}

// place makes an address of places side by side, if they say more than a
// district.
func place(r []rune, start, end int) (Span, bool) {
	if !free(r[start:end]) {
		return Span{}, false
	}
	upto := end
	for upto < len(r) && upto < end+12 && addressRune(r[upto]) {
		upto++
	}
	for i := start; i < end; i++ {
		if !addressRune(r[i]) {
			return Span{}, false
		}
	}
	s := sight(r, start, upto)
	if s.end < end-1 && s.end-start < 5 || s.end == 0 || institutionAfter(r, s.end) || publicPlace(r, s.end) {
		return Span{}, false
	}
	if s.streets == 0 || s.numbers == 0 && s.levels == 0 || s.numbers > 0 && !s.adjacent {
		return Span{}, false
	}
	return Span{start, max(s.end, start+1), Address}, true
}
