package privacy

import "strings"

// How plainly the words before a name say that one follows.
const (
	vague = iota // 客户, 经理, 我老公
	told         // 我叫, 持卡人
	field        // 姓名：
)

// nameCues are what stands before a name.
var nameCues = func() map[rune][]nameCue {
	cues := map[rune][]nameCue{}
	for strength, words := range map[int]string{
		told:  "我叫 名叫 叫做 他叫 她叫 名字叫 自称 人叫 本人 姓名 户名 名字 签名 署名 收款人 收件人 寄件人 收货人 持卡人 开户人 联系人 投诉人 申请人 借款人 贷款人 担保人 保证人 被保险人 投保人 受益人 法定代表人 法人代表 法人 监护人 经办人 委托人 代理人 受托人 机主 户主 车主 业主 房东 原告 被告 债务人 债权人 当事人 落款 尊敬的 亲爱的 此致 举报人 反映人 持有人 签收人 受访人 来信人 来访人 被执行人 继承人 产权人 出借人",
		vague: "我是 您是 你是 他是 她是 请 骗子 曝光 这是 客户 用户 会员 坐席 客服 专员 经理 员工 柜员 主任 行长 律师 业务员 催收员 催收 工作人员 同事 朋友 家属 老师 医生 警官 顾问 主管 队长 组长 信贷员 同学 老板 邻居 老公 老婆 丈夫 妻子 爱人 儿子 女儿 母亲 父亲 妈妈 爸爸 弟弟 妹妹 哥哥 姐姐 公公 婆婆 岳母 岳父 外甥 侄子 侄女 表哥 表弟 表姐 表妹 堂哥 堂弟 舅舅 叔叔 姑姑 阿姨 男友 女友 男朋友 女朋友 前妻 前夫 亲戚 室友 孙子 孙女 老人 消费者 销售 中介 司机 店长 由 找 联系 咨询 通知 转告 感谢 询问",
	} {
		for word := range strings.FieldsSeq(words) {
			first := []rune(word)[0]
			cues[first] = append(cues[first], nameCue{word, strength})
		}
	}
	return cues
}()

type nameCue struct {
	word     string
	strength int
}

// titles follow names.
var titles = newLexicon("先生 女士 小姐 同志 老师 师傅 阿姨 大爷 大妈 大姐 大哥 大叔 奶奶 爷爷 叔叔 经理 主任 律师 行长 法官 警官 医生 处长 科长 队长 总监 顾问 专员 董事长 老板 教授 同学 主管 哥 姐 叔 姨 婶 总")

// followers are words before which a name may end.
var followers = newLexicon("先生 女士 小姐 您好 你好 身份证 手机 电话 今年 来电 反映 表示 要求 申请 办理 借款 还款 贷款 今天 昨天 于 在 的 是 称 说 和 与 跟 及 等 向 于 自 现 曾 已 因 为 有 把 被 给 通过 名下 本人 账户 账号 卡号 先后 投诉 住 持 与 来 去 到 现在 联系 ， （ ( 经理 老师 主任 律师 医生 警官 同志 同学 师傅 一直 多次 名字 负责 打 催 让 就 也 都 还 没 不 吗 吧 呢 帮 接 做 用 又 这 那 她 他 我 您 你 了 承诺 答应 告诉 推荐 介绍 客户 签 收 欠 代 替 工号 均 三人 两人 二人 等人 共同 同时 答应 两位 承认 回复 处理 接待 收到 未 因 办 为 以 至 同")

// namesByWords finds names by the words around them.
func namesByWords(r []rune) []Span {
	var spans []Span
	for i := 0; i < len(r); i++ {
		c := r[i]
		if c == '·' {
			if span, ok := dotted(r, i); ok {
				spans = append(spans, span)
			}
			continue
		}
		for _, cue := range nameCues[c] {
			if hasText(r, i, cue.word) {
				if span, ok := nameAfter(r, i, cue); ok {
					spans = append(spans, span)
				}
			}
		}
		if span, ok := amongNames(r, i, len(spans) > 0 && spans[len(spans)-1].End == i); ok {
			spans = append(spans, span)
		}
		if span, ok := beforeVerb(r, i); ok {
			spans = append(spans, span)
		}
		if c == '姓' {
			if span, ok := surnameAlone(r, i); ok {
				spans = append(spans, span)
			}
		}
		if span, ok := beforeTitle(r, i); ok {
			spans = append(spans, span)
		}
		if (c == '老' || c == '小') && friendly[at(r, i+1)] && !measured[at(r, i-1)] && (!isHan(at(r, i+2)) || follows(r, i+2) > 0) {
			spans = append(spans, Span{i + 1, i + 2, Name})
		}
	}
	return spans
}

// friendly are the surnames that 老 and 小 go with, and are no words then.
var friendly = runeSet("何田孙周朱胡黄程马江方高白石龙于秦段王李张刘陈杨赵吴徐郭林罗郑梁谢宋唐许邓冯曹彭曾肖董袁潘蒋蔡余杜叶魏吕丁姚卢崔谭陆汪范廖贾韦孟邱薛雷侯")

