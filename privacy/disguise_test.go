package privacy_test

import (
	"strings"
	"testing"

	"xiaobao/privacy"
)

func TestNumbersInDisguiseAreMaskedAndSeenAsLeaks(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"emoji of keys":        "手机1️⃣3️⃣8️⃣0️⃣0️⃣1️⃣3️⃣8️⃣0️⃣0️⃣0️⃣",
		"rings":                "手机①③⑧⓪⓪①③⑧⓪⓪⓪",
		"black rings":          "手机❶❸❽⓿⓿❶❸❽⓿⓿⓿",
		"mathematical":         "手机𝟏𝟑𝟖𝟎𝟎𝟏𝟑𝟖𝟎𝟎𝟎",
		"Arabic-Indic":         "手机١٣٨٠٠١٣٨٠٠٠",
		"many unseen at once":  "手机1\u200b\u200b\u200b\u200b\u200b3800138000",
		"marks of direction":   "手机138\u200e0013\u20628000",
		"joiners of graphemes": "手机138\u034f0013\ufe0f8000",
		"over lines":           "手机138\n0013\n8000",
		"over Windows' lines":  "手机138\r\n00138000",
		"slashes":              "手机138/0013/8000",
		"asterisks":            "手机138*0013*8000",
		"bars":                 "手机138|0013|8000",
		"dots of omission":     "手机138…0013…8000",
		"full stops":           "手机138。0013。8000",
		"waves":                "手机138～0013～8000",
		"beside an emoji":      "1️⃣13800138000",
		"beside a ring":        "①13800138000",
	} {
		if leaks := privacy.Leaks(text); len(leaks) == 0 {
			t.Errorf("%s: %q leaks", name, text)
		}
		d := privacy.NewMasker(nil).Document()
		x := d.Mask(text)
		if !strings.Contains(x.Text, "〔手机1〕") || len(privacy.Leaks(x.Text)) > 0 {
			t.Errorf("%s: %q is masked as %q", name, text, x.Text)
		}
		if back, err := d.Unmask(x.Text); err != nil || back != text {
			t.Errorf("%s: comes back as %q, %v", name, back, err)
		}
	}
}

func TestUnseenCharactersDoNotHideNames(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"张\u200b伟先生您好", "我叫张\u2060伟，", "李\ufeff秀英女士"} {
		if got := privacy.NewMasker(nil).Document().Mask(text).Text; !strings.Contains(got, "〔姓名1〕") {
			t.Errorf("%q is masked as %q", text, got)
		}
	}
	if got := privacy.NewMasker(nil).Document("张伟").Mask("请转告张\u200b伟").Text; got != "请转告〔姓名1〕" {
		t.Errorf("a known name: %q", got)
	}
}

func TestNumbersToldOverTurnsAreMasked(t *testing.T) {
	t.Parallel()
	for name, turns := range map[string][]string{
		"turns":           {"我手机号是138", "嗯", "00138", "好的您说", "000", "谢谢"},
		"repeated":        {"我手机号是138", "138", "0013", "0013", "8000", "8000"},
		"spoken":          {"一三八", "嗯", "零零一三", "对", "八零零零"},
		"identity number": {"身份证110101", "嗯", "19491231", "好", "0029"},
		"more after it":   {"我手机号是138", "嗯", "00138", "000，您记一下，这个号一直在用，别再打我家里"},
		"check letter":    {"身份证110105", "19491231", "002X"},
		"lines":           {"客户：手机号138\n坐席：嗯\n客户：00138\n坐席：好\n客户：000"},
	} {
		d := privacy.NewMasker(nil).Document()
		whole := ""
		for _, x := range d.MaskAll(turns...) {
			whole += x.Text + "\n"
		}
		for _, secret := range []string{"138", "0013", "000", "八零零零", "零零一三", "110101", "19491231"} {
			if strings.Contains(whole, secret) {
				t.Errorf("%s: %q stays in %q", name, secret, whole)
			}
		}
	}
	for name, turns := range map[string][]string{
		"amounts":  {"每期还15", "一共多少？", "2000", "总额呢", "30000"},
		"units":    {"还了13期", "嗯", "80000元", "对", "1300元"},
		"a code":   {"工号1386", "好的", "您的问题已经记录，稍后会有专人联系您处理", "0013"},
		"too many": {"1", "2", "3", "4", "5"},
	} {
		for i, x := range privacy.NewMasker(nil).Document().MaskAll(turns...) {
			if x.Text != turns[i] {
				t.Errorf("%s: %q is masked as %q", name, turns[i], x.Text)
			}
		}
	}
}

func TestWhatWasMaskedBeforeANameWasKnownIsMaskedAgainAfterwards(t *testing.T) {
	t.Parallel()
	d := privacy.NewMasker(nil).Document()
	if got := d.Mask("赵铁柱好").Text; got != "赵铁柱好" {
		t.Fatalf("found at once: %s", got)
	}
	d.Mask("我叫赵铁柱。")
	if got := d.Mask("赵铁柱好").Text; strings.Contains(got, "铁柱") {
		t.Errorf("a name found since stays: %q", got)
	}
}
