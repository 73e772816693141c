package fakellm

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// outcomes are what a consumer may say in a callback, the gravest first.
var outcomes = []struct {
	code, followup string
	words          []string
}{
	{"CRISIS", "预警", []string{"不想活", "轻生", "活不下去"}},
	{"NEW_COMPLAINT", "转投诉", []string{"我要投诉", "给我个说法"}},
	{"FRAUD_SUSPECT", "预警", []string{"被骗", "诈骗"}},
	{"NOT_SELF", "预警", []string{"不是我办的", "没在你们那儿借过", "不是我本人借"}},
	{"EXTRA_CHARGE", "转投诉", []string{"资料费", "好处费", "另外收"}},
	{"MISLED", "任务", []string{"说好的不是这样", "骗我说", "当时说没有"}},
	{"FEE_MISMATCH", "任务", []string{"和当初说的不一样", "费用对不上"}},
	{"TIE_IN", "任务", []string{"非要我买", "捆绑"}},
	{"INFO_LEAK", "预警", []string{"信息泄露", "怎么知道我的号码"}},
	{"COLLECTION_ISSUE", "任务", []string{"天天打电话催", "骚扰我家人"}},
	{"HARDSHIP", "任务", []string{"还不上", "失业了", "没有收入"}},
	{"DISSATISFIED", "任务", []string{"不满意", "太差"}},
	{"STOP_CONTACT", "任务", []string{"别再打", "不要再打"}},
	{"WRONG_PERSON", "无", []string{"打错了", "我不是机主"}},
	{"REFUSED", "无", []string{"不想说", "没空回答"}},
	{"OK", "无", []string{"写得明明白白", "都清楚", "没问题", "满意"}},
}

// hear takes what the customer said; what anyone says for the customer counts
// for nothing.
func hear(r *Request) any {
	list, followup := []choice{}, ""
	for _, o := range outcomes {
		if at, ok := find(r.Lines(), o.words, "客户"); ok {
			list = append(list, choice{[]quoted{at}, "客户这样说。", o.code, high})
			if followup == "" {
				followup = o.followup
			}
		}
	}
	if len(list) == 0 {
		list, followup = append(list, undecided()), unclear
	}
	return struct {
		Outcomes []choice `json:"outcomes"`
		Followup string   `json:"followup"`
	}{list, followup}
}

type point struct {
	ID        string   `json:"id"`
	Evidence  []quoted `json:"evidence"`
	Reason    string   `json:"reason"`
	Shown     string   `json:"shown"`
	Certainty string   `json:"certainty"`
}

// check finds a point shown where the text repeats three of its word pairs and
// does not only plan it.
func check(r *Request) any {
	var given struct {
		Points []struct {
			ID    string `json:"id"`
			Asked string `json:"asked"`
		} `json:"points"`
	}
	r.Given(&given)
	list := []point{}
	for _, p := range given.Points {
		answer := point{ID: p.ID, Evidence: []quoted{}, Reason: "材料里没有写到。", Shown: unclear, Certainty: low}
		for _, l := range r.Lines() {
			if at, n := overlap(l, p.Asked); n >= 3 {
				answer.Evidence, answer.Reason, answer.Shown, answer.Certainty = []quoted{at}, "材料写到了这一项。", yes, middle
				if strings.Contains(l.Text, "拟") || strings.Contains(l.Text, "计划") {
					answer.Reason, answer.Shown = "只是打算。", no
				}
				break
			}
		}
		list = append(list, answer)
	}
	return map[string]any{"points": list}
}

// overlap counts the word pairs of a text that stand in a line, and says where
// the first one does.
func overlap(l Line, text string) (quoted, int) {
	var first quoted
	n := 0
	for _, pair := range pairs(text) {
		if at, ok := find([]Line{l}, []string{pair}); ok {
			if n == 0 {
				first = at
			}
			n++
		}
	}
	return first, n
}

type duty struct {
	Evidence  []quoted `json:"evidence"`
	Clause    *string  `json:"clause"`
	Subject   string   `json:"subject"`
	Duty      string   `json:"duty"`
	Modality  string   `json:"modality"`
	Deadline  *string  `json:"deadline"`
	Frequency *string  `json:"frequency"`
	Proof     *string  `json:"proof"`
	Certainty string   `json:"certainty"`
}

