package privacy

// A group is digits without anything between them, all of one script. The
// separator is what stands before it, if that joins it to the group before.
type group struct {
	start, end int
	spoken     bool
	joined     bool
	separator  rune // one of joiners; 0 if digits of another script touch it
}

// joiners are what people write between groups of one number.
func joins(r rune) bool {
	switch r {
	case ' ', '-', '.', '·', '(', ')', ',', '，', '、', '_', nothing:
		return true
	}
	return joinsOddly(r)
}

// joinsOddly tells what people write between groups now and then, and between
// numbers that have nothing to do with each other more often.
func joinsOddly(r rune) bool {
	switch r {
	case '/', '|', '*', '~', '…', '。', '\n', '\r':
		return true
	}
	return false
}

// nextGroup gives the first group at or after from.
func nextGroup(r []rune, from int) (group, bool) {
	for i := from; i < len(r); i++ {
		_, spoken, ok := digit(r[i])
		if !ok {
			continue
		}
		end := i + 1
		for end < len(r) {
			_, s, ok := digit(r[end])
			if !ok || s != spoken {
				break
			}
			end++
		}
		if spoken && end-i > 1 && r[end-1] == '一' && beginsWord(at(r, end)) {
			end-- // 一共, 一个: the last is no digit of the number
		}
		return group{start: i, end: end, spoken: spoken}, true
	}
	return group{}, false
}

// beginsWord tells characters before which 一 is part of a word.
func beginsWord(r rune) bool {
	switch r {
	case '共', '个', '下', '直', '些', '样', '起', '次', '般', '切', '定', '百', '千', '万', '十':
		return true
	}
	return false
}

// follow joins a group to the one before it, where at most two separators, of
// which one may be a blank or nobody sees it, stand between.
func (g *group) follow(r []rune, before group) {
	gap := r[before.end:g.start]
	if len(gap) > 3 {
		return
	}
	var separator rune
	seen := 0
	for _, c := range gap {
		if !joins(c) {
			return
		}
		if c == nothing {
			continue
		}
		seen++
		if separator == 0 || separator == ' ' || joinsOddly(c) {
			separator = c
		}
	}
	g.joined = seen <= 2
	g.separator = separator
}
