package privacy

import "slices"

// A cue is what the words before a number say that it is.
type cue int

const (
	noCue      cue = iota
	ownPaper       // 身份证, 证件号
	ownAccount     // 账号, 卡号: any long number
	ownCard        // 信用卡, 打到: numbers as long as a card's
	ownPhone       // 电话, 手机
	notOwn         // 订单号, 合同号, 客服热线: nobody's
)

// cueWords are what may stand shortly before a number. The nearest counts,
// of equally near ones the longest.
var cueWords = map[string]cue{
	"身份证": ownPaper, "证件": ownPaper, "身份号": ownPaper, "身份信息": ownPaper, "sfz": ownPaper,
	"账号": ownAccount, "帐号": ownAccount, "账户": ownAccount, "帐户": ownAccount, "卡号": ownAccount, "户头": ownAccount,
	"存折": ownAccount, "对公户": ownAccount, "支付宝": ownAccount,
	"银行卡": ownCard, "储蓄卡": ownCard, "借记卡": ownCard, "信用卡": ownCard, "工资卡": ownCard, "打到": ownCard, "转到": ownCard,
	"转入": ownCard, "汇到": ownCard, "汇入": ownCard, "绑定的卡": ownCard, "还款卡": ownCard, "收款": ownCard, "扣款卡": ownCard,
	"电话": ownPhone, "手机": ownPhone, "座机": ownPhone, "固话": ownPhone, "宅电": ownPhone, "传真": ownPhone, "联系方式": ownPhone,
	"拨打": ownPhone, "致电": ownPhone, "号码": ownPhone, "回电": ownPhone, "来电": ownPhone, "tel": ownPhone, "phone": ownPhone,
	"订单": notOwn, "流水": notOwn, "合同": notOwn, "保单": notOwn, "工单": notOwn, "单号": notOwn, "编号": notOwn, "受理号": notOwn,
	"案号": notOwn, "凭证": notOwn, "交易号": notOwn, "运单": notOwn, "快递": notOwn, "批次": notOwn, "发票": notOwn, "税号": notOwn,
	"信用代码": notOwn, "代码": notOwn, "条码": notOwn, "序列号": notOwn, "验证码": notOwn, "授权码": notOwn, "校验码": notOwn, "版本": notOwn,
	"备案": notOwn, "许可证": notOwn, "文号": notOwn, "工号": notOwn, "机构号": notOwn, "热线": notOwn, "客服": notOwn, "服务电话": notOwn,
	"投诉电话": notOwn, "官方电话": notOwn, "参考号": notOwn, "申请号": notOwn, "业务号": notOwn, "借据": notOwn, "任务号": notOwn,
	"客服电话": notOwn, "群号": notOwn, "imei": notOwn, "登记": notOwn, "录音": notOwn, "产品": notOwn, "基金": notOwn, "股票": notOwn,
}

// cueReach is how far before a number a cue may stand.
const cueReach = 12

// cuesByLast are the cue words by their last character, turned round.
var cuesByLast = func() map[rune][]turnedCue {
	byLast := map[rune][]turnedCue{}
	for word, c := range cueWords {
		turned := []rune(word)
		slices.Reverse(turned)
		byLast[turned[0]] = append(byLast[turned[0]], turnedCue{turned, c})
	}
	for _, cues := range byLast {
		slices.SortFunc(cues, func(a, b turnedCue) int { return len(b.word) - len(a.word) })
	}
	return byLast
}()

type turnedCue struct {
	word []rune
	cue  cue
}

// cueBefore is what the words before place i say, within the clause.
func cueBefore(r []rune, i int) cue {
	for end := i - 1; end >= 0 && i-end <= cueReach && !endsSentence(r[end]); end-- {
		for _, c := range cuesByLast[lower(r[end])] {
			if endsWith(r[:end+1], c.word) {
				return c.cue
			}
		}
	}
	return noCue
}

func endsWith(r, turned []rune) bool {
	if len(r) < len(turned) {
		return false
	}
	for n, c := range turned {
		if lower(r[len(r)-1-n]) != c {
			return false
		}
	}
	return true
}

func lower(r rune) rune {
	if r >= 'A' && r <= 'Z' {
		return r + 'a' - 'A'
	}
	return r
}

func endsSentence(r rune) bool {
	switch r {
	case '。', '！', '？', '；', '!', '?', ';', '\n', hole:
		return true
	}
	return false
}

// counts reports whether what follows a number makes it an amount, a time or
// a count.
func counts(r []rune, end int) bool {
	if at(r, end) == ' ' {
		end++
	}
	switch at(r, end) {
	case '元', '块', '万', '亿', '千', '%', '‰', '美', '分', '股', '份', '年', '月', '日', '天', '期', '笔', '次', '个', '位', '人', '倍', '港':
		return true
	}
	return false
}
