package console_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"xiaobao/casework"
)

func TestExportedTextsAreNeverFormulas(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	attacks := []string{"=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"}
	for i, attack := range attacks {
		b.desk.AddFinding(casework.Finding{ID: "f-evil-" + string(rune('0'+i)), Inspection: "i-evil", AgentID: attack, Note: attack, Status: casework.FindingConfirmed})
	}
	body := b.get("/findings/export?format=csv&inspection=i-evil").body
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != len(attacks)+1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows[1:] {
		if last := row[len(row)-1]; !strings.HasPrefix(last, "'") {
			t.Errorf("the cell is %q", last)
		}
	}
	book, err := excelize.OpenReader(bytes.NewReader([]byte(b.get("/findings/export?format=xlsx&inspection=i-evil").body)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = book.Close() })
	kind, err := book.GetCellType(book.GetSheetName(0), "T2")
	if err != nil || kind == excelize.CellTypeFormula || kind == excelize.CellTypeNumber || kind == excelize.CellTypeUnset {
		t.Errorf("the cell is of type %v, %v", kind, err)
	}
	if formula, err := book.GetCellFormula(book.GetSheetName(0), "T2"); formula != "" || err != nil {
		t.Errorf("the cell computes %q, %v", formula, err)
	}
}

func TestAnExportHasAllRowsOfTheFilterAndIsAudited(t *testing.T) {
	t.Parallel()
	b := open(t, "officer")
	a := b.get("/touchpoints/export?format=csv&channel=collection_call")
	if n := strings.Count(a.body, "催收外呼"); n != 75 {
		t.Errorf("%d rows", n)
	}
	if !strings.Contains(a.header.Get("Content-Disposition"), `filename=touchpoints-2026-11-20.csv`) {
		t.Errorf("the file is %q", a.header.Get("Content-Disposition"))
	}
	if n := b.desk.Audited("list.export"); n != 2 { // one is in the sample
		t.Errorf("the trail has %d exports", n)
	}
}
