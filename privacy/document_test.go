package privacy_test

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"xiaobao/privacy"
)

func TestADocumentNumbersItsTokensInTheOrderOfFirstOccurrence(t *testing.T) {
	t.Parallel()
	d := privacy.NewMasker(nil).Document("王小芳")
	first := d.Mask("王小芳的手机138 1234 5678，他弟弟13912345678")
	second := d.Mask("又打了13812345678找王小芳")
	if want := "〔姓名1〕的手机〔手机1〕，他弟弟〔手机2〕"; first.Text != want {
		t.Errorf("masked to %q, want %q", first.Text, want)
	}
	if want := "又打了〔手机1〕找〔姓名1〕"; second.Text != want {
		t.Errorf("masked to %q, want %q", second.Text, want)
	}
}

func TestAnswersAreUnmaskedHoweverAModelWritesTheTokens(t *testing.T) {
	t.Parallel()
	d := privacy.NewMasker(nil).Document("王小芳")
	d.Mask("王小芳的手机13812345678")
	for masked, want := range map[string]string{
		"〔姓名1〕可拨〔手机1〕":    "王小芳可拨13812345678",
		"〔姓名 1〕":          "王小芳",
		"[姓名1]和【手机１】":     "王小芳和13812345678",
		"〔〔姓名1〕〕是样子":      "〔姓名1〕是样子",
		"没有什么":            "没有什么",
		"〔客户1〕不是我们的，〔姓名〕": "〔客户1〕不是我们的，〔姓名〕",
	} {
		got, err := d.Unmask(masked)
		if err != nil || got != want {
			t.Errorf("%q became %q, %v; want %q", masked, got, err, want)
		}
	}
	if _, err := d.Unmask("联系〔姓名9〕"); err == nil || !strings.Contains(err.Error(), "姓名9") {
		t.Errorf("an unknown token gives %v", err)
	}
}

func TestWhatLooksLikeATokenIsEscaped(t *testing.T) {
	t.Parallel()
	const text = "群里有人发〔手机1〕，我的是13812345678，还有[姓名2]"
	d := privacy.NewMasker(nil).Document()
	x := d.Mask(text)
	if want := "群里有人发〔〔手机1〕〕，我的是〔手机1〕，还有[[姓名2]]"; x.Text != want {
		t.Errorf("masked to %q, want %q", x.Text, want)
	}
	if again := d.Mask(x.Text); again.Text != x.Text {
		t.Errorf("masked again to %q", again.Text)
	}
	if back, err := d.Unmask(x.Text); err != nil || back != text {
		t.Errorf("unmasked to %q, %v", back, err)
	}
}

func TestADocumentOpensWithItsKeyForItsCaseOnly(t *testing.T) {
	t.Parallel()
	key := bytes.Repeat([]byte{7}, 32)
	d := privacy.NewMasker(nil).Document("王小芳")
	x := d.Mask("王小芳，手机138-1234-5678")
	sealed, err := d.Seal(key, "complaint/1")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("1234")) {
		t.Error("the number stands in what is sealed")
	}
	opened, err := privacy.Open(key, "complaint/1", sealed)
	if err != nil {
		t.Fatal(err)
	}
	if back, err := opened.Unmask(x.Text); err != nil || back != "王小芳，手机138-1234-5678" {
		t.Errorf("unmasked to %q, %v", back, err)
	}
	if next := opened.With(privacy.NewMasker(nil)).Mask("王小芳，13900001111"); next.Text != "〔姓名1〕，〔手机2〕" {
		t.Errorf("the numbering does not go on: %q", next.Text)
	}
	changed := bytes.Clone(sealed)
	changed[len(changed)-1] ^= 1
	for name, try := range map[string]func() (*privacy.Document, error){
		"another case": func() (*privacy.Document, error) { return privacy.Open(key, "complaint/2", sealed) },
		"another key":  func() (*privacy.Document, error) { return privacy.Open(make([]byte, 32), "complaint/1", sealed) },
		"a short key":  func() (*privacy.Document, error) { return privacy.Open(key[:5], "complaint/1", sealed) },
		"changed":      func() (*privacy.Document, error) { return privacy.Open(key, "complaint/1", changed) },
		"cut off":      func() (*privacy.Document, error) { return privacy.Open(key, "complaint/1", sealed[:9]) },
	} {
		if _, err := try(); err == nil {
			t.Errorf("%s: it opened", name)
		}
	}
}

