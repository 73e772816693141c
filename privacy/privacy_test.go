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
		"identity card":            {"证件号11010519491231002X，麻烦核对", []privacy.Kind{privacy.Identity}},
		"wrong check digit":        {"证件号110105194912310021", []privacy.Kind{privacy.Identity}},
		"mobile":                   {"我的电话是13812345678。", []privacy.Kind{privacy.Mobile}},
		"mobile in groups":         {"打138 1234 5678", []privacy.Kind{privacy.Mobile}},
		"mobile with prefix":       {"+8613812345678", []privacy.Kind{privacy.Mobile}},
		"hotline and amount":       {"请拨打95588，欠款12000.50元，合同号2024000111", nil},
		"card, wrong check digit":  {"卡号6222020000000000001", []privacy.Kind{privacy.Account}},
		"valid card":               {"卡号4111 1111 1111 1111", []privacy.Kind{privacy.BankCard}},
		"email":                    {"发到 zhang.san@example.com 吧", []privacy.Kind{privacy.Email}},
		"two in a row":             {"13812345678或者13912345678", []privacy.Kind{privacy.Mobile, privacy.Mobile}},
		"wrong check digit, told":  {"身份证号110105194912310021", []privacy.Kind{privacy.Identity}},
		"old identity card":        {"老身份证110105491231002", []privacy.Kind{privacy.Identity}},
		"identity in groups":       {"110105 19491231 002X", []privacy.Kind{privacy.Identity}},
		"spoken mobile":            {"一三八幺二三四五六七八", []privacy.Kind{privacy.Mobile}},
		"mixed mobile":             {"138一二三四5678", []privacy.Kind{privacy.Mobile}},
		"full-width mobile":        {"１３８１２３４５６７８", []privacy.Kind{privacy.Mobile}},
		"mobile before 一共":         {"打13812345678一共三次", []privacy.Kind{privacy.Mobile}},
		"mobile in a list":         {"1.13812345678", []privacy.Kind{privacy.Mobile}},
		"pieces":                   {"前三位138，中间1234，尾号5678", []privacy.Kind{privacy.Mobile, privacy.Mobile, privacy.Mobile}},
		"a tail alone":             {"尾号5678的卡", nil},
		"landlines":                {"010-66668888，(0571)87654321转801，座机66668888", []privacy.Kind{privacy.Landline, privacy.Landline, privacy.Landline}},
		"hotlines":                 {"400-820-8888、4008208888、800-810-8888、12378、95516、10086、客服热线66668888", nil},
		"account":                  {"账号：1234567890123", []privacy.Kind{privacy.Account}},
		"order, contract, invoice": {"订单号4111222233334444，合同编号6200001234567890，发票号12345678", nil},
		"amounts and dates":        {"账户12000000元，20260302，2026-03-02 15:04:05，1,380,000.00元，第3.2.1条", nil},
		"WeChat":                   {"微信号：abc_123，加v：lucky88888，wxid_abcdef123456", []privacy.Kind{privacy.WeChat, privacy.WeChat, privacy.WeChat}},
		"no WeChat":                {"微信支付，微信iPhone版，9VXabcdefgh，公众号xiaobaobank", nil},
		"QQ":                       {"QQ：12345678，扣扣23456789，123@qq.com", []privacy.Kind{privacy.QQ, privacy.QQ, privacy.Email}},
		"plates":                   {"京A·12345和粤BD12345，沪A1234学", []privacy.Kind{privacy.Plate, privacy.Plate, privacy.Plate}},
		"papers":                   {"护照E12345678，来往大陆通行证12345678，军字第1234567号", []privacy.Kind{privacy.Passport, privacy.Permit, privacy.Permit}},
		"addresses":                {"住在杭州市余杭区文一西路969号3幢，老家太康县城关镇李庄村", []privacy.Kind{privacy.Address, privacy.Address}},
		"places alone":             {"北京市、浙江省杭州市、余杭区，知道3号到账，18楼会议室，杭州市文三路支行", nil},
		"names by cues":            {"我叫赵铁柱，户名：欧阳娜娜，李女士，我姓钱", []privacy.Kind{privacy.Name, privacy.Name, privacy.Name, privacy.Name}},
		"no names":                 {"客户：高兴，方便，任何时间。基金经理、公司老板、谢谢先生。姓名和联系方式。", nil},
		"small things and fees":    {"请看那一小段，会员费太贵，几小时也办不完。", nil},
		"minority names":           {"阿依古丽·买买提和努尔兰·别克", []privacy.Kind{privacy.Name, privacy.Name}},
		"a found name again":       {"我叫赵铁柱。赵铁柱来过", []privacy.Kind{privacy.Name, privacy.Name}},
		"numbers of machines":      {"7f3c2a10-1381-4234-8678-139123456789 0.6212345678901234 1.4111111111111111 a13812345678f 1769078400123456789 v0.0.0-20210909213444-13812345678a", nil},
		"known name":               {"王小芳女士您好，王小芳在吗", []privacy.Kind{privacy.Name, privacy.Name}},
		"a module's version":       {"go.temporal.io/server@v1.32.0/temporal", nil},
		"nothing":                  {"您好，请问有什么可以帮您", nil},
		"longer digits than any":   {"1381234567813812345678138123456789", nil},
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
