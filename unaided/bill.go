package unaided

import (
	"fmt"
	"math/big"
	"regexp"
	"strings"
	"unicode/utf8"

	"xiaobao/casework"
)

// fees say what an amount is, by the word beside it, the longer first.
var fees = []struct{ word, what, why string }{
	{"逾期利息", "逾期利息", "到期没有还的部分，按合同约定的标准另外计算的利息"},
	{"罚息", "罚息", "到期没有还的部分，按合同约定的标准另外计算的利息"},
	{"复利", "复利", "没有按时支付的利息又产生的利息，以合同约定为准"},
	{"利息", "利息", "使用这笔资金按约定利率和天数计算的费用"},
	{"本金", "本金", "借款本身，还多少就少欠多少"},
	{"提前还款", "提前还款费用", "比约定时间早还时按合同收取的费用，合同没有约定的可以要求说明依据"},
	{"违约金", "违约金", "没有按合同约定履行时约定支付的款项"},
	{"担保费", "担保费", "由担保公司收取，应在办理前告知并计入综合融资成本"},
	{"保险费", "保险费", "保险公司收取的保费，购买与否应由您自愿决定"},
	{"保费", "保险费", "保险公司收取的保费，购买与否应由您自愿决定"},
	{"会员费", "会员费", "增值服务的费用，购买与否应由您自愿决定"},
	{"手续费", "手续费", "办理分期、取现等业务时按公示标准收取的费用"},
	{"服务费", "服务费", "就约定的服务收取的费用，应能说明服务内容和标准"},
	{"年费", "年费", "按年收取的用卡或账户费用，以公示标准为准"},
	{"滞纳金", "滞纳金", "逾期后收取的款项，可以要求说明依据"},
	{"最低还款", "最低还款额", "本期至少要还的金额，未还清的部分会继续计息"},
	{"已还", "已还款", "已经付过的，从应还金额里减去"},
	{"合计", "合计", ""}, {"应还", "应还金额", ""}, {"总计", "合计", ""}, {"本期账单", "本期账单金额", ""},
}

var amount = regexp.MustCompile(`(?:人民币|￥|¥)?\s*([0-9][0-9,]*(?:\.[0-9]{1,2})?)\s*元`)

// ExplainBill explains a bill's amounts by the words beside them and checks
// whether they add up to its total.
func ExplainBill(d casework.Document) casework.BillAnswer {
	answer := casework.BillAnswer{Lines: []casework.BillLine{}}
	sum, total := new(big.Rat), (*big.Rat)(nil)
	for _, part := range cut([]rune(d.Text), "。！？；;\n\r，、") {
		m := amount.FindStringSubmatchIndex(part.text)
		if m == nil {
			continue
		}
		written := part.text[m[2]:m[3]]
		value, ok := new(big.Rat).SetString(strings.ReplaceAll(written, ",", ""))
		if !ok {
			continue
		}
		line, side := billLine(part, m[0], m[1]), sideOf(part.text)
		switch {
		case line.Why == "" && side == owed:
			total = value
		case side == paid:
			sum.Sub(sum, value)
		case line.What != "最低还款额":
			sum.Add(sum, value)
		}
		answer.Lines = append(answer.Lines, line)
	}
	answer.Total = addsUp(sum, total)
	return answer
}

// A side is how an amount counts towards what is owed now.
type side int

const (
	owed   side = iota // the bill's own total, or an item of it
	before             // what stood open at the last bill: an item of this one
	paid               // what was paid or given back: it counts against the others
)

// sideOf tells by its words on which side an amount stands.
func sideOf(text string) side {
	switch {
	case anyOf(text, "上期", "上月", "前期"):
		if anyOf(text, "已还", "还款额", "已付") {
			return paid
		}
		return before
	case anyOf(text, "已还", "已付", "退款", "退还", "减免", "抵扣", "本期还款"):
		return paid
	}
	return owed
}

// billLine explains one amount, given where it stands in its part, in bytes.
func billLine(part sentence, from, to int) casework.BillLine {
	start := part.start + utf8.RuneCountInString(part.text[:from])
	written := part.text[from:to]
	line := casework.BillLine{
		Amount: strings.TrimSpace(written), What: "其他款项", Why: "账单没有写明是什么费用，可以要求机构说明",
		Evidence: []casework.Evidence{{Start: start, End: start + utf8.RuneCountInString(written), Quote: written}},
	}
	if sideOf(part.text) == before {
		line.What, line.Why = "上期欠款", "上一期账单留下来的，计入本期"
		return line
	}
	for _, fee := range fees {
		if strings.Contains(part.text, fee.word) {
			line.What, line.Why = fee.what, fee.why
			break
		}
	}
	return line
}

// addsUp says whether the amounts come to the total.
func addsUp(sum, total *big.Rat) string {
	switch {
	case total == nil:
		return fmt.Sprintf("各项相加为 %s 元，账单没有写明合计", sum.FloatString(2))
	case sum.Cmp(total) == 0:
		return fmt.Sprintf("各项相加为 %s 元，与账单合计一致", sum.FloatString(2))
	}
	return fmt.Sprintf("各项相加为 %s 元，与账单合计 %s 元不一致，请核对", sum.FloatString(2), total.FloatString(2))
}
