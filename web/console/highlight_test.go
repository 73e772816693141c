package console_test

import (
	"net/url"
	"testing"

	"xiaobao/casework"
)

func TestEvidenceIsMarkedWhereItStands(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"after speakers": {"客户：好吗？\n坐席：这款保本保息。", []string{`这款<mark class="mark-red" title="承诺保本保收益">保本保息</mark>。`}},
		"half-width":     {"坐席: 你好，保本保息", []string{` 你好，<mark class="mark-red"`}},
		"an address":     {"坐席：看 http://a.cn：保本保息", []string{`看 http://a.cn：<mark class="mark-red"`}},
		"no speaker":     {"这款保本保息：放心", []string{`这款<mark class="mark-red"`, "：放心"}},
	} {
		t.Run(name, func(t *testing.T) {
			b.post("/rulebook/try", url.Values{"channel": {"telemarketing_call"}, "text": {c.text}}).has(t, c.want...)
		})
	}
}

func TestOverlappingEvidenceShowsTheMostSerious(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	b.desk.AddTouchpoint(casework.Touchpoint{ID: "t-o", Channel: casework.ServiceChat, Turns: []casework.Turn{
		{Speaker: casework.Consumer, Text: "𠮷😀你好"}, {Speaker: casework.Agent, Text: "一二三四五六"},
	}})
	b.desk.AddFinding(casework.Finding{ID: "f-o", Inspection: "i-7f3a", Touchpoint: "t-o", Level: casework.Orange, Status: casework.FindingCandidate,
		Evidence: []casework.Evidence{{Start: 6, End: 8}, {Start: 7, End: 99}, {Start: 3, End: 2}}})
	b.get("/findings/f-o").has(t, `𠮷😀你好</p>`, `一<mark class="mark-orange" title="">二</mark><mark class="mark-orange" title="">三</mark><mark class="mark-orange" title="">四五六</mark>`)
}
