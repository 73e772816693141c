package desk_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"xiaobao/casework"
)

func TestTheNameOfTheCustomerIsMaskedInListsFindingsAndReport(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	u := o.user("HQ", casework.Officer)
	_, err := o.store.AddCustomers(t.Context(), []casework.Customer{{ID: "c-1", Name: "欧阳明珠"}, {ID: "c-2", Name: "诸葛青云"}})
	must(t, err)
	var batch []casework.Touchpoint
	for _, id := range []string{"c-1", "c-2", "c-9", ""} {
		batch = append(batch, casework.Touchpoint{
			ID: "t-" + id, Channel: casework.CollectionCall, OccurredAt: noon, OrgID: "HQ", CustomerID: id,
			Text: "坐席：欧阳明珠还是诸葛青云", Attributes: map[string]any{"heard": "欧阳明珠"},
		})
	}
	_, err = o.store.AddTouchpoints(t.Context(), "", batch)
	must(t, err)
	page, err := o.Touchpoints(t.Context(), u, casework.TouchpointFilter{}, casework.PageRequest{})
	must(t, err)
	want := map[string]string{
		"t-c-1": "坐席：＊＊＊＊还是诸葛青云", "t-c-2": "坐席：欧阳明珠还是＊＊＊＊", "t-c-9": "坐席：欧阳明珠还是诸葛青云", "t-": "坐席：欧阳明珠还是诸葛青云",
	}
	for _, row := range page.Rows {
		if row.Text != want[row.ID] {
			t.Errorf("%s is listed as %q", row.ID, row.Text)
		}
		one, err := o.Touchpoint(t.Context(), u, row.ID)
		must(t, err)
		if one.Text != want[row.ID] || (row.ID == "t-c-1") != (one.Attributes["heard"] == "＊＊＊＊") {
			t.Errorf("%s is shown as %+v", row.ID, one)
		}
	}
	if len(page.Rows) != len(want) {
		t.Errorf("%d are listed", len(page.Rows))
	}

	i := o.inspection(t, u, "")
	must(t, o.store.SavePlan(t.Context(), i.ID, []casework.PlannedItem{{
		Item: i.Items[0], Element: "SV", Title: "条目", Weight: 1, Method: casework.ByIndicators, Outcome: casework.ItemWaiting,
	}}))
	f := casework.Finding{
		ID: "f-1", Inspection: i.ID, Item: i.Items[0], Indicator: "col_threat", Title: "威胁", Touchpoint: "t-c-1", Channel: casework.CollectionCall,
		OccurredAt: noon, OrgID: "HQ", CustomerID: "c-1", Level: casework.Red, Engine: casework.ByRule, Certainty: 1, Basis: []string{"R12"},
		Evidence: []casework.Evidence{{Start: 3, End: 7, Quote: "欧阳明珠", Speaker: casework.Agent}}, Status: casework.FindingCandidate,
	}
	_, err = o.store.SaveItemFindings(t.Context(), i.ID, i.Items[0], 1, []casework.Finding{f})
	must(t, err)
	one, err := o.Finding(t.Context(), u, "f-1")
	must(t, err)
	list, err := o.Findings(t.Context(), u, casework.FindingFilter{Inspection: i.ID}, casework.PageRequest{})
	must(t, err)
	if one.Evidence[0].Quote != "＊＊＊＊" || len(list.Rows) != 1 || strings.Contains(text(list), "欧阳明珠") {
		t.Errorf("findings have %s and %s", text(one), text(list))
	}
	var book bytes.Buffer
	must(t, o.ReportXLSX(t.Context(), u, i.ID, &book))
	x, err := excelize.OpenReader(&book)
	must(t, err)
	quotes := 0
	for _, sheet := range x.GetSheetList() {
		rows, err := x.GetRows(sheet)
		must(t, err)
		if strings.Contains(text(rows), "欧阳明珠") {
			t.Errorf("the name is on sheet %s", sheet)
		}
		quotes += strings.Count(text(rows), "＊＊＊＊")
	}
	if quotes != 1 {
		t.Errorf("%d masks are in the report", quotes)
	}
}

func TestAQuoteOfAFindingIsMaskedByTheWordsAroundIt(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	u := o.user("HQ", casework.Officer)
	_, err := o.store.AddTouchpoints(t.Context(), "", []casework.Touchpoint{{
		ID: "t-1", Channel: casework.CollectionCall, OccurredAt: noon, OrgID: "HQ",
		Turns: []casework.Turn{{Speaker: casework.Consumer, Text: "😀我叫赵铁柱，手机13912345678"}, {Speaker: casework.Agent, Text: "赵铁柱你等着"}},
	}})
	must(t, err)
	i := o.inspection(t, u, "")
	must(t, o.store.SavePlan(t.Context(), i.ID, []casework.PlannedItem{{
		Item: i.Items[0], Element: "SV", Title: "条目", Weight: 1, Method: casework.ByIndicators, Outcome: casework.ItemWaiting,
	}}))
	_, err = o.store.SaveItemFindings(t.Context(), i.ID, i.Items[0], 1, []casework.Finding{{
		ID: "f-1", Inspection: i.ID, Item: i.Items[0], Indicator: "col_threat", Title: "威胁", Touchpoint: "t-1", Channel: casework.CollectionCall,
		OccurredAt: noon, OrgID: "HQ", Level: casework.Red, Engine: casework.ByRule, Certainty: 1, Basis: []string{"R12"}, Status: casework.FindingCandidate,
		Evidence: []casework.Evidence{{Start: 21, End: 27, Quote: "赵铁柱你等着", Speaker: casework.Agent}, {Start: 9, End: 14, Quote: "13912", Speaker: casework.Consumer}},
	}})
	must(t, err)
	list, err := o.Findings(t.Context(), u, casework.FindingFilter{Inspection: i.ID}, casework.PageRequest{})
	must(t, err)
	if shown := text(list.Rows); strings.Contains(shown, "铁柱") || strings.Contains(shown, "1391") || !strings.Contains(shown, "你等着") {
		t.Errorf("shown %s", shown)
	}
}
