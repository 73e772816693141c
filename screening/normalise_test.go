package screening

import (
	"strings"
	"testing"
	"unicode/utf8"

	"xiaobao/casework"
)

// unitsOf folds a text and shows the units as text.
func unitsOf(text string) string { return string(runesOf(folded(text))) }

func TestFoldingUnifiesSpellings(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"零利息", "0利息", "〇利息", "０利息", "0️⃣利息", "零.利.息", "零 利 息", "零·利·息", "零\u200b利息", "零-利_息", "零*利*息", "零💰利💰息", "零❀利❀息", "零【利】息", "零「利」息"},
		{"百分之百", "百分百", "100%", "１００％", "佰分佰"},
		{"百分之三十五", "百分之35", "35%", "３５％"},
		{"百分之十", "10%"}, {"百分之二十", "20%"}, {"百分之十八点五", "18.5%"},
		{"微信", "V信", "v信", "wx", "VX", "薇信", "微❤", "溦信", "微x", "weixin"},
		{"加微信", "➕微信", "加V", "加vx", "+V", "+微信", "加薇信"},
		{"贷款", "貸款", "貸歀"},
		{"本息", "夲息"},
		{"三期", "3期", "③期", "叁期", "３期"},
		{"ａｐｐ", "APP", "app"},
		{"⼈民", "人民"},
	} {
		for _, each := range same[1:] {
			if got, want := unitsOf(each), unitsOf(same[0]); got != want {
				t.Errorf("%s folds to %q, %s to %q", each, got, same[0], want)
			}
		}
	}
}

func TestFoldingKeepsApartWhatDiffers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"年化3.6%": "年化3.6%",
		"好。利息":   "好。利息",
		"via":    "via",
		"加visa卡": "加visa卡",
		"a b":    "a b",
		"12-24":  "12-24",
		"":       "",
	} {
		if got := unitsOf(text); got != want {
			t.Errorf("%s folds to %q, want %q", text, got, want)
		}
	}
}

func TestDisguisesAreAlignedPairs(t *testing.T) {
	t.Parallel()
	for _, table := range []string{writtenDigits, disguises} {
		for pair := range strings.FieldsSeq(table) {
			if r := []rune(pair); len(r) != 2 || r[0] == r[1] {
				t.Errorf("%q is no pair of two characters", pair)
			}
		}
	}
	for _, r := range rewritings {
		if !strings.ContainsRune(sequenceStarts, []rune(r.from)[0]) {
			t.Errorf("%q would never be tried; add its first character to sequenceStarts", r.from)
		}
	}
}

func TestFoldingTwiceFoldsOnce(t *testing.T) {
	t.Parallel()
	for r := rune(1); r < 0x10000; r++ {
		g := folding().of(r)
		if g.rune() == 0 || g.kind() == special {
			continue
		}
		if again := folding().of(rune(g.rune())); again.rune() != g.rune() {
			t.Errorf("%q folds to %q and that to %q", r, rune(g.rune()), rune(again.rune()))
		}
	}
}

func FuzzNormaliserKeepsTheWayBack(f *testing.F) {
	for _, seed := range []string{"0️⃣利.息百分之百", "加V信 ➕ 微❤", "\xff\xfe坏", "㎡①🄰𝟎", "百分之", "+", "百", "- - - -利", "\u200d\u200d"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n := normaliser{table: folding()}
		n.reset()
		n.add(text)
		if got, want := string(n.runes), string([]rune(text)); got != want {
			t.Fatalf("the original became %q, was %q", got, want)
		}
		if len(n.units) != len(n.spans) {
			t.Fatalf("%d units, %d spans", len(n.units), len(n.spans))
		}
		last := span{}
		for _, s := range n.spans {
			if s.start < last.start || s.end < last.end || s.start >= s.end || int(s.end) > utf8.RuneCountInString(text) {
				t.Fatalf("span %v after %v of %d characters", s, last, utf8.RuneCountInString(text))
			}
			last = s
		}
	})
}

func TestAutomatonFindsWhatLookingFindsToo(t *testing.T) {
	t.Parallel()
	words := [][]uint16{{1}, {1, 2}, {2, 1}, {1, 2, 1}, {3, 3}, {3}, {2, 3, 1, 2}, {4, 4, 4, 4}, {3, 1}}
	a := newAutomaton(words, 5)
	text, seed := make([]uint16, 5000), uint32(7)
	for i := range text {
		seed = seed*1664525 + 1013904223
		text[i] = uint16(seed >> 28 % 6) // 0 and 5 are in no word
	}
	type find struct{ word, end int }
	found := map[find]bool{}
	state := int32(0)
	for i, c := range text {
		state = a.step(state, c)
		for _, word := range a.words(a.cells[state].ending) {
			found[find{int(word), i + 1}] = true
		}
	}
	want := 0
	for number, word := range words {
		for end := len(word); end <= len(text); end++ {
			if !equalUnits(text[end-len(word):end], word) {
				continue
			}
			want++
			if !found[find{number, end}] {
				t.Fatalf("word %v ending at %d is not found", word, end)
			}
		}
	}
	if want == 0 || len(found) != want {
		t.Errorf("found %d, want %d", len(found), want)
	}
}

func equalUnits(a, b []uint16) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return len(a) == len(b)
}

func TestSplittingLosesNothing(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"坐席：您好\n客户：嗯", "客户：不需要 → 坐席：再听我说", "没有前缀\n坐席: 有\n接着说\n\n客户 ：行", "→→\n：", "", "坐席：", "AI：我是真人",
	} {
		var whole strings.Builder
		split(&casework.Touchpoint{Channel: casework.ServiceChat, Text: text}, func(p piece) { whole.WriteString(p.text) })
		if whole.String() != text {
			t.Errorf("%q came out as %q", text, whole.String())
		}
	}
}
