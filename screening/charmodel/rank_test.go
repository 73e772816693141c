package charmodel_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/screening/charmodel"
)

// chances are all that a model thinks of a touchpoint, by indicator.
func chances(m *charmodel.Model, t *casework.Touchpoint) map[string]float64 {
	out := map[string]float64{}
	for _, g := range m.Doubting(0, 0.4).NewReader().Rank(t, nil) {
		out[g.Indicator] = g.Certainty
	}
	return out
}

func TestEvidenceIsCutFromTheOriginal(t *testing.T) {
	t.Parallel()
	r := model(t).Doubting(0, 2).NewReader()
	long := strings.Repeat("今天我们把账单一项一项核对清楚，", 12) + "。你爱投诉就去投诉，我没空理你！😀 再见。"
	touchpoints := []casework.Touchpoint{
		{Channel: casework.ServiceCall, Text: "坐席：您好😀。\n客户：我要投诉\n坐席：你 爱 怎 樣 怎 樣，随便你投诉。"},
		{Channel: casework.ServiceCall, Text: "坐席：" + long},
		{Channel: casework.ServiceCall, Turns: []casework.Turn{{Speaker: casework.Consumer, Text: "喂？"}, {Speaker: casework.Agent, Text: long}}},
	}
	for _, x := range someExamples(book(t)) {
		touchpoints = append(touchpoints, x.Touchpoint)
	}
	seen := 0
	for i := range touchpoints {
		content := []rune(touchpoints[i].Content())
		for _, g := range r.Rank(&touchpoints[i], nil) {
			for _, e := range g.Evidence {
				seen++
				if e.Start < 0 || e.End > len(content) || e.Start >= e.End || string(content[e.Start:e.End]) != e.Quote {
					t.Errorf("%s: [%d,%d) is quoted as %q", g.Indicator, e.Start, e.End, e.Quote)
				}
				if e.End-e.Start > 120 {
					t.Errorf("%s: quotes %d characters", g.Indicator, e.End-e.Start)
				}
			}
		}
	}
	if seen == 0 {
		t.Error("nothing was quoted")
	}
}

func TestOnlyTheIndicatorsSpeakersAndChannelsAreHeard(t *testing.T) {
	t.Parallel()
	m, b := model(t).Doubting(0, 2), book(t)
	r := m.NewReader()
	for _, channel := range casework.Channels() {
		for _, speaker := range casework.Speakers() {
			text := casework.Touchpoint{Channel: channel, Speaker: speaker, Text: "再不还钱就上门打断你的腿，百分之百下款，零利息。"}
			for _, g := range r.Rank(&text, nil) {
				ind, _ := b.Indicator(g.Indicator)
				if !slices.Contains(ind.Channels, channel) || !slices.Contains(ind.Speakers, speaker) {
					t.Errorf("%s is suspected of %s on %s", g.Indicator, speaker, channel)
				}
			}
		}
	}
	text := casework.Touchpoint{Channel: casework.CollectionCall, Text: "坐席：再不还钱就上门打断你的腿"}
	guesses := r.Rank(&text, []string{"col_threat_violence"})
	if len(guesses) != 1 || guesses[0].Indicator != "col_threat_violence" || guesses[0].Evidence[0].Speaker != casework.Agent {
		t.Errorf("asked for one indicator: %v", guesses)
	}
	if g := r.Rank(&text, []string{}); g != nil {
		t.Errorf("asked for none: %v", g)
	}
}

func TestGuessesComeLikeliestFirst(t *testing.T) {
	t.Parallel()
	r := model(t).Doubting(0, 2).NewReader()
	text := casework.Touchpoint{Channel: casework.CollectionCall, Text: "坐席：你这个老赖，再不还钱就上门打断你的腿，转到我个人微信。"}
	guesses := r.Rank(&text, nil)
	if len(guesses) < 3 || !slices.IsSortedFunc(guesses, func(a, b charmodel.Guess) int {
		switch {
		case a.Certainty > b.Certainty:
			return -1
		case a.Certainty < b.Certainty:
			return 1
		}
		return strings.Compare(a.Indicator, b.Indicator)
	}) {
		t.Errorf("%v", guesses)
	}
}

