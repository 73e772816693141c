package screening

import (
	"slices"
	"strings"

	"xiaobao/casework"
)

// institution are the speakers whose words bind or harm in the
// institution's name.
var institution = maskOf([]casework.Speaker{
	casework.Agent, casework.Bot, casework.Message, casework.Page, casework.Decision,
}, casework.Speakers())

// The words that guards go by, folded as surface folds. Longer words are
// tried before shorter ones wherever one word of a list is taken.
var (
	negators = list(`不 没 没有 无 非 未 别 勿 请勿 不得 不能 不会 不可 不可以 不可能 无法 并非 并不 并没有 不承诺 不代表 不等于 不保证
		不能保证 不敢 不敢保证 不是 不是说 不存在 没说 没说过 从未 从不 绝不 决不 绝非 未曾 尚未 严禁 禁止 杜绝 拒绝 谢绝 难以 不再 不属于 不构成 不意味着 不作 不做
		没法 没办法 没人 没有人 没有谁 谈不上 算不上 做不到 不提供 不支持 不允许 不准 不许 不应 不应该 不宜 不要 不用 不必 无需 毋须 切勿 千万别 千万不要 停止 取消 不敢说 不好说 不一定 不见得 未必 甭`)
	// idioms contain a negator and negate nothing.
	idioms = list(`不仅 不但 不光 不只 不单 不止 不管 不论 无论 不如 不错 不少 不断 不久 不停 不妨 不过 不得不 不得已 不由得 不要脸 不好意思 不然 不信 不愧 不怕
		对不起 差不多 要不 要不然 要不要 是不是 能不能 会不会 有没有 好不好 行不行 可不可以 需不需要 想不想 对不对 没错 没毛病 非常 无非 无忧 无比 无限 未来 除非 非要 非得 非凡
		别怪 别以为 别想 别说 别人 别家 别的 特别 区别 级别 个别 性别 分别 告别 别急 别担心 别怕 别忘 不用担心 不必担心 无需担心 不要担心 不用怕 不要怕 不用愁 不愁
		不可避免 不可否认 毫无疑问 无疑 无须担心 非但 莫非 不亏 不一样 不同 不限 不变 不足 不到 不超过 不低于 不少于 不高于 不大于 不满 不等 迫不及待 不客气 不清楚 不知道 不耽误 只不过 没几天 没多久 不用多久 不出 巴不得 恨不得 舍不得 怪不得 谁不 哪个不 何不 不二 不瞒您说 不瞒你说 不骗您 不骗你 不开玩笑 跟您说 给您说 对您说 和您说 向您说 跟你说 给你说 不得不说`)
	// consequences begin a new statement after a condition.
	consequences = list(`就 则 那么 否则 不然 要不然 便会 才能 才会 才可以 也能 也可以 也行 都能 都可以 照样 一样能 一样可以 照常 会影响 会被 将影响 将被 都会 也会 没关系 没事 没问题 不要紧 不碍事 不影响 直接 马上 立刻 立马 而是 但是 但 却 只是 我就 我们就 小心 后果`)
	// bareNegators negate the verb that follows them only.
	bareNegators = list(`不 没 别`)
	modal        = list(`是 能 会 可 得 敢 应 要 用 需 必 准 许 允 代表 等于 承诺 保证 属于 存在 构成 提供 支持`)
	// conditions before a bare negator make it a premise.
	conditions    = list(`你 您 你们 再 要是 如果 若 假如 倘若 今天 今晚 明天 现在 到期 还 一直 老 总 敢 他 她 一天 谁 只要 还是 钱`)
	ironies       = list(`才怪 才有鬼 就怪了 是不可能的`)
	notMerelySaid = list(`不是说 没说 没有说 不敢说 不能说 不好说`)
	contrasts     = list(`但 不过 可是 只是 其实 反正 可 基本`)
	denials       = list(`不可能 不存在 不属实 不现实 不成立 不允许 不行 不对 不真实 不靠谱 不一定 不好说 不敢说 不敢保证 不能保证 不能承诺 假的 没有的事 没有这回事 没这回事 没有这种 没有的 做不到 办不到 谈不上 说不准 我不能 我不敢 我没法 我无法 我保证不了 保证不了 无法保证 不了 未必 是错误 是误解 是谣言 是禁止`)
	// denialsNext are denials that make up the next clause.
	denialsNext = list(`不会的 没有的事 没这回事 没有这回事 不可能的 那是假的 这是假的 都是假的 不存在的`)
	indignant   = list(`难道 岂`)
	linkers     = []rune("的是这种个事话说法都也均全就属于为，样情况承诺宣传行为”」’》\"'）) 都可我们下来去到了")

	openers      = []rune("“‘「『《\"'〝")
	closers      = []rune("”’」』》\"'〞")
	quoters      = list(`所谓 宣称 声称 谎称 号称 自称 称为 字样 用语 话术 表述 说法 之类 等词 等内容 等宣传 等虚假 为由 为名 名义 幌子 打着 写着 标着 台词 套路 类似 等承诺 等诱导 词汇 措辞 原话 误导`)
	instructions = list(`您说是 你说是 客户说明 您说得对 听说过 您说的对 您说的是`)
	// ofListeners are reports of what the listener received or said, which
	// begin orders and answers just as well.
	ofListeners   = list(`您收到的 您看到的 您听到的 您遇到的 您说的 你说的`)
	received      = list(`您收到的 您看到的 您听到的 您遇到的`)
	messages      = list(`短信 信息 消息 通知 电话 来电 链接 邮件 广告 宣传 海报 页面 网页 视频 直播 帖子 内容 说法 话术 承诺 那个 那种 那条 那些 这个 这种 这条 这些 情况 机构 中介 公司 人`)
	handovers     = list(`念给 念一下 念出来 报给 报一下 报过来 发给我 发给我们 发我 发过来 告诉我 告诉一下 提供给我 提供一下 读给 读一下 输入 输一下 转给我 截图给 给我 回复`)
	reporters     = list(`客户说 客户反映 客户称 客户表示 客户问 您说 您刚才说 您刚刚说 您提到 您问 您反映 您看到的 您听到 您听到的 您收到的 您遇到 您遇到的 您说的 您的意思是 您是说 您是指 您所说 你说的 你刚才说 听说 据说 听人说 听朋友说 有人说 有人跟 有人承诺 有人告诉 有人声称 有人打电话 有人冒充 网上说 网上传 网传 别人说 别人告诉 他们说 骗子说 对方说 对方称 对方声称 对方承诺 对方自称 对方告诉 之前的人说 中介说 中介承诺 新闻 据报道 报道称 谣言 传言 有传 投诉人称 投诉称 反映称 来电称 宣称 声称 谎称 号称 所谓 自称 假称 诈称`)
	continuations = list(`还 并 又 而且 同时 也 说 称 以及 或 并且`)
	// crowds before a report make it a testimonial: 很多客户说.
	crowds = list(`都 很多 许多 好多 不少 老 其他 别的 多数 大部分 所有`)

	rhetorical    = list(`难道 要不要脸 知道吗 懂吗 明白吗 听见没 听到没 清楚吗 懂不懂 知不知道 明不明白 好吗 行吗 可以吗 好不好 行不行 可不可以 是吧 对吧 对不对 好吧 不是吗 不好吗 不香吗 何不 为什么不 还不 干嘛不 怎么不 凭什么 岂不 不就`)
	whether       = list(`是不是 有没有 是否 会不会 能不能 可不可以 要不要 可否 能否 有无 为什么 为何 怎么 什么是 啥是 什么叫 请问 多少 想问 咨询 想了解`)
	openQuestions = list(`能不能 能否 会不会 是否能 是否会 是否可以 可否`)
	inquiries     = list(`有没有人 是否有人 有人 对方 请问您是否 是否曾 是否存在 您是否收到 您是不是收到 有没有向您 有没有跟您 是否向您 是否对您 请问之前 您问的 您是问 您想问 您想知道`)

	warnings      = list(`警惕 谨防 严防 防范 防止 识破 揭秘 揭露 曝光 远离 切勿 勿信 勿轻信 不要相信 不要轻信 不轻信 别相信 别信 别轻信 莫信 不可信 不能信 切莫 请勿相信 提防 留意 反诈 防骗 防诈 风险提示 温馨提醒 举报 拒绝 抵制 打击 查处 整治 处罚 凡是 凡宣称 凡称 凡声称 任何声称 任何宣称 任何承诺 任何以`)
	cautions      = list(`小心 当心 注意`)
	scams         = list(`骗 诈 陷阱 套路 不法 非法 虚假 广告`)
	impostors     = list(`诈骗分子 不法分子 骗子 犯罪分子 不法中介 非法中介 黑中介 黑产 不法机构 非法机构 不法人员 冒充 假冒 诈骗短信 诈骗电话 虚假宣传 违规宣传 误导宣传 常见骗局 诈骗手法 诈骗套路 骗局`)
	bans          = list(`严禁 禁止 不得 不准 不许 不允许 不可以使用 不能使用 不要使用 不可使用 杜绝 避免使用 避免出现 红线 禁用 禁语 禁止性 违规话术 不应`)
	warningsAfter = list(`谨防 请勿相信 不要相信 切勿相信 切勿轻信 不要轻信 千万别信 别信 勿信 请警惕 要警惕 保持警惕 请提高警惕 都别信 一律别信 不可信 请举报 立即报警 的骗局 的诈骗 的套路 的陷阱 的骗子 的谎言 的谣言`)
	verdicts      = list(`是骗局 是骗子 是骗人 是诈骗 是欺诈 是陷阱 是套路 是违规 是违法 是非法 是虚假 是假的 是不实 是误导 为骗局 为诈骗 为虚假 为违规 属骗局 属诈骗 属违规 属违法 属虚假 属于骗局 属于诈骗 属于违规 属于违法 属于虚假 属于误导 属于夸大 涉嫌违规 涉嫌虚假 涉嫌违法 涉嫌诈骗 都骗人 均不可信 都不可信 不可信 信不得 违反规定 违反了规定 会被处罚 要被处罚 被监管处罚 是不允许的 是不合规 不合规 属于禁止 是红线 均属诈骗 都是骗`)
	listeners     = list(`你 您 你们`)
)

