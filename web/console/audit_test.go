package console_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"xiaobao/casework"
)

func TestTheTrailIsInWords(t *testing.T) {
	t.Parallel()
	source, err := filepath.Glob("../../desk/*.go")
	if err != nil || len(source) == 0 {
		t.Fatalf("no desk: %v", err)
	}
	zh := words(t, "zh")
	menu := open(t, "auditor").get("/audit").body
	action := regexp.MustCompile(`(?:audit|mayTouch|schedule)\(ctx, [^"\n]*"([a-z_]+\.[a-z_]+)"`)
	seen := 0
	for _, file := range source {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range action.FindAllStringSubmatch(string(text), -1) {
			seen++
			if zh["audit_action."+match[1]] == "" || !strings.Contains(menu, `<option value="`+match[1]+`"`) {
				t.Errorf("%s writes %s, which the page of the trail does not know", file, match[1])
			}
		}
	}
	if seen < 20 {
		t.Errorf("found only %d actions: the search is wrong", seen)
	}
}

func TestEntriesOfTheTrailAreReadable(t *testing.T) {
	t.Parallel()
	b := open(t, "reviewer")
	b.desk.AddAudit(casework.AuditEntry{By: "u-li", Action: "user.add", Object: "user/u-wang", Detail: `{"role":"officer","org":"sh","note":null}`})
	b.desk.AddAudit(casework.AuditEntry{By: "system", Action: "finding.decide", Object: "inspection/i-7f3a",
		Detail: `{"verdict":"dismiss","reason":"false_hit","findings":3,"overrule":true,"skip_invalid":false,"sample":0,"from":"2026-03-01T00:00:00+08:00","unheard":[1]}`})
	b.desk.AddAudit(casework.AuditEntry{By: "u-li", Action: "new.thing", Object: "thing/1", Detail: `null`})
	a := b.get("/audit")
	a.has(t, "用户 王海燕", `<span class="muted">角色</span> 消保专员`, "上海分公司", `检查 <a href="/inspections/i-7f3a">`, `<span class="muted">认定</span> 排除`,
		"误报", `<span class="muted">改正认定</span> 是`, "2026-03-01", "[1]", "系统", "new.thing", "thing/1")
	a.lacks(t, "null", "跳过有误的行", "抽样数量", `{&#34;`, "false_hit")
	b.get("/audit/export?format=csv").has(t, "认定问题", "finding.decide", "认定 排除", "原始详情")
	b.get("/audit?action=finding.decide").has(t, `<option value="finding.decide" selected>`)
}

func TestCodesOfAnInspectionShowInWords(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	b.desk.Note("i-7f3a", casework.WhyProcedureFailed)
	a := b.get("/inspections/i-7f3a")
	a.has(t, "系统流程异常终止")
	a.has(t, "判断规则未能定论的触点", "模型服务没有响应")
	a.lacks(t, casework.WhyProcedureFailed, casework.EventJudging, casework.EventJudged, string(casework.TroubleAway))
	b.desk.Note("i-7f3a", string(casework.TroubleNone))
	b.get("/inspections/i-7f3a").lacks(t, string(casework.TroubleNone), "没有配置大模型")
	b.desk.SetProgress("i-7f3a", 0, casework.InspectionAdjudicating)
	b.get("/inspections/i-7f3a").has(t, "范围内触点")
	b.get("/findings").has(t, `<a href="/inspections/i-7f3a">`)
	b.get("/findings?inspection=i-7f3a").lacks(t, `<td data-label="所属检查"`)
}
