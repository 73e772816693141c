package screening_test

import (
	"strings"
	"testing"

	"xiaobao/casework"
)

// riskyWords are the words that the guards are tried on.
const riskyWords = `patterns:
  - words: [保本, 保收益, 保证收益, 零利息, 免息, 没有手续费, 不收手续费, 包过, 秒到账, 秒批, 无风险, 零风险, 稳赚不赔, 洗白, 不上征信, 不看征信, 内部渠道, 国家兜底, 刚性兑付, 高收益]
  - words: [去你家, 去你单位, 抓你, 坐牢, 要不要脸, 不要脸, 老赖, 影响您的信用, 打12378, 找记者, 起诉你, 弄死你, 贴大字报]
  - words: [转我微信, 个人微信, 随便填, 写自由职业, 验证码告诉我, 通讯录发我, 必须买保险, 注销校园贷]
  - {seq: [[肯定, 一定, 保证, 百分百, 绝对], [批下来, 能批, 能过, 通过, 不会亏]], gap: 4, scope: clause}`

func tryGuards(t *testing.T, cases string, want bool) {
	t.Helper()
	s := trial(t, riskyWords)
	for text := range strings.Lines(cases) {
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		signals := s.Screen(said(text))
		if got := len(signals) > 0; got != want {
			t.Errorf("counts = %t, want %t: %s %q", got, want, text, quotesOf(signals))
		}
	}
}

func TestNegationExcuses(t *testing.T) {
	t.Parallel()
	tryGuards(t, `
		坐席：本产品不承诺保本保收益
		坐席：这是非保本浮动收益的产品
		坐席：不是零利息，我给您算一下
		坐席：我们没有包过这种说法
		坐席：我没法保证能批，您先看看资格
		坐席：我无法跟您承诺一定能批下来
		坐席：这个理财并不保本
		坐席：理财没有刚性兑付
		坐席：投资不可能稳赚不赔
		坐席：没有哪款产品是稳赚不赔的
		坐席：我们从来没说过零利息
		坐席：我不能保证收益
		坐席：不会秒到账，一般要一个工作日
		坐席：不代表一定能通过
		坐席：不等于保本
		坐席：并非零风险
		坐席：任何投资都不是无风险的
		坐席：我们不会去你家的
		坐席：逾期不会坐牢，但会影响征信记录
		坐席：没人会去你单位
		坐席：您不用担心我们去你单位，不会的
		坐席：我们没有内部渠道
		坐席：没有什么内部渠道可走
		坐席：请勿向他人发送验证码，请别把验证码告诉我
		坐席：不要转我微信，请走官方App
		坐席：不是必须买保险的
		坐席：并没有必须买保险这个要求
		坐席：职业不能随便填
		坐席：这个信息千万别随便填
		坐席：不能写自由职业，请按真实情况填
		坐席：逾期肯定会报送，不存在不上征信的情况
		坐席：没有不上征信的贷款
		坐席：不是不看征信，是综合评估
		坐席：这不是没有手续费，是分摊到每期了
		坐席：并不是不收手续费
		坐席：我没说没有手续费
		坐席：保本是不可能的
		坐席：零利息的说法是不对的
		坐席：包过是做不到的
		坐席：包过这种事不存在
		坐席：内部渠道都是假的
		坐席：肯定能批下来这个我不敢保证
		坐席：一定能批不一定，要看系统
		坐席：肯定不能批下来
		坐席：一定不会保证您能过的
		坐席：谁也不敢保证能过
		坐席：不承诺保证收益，请您理性投资
		坐席：本基金不保证一定盈利，也不保证收益
		坐席：国家不会兜底，没有国家兜底一说
		坐席：绝不存在所谓的内部渠道
		坐席：我們不承諾保本
		坐席：不保證收益，請謹慎投資
	`, false)
}

func TestDoubleNegationAndIdiomsDoNotExcuse(t *testing.T) {
	t.Parallel()
	tryGuards(t, `
		坐席：不仅保本，收益还高
		坐席：不但保本还保收益
		坐席：不光零利息，还送券
		坐席：没有不保本的时候
		坐席：不可能不包过
		坐席：不是不能保证收益
		坐席：不保本才怪呢
		坐席：不是说保本，但基本不会让您亏
		坐席：没问题包过
		坐席：没关系零利息的
		坐席：您不用担心包过的
		坐席：不要担心肯定能批下来
		坐席：差不多秒到账
		坐席：非常稳的无风险产品
		坐席：现在借都是零利息
		坐席：这次活动没有手续费
		坐席：我们不收手续费的
		坐席：这个借款不上征信
		坐席：咱们不看征信的
		坐席：不管谁来都包过
		坐席：不论黑户白户都能包过
		坐席：不瞒您说我们有内部渠道
		坐席：不骗您肯定能过
		坐席：特别高收益
		坐席：和别家不一样，我们保本
		坐席：和别家不一样我们零利息
		坐席：不错的产品稳赚不赔
		坐席：不过这个是保本的
		坐席：除非您不想要，否则包过
		坐席：要不您办这个零利息的
		坐席：对不起，您必须买保险才放款
		坐席：不得不说这个真是稳赚不赔
		坐席：无论如何都保本
		坐席：不限职业随便填
		坐席：没多久就秒到账了
		坐席：不同于存款，这个保收益更高
	`, true)
}