// measured are what makes 小 and 老 belong to something counted: 一小段, 几小时.
var measured = runeSet("一两几这那每半数十")

// nameAfter reads the name that follows a cue.
func nameAfter(r []rune, i int, cue nameCue) (Span, bool) {
	length := runeLen(cue.word)
	start, strength := i+length, cue.strength
	colon := false
	for from := start; start < len(r) && start-from < 6; start++ {
		c := r[start]
		if c == '：' || c == ':' {
			colon = true
		} else if c != ' ' && c != '“' && c != '"' && c != '是' && c != '为' && c != '叫' && c != '(' && c != '（' && c != '「' && !hasText(r, start, "姓名") && !hasText(r, start, "名字") && !(c == '名' && start > from) && !(c == '字' && start > from) {
			break
		}
	}
	if colon && strength == told {
		strength = field
	}
	if colon && strength == vague && (i == 0 || at(r, i-1) == '\n') {
		return speakerOnly(r, start)
	}
	end := nameEnd(r, start, strength)
	if at(r, start) == '费' && strength < field {
		return Span{}, false // 会员费太贵: a fee far more often than a surname
	}
	if c := at(r, start); strength < field && (c == '于' || c == '和') && follows(r, end) < 2 {
		return Span{}, false // 本人于…, 姓名和…
	}
	if end > 0 {
		return Span{start, end, Name}, true
	}
	if strength > vague {
		return foreignName(r, start)
	}
	return Span{}, false
}

// speakerOnly reads a name where a speaker's words begin: only three usual
// characters and then an end make one, as people begin with all kinds of words.
func speakerOnly(r []rune, start int) (Span, bool) {
	end := nameEnd(r, start, vague)
	if end-start != 3 || isHan(at(r, end)) || nameWords[string(r[start:start+2])] {
		return Span{}, false
	}
	return Span{start, end, Name}, true
}

// foreignName reads a name of characters that write foreign ones.
func foreignName(r []rune, start int) (Span, bool) {
	end := start
	for end < len(r) && foreign[r[end]] && end-start < 12 {
		end++
	}
	if n := end - start; n < 3 || isHan(at(r, end)) && follows(r, end) == 0 {
		return Span{}, false
	}
	return Span{start, end, Name}, true
}

// nameEnd is where the name that begins at start ends; 0 if there is none.
func nameEnd(r []rune, start, strength int) int {
	length := surnameAt(r, start, strength < field)
	if length == 0 {
		return 0
	}
	bestEnd, best := 0, 0
	for given := 2; given >= 1; given-- {
		end := start + length + given
		if end > len(r) || !givenOK(r[start+length:end]) || !nameOK(r, start, end, length, strength) {
			continue
		}
		worth := follows(r, end)
		if worth > best || bestEnd == 0 && strength > vague {
			bestEnd, best = end, worth
		}
	}
	if best == 0 && strength == vague {
		return 0
	}
	return bestEnd
}

// givenOK reports whether characters can be a given name.
func givenOK(given []rune) bool {
	for _, c := range given {
		if !isHan(c) || notGiven[c] {
			return false
		}
	}
	return true
}

// nameOK reports whether a name is no common word, nor begins with one that
// goes on.
func nameOK(r []rune, start, end, surname, strength int) bool {
	if surname > 1 || strength == field && !isHan(at(r, end)) {
		return true
	}
	if titles.at(r, start+1) > 1 || titles.at(r, end-1) > 1 {
		return false
	}
	whole := string(r[start:end])
	if nameWords[whole] || end-start == 2 && institutionAfter(r, end) {
		return false
	}
	return end-start == 2 || !nameWords[string(r[start:start+2])] || strength > vague && follows(r, end) > 1
}

// institutions are words that make an institution of what stands before.
var institutions = newLexicon("银行 公司 集团 证券 保险 信托 基金 支行 分行 中心 平台 科技 消费金融 法院 派出所 医院 大学 酒店 超市 省 市 县 区 镇 村 路 街")

// institutionAfter reports whether what follows makes an institution or a
// place of what stands before.
func institutionAfter(r []rune, i int) bool { return institutions.at(r, i) > 0 }

// follows tells how plainly a name ends before i: 2 at an end of words, 1
// before a word that follows names, 0 otherwise.
func follows(r []rune, i int) int {
	if c := at(r, i); !isHan(c) && c != masked {
		return 2
	}
	return min(followers.at(r, i), 1)
}

// surnameAlone reads 我姓王, 免贵姓张.
func surnameAlone(r []rune, i int) (Span, bool) {
	before := at(r, i-1)
	if before != '我' && before != '贵' && before != '您' && before != '是' && before != '个' && before != '方' && before != '位' && before != '他' && before != '她' {
		return Span{}, false
	}
	n := surnameAt(r, i+1, true)
	if n == 0 || isHan(at(r, i+1+n)) && follows(r, i+1+n) == 0 {
		return Span{}, false
	}
	return Span{i + 1, i + 1 + n, Name}, true
}

