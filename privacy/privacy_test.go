package privacy_test

import (
	"slices"
	"testing"
	"unicode/utf8"

	"xiaobao/privacy"
)

func TestFindKnowsNumbersByTheirChecksums(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text string
		want []privacy.Kind
	}{
		"identity card":           {"证件号11010519491231002X，麻烦核对", []privacy.Kind{privacy.Identity}},
		"wrong check digit":       {"证件号110105194912310021", []privacy.Kind{privacy.Identity}},
		"mobile":                  {"我的电话是13812345678。", []privacy.Kind{privacy.Mobile}},
		"mobile in groups":        {"打138 1234 5678", []privacy.Kind{privacy.Mobile}},
		"mobile with prefix":      {"+8613812345678", []privacy.Kind{privacy.Mobile}},
		"hotline and amount":      {"请拨打95588，欠款12000.50元，合同号2024000111", nil},
		"card, wrong check digit": {"卡号6222020000000000001", []privacy.Kind{privacy.Account}},
		"valid card":              {"卡号4111 1111 1111 1111", []privacy.Kind{privacy.BankCard}},
		"email":                   {"发到 zhang.san@example.com 吧", []privacy.Kind{privacy.Email}},
		"two in a row":            {"13812345678或者13912345678", []privacy.Kind{privacy.Mobile, privacy.Mobile}},
		"known name":              {"王小芳女士您好，王小芳在吗", []privacy.Kind{privacy.Name, privacy.Name}},
		"a module's version":      {"go.temporal.io/server@v1.32.0/temporal", nil},
		"nothing":                 {"您好，请问有什么可以帮您", nil},
		"longer digits than any":  {"1381234567813812345678138123456789", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []privacy.Kind
			for _, s := range privacy.Find(test.text, "王小芳", "王") {
				got = append(got, s.Kind)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("found %v in %q, want %v", got, test.text, test.want)
			}
		})
	}
}

func TestMaskKeepsOffsets(t *testing.T) {
	t.Parallel()
	const text = "王小芳的手机13812345678，证件11010519491231002X"
	got := privacy.Mask(text, "王小芳")
	if want := "＊＊＊的手机＊＊＊＊＊＊＊＊＊78，证件＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊2X"; got != want {
		t.Errorf("masked to %q, want %q", got, want)
	}
	if utf8.RuneCountInString(got) != utf8.RuneCountInString(text) {
		t.Error("masking moved the offsets")
	}
}

func FuzzMask(f *testing.F) {
	f.Add("电话13812345678", "王五")
	f.Add("4111-1111-1111-1111 a@b.cc", "")
	f.Fuzz(func(t *testing.T, text, name string) {
		if !utf8.ValidString(text) || !utf8.ValidString(name) {
			return
		}
		got := privacy.Mask(text, name)
		if utf8.RuneCountInString(got) != utf8.RuneCountInString(text) {
			t.Errorf("%q became %q", text, got)
		}
		if left := privacy.Find(got); len(left) > 0 && left[0].Kind != privacy.Email {
			t.Errorf("%v is left in %q", left, got)
		}
	})
}
