package unaided

import (
	"regexp"
	"strings"

	"xiaobao/casework"
)

// modalities are the words by which a text sets duties, the longer first.
var modalities = []struct{ word, kind string }{
	{"不得", "must_not"}, {"禁止", "must_not"}, {"严禁", "must_not"}, {"不应", "must_not"}, {"不可", "must_not"},
	{"应当", "must"}, {"必须", "must"}, {"有义务", "must"}, {"须", "must"}, {"应", "must"},
	{"鼓励", "should"}, {"宜", "should"}, {"可以", "may"}, {"有权", "may"},
}

var (
	clauseNumber = regexp.MustCompile(`^\s*(第[一二三四五六七八九十百千零〇0-9]+条(?:之[一二三四五六七八九十]+)?)`)
	deadline     = regexp.MustCompile(`(?:[0-9]{4}年)?[0-9]{1,2}月(?:[0-9]{1,2}日|底|末)(?:之?前|以前)|(?:自[^，。；]{1,20}起)?[0-9一二三四五六七八九十百]+个?(?:工作日|自然日|日|天|个月|月|小时|年)(?:以?内|之内|前)`)
	frequency    = regexp.MustCompile(`每(?:半)?(?:日|天|周|月|季度|季|半年|年)(?:度)?(?:至少)?(?:[一二三四0-9]+次)?|定期|按年度|按季度`)
	keeping      = regexp.MustCompile(`(?:报送|提交|留存|保存|形成|编制|建立|出具|填写)了?([^，。；、]{0,30}?(?:报告|记录|台账|档案|清单|录音录像))`)
	proof        = regexp.MustCompile(`[^，。；、]{0,8}(?:报告|记录|台账|档案|清单|留痕|书面[^，。；、]{0,4}|录音录像)`)
)

// wordsWith are words with 应 and 须 inside that set no duty.
var wordsWith = strings.NewReplacer("相应", "＊＊", "对应", "＊＊", "应急", "＊＊", "应用", "＊＊", "适应", "＊＊", "供应", "＊＊", "反应", "＊＊", "响应", "＊＊", "应收", "＊＊", "应付", "＊＊", "应还", "＊＊", "无须", "＊＊", "必须", "必须", "适宜", "＊＊", "事宜", "＊＊", "不应", "不应", "应当", "应当")

// ReadDuties takes the sentences that set a duty out of a regulation, letter
// or notice. It reads word by word: a person accepts, edits or drops each.
func ReadDuties(d casework.Document) casework.DutiesAnswer {
	answer := casework.DutiesAnswer{Duties: []casework.Duty{}}
	clause, subject := "", ""
	for _, s := range sentences(d.Text) {
		if m := clauseNumber.FindStringSubmatch(s.text); m != nil {
			clause, subject = m[1], ""
		}
		kind, at, length := modality(s.text)
		if kind == "" {
			continue
		}
		before := strings.TrimSpace(clauseNumber.ReplaceAllString(s.text[:at], ""))
		if who := lastPart(before); who != "" {
			subject = who
		}
		answer.Duties = append(answer.Duties, casework.Duty{
			Clause: clause, Subject: subject, Modality: kind,
			Duty:     strings.TrimRight(strings.TrimSpace(s.text[at+length:]), "。；;"),
			Deadline: deadline.FindString(s.text), Frequency: frequency.FindString(s.text), Proof: proofIn(s.text),
			Certainty: 0.6, Evidence: []casework.Evidence{s.evidence()},
		})
	}
	return answer
}

// proofIn is what a duty leaves behind: what its verb of keeping or sending
// names or, without one, the words before a kind of record.
func proofIn(text string) string {
	if m := keeping.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return proof.FindString(text)
}

// modality finds the first word that sets a duty, in bytes.
func modality(text string) (kind string, at, length int) {
	masked := wordsWith.Replace(text)
	if len(masked) != len(text) { // each replacement has as many bytes as what it hides
		masked = text
	}
	at = len(text)
	for _, m := range modalities {
		if i := strings.Index(masked, m.word); i >= 0 && i < at {
			kind, at, length = m.kind, i, len(m.word)
		}
	}
	return kind, at, length
}

// lastPart is who a duty falls on: what stands right before its word.
func lastPart(before string) string {
	before = strings.TrimRight(before, "，,、：: ")
	if i := strings.LastIndexAny(before, "，,：:"); i >= 0 {
		before = strings.TrimLeft(before[i:], "，,：: ")
	}
	if len([]rune(before)) > 30 {
		return ""
	}
	return before
}
