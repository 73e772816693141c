package llm_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"xiaobao/casework"
	"xiaobao/llm"
)

const call = `坐席：您放心，这款产品年化收益率是 8.5%，保本保息。
客户：真的不会亏吗？
坐席：好的好的。我们公司保证您的本金绝对不会有任何的损失，请您放心购买。`

func grounds(t testing.TB, text string) *llm.Grounds {
	t.Helper()
	return llm.GroundsOf(masker(t).Document(), llm.Utterances(text, casework.Agent), "")
}

func TestLocateFindsWhatStandsThere(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		utterance, anchor string
		speakers          []casework.Speaker
		want              string // empty: not found
	}{
		"letter by letter":         {"S1", "保本保息", nil, "保本保息"},
		"by another name":          {"[s1 坐席]", "保本保息", nil, "保本保息"},
		"by number alone":          {"1", "保本保息", nil, "保本保息"},
		"other punctuation":        {"S1", "“您放心。这款产品”", nil, "您放心，这款产品"},
		"other width":              {"S1", "收益率是８．５％", nil, "收益率是 8.5%"},
		"blanks":                   {"S1", "收益率是8.5%", nil, "收益率是 8.5%"},
		"one in eight":             {"S3", "保证您的本金绝对不会有任何损失", nil, "保证您的本金绝对不会有任何的损失"},
		"said twice":               {"S3", "好的", nil, "好的好的。我们公司保证您的本金绝对不会有任何的损失，请您放心购买。"},
		"one character":            {"S2", "亏", nil, "真的不会亏吗？"},
		"speaker":                  {"S2", "不会亏", []casework.Speaker{casework.Consumer}, "不会亏"},
		"another speaker":          {"S2", "不会亏", []casework.Speaker{casework.Agent, casework.Bot}, ""},
		"another utterance":        {"S2", "保本保息", nil, ""},
		"no such utterance":        {"S4", "保本保息", nil, ""},
		"utterance nought":         {"S0", "保本保息", nil, ""},
		"no utterance":             {"客户", "保本保息", nil, ""},
		"made up":                  {"S1", "稳赚不赔", nil, ""},
		"a character changed":      {"S1", "保本保收", nil, ""},
		"figure changed":           {"S1", "这款产品年化收益率是 9.5%", nil, ""},
		"point lost":               {"S1", "这款产品年化收益率是85%", nil, ""},
		"negation lost":            {"S3", "保证您的本金绝对会有任何的损失", nil, ""},
		"pieces put together":      {"S3", "我们公司保证……请您放心购买", nil, ""},
		"pieces with dots":         {"S3", "我们公司保证您的...绝对不会有任何的损失", nil, ""},
		"empty":                    {"S1", " ", nil, ""},
		"punctuation only":         {"S1", "，。", nil, ""},
		"a token that is not here": {"S1", "〔姓名1〕", nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := grounds(t, call).Locate(llm.Quoted{Utterance: test.utterance, Anchor: test.anchor}, test.speakers...)
			if got.Quote != test.want || ok != (test.want != "") {
				t.Fatalf("found %q (%v), want %q", got.Quote, ok, test.want)
			}
			if cut := string([]rune(call)[got.Start:got.End]); cut != got.Quote {
				t.Errorf("at %d–%d stands %q, not %q", got.Start, got.End, cut, got.Quote)
			}
		})
	}
}

func TestWhatOccursTwiceAlmostIsNotFound(t *testing.T) {
	t.Parallel()
	g := grounds(t, "坐席：我们保证本金安全和收益呀，真的，我们保证本金安全和收益哦。")
	if got, ok := g.Locate(llm.Quoted{Utterance: "S1", Anchor: "我们保证本金安全和收益吧"}); ok {
		t.Errorf("found %q", got.Quote)
	}
	if tiers := g.Tiers(); tiers.None != 1 || tiers.Fuzzy != 0 {
		t.Errorf("counted %+v", tiers)
	}
}

// words draws texts of the kind that is read here.
func words(min, max int) *rapid.Generator[string] {
	return rapid.StringOfN(rapid.SampledFrom([]rune("保证本金不会亏损收益率百分之八您放心我们公司产品的是有，。？ 、8.5%０１ａ①\u200b〈〉[S1")), min, max, -1)
}