func TestWhoSomeoneIsChangesNoAcceptance(t *testing.T) {
	t.Parallel()
	m := model(t)
	swaps := strings.NewReplacer("先生", "女士", "女士", "先生", "他", "她", "她", "他", "爸", "妈", "妈", "爸", "老公", "老婆", "老婆", "老公", "大哥", "大姐", "张先生", "欧女士", "北京", "喀什", "成都", "毕节")
	tried := 0
	for _, x := range someExamples(book(t)) {
		other := x.Touchpoint
		if other.Text = swaps.Replace(x.Text); other.Text == x.Text {
			continue
		}
		tried++
		before, after := chances(m, &x.Touchpoint), chances(m, &other)
		for id := range before {
			if (before[id] >= 0.4) != (after[id] >= 0.4) {
				t.Errorf("%s: %s %.3f, %s %.3f", id, x.Text, before[id], other.Text, after[id])
			}
		}
	}
	if tried < 8 {
		t.Errorf("only %d texts could be changed", tried)
	}
}

func TestACompliantSentenceMoreLowersNothing(t *testing.T) {
	t.Parallel()
	m := model(t)
	for _, x := range someExamples(book(t)) {
		if strings.Contains(x.Text, "→") {
			continue
		}
		more := x.Touchpoint
		more.Text = strings.TrimRight(x.Text, "。") + "。感谢您的耐心等待，祝您生活愉快。"
		whole := x.Touchpoint
		whole.Text = strings.TrimRight(x.Text, "。") + "。"
		before, after := chances(m, &whole), chances(m, &more)
		for id, chance := range before {
			if after[id] < chance {
				t.Errorf("%s: %s fell from %.3f to %.3f", id, x.Text, chance, after[id])
			}
		}
	}
}

func TestDisguisesAreSeenThrough(t *testing.T) {
	t.Parallel()
	m := model(t)
	plain := casework.Touchpoint{Channel: casework.CollectionCall, Text: "坐席：再不还钱就打断你的腿"}
	for _, text := range []string{"坐席：再不還錢就打斷你的腿", "坐席：再.不.还.钱.就.打.断.你.的.腿", "坐席：再 不 还 钱 就 打 断 你 的 腿"} {
		other := casework.Touchpoint{Channel: casework.CollectionCall, Text: text}
		if a, b := chances(m, &plain)["col_threat_violence"], chances(m, &other)["col_threat_violence"]; a != b {
			t.Errorf("%s: %.3f, plain %.3f", text, b, a)
		}
	}
}

func TestRankingTakesTimeInProportionToTheText(t *testing.T) {
	t.Parallel()
	r := model(t).NewReader()
	for name, part := range map[string]string{
		"sentences": "您好，请问有什么可以帮您？", "no marks": "您好请问有什么可以帮您", "turns": "坐席：您好\n客户：嗯\n", "marks": "。，。，",
	} {
		spent := func(times int) time.Duration {
			text := casework.Touchpoint{Channel: casework.ServiceCall, Text: strings.Repeat(part, times)}
			least := time.Hour
			for range 5 {
				start := time.Now()
				r.Rank(&text, nil)
				least = min(least, time.Since(start))
			}
			return least
		}
		spent(4000)
		if short, long := spent(500), spent(4000); long > 40*short+5*time.Millisecond {
			t.Errorf("%s: eight times the text took %s instead of %s", name, long, short)
		}
	}
}

// ordinaryText is a long contact in which nothing is wrong.
func ordinaryText() *casework.Touchpoint {
	var b strings.Builder
	for _, x := range charmodel.Ordinary() {
		if x.Channel == casework.ServiceCall {
			b.WriteString(strings.ReplaceAll(x.Text, " → ", "\n") + "\n")
		}
	}
	return &casework.Touchpoint{Channel: casework.ServiceCall, Text: b.String()}
}

func TestCleanTextsCostNoAllocation(t *testing.T) {
	r, text := model(t).Doubting(1, 2).NewReader(), ordinaryText()
	r.Rank(text, nil)
	if n := testing.AllocsPerRun(20, func() { r.Rank(text, nil) }); n > 0 {
		t.Errorf("%.1f allocations", n)
	}
}

func BenchmarkRank(b *testing.B) {
	examples := append(charmodel.FromBook(book(b)), charmodel.Ordinary()...)
	m, _, err := charmodel.Train(examples, charmodel.Options{Book: book(b)})
	if err != nil {
		b.Fatal(err)
	}
	r, text := m.NewReader(), ordinaryText()
	b.SetBytes(int64(len(text.Text)))
	b.ReportAllocs()
	for b.Loop() {
		r.Rank(text, nil)
	}
}
