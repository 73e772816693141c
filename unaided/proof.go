package unaided

import (
	"fmt"
	"strings"
	"unicode"

	"xiaobao/casework"
)

// CheckProof holds the evidence of a task (Document.Text) against what the
// task asks for (Document.Context), point by point. It goes by shared words:
// that they are there is a hint, and that they are not is a question to
// whoever handed the evidence in; a person decides.
func CheckProof(d casework.Document) casework.ProofAnswer {
	answer := casework.ProofAnswer{Points: []casework.ProofPoint{}, Shown: casework.Unclear}
	said := sentences(d.Text)
	missing := 0
	for _, asked := range points(d.Context) {
		p := point(asked, said)
		if p.Shown == casework.No {
			missing++
		}
		answer.Points = append(answer.Points, p)
	}
	if missing > 0 {
		answer.Shown = casework.No
	}
	return answer
}

// points takes apart what a task asks for.
func points(context string) []string {
	var out []string
	for _, s := range cut([]rune(context), "。；;\n\r") {
		if text := trimMarks(s.text); text != "" {
			out = append(out, text)
		}
	}
	return out
}

// trimMarks drops numbering and marks around a text.
func trimMarks(text string) string {
	text = strings.TrimLeft(text, "0123456789一二三四五六七八九十（）().、．①②③④⑤⑥⑦⑧⑨-—·　 ")
	return strings.TrimRightFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) })
}

// point finds the sentences that share most pairs of characters with what is
// asked.
func point(asked string, said []sentence) casework.ProofPoint {
	p := casework.ProofPoint{Asked: asked, Evidence: []casework.Evidence{}}
	wanted := pairs(asked)
	best, at, undone := 0.0, -1, false
	for i, s := range said {
		if share := overlap(wanted, pairs(s.text)); share > best {
			best, at = share, i
		}
	}
	if at >= 0 && best >= 0.3 {
		p.Evidence = append(p.Evidence, said[at].evidence())
		undone = anyOf(said[at].text, "尚未", "未完成", "还没", "正在", "计划", "拟于", "将于", "待")
	}
	switch {
	case best < 0.3:
		p.Shown, p.Certainty, p.Reason = casework.No, 0.5, "佐证材料中没有找到与此项要求对应的内容"
	case undone:
		p.Shown, p.Certainty, p.Reason = casework.No, 0.6, "佐证材料提到此项，但表述为尚未完成"
	default:
		p.Shown, p.Certainty = casework.Unclear, min(0.7, best)
		p.Reason = fmt.Sprintf("佐证材料提到此项（字词相合约 %.0f%%），是否充分请人工判断", 100*best)
	}
	return p
}

// pairs are the pairs of neighbouring letters and digits of a text.
func pairs(text string) map[string]bool {
	runes := []rune(fold(text))
	out := map[string]bool{}
	for i := 0; i+1 < len(runes); i++ {
		if !notWord(runes[i]) && !notWord(runes[i+1]) {
			out[string(runes[i:i+2])] = true
		}
	}
	return out
}

// overlap is the share of wanted that is in given.
func overlap(wanted, given map[string]bool) float64 {
	if len(wanted) == 0 {
		return 0
	}
	n := 0
	for pair := range wanted {
		if given[pair] {
			n++
		}
	}
	return float64(n) / float64(len(wanted))
}
