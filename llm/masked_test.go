package llm_test

import (
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"xiaobao/casework"
	"xiaobao/llm"
	"xiaobao/privacy"
)

const private = `坐席：王小芳您好，您尾号的卡 6222020000000000007 已逾期，请拨13812345678找我。
客户：我是王小芳，身份证11010519491231002X，你们保证过不收利息的！
坐席：王小芳，我保证不收您利息。`

// about asks about a text with a name that the case file knows.
func about(text string) llm.Question {
	q := question()
	q.Utterances, q.Known = llm.Utterances(text, casework.Agent), []string{"王小芳"}
	return q
}

func TestOnlyTokensLeaveAndOriginalsComeBack(t *testing.T) {
	t.Parallel()
	p := serve(t, says(`{"evidence":[{"utterance":"S3","anchor":"[姓名 1]，我保证不收您利息"}],"shown":"是"}`))
	m, _ := open(t, p, nil)
	q := about(private)
	q.Given = map[string]string{"客户": "王小芳", "电话": "13812345678"}
	answer, err := m.Ask(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"王小芳", "13812345678", "6222020000000000007", "11010519491231002X"} {
		if strings.Contains(p.raw[0], secret) {
			t.Errorf("%s left", secret)
		}
	}
	if sent := p.last(t, 0); !strings.Contains(sent, "[S3 坐席] 〔姓名1〕，我保证") || !strings.Contains(sent, `"客户":"〔姓名1〕"`) {
		t.Errorf("sent %q", sent)
	}
	if !strings.Contains(string(answer.JSON), "〔姓名1〕，我保证") {
		t.Errorf("the token is still misspelt: %s", answer.JSON)
	}
	e, ok := answer.Grounds.Locate(llm.Quoted{Utterance: "S3", Anchor: "〔姓名1〕，我保证不收"})
	if !ok || e.Quote != "王小芳，我保证不收" || string([]rune(private)[e.Start:e.End]) != e.Quote {
		t.Errorf("located %+v", e)
	}
	if back, err := answer.Document.Unmask("〔姓名1〕来电"); err != nil || back != "王小芳来电" {
		t.Errorf("unmasked %q, %v", back, err)
	}
}

func TestTokensThatNobodyHasAreRejected(t *testing.T) {
	t.Parallel()
	p := serve(t, says(`{"evidence":[{"utterance":"S3","anchor":"〔姓名9〕，我保证不收您利息"}],"shown":"是"}`), says(`{"evidence":[{"utterance":"S3","anchor":"我保证不收您利息"}],"shown":"是"}`))
	m, memory := open(t, p, nil)
	answer, err := m.Ask(t.Context(), about(private))
	if err != nil || !answer.Call.Repaired || memory.Calls()[1].Trouble != casework.TroubleBadOutput || !strings.Contains(p.last(t, 1), "标记") {
		t.Errorf("got %+v, %v", answer.Call, err)
	}
	g := answer.Grounds
	if e, ok := g.Locate(llm.Quoted{Utterance: "S1", Anchor: "〔手机2〕找我"}); ok {
		t.Errorf("another token was taken for it: %+v", e)
	}
}

func TestANameThatComesOutLateIsMaskedFromTheStart(t *testing.T) {
	t.Parallel()
	p := serve(t, says(`{"evidence":[],"shown":"否"}`))
	m, _ := open(t, p, nil)
	q := question()
	q.Utterances = llm.Utterances("坐席：请问欧阳志远在吗\n客户：我叫欧阳志远，什么事？", casework.Agent)
	if _, err := m.Ask(t.Context(), q); err != nil {
		t.Fatal(err)
	}
	if sent := p.last(t, 0); strings.Contains(sent, "欧阳志远") {
		t.Errorf("sent %q", sent)
	}
}

func TestMaskingTheSameTextAgainFindsTheSameAnswer(t *testing.T) {
	t.Parallel()
	p := serve(t, says(`{"evidence":[{"utterance":"S3","anchor":"我保证不收您利息"}],"shown":"是"}`))
	m, _ := open(t, p, nil)
	for range 2 {
		q := about(private)
		q.Key = ""
		if _, err := m.Ask(t.Context(), q); err != nil {
			t.Fatal(err)
		}
	}
	if p.requests() != 1 {
		t.Errorf("%d requests", p.requests())
	}
}

func TestQuotesAcrossTokensAreCutFromTheOriginal(t *testing.T) {
	t.Parallel()
	pieces := []string{"王小芳", "13812345678", "11010519491231002X", "您好，", "保证不亏", " ", "的", "〔姓名1〕", "[手机1]", "。", "zhang@example.com"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 12).Draw(t, "pieces"), "")
		document := privacy.NewMasker(nil).Document("王小芳")
		said := []llm.Utterance{{Speaker: casework.Agent, Text: text, Start: 7}}
		shown := []rune(llm.Harmless(document.Mask(text).Text))
		g := llm.GroundsOf(document, said, "")
		from := rapid.IntRange(0, len(shown)-1).Draw(t, "from")
		to := rapid.IntRange(from+1, len(shown)).Draw(t, "to")
		e, ok := g.Locate(llm.Quoted{Utterance: "S1", Anchor: string(shown[from:to])})
		if !ok {
			return
		}
		original := []rune(text)
		if e.Start < 7 || e.End > 7+len(original) || string(original[e.Start-7:e.End-7]) != e.Quote || utf8.RuneCountInString(e.Quote) != e.End-e.Start {
			t.Fatalf("%+v does not stand in %q", e, text)
		}
	})
}

func TestWhatMaskingMissesDoesNotLeave(t *testing.T) {
	t.Parallel()
	p := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("it left") })
	m, _ := open(t, p, nil)
	q := question()
	broken := *trial
	broken.Schema = []byte(strings.Replace(string(trial.Schema), `"无法判断"`, `"13812345678"`, 1))
	q.Prompt = &broken
	if _, err := m.Ask(t.Context(), q); llm.TroubleOf(err) != casework.TroubleLeak {
		t.Errorf("got %v", err)
	}
}

func TestFencesAndCanariesAreNobodysAccount(t *testing.T) {
	t.Parallel()
	for i := range 3000 {
		word := llm.SecretWord("fence", itoa(i))
		for _, text := range []string{"〈数据-" + word + "〉", "内部口令：" + word + "。"} {
			if leaks := privacy.Leaks(text); len(leaks) > 0 || strings.ContainsAny(word, "0123456789") {
				t.Fatalf("%q reads like %v", text, leaks)
			}
		}
	}
}
