package screening_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/screening"
)

func TestPatternsMeanWhatTheySay(t *testing.T) {
	t.Parallel()
	for _, each := range []struct{ name, fields, fires, not string }{
		{"any word", "patterns: [{words: [包过, 必过]}]", "这单必过|包过的", "过几天"},
		{"a sequence keeps its order", "patterns: [{seq: [[先], [后]]}]", "先办后付", "后付先办"},
		{"a sequence keeps its gap", "patterns: [{seq: [[先], [付]], gap: 2}]", "先办后付", "先办完手续再付"},
		{"a sequence stays in its clause", "patterns: [{seq: [[先], [付]], scope: clause}]", "先办再付", "先办，再付"},
		{"a sequence tries every beginning", "patterns: [{seq: [[甲], [乙], [丙]], gap: 3}]", "甲乙甲一乙二丙", "甲乙一二三四丙"},
		{"a conjunction in any order", "patterns: [{all: [[会员], [通过率]]}]", "开会员提高通过率|通过率靠会员", "会员很好。通过率一般"},
		{"a conjunction over the text", "patterns: [{all: [[会员], [通过率]], scope: text}]", "会员很好。通过率一般", "会员很好"},
		{"a regex beside a word", "patterns: [{regex: '第[0-9一二三]+期', with: [期]}]", "第三期|第12期", "周期"},
		{"unless in the sentence", "patterns: [{words: [日息], unless: [年化]}]", "日息万二。年化另算", "日息万二，年化18%"},
		{"absent from all that is said", "patterns: [{words: [借款], absent: [年化]}]", "借款很快", "借款很快。再说一遍，年化是18%"},
		{"a sound", "patterns: [{words: [月服务费]}]", "月服务废", "约服务非|月富物非"},
		{"a sound is not written with the commonest characters", "patterns: [{words: [死你们家]}]", "四你们家", "是你们家|在你们家"},
		{"a longer sound", "patterns: [{words: [内部渠道办理]}]", "内不曲到半里|内bu渠dao办li", "那不曲到半里"},
		{"an exact word has no sound", "patterns: [{words: [=月服务费, 稳赚不赔]}]", "月服务费|稳赚不陪", "月服务废"},
		{"a character spelt out", "patterns: [{words: [秒批, 包过审]}]", "秒Pi|miao批|包 GUO 审|包过shen", "秒p|秒piao|m批|秒pin"},
		{"a character of an exact word spelt out", "patterns: [{words: [=秒批]}]", "秒批", "秒Pi"},
		{"what excuses has no sound", "patterns: [{words: [零利息], unless: [年化利率]}]", "零利息，年画利率", "零利息，年化利率"},
		{"in the opening", "patterns: [{words: [用钱], opening: 1}]", "最近用钱吗！我是小王", "您好！最近用钱吗"},
	} {
		t.Run(each.name, func(t *testing.T) {
			t.Parallel()
			s := trial(t, each.fields+"\nguards: []")
			for text := range strings.SplitSeq(each.fires, "|") {
				if len(s.Screen(said(text))) == 0 {
					t.Errorf("does not fire: %s", text)
				}
			}
			for text := range strings.SplitSeq(each.not, "|") {
				if signals := s.Screen(said(text)); len(signals) > 0 {
					t.Errorf("fires: %s %q", text, quotesOf(signals))
				}
			}
		})
	}
}

func TestAfterWaitsForTheOtherSpeaker(t *testing.T) {
	t.Parallel()
	s := trial(t, "speakers: [agent]\npatterns: [{words: [再听我说], after: {speaker: customer, words: [别打了], turns: 2}}]")
	for text, want := range map[string]bool{
		"客户：别打了 → 坐席：再听我说":             true,
		"客户：别打了\n坐席：哎\n客户：真的\n坐席：再听我说": true,
		"客户：别打了\n客户：啊\n客户：啊\n坐席：再听我说":  false,
		"坐席：再听我说\n客户：别打了":              false,
		"坐席：别打了\n坐席：再听我说":              false,
	} {
		if got := len(s.Screen(said(text))) > 0; got != want {
			t.Errorf("fires = %t, want %t: %q", got, want, text)
		}
	}
}