func TestPremisesDoNotExcuse(t *testing.T) {
	t.Parallel()
	tryGuards(t, `
		坐席：你再不还我就去你家
		坐席：再不还钱我去你单位
		坐席：今天不还就抓你
		坐席：不还就等着坐牢吧
		坐席：你不接电话我们就去你单位
		坐席：不领会影响您的信用评估
		坐席：您今天不办就错过零利息了
		坐席：要是不还我叫人弄死你
		坐席：不还款就在小区贴大字报
		客户：不解决我就打12378
		客户：再不处理我去找记者
		客户：你们不给说法我就打12378
		坐席：你不签字也可以，反正包过
		坐席：没收入没关系写自由职业就行
		坐席：没工作也能肯定能过
		坐席：不看流水不要抵押照样包过
		坐席：没有抵押物也能保证通过
		坐席：你不要脸
		坐席：你要不要脸
		坐席：你还要不要脸？
		坐席：你是不是老赖？
	`, true)
}

func TestQuestionsExcuseThoseWhoAsk(t *testing.T) {
	t.Parallel()
	s := trial(t, riskyWords+"\n  - {words: [骗子]}\nspeakers: [customer]")
	for _, text := range []string{
		"客户：是零利息吗",
		"客户：这个是保本的吗？",
		"客户：有没有零利息的",
		"客户：能不能秒到账",
		"客户：是不是包过啊",
		"客户：是否保本",
		"客户：请问会不会影响您的信用",
		"客户：什么叫刚性兑付",
		"客户：逾期会坐牢么",
		"客户：真的稳赚不赔吗？我不太信",
		"客户：为什么别人的不上征信？",
	} {
		if signals := s.Screen(said(text)); len(signals) > 0 {
			t.Errorf("a question counts: %s", text)
		}
	}
	for _, text := range []string{"客户：那就零利息说定了", "客户：你们就是骗子", "客户：你们难道不是骗子吗"} {
		if signals := s.Screen(said(text)); len(signals) == 0 {
			t.Errorf("a statement does not count: %s", text)
		}
	}
}

func TestQuestionsOfTheInstitutionMayBeClaims(t *testing.T) {
	t.Parallel()
	tryGuards(t, `
		坐席：想不想要零利息的借款？
		坐席：您知道我们这个是零利息的吗
		坐席：零利息的额度您要不要？
		坐席：肯定能批下来，好吗
		坐席：难道还有比这更稳赚不赔的吗？
		坐席：保本的产品不香吗？
		坐席：你是想让我去你单位是吧
		坐席：你想坐牢吗？
		短信：还在找零利息贷款吗？点此领取
		页面：想要秒到账？立即申请
		坐席：百分百通过，您看可以吗
	`, true)
	tryGuards(t, `
		坐席：请问有没有人跟您说过包过
		坐席：有没有人向您承诺保本
		坐席：对方是否承诺零利息
		坐席：之前有人答应您包过吗
		坐席：您是问是不是零利息，对吧
		坐席：您问的零利息我解释一下
		坐席：能不能秒到账要看银行处理
		坐席：能否保证收益取决于市场
		坐席：会不会影响您的信用要看征信规则
	`, false)
}

func TestReportsExcuse(t *testing.T) {
	t.Parallel()
	tryGuards(t, `
		坐席：您说有人承诺包过，请提供对方号码
		坐席：您刚才说对方保证收益
		坐席：您提到的零利息是指什么活动
		坐席：听说过有人宣传稳赚不赔，请不要相信
		坐席：网上说的内部渠道请您核实
		坐席：中介承诺的包过与我们无关
		坐席：骗子说注销校园贷不然影响征信
		坐席：对方自称有内部渠道
		坐席：您反映业务员承诺零利息，我们会核查
		答复：投诉人称坐席承诺保本保收益，经调取录音未发现
		答复：您反映的必须买保险问题，我行已核查
		坐席：据报道有平台宣称秒到账
		坐席：您遇到的自称国家兜底的项目请谨慎
		坐席：您说对方承诺零利息，还包过，是这样吗
		答复：投诉人反映称，坐席承诺零利息
	`, false)
	tryGuards(t, `
		坐席：很多客户说我们包过
		坐席：老客户说这个稳赚不赔
		坐席：我们经理说了保本
		坐席：领导说今天办的都零利息
		坐席：您就说写自由职业就行
		坐席：系统说了肯定能过
		坐席：您说得对，我们就是零利息
		坐席：您反映的问题记下了，我们这边肯定包过
		坐席：听说您要周转，我们零利息
	`, true)
}

