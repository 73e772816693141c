package fakellm

import (
	"cmp"
	"strings"
)

// purposes are the answers of all prompts that are known here, by plain words.
var purposes = map[string]func(r *Request) any{
	"judge":       judge,
	"review":      review,
	"complaint":   complaint,
	"answer":      hear,
	"evidence":    check,
	"obligations": duties,
	"summary":     summarise,
	"bill":        explain,
	"retrospect":  lookBack,
}

const (
	high, middle, low = "高", "中", "低"
	yes, no, unclear  = "是", "否", "无法判断"
)

// said are the words that show an indicator, each plainly. They are ours: the
// rulebook's are another matter, and what its rules catch is never asked.
var said = map[string][]string{
	"tm_guaranteed_approval":       {"打包票", "肯定能过", "一定能批", "包过", "百分百通过", "必下款", "准能下来", "没有不过的"},
	"tm_rate_concealment":          {"一天才", "一天就几块", "一杯奶茶", "一顿早饭", "利息可以忽略", "没多少利息"},
	"tm_zero_interest_misleading":  {"白用", "一分利息都不要", "零利息", "不要利息"},
	"tm_product_identity_hidden":   {"不是贷款", "不算借钱", "我是银监会"},
	"tm_refusal_ignored":           {"您先别急着拒绝", "过两天再给您打", "改天我再打给您"},
	"tm_student_targeting":         {"学生也能办", "没工作也行", "学生证就行"},
	"tm_coach_false_information":   {"就填自由职业", "就说是装修", "照我说的填", "随便写个单位"},
	"tm_over_borrowing_inducement": {"额度都提出来", "先借出来放着", "不用白不用"},
	"tm_tie_in_sale":               {"必须买保险", "不买会员批不了", "搭着办"},
	"tm_pressure_urgency":          {"最后一天", "马上就没了", "过期作废"},
	"tm_guarantee_return":          {"稳赚", "保证不亏", "本金一分不少", "亏了算我的", "只涨不跌"},
	"col_threat_violence":          {"带人堵", "卸你", "走着瞧", "弄死", "上门闹"},
	"col_abuse_insult":             {"老赖", "不要脸", "废物", "丢人现眼"},
	"col_impersonate_judicial":     {"法院的人", "公安局的", "经侦", "传票已经"},
	"col_false_legal_consequence":  {"要坐牢", "抓你", "判刑"},
	"col_third_party_contact":      {"通讯录里的人打", "给你单位打", "打给你父母"},
	"col_third_party_pressure":     {"单位领导开始", "让全村人知道", "挨个给您通讯录"},
	"cs_obstruct_complaint":        {"投诉也没用", "你随便投诉", "别投诉了"},
	"cs_poor_attitude":             {"听不懂人话", "爱办不办", "烦不烦"},
}

type judgement struct {
	Indicator string   `json:"indicator"`
	Evidence  []quoted `json:"evidence"`
	Reason    string   `json:"reason"`
	Shown     string   `json:"shown"`
	Certainty string   `json:"certainty"`
}

// A Candidate is an indicator that a question asks about.
type Candidate struct {
	Indicator string   `json:"indicator"`
	Title     string   `json:"title"`
	Means     string   `json:"means"`
	Speakers  []string `json:"speakers"`
}

// Candidates are the indicators that a question asks about.
func (r *Request) Candidates() []Candidate {
	var given struct {
		Candidates []Candidate `json:"candidates"`
	}
	r.Given(&given)
	return given.Candidates
}

func judge(r *Request) any {
	answer := []judgement{}
	lines := r.Lines()
	for _, c := range r.Candidates() {
		j := judgement{Indicator: c.Indicator, Evidence: []quoted{}, Reason: "没有看到这样的话。", Shown: no, Certainty: middle}
		if at, ok := find(lines, append(said[c.Indicator], titleWords(c.Title)...), c.Speakers...); ok {
			j.Evidence, j.Reason, j.Shown, j.Certainty = []quoted{at}, at.Utterance+" 有这样的话。", yes, high
		}
		answer = append(answer, j)
	}
	return map[string]any{"judgements": answer}
}

// titleWords are the parts of a title that are long enough to be looked for.
func titleWords(title string) []string {
	var words []string
	for _, w := range strings.FieldsFunc(title, func(r rune) bool { return strings.ContainsRune("、/／（）() ", r) }) {
		if len([]rune(w)) >= 3 {
			words = append(words, w)
		}
	}
	return words
}