func TestAfterCanBeParticular(t *testing.T) {
	t.Parallel()
	s := trial(t, "speakers: [agent]\npatterns: [{words: [再听我说], after: {speaker: customer, words: [不用, 不需要], unless: [不用客气], whole: true}}]")
	for text, want := range map[string]bool{
		"客户：不用 → 坐席：再听我说":        true,
		"客户：不用，不需要！ → 坐席：再听我说":   true,
		"客户：不用等太久吧 → 坐席：再听我说":    false,
		"客户：不用客气，不需要 → 坐席：再听我说":  false,
		"客户：我这边不需要 → 坐席：再听我说":    false,
		"客户：不用 → 客户：嗯 → 坐席：再听我说": false,
	} {
		if got := len(s.Screen(said(text))) > 0; got != want {
			t.Errorf("fires = %t, want %t: %q", got, want, text)
		}
	}
	unless := trial(t, "speakers: [agent]\npatterns: [{words: [再听我说], after: {speaker: customer, words: [不用], unless: [不用等]}}]")
	for text, want := range map[string]bool{"客户：我不用 → 坐席：再听我说": true, "客户：我不用等吧 → 坐席：再听我说": false} {
		if got := len(unless.Screen(said(text))) > 0; got != want {
			t.Errorf("unless: fires = %t, want %t: %q", got, want, text)
		}
	}
}

func TestAPatternMayHaveACondition(t *testing.T) {
	t.Parallel()
	s := trial(t, "kind: both\nwhen: num(\"calls_today\") > 9\npatterns:\n  - {words: [还款], when: num(\"calls_today\") > 3}\n  - {words: [滚]}")
	for _, each := range []struct {
		text  string
		calls float64
		want  bool
	}{{"请还款", 1, false}, {"请还款", 4, true}, {"滚", 1, true}, {"您好", 4, false}, {"您好", 10, true}} {
		touchpoint := said(each.text)
		touchpoint.Attributes = map[string]any{"calls_today": each.calls}
		if got := len(s.Screen(touchpoint)) > 0; got != each.want {
			t.Errorf("%s after %g calls: fires = %t, want %t", each.text, each.calls, got, each.want)
		}
	}
}

func TestEvidenceIsWhereTheTextHasIt(t *testing.T) {
	t.Parallel()
	s := trial(t, "patterns:\n  - words: [零利息, 利息]\n  - {seq: [[百分百], [过]], gap: 4}\n  - {words: [稳赚不赔]}")
	for text, want := range map[string][]string{
		"坐席：您好，0️⃣利.息，":             {"0️⃣利.息"},
		"😀客户：嗯\n坐席：百分之百给您过":         {"百分之百给您过"},
		"零利息和利息":                    {"零利息", "利息"},
		"坐席：稳zhuan不赔":               {"稳zhuan不赔"},
		"坐席：穩賺\u200b不賠":             {"穩賺\u200b不賠"},
		"坐席：稳 赚 不 赔 → 客户：哦 → 坐席：利息": {"稳 赚 不 赔", "利息"},
	} {
		touchpoint := said(text)
		signals := s.Screen(touchpoint)
		if got := quotesOf(signals); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", text, got, want)
			continue
		}
		runes := []rune(touchpoint.Content())
		for _, e := range signals[0].Evidence {
			if string(runes[e.Start:e.End]) != e.Quote {
				t.Errorf("%s: [%d,%d) is %q, not %q", text, e.Start, e.End, string(runes[e.Start:e.End]), e.Quote)
			}
		}
	}
}

func TestDisguiseShows(t *testing.T) {
	t.Parallel()
	s := trial(t, "patterns: [{words: [加微信, 稳赚不赔]}]")
	for text, want := range map[string]bool{
		"加微信": false, "加 微信": false, "穩賺不賠": false, "加V信": true, "➕薇信": true, "稳.赚.不.赔": true, "(稳)(赚)【不】(赔)": true, "稳赚不陪": true, "稳赚bu赔": true,
	} {
		signals := s.Screen(said(text))
		if len(signals) != 1 || signals[0].Obscured != want {
			t.Errorf("%s: %+v, want obscured = %t", text, signals, want)
		}
	}
	literal, sound := s.Screen(said("稳赚不赔"))[0].Certainty, s.Screen(said("稳赚不陪"))[0].Certainty
	if sound >= literal {
		t.Errorf("by sound %g, by spelling %g", sound, literal)
	}
}

