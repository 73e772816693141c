package desk_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/desk"
	"xiaobao/privacy"
	"xiaobao/workflows"
)

// modelActs are what users may ask about engines beyond the rules.
func modelActs() []act {
	page := casework.PageRequest{}
	return []act{
		{"Models", casework.ViewModels, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.Models(ctx, u)
			return err
		}},
		{"ModelCalls", casework.ViewModels, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.ModelCalls(ctx, u, casework.ModelCallFilter{}, page)
			return err
		}},
		{"SwitchModel", casework.SwitchModels, func(ctx context.Context, o *office, u casework.User) error {
			return o.SwitchModel(ctx, u, "", true, "")
		}},
		{"LocalModels", casework.ViewModels, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.LocalModels(ctx, u)
			return err
		}},
		{"PublishLocalModel", casework.SwitchModels, func(ctx context.Context, o *office, u casework.User) error {
			return o.PublishLocalModel(ctx, u, "v", []byte("x"), []byte("{}"))
		}},
		{"Labels", casework.ExportData, func(ctx context.Context, o *office, u casework.User) error {
			return o.Labels(ctx, u, func(casework.LabelledTouchpoint) error { return nil })
		}},
		{"Cascade", casework.ViewInspections, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.Cascade(ctx, u, "i-none")
			return err
		}},
		{"VerifyCalls", casework.ViewAudit, func(ctx context.Context, o *office, u casework.User) error {
			_, _, err := o.VerifyCalls(ctx, u)
			return err
		}},
		{"Evaluations", casework.ViewModels, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.Evaluations(ctx, u, page)
			return err
		}},
		{"Evaluation", casework.ViewModels, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.Evaluation(ctx, u, "e-none")
			return err
		}},
		{"Consult", casework.Consult, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.Consult(ctx, u, "", "", casework.Document{})
			return err
		}},
		{"Consultation", casework.Consult, func(ctx context.Context, o *office, u casework.User) error {
			_, _, err := o.Consultation(ctx, u, "k-none")
			return err
		}},
		{"RevealConsultation", casework.RevealPersonal, func(ctx context.Context, o *office, u casework.User) error {
			_, _, err := o.RevealConsultation(ctx, u, "k-none")
			return err
		}},
		{"Consultations", casework.Consult, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.Consultations(ctx, u, page)
			return err
		}},
	}
}

func TestASwitchNeedsAReasonAndIsOnTheTrail(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	u := o.user("HQ", casework.Reviewer)
	kind(t, o.SwitchModel(t.Context(), u, casework.AllModels, true, "  "), casework.Invalid)
	kind(t, o.SwitchModel(t.Context(), u, "third", true, "演练"), casework.Invalid)
	must(t, o.SwitchModel(t.Context(), u, casework.AllModels, true, "供应商报告结果异常"))
	o.Settings = desk.ModelSettings{
		Share: 0.05, Masking: func() (string, error) { return "mask@1", nil },
		Endpoints: []casework.ModelStanding{{Endpoint: "primary", Model: "m", Today: casework.ModelDay{Limit: casework.ModelBudget{Tokens: 100}}}},
	}
	must(t, o.store.Reserve(t.Context(), "primary", noon, 40, 0, casework.ModelBudget{Tokens: 50}))

	standing, err := o.Models(t.Context(), o.user("HQ", casework.Auditor))
	must(t, err)
	if standing.All == nil || !standing.All.Off || standing.All.By != u.ID || standing.All.Reason != "供应商报告结果异常" || standing.Masking != "mask@1" {
		t.Errorf("standing %+v", standing)
	}
	first, second := standing.Endpoints[0], standing.Endpoints[1]
	if !first.Configured || first.Today.Tokens != 40 || first.Today.Limit.Tokens != 100 || second.Configured || second.Endpoint != "second" {
		t.Errorf("endpoints %+v", standing.Endpoints)
	}
	trail := o.trail(t)
	last := trail[len(trail)-1]
	if last.Action != "model.switch" || last.Object != "model/all" || strings.Contains(last.Detail, "供应商") {
		t.Errorf("on the trail: %+v", last)
	}
}

