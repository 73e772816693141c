package privacy

// split finds numbers that people give in pieces: 前三位138，中间1234，尾号5678.
// One piece alone tells nobody apart and stays.
func split(r []rune) []Span {
	var spans, pieces []Span
	flush := func() {
		total := 0
		for _, p := range pieces {
			total += p.End - p.Start
		}
		if len(pieces) >= 2 && total >= 7 && total <= 19 {
			kind := Account
			if total == 11 && at(r, pieces[0].Start) == '1' {
				kind = Mobile
			}
			for _, p := range pieces {
				spans = append(spans, Span{p.Start, p.End, kind})
			}
		}
		pieces = pieces[:0]
	}
	for i := 0; i < len(r); i++ {
		end, ok := pieceCue(r, i)
		if !ok {
			continue
		}
		for step := 0; step < 4 && (at(r, end) == '是' || at(r, end) == '为' || at(r, end) == ' ' || at(r, end) == '：' || at(r, end) == ':' || at(r, end) == '的'); step++ {
			end++
		}
		start := end
		for end < len(r) && end-start < 13 {
			if _, _, ok := digit(r[end]); !ok {
				break
			}
			end++
		}
		if n := end - start; n >= 3 && n <= 12 && !counts(r, end) {
			if len(pieces) > 0 && start-pieces[len(pieces)-1].End > 14 {
				flush()
			}
			pieces = append(pieces, Span{Start: start, End: end})
			i = end - 1
		}
	}
	flush()
	return spans
}

// pieceCue reports whether words that name a piece of a number begin at i,
// and where they end.
func pieceCue(r []rune, i int) (int, bool) {
	switch r[i] {
	case '前', '后', '末', '尾':
		if next := at(r, i+1); r[i] == '尾' && next == '号' {
			return i + 2, true
		}
		if _, _, ok := digit(at(r, i+1)); ok || at(r, i+1) == '几' {
			if at(r, i+2) == '位' {
				return i + 3, true
			}
		}
	case '中':
		if at(r, i+1) == '间' {
			if at(r, i+3) == '位' {
				return i + 4, true
			}
			return i + 2, true
		}
	case '开':
		if at(r, i+1) == '头' {
			return i + 2, true
		}
	case '手', '卡', '账': // 手机号138，尾号5678: the piece that needs no word
		for _, word := range []string{"手机号", "手机", "卡号", "账号"} {
			if hasFold(r, i, word) {
				return i + runeLen(word), true
			}
		}
	}
	return 0, false
}