// misleading are words that show a category of material.
var misleading = []struct {
	part  string // of the category's title
	words []string
}{
	{"保本", []string{"一分不少", "原封不动", "保本", "稳赚"}},
	{"利率", []string{"一天才", "一杯奶茶", "低至"}},
	{"免息", []string{"零利息", "白用", "免息"}},
	{"包过", []string{"人人可批", "包过", "秒批"}},
	{"征信", []string{"记录干干净净", "洗白", "不看征信"}},
	{"额度", []string{"最高可贷", "人人有额度"}},
	{"预测", []string{"翻倍", "只涨不跌"}},
}

type remark struct {
	Evidence   []quoted `json:"evidence"`
	Reason     string   `json:"reason"`
	Suggestion string   `json:"suggestion"`
	Label      string   `json:"label"`
	Certainty  string   `json:"certainty"`
}

func review(r *Request) any {
	var given struct {
		Categories []option `json:"categories"`
	}
	r.Given(&given)
	answer := []remark{}
	for _, c := range given.Categories {
		for _, m := range misleading {
			if !strings.Contains(c.Title, m.part) {
				continue
			}
			if at, ok := find(r.Lines(), m.words); ok {
				answer = append(answer, remark{[]quoted{at}, "这样写会让人误解。", "请把条件和风险一并写明。", c.ID, middle})
				break
			}
		}
	}
	return map[string]any{"remarks": answer}
}

// An option is a code that may be chosen.
type option struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Hint  string `json:"hint"`
}

type choice struct {
	Evidence  []quoted `json:"evidence"`
	Reason    string   `json:"reason"`
	Code      string   `json:"code"`
	Certainty string   `json:"certainty"`
}

// undecided is a choice that cannot be made.
func undecided() choice {
	return choice{Evidence: []quoted{}, Reason: "看不出来。", Code: unclear, Certainty: low}
}

// choose takes the option of which some two neighbouring characters stand in
// the text: the one with most of them, and of equals the first.
func choose(lines []Line, options []option) choice {
	best, most := undecided(), 0
	for _, o := range options {
		count := 0
		var at quoted
		for _, pair := range pairs(o.Title + "\n" + o.Hint) {
			if found, ok := find(lines, []string{pair}); ok {
				at = cmp.Or(at, found)
				count++
			}
		}
		if count > most {
			best, most = choice{[]quoted{at}, "原文说到了" + o.Title + "。", o.ID, middle}, count
		}
	}
	return best
}

// pairs are the neighbouring Chinese characters of a text, without those that
// every title has.
func pairs(text string) []string {
	text = strings.NewReplacer("因", "\n", "引起", "\n", "的投诉", "\n", "业务", "\n").Replace(text)
	var list []string
	runes := []rune(text)
	for i := 0; i+1 < len(runes); i++ {
		if han(runes[i]) && han(runes[i+1]) {
			list = append(list, string(runes[i:i+2]))
		}
	}
	return list
}

func han(r rune) bool { return r >= 0x4e00 && r <= 0x9fff }

func complaint(r *Request) any {
	var given struct {
		Options map[string][]option `json:"options"`
	}
	r.Given(&given)
	lines := r.Lines()
	several := func(group string) []choice {
		list := []choice{}
		for _, o := range given.Options[group] {
			if c := choose(lines, []option{o}); c.Code != unclear {
				list = append(list, c)
			}
		}
		return list
	}
	scripted := choice{Evidence: []quoted{}, Reason: "讲的是自己的经过。", Code: "不像", Certainty: middle}
	if at, ok := find(lines, []string{"全权委托", "依据以下条款逐条书面答复", "代理维权"}); ok {
		scripted = choice{[]quoted{at}, "是代写的套话。", "像", middle}
	}
	return struct {
		Channel  choice   `json:"channel"`
		Business choice   `json:"business"`
		Cause    choice   `json:"cause"`
		Flags    []choice `json:"flags"`
		Wants    []choice `json:"wants"`
		Scripted choice   `json:"scripted"`
	}{choose(lines, given.Options["A"]), choose(lines, given.Options["B"]), choose(lines, given.Options["C"]), several("flag"), several("appeal"), scripted}
}
