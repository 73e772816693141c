package e2e_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"xiaobao/casework"
)

// A month is a month of touchpoints of our own, some of which the local model
// doubts. Each has words of its own, so that no answer about one is an answer
// about another.
type month struct {
	no       int // of 2018
	all      int // touchpoints
	doubtful int
	ruled    int // that a rule catches
	// further are touchpoints beyond those, such as one that holds personal data.
	further []casework.Touchpoint
}

// What the local model doubts, the likeliest first. The fake endpoint sees it
// in all but the second.
var doubtful = []struct {
	channel casework.Channel
	said    string
}{
	{casework.TelemarketingCall, "坐席：行，那我过两天再给您打。"},
	{casework.CollectionCall, "坐席：您好，请问是本人吗？\n客户：是我，家里人病着，钱都在医院里。\n坐席：生病是你家的事，账单不等人，明天必须到。"},
	{casework.TelemarketingCall, "坐席：过两天再给您打。"},
	{casework.TelemarketingCall, "坐席：您好，不是贷款，您看怎么样？"},
	{casework.TelemarketingCall, "坐席：我跟您说实话，过两天再给您打，您今天就定下来吧。"},
	{casework.TelemarketingCall, "坐席：您先别急着拒绝。"},
}

const (
	ruled = "坐席：再不还我就叫人去你家坐着，让你在村里抬不起头。"
	clean = "坐席：您好，请问这笔款什么时候方便处理？\n客户：下周发工资。\n坐席：好的，给您备注了，如有困难可以申请延期。"
)

// Where customers of a month are, and what keeps the customer of a touchpoint.
var (
	places = []string{"家里", "单位", "路上", "车上", "店里", "外面", "楼下", "地里", "仓库", "厨房", "船上", "田边"}
	chores = []string{"信号不好，先这样", "现在有客人", "等会儿还有事", "孩子在哭", "手上没空", "正排队呢", "要去接人", "快到站了", "锅还烧着", "灯坏了在修", "狗跑出去了"}
)

// touchpoints are those of the month.
func (m month) touchpoints() []casework.Touchpoint {
	list := append([]casework.Touchpoint{}, m.further...)
	add := func(channel casework.Channel, text string) {
		n := len(list)
		list = append(list, casework.Touchpoint{Channel: channel, Text: fmt.Sprintf("%s\n客户：我在%s，%s。", text, places[m.no-1], chores[n%len(chores)])})
	}
	for n := range m.doubtful {
		add(doubtful[n%len(doubtful)].channel, doubtful[n%len(doubtful)].said)
	}
	for range m.ruled {
		add(casework.CollectionCall, ruled)
	}
	for len(list) < m.all {
		add(casework.CollectionCall, clean)
	}
	first := time.Date(2018, time.Month(m.no), 1, 9, 0, 0, 0, casework.Beijing)
	for n := range list {
		list[n].ID, list[n].OrgID = fmt.Sprintf("doubt-%02d-%03d", m.no, n), "HQ"
		list[n].OccurredAt = first.AddDate(0, 0, n%28).Add(time.Duration(n) * time.Second)
	}
	return list
}

// scope are the arguments of an inspection of the month.
func (m month) scope() []string {
	first := time.Date(2018, time.Month(m.no), 1, 0, 0, 0, 0, casework.Beijing)
	return []string{"--from", first.Format(time.DateOnly), "--to", first.AddDate(0, 1, -1).Format(time.DateOnly), "--items", "I-030,I-060"}
}

// take imports months.
func take(t *testing.T, officer person, months ...month) {
	t.Helper()
	var lines strings.Builder
	out := json.NewEncoder(&lines)
	for _, m := range months {
		for _, touchpoint := range m.touchpoints() {
			if err := out.Encode(touchpoint); err != nil {
				t.Fatal(err)
			}
		}
	}
	name := filepath.Join(t.TempDir(), "doubts.jsonl")
	if err := os.WriteFile(name, []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	officer.run("import", "touchpoints", name)
}

// begin orders an inspection of the month and does not wait for it.
func (m month) begin(p person, name string) casework.Inspection {
	p.t.Helper()
	var i casework.Inspection
	p.ask(&i, append([]string{"inspect", "start", "--name", name}, m.scope()...)...)
	return i
}

// opened waits until the findings of an inspection are open.
func opened(p person, id string, within time.Duration) casework.Inspection {
	p.t.Helper()
	var i casework.Inspection
	until(p.t, "findings of "+id, within, func() bool {
		p.ask(&i, "inspect", "show", id)
		return i.Status == casework.InspectionAdjudicating
	})
	return i
}