func TestConditionsFireByKind(t *testing.T) {
	t.Parallel()
	night := time.Date(2026, 3, 2, 22, 30, 0, 0, casework.Beijing)
	for _, each := range []struct {
		kind              string
		words, late, both bool
	}{{"text", false, false, true}, {"both", true, true, true}} {
		s := trial(t, "kind: "+each.kind+"\nwhen: hour >= 22\npatterns: [{words: [还款]}]")
		for _, try := range []struct {
			text string
			at   time.Time
			want bool
		}{{"请还款", night.Add(-9 * time.Hour), each.words}, {"您好", night, each.late}, {"请还款", night, each.both}} {
			touchpoint := said(try.text)
			touchpoint.OccurredAt = try.at
			if got := len(s.Screen(touchpoint)) > 0; got != try.want {
				t.Errorf("kind %s, %s at %s: fires = %t, want %t", each.kind, try.text, try.at, got, try.want)
			}
		}
	}
}

func TestSignalsByConditionTellWhatItSaw(t *testing.T) {
	t.Parallel()
	s := trial(t, `kind: both
level: yellow
when: (hour >= 22 || flag("opted_out")) && str("callee_relation") != "debtor" && str("template_id") != "x" && (!has("opted_out_at") || attr("opted_out_at") < at) && num("people") < 9
rises: [{when: 'num("calls_today") > 3', to: red}, {when: 'num("dials_today") > 3', to: red}]
patterns: [{words: [还款]}]`)
	touchpoint := said("您好")
	touchpoint.OccurredAt = time.Date(2026, 3, 2, 14, 30, 0, 0, time.UTC)
	touchpoint.Attributes = map[string]any{
		"callee_relation": "third_party", "opted_out": "true", "opted_out_at": "2026-03-01T02:00:00Z", "calls_today": 4, "dials_today": 2,
		"people": "many", "occupation": "student", "template_id": "王小姐",
	}
	want := map[string]any{"hour": 22, "callee_relation": "third_party", "opted_out": true, "opted_out_at": "2026-03-01T10:00:00+08:00", "calls_today": 4.0}
	signals := s.Screen(touchpoint)
	if len(signals) != 1 || signals[0].Level != casework.Red || !maps.Equal(signals[0].Facts, want) {
		t.Errorf("signals %+v, want facts %v", signals, want)
	}
	touchpoint.Text = "请还款"
	if signals := s.Screen(touchpoint); len(signals) != 1 || len(signals[0].Evidence) != 1 || signals[0].Facts != nil {
		t.Errorf("with words to show: %+v", signals)
	}
}

func TestOnlyCodesAreFactsOfText(t *testing.T) {
	t.Parallel()
	s := trial(t, "kind: system\nwhen: has(\"template_id\")")
	for text, want := range map[string]bool{
		"TPL-07": true, "third_party": true, "v1.2": true, "202603": true, "": false, "Zhang San": false, "王小姐": false, "13800138000": false,
		"a@b.cn": false, strings.Repeat("a", 33): false,
	} {
		touchpoint := said("您好")
		touchpoint.Attributes = map[string]any{"template_id": text}
		signals := s.Screen(touchpoint)
		if len(signals) != 1 {
			t.Fatalf("%q: %+v", text, signals)
		}
		if _, told := signals[0].Facts["template_id"]; told != want {
			t.Errorf("%q: told = %t, want %t", text, told, want)
		}
	}
}

func TestFactsCanAlwaysBeWritten(t *testing.T) {
	t.Parallel()
	s := trial(t, "kind: system\nwhen: has(\"calls_today\")")
	for _, value := range []any{"NaN", "+Inf", 3} {
		touchpoint := said("您好")
		touchpoint.Attributes = map[string]any{"calls_today": value}
		if _, err := json.Marshal(s.Screen(touchpoint)); err != nil {
			t.Errorf("%v: %v", value, err)
		}
	}
}

func TestLevelsRiseAndNeverFall(t *testing.T) {
	t.Parallel()
	s := trial(t, "level: yellow\nrises: [{when: 'num(\"calls_today\") > 3', to: red}]\npatterns: [{words: [还款]}, {words: [滚], level: orange}]")
	for _, each := range []struct {
		text  string
		calls float64
		want  casework.Level
	}{{"还款", 1, casework.Yellow}, {"还款，滚", 1, casework.Orange}, {"还款", 4, casework.Red}} {
		touchpoint := said(each.text)
		touchpoint.Attributes = map[string]any{"calls_today": each.calls}
		if got := s.Screen(touchpoint)[0].Level; got != each.want {
			t.Errorf("%s after %g calls: %s, want %s", each.text, each.calls, got, each.want)
		}
	}
}