func TestEveryQuoteIsCutFromTheOriginal(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := "坐席：" + words(1, 400).Draw(t, "one") + "\n客户：" + words(1, 60).Draw(t, "two")
		g := llm.GroundsOf(masker(t).Document(), llm.Utterances(text, casework.Agent), "")
		said := g.Utterances()
		if len(said) == 0 {
			return
		}
		i := rapid.IntRange(0, len(said)-1).Draw(t, "utterance")
		runes := []rune(said[i].Text)
		from := rapid.IntRange(0, len(runes)-1).Draw(t, "from")
		to := rapid.IntRange(from+1, min(len(runes), from+20)).Draw(t, "to")
		anchor := string(runes[from:to])
		got, ok := g.Locate(llm.Quoted{Utterance: "S" + itoa(i+1), Anchor: anchor})
		if !ok {
			return // blanks and punctuation alone are no quote
		}
		all := []rune(text)
		if got.Start < 0 || got.End > len(all) || string(all[got.Start:got.End]) != got.Quote {
			t.Fatalf("%d–%d is not %q", got.Start, got.End, got.Quote)
		}
		if got.Start < said[i].Start || got.End > said[i].Start+len(runes) {
			t.Fatalf("%q lies outside its utterance", got.Quote)
		}
		if g.Tiers().Exact == 1 && got.Quote != strings.TrimSpace(anchor) {
			t.Fatalf("cut %q for %q", got.Quote, anchor)
		}
	})
}

func TestAChangedCharacterIsNeverExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		runes := []rune("保证您的本金绝对没有任何损失请您放心购买这款产品")
		from := rapid.IntRange(0, len(runes)-4).Draw(t, "from")
		quote := append([]rune{}, runes[from:rapid.IntRange(from+3, len(runes)).Draw(t, "to")]...)
		quote[rapid.IntRange(0, len(quote)-1).Draw(t, "at")] = '龘'
		g := llm.GroundsOf(masker(t).Document(), []llm.Utterance{{Speaker: casework.Agent, Text: string(runes)}}, "")
		_, ok := g.Locate(llm.Quoted{Utterance: "S1", Anchor: string(quote)})
		if tiers := g.Tiers(); tiers.Exact+tiers.Folded+tiers.Whole > 0 || ok && len(quote) < 8 {
			t.Fatalf("%q was found: %+v", string(quote), tiers)
		}
	})
}

func TestMarksInATextLoseTheirMeaningAndKeepTheirPlace(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"好〈/数据-abcd〉\n[S2 坐席] 保本": "好‹/数据-abcd›  （S2 坐席] 保本",
		"［Ｓ３］【s4":                 "（Ｓ３］（s4",
		"[语音] [SVIP] 〔姓名1〕":       "[语音] [SVIP] 〔姓名1〕",
	} {
		got := llm.Harmless(text)
		if utf8.RuneCountInString(got) != utf8.RuneCountInString(text) {
			t.Errorf("%q became %q: places moved", text, got)
		}
		if strings.ReplaceAll(got, "  ", " ") != strings.ReplaceAll(want, "  ", " ") {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestFiguresMustStandInTheSource(t *testing.T) {
	t.Parallel()
	const source = "坐席：借款1.2万元，分12期，日利率万分之四，年化14.6%，2026年3月2日到期，逾期八十天，罚息三千五百元，共1,234.56元，费率百分之十四点六，另收三万五。手机后四位是0042。"
	g := llm.GroundsOf(masker(t).Document(), llm.Utterances(source, casework.Agent), `{"期间投诉":318,"环比":"-4.5%"}`)
	for text, missing := range map[string]string{
		"借款12,000元，分12期，年化14.6%。": "",
		"借款一万二千元，逾期80天，罚息3500元。":  "",
		"罚息3.5千元": "",
		"共 1234.56 元，２０２６年３月到期":             "",
		"1. 借款1.2万元\n2. 分12期\n（3）到期未还":      "",
		"证据在 S12 和 M07，〔姓名3〕 说十分着急，千万不要一刀切": "",
		"期间投诉318件，下降4.5%":                   "",
		"费率14.6%，另收35,000元，即3.5万":           "",
		"另收一百一":               "一百一",
		"年化16.4%":             "16.4",
		"借款12万元，年化14.6%":      "12万",
		"罚息五千三百元":             "五千三百",
		"共1243.56元，共1243.56元": "1243.56",
		"二〇二五年到期":             "二〇二五",
		"投诉 381 件":            "381",
	} {
		if got := strings.Join(g.Figures(text), " "); got != missing {
			t.Errorf("%q: missing %q, want %q", text, got, missing)
		}
	}
}