// beforeTitle reads the name before a title that begins at i: a whole one
// where its left end is plain, else the surname.
func beforeTitle(r []rune, i int) (Span, bool) {
	if i == 0 || !isHan(r[i-1]) || !titleAt(r, i) {
		return Span{}, false
	}
	for _, length := range [...]int{4, 3, 2} {
		start := i - length
		if start < 0 {
			continue
		}
		surname := surnameAt(r, start, true)
		if surname == 0 || surname >= length || length == 4 && surname != 2 || !givenOK(r[start+surname:i]) || nameWords[string(r[start:i])] {
			continue
		}
		if length == 3 && nameWords[string(r[start:start+2])] && usual[r[i-1]] {
			continue // 感谢何先生 and the like
		}
		if r[start] == '谢' && at(r, start-1) == '谢' {
			continue
		}
		if surname == 2 || leftEnd(at(r, start-1)) {
			return Span{start, i, Name}, true
		}
	}
	for _, length := range [...]int{4, 2} {
		if compound.at(r, i-length) == length {
			return Span{i - length, i, Name}, true
		}
	}
	return Span{i - 1, i, Name}, usual[r[i-1]] && endsLikeSurname.at(r, i-2) == 0
}

func titleAt(r []rune, i int) bool {
	switch titles.at(r, i) {
	case 0:
		return false
	case 1:
		before, next := at(r, i-1), at(r, i+1)
		return (friendly[before] || r[i] == '总' && usual[before]) && (!isHan(next) || follows(r, i+1) > 0) && next != '是' && next != '有'
	}
	return true
}

// leftEnd reports whether a name can begin after this character.
func leftEnd(r rune) bool { return !isHan(r) || leftEnds[r] }

var leftEnds = runeSet("是叫找给请和与跟向对的位问到让由被为户席系谢人员服及说因把了我您你他她同但于告贵")

// dotted reads a name of parts with a dot between, as minorities and
// foreigners have.
func dotted(r []rune, i int) (Span, bool) {
	start, end := i, i+1
	for start > 0 && i-start < 8 && isHan(r[start-1]) && (foreign[r[start-1]] || !notGiven[r[start-1]]) {
		start--
	}
	for end < len(r) && end-i <= 8 && (foreign[r[end]] || r[end] == '·' && isHan(at(r, end+1))) {
		end++
	}
	if at(r, end) == '都' && (follows(r, end+1) == 2 || at(r, end+1) == '吗') {
		end++ // 阿布都, where it is not the word
	}
	for s := start; s < i; s++ { // the words before a name are not part of it
		if !foreign[r[s]] && !usual[r[s]] {
			start = s + 1
		}
	}
	if i-start < 2 || end-i < 3 && !(end-i == 2 && follows(r, end) > 0) {
		return Span{}, false
	}
	return Span{start, end, Name}, true
}

// amongNames reads the name beside one that was found, in a list of names.
func amongNames(r []rune, i int, afterName bool) (Span, bool) {
	afterName = afterName || at(r, i-1) == hole
	if c := r[i]; c != '、' && c != '和' && c != '与' || !afterName && at(r, i+1) != hole {
		return Span{}, false
	}
	if afterName {
		end := nameEnd(r, i+1, vague)
		return Span{i + 1, end, Name}, end > 0
	}
	for _, length := range [...]int{3, 2} {
		if start := i - length; start >= 0 && !isHan(at(r, start-1)) && nameEnd(r[:i+1], start, vague) == i {
			return Span{start, i, Name}, true
		}
	}
	return Span{}, false
}

// speaking are what people do whose name begins a clause.
var speaking = newLexicon("说 称 反映 表示 来电 告诉 承诺 答应 要求 （ ( ：您 :您 ，您 ,您")

// beforeVerb reads the name with which a clause begins: 彭文静说.
func beforeVerb(r []rune, i int) (Span, bool) {
	if isHan(at(r, i-1)) || at(r, i-1) == masked || surnameAt(r, i, true) == 0 {
		return Span{}, false
	}
	for _, end := range [...]int{i + 4, i + 3, i + 2} {
		surname := surnameAt(r, i, true)
		if end > len(r) || end-i <= surname || end-i == 4 && surname == 1 || !givenOK(r[i+surname:end]) || !nameOK(r, i, end, surname, vague) {
			continue
		}
		if speaking.at(r, end) > 0 {
			bracket := r[end] == '（' || r[end] == '('
			return Span{i, end, Name}, !bracket || relations.at(r, end+1) > 0
		}
	}
	return Span{}, false
}

// relations begin what brackets after a name say of somebody.
var relations = newLexicon("男 女 同事 父 母 妻 夫 配偶 朋友 本人 身份证 电话 手机 儿子 女儿 客户 联系 证件 工号")