func TestAConsultationIsAskedOnceAndShownMasked(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.Settings.Key = []byte(strings.Repeat("k", 32))
	u := o.user("B1", casework.Officer)
	doc := casework.Document{Text: "客户：我叫张伟，电话13912345678，要投诉。", Names: []string{"张伟", " "}, Context: "张伟的投诉"}
	id, err := o.Consult(t.Context(), u, "r-1", casework.ToSummarise, doc)
	must(t, err)
	again, err := o.Consult(t.Context(), u, "r-1", casework.ToSummarise, doc)
	must(t, err)
	order, ok := o.temporal.started[workflows.ConsultationWorkflowID(id)].(workflows.ConsultationOrder)
	if again != id || !ok || order.ID != id || order.Purpose != casework.ToSummarise || len(o.temporal.started) != 1 {
		t.Errorf("asked %s and %s: %+v", id, again, o.temporal.started)
	}
	other := doc
	other.Text = "另一份材料。"
	_, err = o.Consult(t.Context(), u, "r-1", casework.ToSummarise, other)
	kind(t, err, casework.Conflict)

	// What the worker does: it masks the answer and seals what its tokens stand for.
	tokens := privacy.NewMasker(nil).Document("张伟")
	answer, err := json.Marshal(casework.SummaryAnswer{Statements: []casework.Statement{{Text: tokens.Mask("张伟要投诉").Text, Kind: "demand"}}})
	must(t, err)
	sealed, err := tokens.Seal(o.Settings.Key, workflows.ConsultationWorkflowID(id))
	must(t, err)
	ended := noon.Add(time.Minute)
	must(t, o.store.EndConsultation(t.Context(), casework.Consultation{
		ID: id, Status: casework.ConsultationAnswered, Engine: casework.ByLLM, Version: "m@summary.v1#1", Answer: answer, EndedAt: &ended,
	}, sealed))

	masked, document, err := o.Consultation(t.Context(), u, id)
	must(t, err)
	for _, secret := range []string{"张伟", "13912345678"} {
		if strings.Contains(text(masked)+text(document), secret) {
			t.Errorf("%q is shown: %s %s", secret, text(masked), text(document))
		}
	}
	if len([]rune(document.Text)) != len([]rune(doc.Text)) {
		t.Errorf("the mask changed the length: %s", document.Text)
	}
	before := len(o.trail(t))
	plain, whole, err := o.RevealConsultation(t.Context(), u, id)
	must(t, err)
	if !strings.Contains(string(plain.Answer), "张伟要投诉") || whole.Text != doc.Text {
		t.Errorf("revealed %s of %+v", plain.Answer, whole)
	}
	trail := o.trail(t)
	if len(trail) != before+1 || trail[before].Action != "consultation.reveal" || trail[before].Object != "consultation/"+id {
		t.Errorf("on the trail: %+v", trail[before:])
	}

	_, _, err = o.Consultation(t.Context(), o.user("P", casework.Officer), id) // of another institution
	kind(t, err, casework.NotFound)
	list, err := o.Consultations(t.Context(), o.user("P", casework.Officer), casework.PageRequest{})
	must(t, err)
	ours, err := o.Consultations(t.Context(), u, casework.PageRequest{})
	must(t, err)
	if len(list.Rows) != 0 || len(ours.Rows) != 1 {
		t.Errorf("listed %d and %d", len(list.Rows), len(ours.Rows))
	}
	o.Settings.Key = []byte(strings.Repeat("x", 32))
	_, _, err = o.RevealConsultation(t.Context(), u, id)
	kind(t, err, casework.Internal)
}

func TestADocumentThatCannotBeReadIsRefusedInWords(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for name, test := range map[string]struct {
		purpose casework.Purpose
		doc     casework.Document
	}{
		"no purpose":         {"fly", casework.Document{Text: "一"}},
		"no text":            {casework.ToReview, casework.Document{Text: " \n"}},
		"too long":           {casework.ToReview, casework.Document{Text: strings.Repeat("字", casework.MaxTextRunes+1)}},
		"no text at all":     {casework.ToReview, casework.Document{Text: "a\x00b"}},
		"an unknown channel": {casework.ToReview, casework.Document{Text: "一", Channel: "pigeon"}},
		"too many names":     {casework.ToReview, casework.Document{Text: "一", Names: strings.Split(strings.Repeat("张 ", 101), " ")}},
	} {
		_, err := o.Consult(t.Context(), o.user("HQ", casework.Officer), "", test.purpose, test.doc)
		ours, ok := errors.AsType[*casework.Error](err)
		if !ok || ours.Kind != casework.Invalid || ours.Chinese == "" || !strings.HasPrefix(ours.Code, "field:") {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := o.Consult(t.Context(), o.user("HQ", casework.Officer), "", casework.ToLookBack, casework.Document{Context: `[{"name":"投诉量","value":12}]`})
	must(t, err)
}

func TestAConsultationLeftBehindIsStarted(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	must(t, o.store.AddConsultation(t.Context(), casework.Consultation{
		ID: "k-1", Purpose: casework.ToReview, OrgID: "HQ", By: "u-x", At: noon.Add(-time.Hour),
	}, casework.Document{Text: "一"}))
	for range 2 {
		must(t, o.StartConsultations(t.Context()))
	}
	if _, ok := o.temporal.started["consultation/k-1"]; !ok || len(o.temporal.started) != 1 {
		t.Errorf("started %v", o.temporal.started)
	}
}

func TestLabelsLeaveTheHouseMaskedAndForTheWholeOfIt(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	none := func(casework.LabelledTouchpoint) error { return nil }
	kind(t, o.Labels(t.Context(), o.user("B1", casework.Officer), none), casework.Denied)
	must(t, o.Labels(t.Context(), o.user("HQ", casework.Officer), none))
	if trail := o.trail(t); trail[len(trail)-1].Action != "labels.export" {
		t.Errorf("on the trail: %+v", trail[len(trail)-1])
	}
}

func TestEvaluationsAndLocalModelsAreFiledByWhoMay(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	officer, auditor := o.user("HQ", casework.Officer), o.user("HQ", casework.Auditor)
	_, err := o.FileEvaluation(t.Context(), auditor, "试题", casework.Evaluation{})
	kind(t, err, casework.Denied)
	_, err = o.FileEvaluation(t.Context(), officer, " ", casework.Evaluation{})
	kind(t, err, casework.Invalid)
	id, err := o.FileEvaluation(t.Context(), officer, "试题", casework.Evaluation{Task: "screen", Engine: "local", Texts: 7})
	must(t, err)
	filed, err := o.Evaluation(t.Context(), auditor, id)
	must(t, err)
	if filed.Body.Texts != 7 || filed.By != officer.ID || filed.Name != "试题" {
		t.Errorf("filed %+v", filed)
	}
	must(t, o.PublishLocalModel(t.Context(), o.user("HQ", casework.Admin), "char@1#a", []byte("x"), []byte(`{}`)))
	models, err := o.LocalModels(t.Context(), auditor)
	must(t, err)
	if len(models) != 1 || !models[0].Active {
		t.Errorf("models %+v", models)
	}
	calls, broken, err := o.VerifyCalls(t.Context(), auditor)
	if calls != 0 || broken != 0 || err != nil {
		t.Errorf("%d calls, broken at %d, %v", calls, broken, err)
	}
}
