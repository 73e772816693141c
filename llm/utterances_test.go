package llm_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"xiaobao/casework"
	"xiaobao/llm"
	"xiaobao/screening"
)

func TestUtterancesAreThoseThatRulesSee(t *testing.T) {
	t.Parallel()
	texts := []string{
		call, "您好。\n坐席：在吗\n客户: 在", "客户：好 → 坐席：不好", "【坐席】：好\n第二行\n*客户*：嗯\n其他：嗯",
		"没有人\n说话：是的", "坐席：\n客户：", "→坐席：一→→客户：二", "说：坐席：不是", "\n\n客户：早", "短信：您好 投诉人：不在行首",
	}
	for name := range llm.SpeakerList {
		texts = append(texts, name+"：您好\n无名："+name)
	}
	for _, text := range texts {
		touchpoint := casework.Touchpoint{Channel: casework.ServiceCall, Text: text}
		var want []llm.Utterance
		for _, u := range screening.Turns(&touchpoint) {
			lead := len(u.Text) - len(strings.TrimLeft(u.Text, " \n\r\t"))
			if trimmed := strings.TrimSpace(u.Text); trimmed != "" {
				want = append(want, llm.Utterance{Speaker: u.Speaker, Text: trimmed, Start: u.Start + lead})
			}
		}
		if got := llm.Utterances(text, casework.Agent); !slices.Equal(got, want) {
			t.Errorf("%q:\n got %+v\nwant %+v", text, got, want)
		}
	}
}

func TestTurnsCountAsTheirTouchpointDoes(t *testing.T) {
	t.Parallel()
	touchpoint := casework.Touchpoint{Channel: casework.ServiceChat, Turns: []casework.Turn{
		{Speaker: casework.Agent, Text: " 您好，客户：您是谁"}, {Speaker: casework.Consumer, Text: ""}, {Text: "我是王五"},
	}}
	content := []rune(touchpoint.Content())
	got := llm.Utterances("", casework.Bot, touchpoint.Turns...)
	if len(got) != 2 || got[0].Speaker != casework.Agent || got[1].Speaker != casework.Bot {
		t.Fatalf("got %+v", got)
	}
	for _, u := range got {
		if string(content[u.Start:u.Start+utf8.RuneCountInString(u.Text)]) != u.Text {
			t.Errorf("%+v does not stand there", u)
		}
	}
}

func TestLongTextsAreCutAtSentences(t *testing.T) {
	t.Parallel()
	text := strings.Repeat("本条款适用于全部客户，包括个人和单位。", 60)
	got := llm.Utterances(text, casework.Page)
	if len(got) < 4 {
		t.Fatalf("cut into %d", len(got))
	}
	for _, u := range got {
		if n := utf8.RuneCountInString(u.Text); n > 300 || !strings.HasSuffix(u.Text, "。") {
			t.Errorf("a piece of %d characters: %q", n, u.Text)
		}
	}
}

func TestNothingIsLostByCutting(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune("坐席客户：:\n →。，好的是 　ab1😀")), 0, 900, -1).Draw(t, "text")
		runes, end := []rune(text), 0
		for _, u := range llm.Utterances(text, casework.Agent) {
			n := utf8.RuneCountInString(u.Text)
			if n > 300 || u.Start < end || string(runes[u.Start:u.Start+n]) != u.Text {
				t.Fatalf("%+v after %d", u, end)
			}
			for _, lost := range runes[end:u.Start] {
				if !strings.ContainsRune("坐席客户：: 　\n→", lost) {
					t.Fatalf("%q was lost before %+v", lost, u)
				}
			}
			end = u.Start + n
		}
	})
}

func TestPartsOverlapByOne(t *testing.T) {
	t.Parallel()
	said := llm.Utterances(strings.Repeat("坐席：一二三四五六七八九十\n客户：好的\n", 10), casework.Agent)
	parts := llm.Split(said, 40)
	if len(parts) < 3 {
		t.Fatalf("%d parts", len(parts))
	}
	var joined []llm.Utterance
	for i, part := range parts {
		size := 0
		for _, u := range part {
			size += utf8.RuneCountInString(u.Text)
		}
		if size > 40 {
			t.Errorf("part %d has %d characters", i, size)
		}
		if i > 0 {
			if part[0] != joined[len(joined)-1] {
				t.Errorf("part %d does not begin with the end of the one before", i)
			}
			part = part[1:]
		}
		joined = append(joined, part...)
	}
	if !slices.Equal(joined, said) {
		t.Errorf("together they are %d utterances of %d", len(joined), len(said))
	}
	if parts := llm.Split([]llm.Utterance{{Text: strings.Repeat("长", 50)}, {Text: "短"}}, 10); len(parts) != 2 || len(parts[1]) != 1 {
		t.Errorf("a long one gives %d parts", len(parts))
	}
	if parts := llm.Split(nil, 10); parts != nil {
		t.Errorf("nothing gives %v", parts)
	}
}
