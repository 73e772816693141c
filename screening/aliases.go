package screening

import "strings"

// lookalikes are pairs of a character and the one it stands in for: written
// digits, signs, and characters chosen for their looks. Both the rulebook and
// the text pass through them, so a pair that also occurs innocently
// (张薇 reads as 张微) costs nothing.
const lookalikes = writtenDigits + disguises

const writtenDigits = "" +
	"〇0 零0 一1 二2 三3 四4 五5 六6 七7 八8 九9 两2 " +
	"壹1 贰2 貳2 叁3 參3 肆4 伍5 陆6 陸6 柒7 捌8 玖9 亖4 弌1 弍2 弎3 " +
	"⓪0 ⓿0 ❶1 ❷2 ❸3 ❹4 ❺5 ❻6 ❼7 ❽8 ❾9 ➊1 ➋2 ➌3 ➍4 ➎5 ➏6 ➐7 ➑8 ➒9 " +
	"佰百 仟千 ﹪% ٪% "

const disguises = "" +
	// signs and words for signs
	"➕加 ✚加 ✛加 薇微 崴微 嶶微 溦微 ❤心 ♥心 ♡心 ❣心 " +
	// looks
	"夲本 夶大 囻国 氺水 犮发 恴惠 湏须 訫信 亼人 仧长 镸长 歀款 還还 迗天 甴由 囙因 汚污 渋涩 " +
	"冄冉 厼尔 彽低 岀出 収收 亙互 僃备 赱走 叧另 叺入 媫捷 徴征 婄培 榀品 呯评 偂前 銭钱 峎狠 恏好 幵开 関关 " +
	"惪德 卋世 丗世 彔录 咑打 喼急 囗口 亾亡 冇无"

// A rewriting replaces a sequence of folded characters by another. All but
// those marked plain are disguises.
type rewriting struct {
	from, to string
	plain    bool
}

// rewritings are tried in this order, so the longer of two comes first; one
// that ends in a letter is no part of a longer run of letters. What
// follows 百分之 is read as a number by percentage, not here.
var rewritings = []rewriting{
	{"百分之百", "100%", true},
	{"百分百", "100%", true},
	{"微信", "微信", true},
	{"微心", "微信", false}, // 微❤
	{"微x", "微信", false},
	{"v信", "微信", false},
	{"v心", "微信", false},
	{"vx", "微信", false},
	{"wx", "微信", true},
	{"weixin", "微信", true},
	{"wechat", "微信", true},
	{"加v信", "加微信", false},
	{"加vx", "加微信", false},
	{"加v", "加微信", true},
	{"加卫星", "加微信", false},
	{"加威", "加微", false},
	{"+v信", "加微信", false},
	{"+vx", "加微信", false},
	{"+wx", "加微信", false},
	{"+微信", "加微信", false},
	{"+微", "加微", false},
	{"+v", "加微信", false},
	{"zfb", "支付宝", false},
	{"扣扣", "qq", true},
}

// sequenceStarts are the first characters of rewritings.
const sequenceStarts = "百微vw加+z扣"

// isDisguise reports a character that stands for another by its looks.
func isDisguise(r rune) bool {
	for i, each := range disguisePairs {
		if each == r && i%2 == 0 {
			return true
		}
	}
	return false
}

var disguisePairs = []rune(strings.ReplaceAll(disguises, " ", ""))