func TestWarningsAndQuotationsExcuse(t *testing.T) {
	t.Parallel()
	tryGuards(t, `
		页面：警惕“包过”“洗白征信”等骗局
		页面：谨防以零利息为幌子的诈骗
		页面：凡宣称稳赚不赔的均为骗局
		页面：凡是承诺包过的都是骗子
		页面：请勿相信任何内部渠道
		页面：不要轻信秒到账广告
		页面：切勿轻信征信洗白
		页面：不法分子常以注销校园贷为由实施诈骗
		页面：诈骗分子声称可以洗白征信
		页面：严禁使用“零风险”等用语
		页面：禁止向客户承诺保本
		页面：营销人员不得承诺保证收益
		页面：员工不得使用稳赚不赔、保本保收益等表述
		页面：不得以零利息等字样误导消费者
		页面：承诺包过属于违规行为
		页面：宣传保本是违法的
		页面：声称有内部渠道的都不可信
		页面：冒充我行承诺秒批的请举报
		页面：防范非法集资，高收益往往伴随高风险，不要相信保本高收益
		页面：风险提示：任何承诺包过的中介都不可信
		页面：远离洗白征信的骗局
		坐席：提醒您，说包过的都是骗子
		坐席：小心那些说包过的，都是骗人的
		坐席：千万别信什么洗白征信
		坐席：严禁催收员说“去你家”之类的话
		页面：培训要求：催收时禁止说去你单位、抓你等威胁用语
		页面：常见骗局：谎称秒到账，先收保证金
		页面：反诈提示：对方让您把验证码告诉我，请立即挂断
		帖子：教大家识破洗白征信的套路
		页面：所谓“稳赚不赔”不可信
		页面：“零利息”的说法涉嫌虚假宣传，属于误导
		页面：“保本”字样不得出现在宣传页
		页面：任何以不上征信为名的贷款请谨慎，谨防受骗
	`, false)
}

func TestThreatsAndClaimsDoNotHideBehindWarnings(t *testing.T) {
	t.Parallel()
	tryGuards(t, `
		坐席：你这是违法的，我明天去你家
		坐席：你这是诈骗，要坐牢的
		坐席：小心我去你单位
		坐席：当心我叫人去你家坐着
		坐席：注意了，再拖就抓你
		坐席：你涉嫌诈骗，警察马上抓你
		坐席：不还钱就是诈骗要坐牢
		页面：“零利息”大酬宾，限时三天
		页面：全新「秒到账」服务上线
		短信：【××】零利息借款，秒到账
		坐席：我们是正规公司，零利息
		坐席：别人都是套路，我们保本
		坐席：您放心，绝对能批下来
		坐席：去你家坐坐，看你是不是骗人
		坐席：你们这些老赖，违约还有理了
		坐席：你这种老赖就是骗人的，别装
	`, true)
}

func TestGuardsCanBeNarrowed(t *testing.T) {
	t.Parallel()
	s := trial(t, "patterns:\n  - {words: [零利息], guards: [question]}\nguards: [negation]")
	for text, want := range map[string]bool{"坐席：不是零利息": true, "客户：是零利息吗": false} {
		if got := len(s.Screen(said(text))) > 0; got != want {
			t.Errorf("fires = %t, want %t: %s", got, want, text)
		}
	}
}

func TestAClaimOfOneSpeakerIsNotExcusedByAnother(t *testing.T) {
	t.Parallel()
	s := trial(t, riskyWords)
	touchpoint := &casework.Touchpoint{ID: "t", Channel: casework.ServiceChat, Turns: []casework.Turn{
		{Speaker: casework.Consumer, Text: "是零利息吗，不是吧"}, {Speaker: casework.Agent, Text: "对，零利息"},
	}}
	signals := s.Screen(touchpoint)
	if len(signals) != 1 || len(signals[0].Evidence) != 1 || signals[0].Evidence[0].Start != 12 {
		t.Errorf("got %+v, want the agent's words alone", signals)
	}
}
