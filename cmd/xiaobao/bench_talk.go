package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"xiaobao/casework"
)

// ordinaryTalk composes touchpoints of ordinary service: what is said all
// day and means no harm. The same seed always composes the same.
func ordinaryTalk(seed uint64, count int) []casework.Touchpoint {
	draw := rand.New(rand.NewPCG(seed, 0))
	channels := []casework.Channel{
		casework.TelemarketingCall, casework.ServiceCall, casework.ServiceChat, casework.CollectionCall,
	}
	start := time.Date(2026, 3, 2, 10, 0, 0, 0, casework.Beijing)
	talk := make([]casework.Touchpoint, count)
	for i := range talk {
		channel := channels[draw.IntN(len(channels))]
		talk[i] = casework.Touchpoint{
			ID: fmt.Sprintf("talk-%d", i), Channel: channel, OccurredAt: start, Product: "consumer_loan",
			Text: conversation(draw, openings[channel]),
		}
	}
	return talk
}

// conversation composes some dozen turns after an opening.
func conversation(draw *rand.Rand, opening string) string {
	var b strings.Builder
	b.WriteString("坐席：" + filled(draw, opening))
	for range 4 + draw.IntN(8) {
		b.WriteString("\n客户：" + filled(draw, pick(draw, askings)))
		b.WriteString("\n坐席：" + filled(draw, pick(draw, answers)))
		if draw.IntN(2) == 0 {
			b.WriteString(filled(draw, pick(draw, answers)))
		}
	}
	b.WriteString("\n客户：" + pick(draw, partings) + "\n坐席：感谢您的来电，请稍后为本次服务评价，祝您生活愉快。")
	return b.String()
}

func pick[T any](draw *rand.Rand, from []T) T { return from[draw.IntN(len(from))] }

// filled puts names, dates and numbers where a sentence leaves room for them.
func filled(draw *rand.Rand, sentence string) string {
	for strings.Contains(sentence, "{") {
		open := strings.Index(sentence, "{")
		shut := open + strings.Index(sentence[open:], "}")
		var word string
		switch sentence[open+1 : shut] {
		case "name":
			word = pick(draw, surnames) + pick(draw, []string{"先生", "女士"})
		case "day":
			word = fmt.Sprintf("%d月%d日", 1+draw.IntN(12), 1+draw.IntN(28))
		case "digits":
			word = fmt.Sprintf("%04d", draw.IntN(10_000))
		case "sum":
			word = fmt.Sprintf("%d元", 300+draw.IntN(9_000))
		case "place":
			word = pick(draw, places)
		}
		sentence = sentence[:open] + word + sentence[shut+1:]
	}
	return sentence
}

var (
	surnames = []string{"王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡"}
	places   = []string{"成都", "合肥", "长沙", "郑州", "济南", "昆明", "兰州", "南宁", "贵阳", "太原"}
	partings = []string{
		"好的，那先这样，谢谢。", "明白了，没有别的问题了。", "行，我晚上下班回去看一下，再见。",
		"嗯，麻烦你了，挺清楚的。", "可以，那我等你们的短信通知。",
	}
	openings = map[casework.Channel]string{
		casework.TelemarketingCall: "您好，这里是星桥消费金融，我是工号{digits}的客户经理，本次通话会录音，来电是想介绍一款个人消费贷款，请问{name}现在方便吗？",
		casework.ServiceCall:       "您好，星桥消费金融客服，工号{digits}为您服务，本次通话将被录音，请问有什么可以帮您？",
		casework.ServiceChat:       "您好{name}，我是在线客服{digits}，很高兴为您服务，请问需要咨询什么业务？",
		casework.CollectionCall:    "您好，请问是{name}本人吗？我是星桥消费金融委托的催告专员，工号{digits}，本次通话有录音，提醒您有一期账单到期未还。",
	}
	askings = []string{
		"我想查一下这个月的账单，{day}要还多少钱？",
		"我的手机号换了，原来尾号是{digits}，现在要怎么改？",
		"上个月我提前还了一部分，剩下的期数会变吗？",
		"你们的客服热线几点下班，周末有人值班吗？",
		"我在{place}出差，银行卡没带在身上，能不能换一张卡扣款？",
		"借款合同在哪里可以下载，我想打印一份留着。",
		"扣款失败了一次，是因为卡里余额不足，我刚刚已经存进去了。",
		"页面上写的年化利率是单利还是复利，麻烦解释一下。",
		"我想把自动还款的日子改到发工资以后，比如每月十五号。",
		"前几天提交的资料审核到哪一步了？",
		"结清证明怎么开，单位那边要用。",
		"发票抬头写错了，可以重新开吗？",
		"最近收到一条短信，说账户信息需要更新，是你们发的吗？",
		"好像多扣了{sum}，帮我核对一下明细吧。",
		"我先了解一下，回去跟家里人商量商量再说。",
		"App更新以后登录不上，一直提示网络异常。",
		"听不太清楚，你再说一遍日期。",
		"我爱人的名字也要写在申请表上吗？",
	}
	answers = []string{
		"好的，请您稍等，我帮您查询一下，系统显示本期应还{sum}，还款日是{day}。",
		"为了核实身份，请您提供一下证件后四位，谢谢配合。",
		"提前还款以后，系统会按照剩余本金重新计算利息，明细可以在账单页面查看。",
		"我们的人工服务时间是早上九点到晚上九点，节假日也有同事值班。",
		"更换扣款银行卡，可以在个人中心的银行卡管理里面操作，需要本人做一次验证。",
		"合同在“我的借款”里，点开对应的借据，右上角就有下载按钮。",
		"系统晚上八点会再次发起扣款，您存好以后不需要另外操作。",
		"页面展示的年化利率按单利计算，具体的数字以您签署的合同约定为准。",
		"还款日每年可以调整一次，调整以后从下一期开始生效，我把步骤发到您的手机上。",
		"资料目前还在审核，一般一到三个工作日有结果，结果会通过短信告知您。",
		"结清证明可以在线申请，生成电子版大约需要一个工作日，{day}之前能收到。",
		"这条短信是我们发送的，链接打开是官方页面，您也可以直接从App进入。",
		"给您带来不便很抱歉，我先登记下来，编号是{digits}，由后台同事核对以后给您回电。",
		"没关系，您慢慢考虑，有疑问随时联系我们。",
		"麻烦您把应用卸载以后重新安装，再试一次，如果还是不行，我帮您转技术同事。",
		"申请表只需要填写您本人的信息，家里人的不用填。",
		"{place}那边的网点上个月搬到了新的地址，出门之前可以先打电话确认。",
		"明白您的意思，我把这个情况备注上，下次联系会避开您上班的时间。",
	}
)