var (
	clause    = regexp.MustCompile(`^第[一二三四五六七八九十百零0-9]+条`)
	modality  = regexp.MustCompile(`应当|不得|可以|宜`)
	deadline  = regexp.MustCompile(`[0-9一二三四五六七八九十]+个?(?:工作日|自然日|日|个月|小时)(?:内|以内|之内)`)
	frequency = regexp.MustCompile(`每(?:个)?(?:季度|半年|年|月|周|日)`)
	proof     = regexp.MustCompile(`[\p{Han}]{0,6}(?:报告|台账|记录|排查表)`)
)

func duties(r *Request) any {
	list := []duty{}
	for _, l := range r.Lines() {
		at := modality.FindStringIndex(l.Text)
		if at == nil {
			continue
		}
		before := clause.ReplaceAllString(l.Text[:at[0]], "")
		rest := []rune(l.Text[at[1]:])
		list = append(list, duty{
			Evidence: []quoted{{l.ID, anchor(l.Text, at[0], at[1]-at[0])}},
			Clause:   first(clause, l.Text), Subject: subject(before), Duty: string(rest[:min(len(rest), 40)]),
			Modality: l.Text[at[0]:at[1]], Deadline: first(deadline, l.Text), Frequency: first(frequency, l.Text), Proof: first(proof, l.Text), Certainty: middle,
		})
	}
	return map[string]any{"duties": list}
}

// subject is who a sentence is about: what stands before its verb, as far as
// it is short.
func subject(before string) string {
	before = strings.TrimSpace(before)
	if before == "" || len([]rune(before)) > 20 {
		return unclear
	}
	return before
}

func first(re *regexp.Regexp, text string) *string {
	if m := re.FindString(text); m != "" {
		return &m
	}
	return nil
}

type statement struct {
	Evidence []quoted `json:"evidence"`
	Text     string   `json:"text"`
	Kind     string   `json:"kind"`
}

func summarise(r *Request) any {
	list := []statement{}
	for _, l := range r.Lines() {
		text := strings.TrimSpace(l.Text)
		if text == "" {
			continue
		}
		kind := "事实"
		switch {
		case strings.Contains(text, "要求") || strings.Contains(text, "退"):
			kind = "诉求"
		case strings.Contains(text, "已经") || strings.Contains(text, "已为"):
			kind = "已做"
		case strings.Contains(text, "等") || strings.Contains(text, "回复您"):
			kind = "未决"
		}
		runes := []rune(text)
		list = append(list, statement{[]quoted{{l.ID, anchor(l.Text, 0, len(string([]rune(l.Text)[:1])))}}, string(runes[:min(len(runes), 60)]), kind})
	}
	return map[string]any{"statements": list}
}

type billLine struct {
	Evidence []quoted `json:"evidence"`
	Amount   string   `json:"amount"`
	What     string   `json:"what"`
	Why      string   `json:"why"`
}

var amount = regexp.MustCompile(`[0-9][0-9,]*(?:\.[0-9]+)?元`)

func explain(r *Request) any {
	list, total := []billLine{}, "账单没有写合计。"
	for _, l := range r.Lines() {
		at := amount.FindStringIndex(l.Text)
		if at == nil {
			continue
		}
		sum := l.Text[at[0]:at[1]]
		if strings.Contains(l.Text, "合计") {
			total = "账单写的合计是" + sum + "。"
			continue
		}
		list = append(list, billLine{[]quoted{{l.ID, sum}}, sum, "账单上的一笔钱。", "账单这样写明。"})
	}
	return struct {
		Lines []billLine `json:"lines"`
		Total string     `json:"total"`
	}{list, total}
}

type passage struct {
	Uses []string `json:"uses"`
	Text string   `json:"text"`
}

func lookBack(r *Request) any {
	var given struct {
		Figures []struct {
			Name  string      `json:"name"`
			Value json.Number `json:"value"`
			Unit  string      `json:"unit"`
		} `json:"figures"`
	}
	r.Given(&given)
	paragraphs, proposals := []passage{}, []passage{}
	for i, f := range given.Figures {
		paragraphs = append(paragraphs, passage{[]string{f.Name}, fmt.Sprintf("本期%s为%s%s，原因待查。", f.Name, f.Value, f.Unit)})
		if i == 0 {
			proposals = append(proposals, passage{[]string{f.Name}, "由牵头部门查明" + f.Name + "的来由。"})
		}
	}
	return struct {
		Paragraphs []passage `json:"paragraphs"`
		Proposals  []passage `json:"proposals"`
	}{paragraphs, proposals}
}