func TestChannelsAndSpeakersLimit(t *testing.T) {
	t.Parallel()
	s := trial(t, "channels: [collection_call]\nspeakers: [agent]\npatterns: [{words: [抓你]}]")
	for _, each := range []struct {
		channel casework.Channel
		text    string
		want    bool
	}{
		{casework.CollectionCall, "坐席：抓你", true}, {casework.CollectionCall, "抓你", true},
		{casework.CollectionCall, "客户：抓你", false}, {casework.ServiceChat, "坐席：抓你", false},
	} {
		got := s.Screen(&casework.Touchpoint{ID: "t", Channel: each.channel, Text: each.text})
		if len(got) > 0 != each.want {
			t.Errorf("%s %s: fires = %t, want %t", each.channel, each.text, len(got) > 0, each.want)
		}
	}
}

func TestTurnsAreSplitBySpeaker(t *testing.T) {
	t.Parallel()
	turns := screening.Turns(&casework.Touchpoint{
		Channel: casework.ServiceChat, Text: "欢迎\n客户：你好 → 坐席: 在\n接着说\nAI：我是真人\n某人：不是前缀",
	})
	var got []string
	for _, u := range turns {
		got = append(got, string(u.Speaker)+"="+u.Text)
	}
	want := []string{"agent=欢迎", "customer=你好", "agent=在\n接着说", "bot=我是真人\n某人：不是前缀"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestCleanTextsCostNoAllocation(t *testing.T) {
	engine := trialEngine(t, "indicators:\n"+trialIndicator("t_trial", riskyWords)+
		trialIndicator("t_late", "kind: system\nwhen: hour >= 22 && channel != \"complaint\""))
	s := engine.NewScreener()
	s.Only([]string{"t_trial", "t_late"})
	touchpoint := said("坐席：您好，请问有什么可以帮您？\n客户：我想问一下，百分之五是怎么算的，APP上看不到\n坐席：不是零利息，也不承诺保本，3.6%是年化，加我们官方微信也能查")
	touchpoint.OccurredAt = time.Date(2026, 3, 2, 10, 0, 0, 0, casework.Beijing)
	if signals := s.Screen(touchpoint); signals != nil {
		t.Fatalf("not clean: %+v", signals)
	}
	if n := testing.AllocsPerRun(100, func() { s.Screen(touchpoint) }); n > 0 {
		t.Errorf("%g allocations a text", n)
	}
}

// TestLongTextsWithoutPunctuationStayCheap sees to it that a text ten times as
// long takes some ten times as long, and not a hundred. It compares two times
// of one run, because machines and the race detector differ.
func TestLongTextsWithoutPunctuationStayCheap(t *testing.T) {
	s := trial(t, riskyWords)
	took := func(text string, runes int) time.Duration {
		touchpoint := said(strings.Repeat(text, runes/len([]rune(text))))
		begin := time.Now()
		s.Screen(touchpoint)
		return time.Since(begin)
	}
	for _, text := range []string{"零利息", "不是零利息", "肯定", "保证不"} {
		part := max(took(text, casework.MaxTextRunes/10), took(text, casework.MaxTextRunes/10))
		if whole := took(text, casework.MaxTextRunes); whole > 40*part {
			t.Errorf("%s: %v for a tenth, %v for the whole", text, part, whole)
		}
	}
}

func FuzzScreenQuotesTheOriginal(f *testing.F) {
	s := trial(f, riskyWords)
	for _, seed := range []string{"坐席：0利息，包·过", "客户：是吗\n坐席：bao过 → 坐席：保 证 能批", "“”《", "\xffbad零利息"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		runes := []rune(text)
		for _, signal := range s.Screen(said(text)) {
			for _, e := range signal.Evidence {
				if e.Start < 0 || e.End > len(runes) || e.Start >= e.End || string(runes[e.Start:e.End]) != e.Quote {
					t.Fatalf("[%d,%d) %q of %q", e.Start, e.End, e.Quote, text)
				}
			}
		}
	})
}