func TestPlacesLeadBothWays(t *testing.T) {
	t.Parallel()
	const text = "我叫王小芳，手机138 1234 5678，谢谢"
	x := privacy.NewMasker(nil).Document().Mask(text) // 我叫〔姓名1〕，手机〔手机1〕，谢谢
	for _, test := range []struct{ from, upto, start, end int }{
		{0, 2, 0, 2}, {2, 5, 2, 7}, {3, 4, 2, 7}, {5, 8, 7, 10}, {8, 21, 10, 15}, {21, 24, 15, 18}, {0, 24, 0, 18}, {5, 5, 7, 7},
	} {
		if start, end := x.At(test.from, test.upto); start != test.start || end != test.end {
			t.Errorf("%d–%d is at %d–%d, want %d–%d", test.from, test.upto, start, end, test.start, test.end)
		}
	}
	if from, upto := x.Original(3, 4); from != 2 || upto != 5 {
		t.Errorf("part of a token leads to %d–%d, want the whole value 2–5", from, upto)
	}
	if from, upto := x.Original(15, 18); from != 21 || upto != 24 {
		t.Errorf("the end leads to %d–%d", from, upto)
	}
}

// pieces are what texts with personal data are made of.
var pieces = []string{
	"13812345678", "138 1234 5678", "一三八幺二三四五六七八", "１３８１２３４５６７８", "11010519491231002X", "4111 1111 1111 1111", "6222020000000000001",
	"a.b@qq.com", "微信号abc_123", "QQ：1234567", "京A·12345", "护照E12345678", "010-66668888", "账号：123456789012", "我叫王小芳", "李女士", "阿依古丽·买买提",
	"杭州市余杭区文一西路969号3幢", "〔手机1〕", "[姓名2]", "〔〔地址1〕〕", "，", "。", "\n", " ", "客户：", "您好", "95588", "400-820-8888", "12000.50元", "2026-03-02",
	"尾号1234", "前三位138", "中间5678", "\xff", "\x00", "＊", "86-", "电话", "转801", "8", "X", "abc", "-", "一", "三个", "0571", "63",
}

func someText() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		parts := rapid.SliceOfN(rapid.OneOf(rapid.SampledFrom(pieces), rapid.StringN(0, 4, -1)), 0, 12).Draw(t, "parts")
		return strings.Join(parts, "")
	})
}

func TestMaskingIsUndoneExactlyAndLeavesNothingOfForm(t *testing.T) {
	t.Parallel()
	m := privacy.NewMasker(nil)
	rapid.Check(t, func(t *rapid.T) {
		text := someText().Draw(t, "text")
		d := m.Document("王小芳")
		x := d.Mask(text)
		if back, err := d.Unmask(x.Text); err != nil || back != text {
			t.Fatalf("%q became %q and then %q, %v", text, x.Text, back, err)
		}
		if again := d.Mask(x.Text); again.Text != x.Text {
			t.Fatalf("%q, masked again, became %q", x.Text, again.Text)
		}
		if leaks := privacy.Leaks(x.Text); len(leaks) > 0 {
			t.Fatalf("%q became %q, where %v is left", text, x.Text, leaks)
		}
		checkPlaces(t, text, x)
	})
}

// checkPlaces holds the masked text against the original, place by place.
func checkPlaces(t *rapid.T, text string, x privacy.Masked) {
	original, masked := []rune(text), []rune(x.Text)
	inside := make([]bool, len(original)+1)
	for n, s := range x.Spans {
		if s.Start >= s.End || s.End > len(original) || n > 0 && s.Start < x.Spans[n-1].End {
			t.Fatalf("spans %v of %q", x.Spans, text)
		}
		for i := s.Start; i < s.End; i++ {
			inside[i] = true
		}
		start, end := x.At(s.Start, s.End)
		if token := string(masked[start:end]); !strings.HasPrefix(token, "〔") || !strings.HasSuffix(token, "〕") {
			t.Fatalf("%v of %q is at %q", s, text, token)
		}
		if from, upto := x.Original(start, end); from != s.Start || upto != s.End {
			t.Fatalf("%v of %q leads back to %d–%d", s, text, from, upto)
		}
	}
	for i, r := range original {
		if start, end := x.At(i, i+1); !inside[i] && (end-start != 1 || masked[start] != r && r != utf8.RuneError) {
			t.Fatalf("character %d of %q is at %d–%d of %q", i, text, start, end, x.Text)
		}
	}
}

func TestSeveralMayMaskInOneDocumentAtOnce(t *testing.T) {
	t.Parallel()
	d := privacy.NewMasker(nil).Document()
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() { d.Mask("手机13812345678，我叫王小芳") })
	}
	all.Wait()
	if x := d.Mask("王小芳"); x.Text != "〔姓名1〕" {
		t.Errorf("masked to %q", x.Text)
	}
}