// A phrases list holds words by their first character, the longest first.
type phrases map[rune][][]rune

// list makes a list of a block of words.
func list(words string) phrases {
	out := phrases{}
	for word := range strings.FieldsSeq(words) {
		runes := []rune(word)
		out[runes[0]] = append(out[runes[0]], runes)
	}
	for _, words := range out {
		slices.SortFunc(words, func(a, b []rune) int { return len(b) - len(a) })
	}
	return out
}

// longest gives the length of the longest word that text begins with.
func longest(text []rune, words phrases) int {
	for _, w := range words[text0(text)] {
		if len(text) >= len(w) && slices.Equal(text[:len(w)], w) {
			return len(w)
		}
	}
	return 0
}

func text0(text []rune) rune {
	if len(text) == 0 {
		return -1
	}
	return text[0]
}

// firstOf gives the first place of any of the words, or -1.
func firstOf(text []rune, words phrases) int {
	for i := range text {
		if longest(text[i:], words) > 0 {
			return i
		}
	}
	return -1
}

// lastOf gives the last place of any of the words, or -1.
func lastOf(text []rune, words phrases) int {
	for i := len(text) - 1; i >= 0; i-- {
		if longest(text[i:], words) > 0 {
			return i
		}
	}
	return -1
}

func containsAny(text []rune, words phrases) bool { return firstOf(text, words) >= 0 }

// longestPhrase bounds the words of the lists that endsWithAny is asked about.
const longestPhrase = 8

func endsWithAny(text []rune, words phrases) bool {
	for i := max(0, len(text)-longestPhrase); i < len(text); i++ {
		if n := longest(text[i:], words); n == len(text)-i {
			return true
		}
	}
	return false
}

// lastStop gives where the last clause of the text begins.
func lastStop(text []rune) int {
	for i := len(text) - 1; i >= 0; i-- {
		if isStop(text[i]) {
			return i + 1
		}
	}
	return 0
}
