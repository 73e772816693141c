package unaided

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"xiaobao/casework"
)

// longest is how many sentences a summary has at most.
const longest = 6

// kinds are the words by which a sentence is told to be of a kind, the first
// that fits.
var kinds = []struct {
	kind  string
	words []string
}{
	{"demand", []string{"要求", "希望", "诉求", "请求", "想要", "必须给", "退给我", "赔"}},
	{"open", []string{"尚未", "还没", "未能", "待核实", "未解决", "没有结果", "仍在", "下一步"}},
	{"done", []string{"已经", "已于", "已向", "已退", "已联系", "处理完", "答复", "核实后", "已办"}},
}

// Summarise gives the sentences that say most, in the order of the text, as
// they stand: it writes nothing of its own.
func Summarise(d casework.Document) casework.SummaryAnswer {
	all := sentences(d.Text)
	common := counts(all)
	order := make([]int, len(all))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(worth(all[b], b, common), worth(all[a], a, common))
	})
	order = order[:min(longest, len(order))]
	slices.Sort(order)
	answer := casework.SummaryAnswer{Statements: []casework.Statement{}}
	for _, i := range order {
		answer.Statements = append(answer.Statements, casework.Statement{
			Text: all[i].text, Kind: kindOf(all[i].text), Evidence: []casework.Evidence{all[i].evidence()},
		})
	}
	return answer
}

// counts tells in how many sentences each pair of characters stands.
func counts(all []sentence) map[string]int {
	n := map[string]int{}
	for _, s := range all {
		for pair := range pairs(s.text) {
			n[pair]++
		}
	}
	return n
}

// worth is how much a sentence says: what the others speak of too, figures,
// demands and results; the first sentences often say what it is about.
func worth(s sentence, place int, common map[string]int) float64 {
	own := pairs(s.text)
	if len(own) < 4 {
		return 0
	}
	shared := 0
	for pair := range own {
		if common[pair] > 1 {
			shared++
		}
	}
	w := float64(shared) / float64(len(own))
	if strings.ContainsFunc(s.text, unicode.IsDigit) {
		w += 0.5
	}
	if kindOf(s.text) != "fact" {
		w += 0.8
	}
	if place < 2 {
		w += 0.5
	}
	return w
}

func kindOf(text string) string {
	for _, k := range kinds {
		if anyOf(text, k.words...) {
			return k.kind
		}
	}
	return "fact"
}
