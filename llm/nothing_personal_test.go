package llm_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"xiaobao/casework"
	"xiaobao/llm"
	"xiaobao/llm/fakellm"
)

// people are made up; their numbers have right checksums. Each number is
// written as people and speech recognition write it.
var people = []struct {
	name    string
	numbers []string
}{
	{"王小芳", []string{"13912345678", "11010519491231002X", "4111111111111111", "wang.xf@example.com"}},
	{"阿依古丽·买买提", []string{"139 1234 5678", "110105 19491231 002X", "4111 1111 1111 1111", "微信号wxid_gl8866"}},
	{"欧阳建国", []string{"139-1234-5678", "+86 13912345678", "4111-1111-1111-1111", "京A12345"}},
	{"付会福", []string{"１３９１２３４５６７８", "一三九一二三四五六七八", "QQ号12345678", "护照号E12345678"}},
	{"向和天", []string{"010-62345678", "8613912345678", "1391234 5678", "住在朝阳区建国路88号3栋1202室"}},
}

// revealing is what is said in a call, with numbers in the words of both
// sides and one thing to find beside them.
func revealing(name string, n []string) *casework.Touchpoint {
	return &casework.Touchpoint{ID: "tp-9", Channel: casework.TelemarketingCall, Turns: []casework.Turn{
		{Speaker: casework.Agent, Text: name + "您好，我看您留的是" + n[0] + "，对吧？"},
		{Speaker: casework.Consumer, Text: "对，我就是" + name + "，证件是" + n[1] + "，你们怎么会有？"},
		{Speaker: casework.Agent, Text: name + "，您把" + n[2] + "报给我，百分百通过，当天就到账。"},
		{Speaker: casework.Consumer, Text: "还要" + n[3] + "吗？找我爱人" + name + "也行。"},
	}}
}

// secrets are the parts of what people[i] says that nobody outside may see:
// names as they are, and numbers without the words around them.
func secrets(name string, numbers []string) []string {
	list := []string{name}
	for _, n := range numbers {
		n = strings.TrimLeft(n, "微信号护照住在朝阳区")
		list = append(list, strings.TrimPrefix(n, "QQ号"))
	}
	return list
}

// Whatever is asked, in the first round and in the second, with an honest
// model and with one that lies: nobody's data leave, and the evidence is the
// original's own words all the same.
func TestNobodysDataLeave(t *testing.T) {
	t.Parallel()
	lies := slices.Concat([]string{""}, fakellm.Lies())
	for i, p := range people {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			b := against(t, fakellm.Options{})
			b.Gold(secrets(p.name, p.numbers)...)
			for j, kind := range lies {
				if j > 0 && j%len(people) != i {
					continue // another's turn
				}
				b.Honestly()
				if kind != "" {
					b.Next(fakellm.Lie(kind, uint64(i)))
				}
				q := doubt(revealing(p.name, p.numbers))
				q.Known = []string{p.name}
				q.Candidates[1].Means += "，客户" + p.name + "称"
				verdict, _, err := b.again(t, llm.NewMemory()).Judge(t.Context(), q)
				if err != nil {
					quietError(t, err, q.Touchpoint)
					if kind == "" {
						t.Errorf("an honest answer was not taken: %v", err)
					}
					continue
				}
				soundVerdict(t, q, verdict)
				if kind == "" && verdict.Judgements[0].Shown != casework.Yes {
					t.Errorf("what shows beside the tokens is not seen: %+v", verdict)
				}
			}
			b.AssertResilient(t)
		})
	}
}

// The same for every other purpose, with the data in the text, among the
// names and in what is asked.
func TestNobodysDataLeaveForAnyPurpose(t *testing.T) {
	t.Parallel()
	for purpose, c := range contracts {
		t.Run(string(purpose), func(t *testing.T) {
			t.Parallel()
			for _, p := range people {
				b := against(t, fakellm.Options{})
				b.Gold(secrets(p.name, p.numbers)...)
				d := c.document
				d.Names = []string{p.name}
				d.Text += "\n" + p.name + "的联系方式是" + strings.Join(p.numbers, "，") + "。"
				if purpose != casework.ToLookBack {
					d.Context += "，" + p.name + "，" + p.numbers[0]
				}
				_, evidence, _, err := c.ask(t.Context(), b.Model, llm.DocumentQuestion{Document: d, Options: c.options})
				if err != nil {
					t.Errorf("%s: %v", p.name, err)
				}
				original := []rune(d.Text)
				for _, e := range evidence {
					if string(original[e.Start:e.End]) != e.Quote {
						t.Errorf("%+v does not stand in the text", e)
					}
				}
				b.AssertResilient(t)
			}
		})
	}
}

// Row 12: tokens that nobody has are refused; those that a model writes in
// its own way are read, and stand for the whole value.
func TestTokensAreReadOrRefused(t *testing.T) {
	t.Parallel()
	p := people[0]
	for name, test := range map[string]struct {
		anchor string
		quote  string // empty: refused
	}{
		"as it is":          {"〔姓名1〕，您把〔银行卡1〕", "王小芳，您把4111111111111111"},
		"square":            {"[姓名1]，您把[银行卡1]", "王小芳，您把4111111111111111"},
		"with a blank":      {"〔姓名 1〕，您把〔银行卡 1〕", "王小芳，您把4111111111111111"},
		"of nobody":         {"〔姓名9〕，您把〔银行卡1〕", ""},
		"of another line":   {"〔手机1〕，您把〔银行卡1〕", ""},
		"a value made up":   {"王小芳，您把4111111111111112", ""},
		"the value guessed": {"李小芳，您把〔银行卡1〕", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := against(t, fakellm.Options{})
			b.Always(fakellm.Any, fakellm.Say(`{"judgements":[{"indicator":"tm_guaranteed_approval","evidence":[{"utterance":"S3","anchor":"`+test.anchor+
				`"}],"reason":"有","shown":"是","certainty":"高"}]}`))
			q := doubt(revealing(p.name, p.numbers))
			q.Known, q.Candidates = []string{p.name}, q.Candidates[:1]
			verdict, _, err := b.Judge(t.Context(), q)
			switch {
			case test.quote == "" && err == nil:
				t.Errorf("taken for %+v", verdict)
			case test.quote == "":
				quietError(t, err, q.Touchpoint)
			case err != nil:
				t.Error(err)
			case verdict.Judgements[0].Evidence[0].Quote != test.quote:
				t.Errorf("read as %q", verdict.Judgements[0].Evidence[0].Quote)
			default:
				soundVerdict(t, q, verdict)
			}
		})
	}
}
