package store_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/store/storetest"
)

func TestABudgetIsNeverOverdrawnHoweverManyAskAtOnce(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	limit := casework.ModelBudget{Tokens: 1000}
	var granted, refused atomic.Int64
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			err := s.Reserve(t.Context(), "primary", noon, 150, 0.1, limit)
			switch e, _ := errors.AsType[*casework.Error](err); {
			case err == nil:
				granted.Add(1)
			case e != nil && e.Code == string(casework.TroubleBudget):
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if granted.Load() != 6 || refused.Load() != 14 {
		t.Errorf("%d granted, %d refused", granted.Load(), refused.Load())
	}
	must(t, s.Settle(t.Context(), "primary", noon, 150, 20, 0.1, 0.02))
	must(t, s.Reserve(t.Context(), "primary", noon, 150, 0.1, limit))                  // there is room again
	must(t, s.Reserve(t.Context(), "second", noon, 150, 0.1, limit))                   // each endpoint has its own
	must(t, s.Reserve(t.Context(), "primary", noon.AddDate(0, 0, 1), 150, 0.1, limit)) // and each day
	must(t, s.Reserve(t.Context(), "primary", noon, 1e6, 1e6, casework.ModelBudget{})) // no limit at all
	kind(t, s.Reserve(t.Context(), "second", noon, 1, 3, casework.ModelBudget{Cost: 3}), casework.Conflict)
	must(t, s.AppendCall(t.Context(), call(1, casework.CallEnded, ""), []byte(`{}`)))
	must(t, s.AppendCall(t.Context(), call(2, casework.CallEnded, casework.TroubleAway), nil))
	cached := call(3, casework.CallEnded, "")
	cached.Cached = true
	must(t, s.AppendCall(t.Context(), cached, []byte(`{}`)))
	days := have[[]casework.ModelDay](t)(s.ModelDays(t.Context(), noon))
	if len(days) != 3 || days[0].Day != "2026-03-03" || days[1].Endpoint != "primary" || days[1].Calls != 2 || days[1].Failed != 1 ||
		days[1].Tokens != 6*150+20+1e6 || days[1].Currency != "CNY" {
		t.Errorf("used %+v", days)
	}
}

func TestADayOfTheBudgetBeginsAtMidnightInBeijing(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	late := time.Date(2026, 3, 2, 23, 59, 0, 0, casework.Beijing)
	must(t, s.Reserve(t.Context(), "primary", late, 10, 0, casework.ModelBudget{Tokens: 10}))
	kind(t, s.Reserve(t.Context(), "primary", late.UTC(), 10, 0, casework.ModelBudget{Tokens: 10}), casework.Conflict)
	must(t, s.Reserve(t.Context(), "primary", late.Add(2*time.Minute), 10, 0, casework.ModelBudget{Tokens: 10}))
}

func TestAKeptAnswerServesUntilItsTimeIsOver(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	must(t, s.CacheAnswer(t.Context(), "old", []byte(`{"a":1}`), time.Now().AddDate(0, 0, -3)))
	must(t, s.CacheAnswer(t.Context(), "k", []byte(`{"a":1}`), noon))
	must(t, s.CacheAnswer(t.Context(), "k", []byte(`{"a":2}`), noon))
	if answer, found, err := s.CachedAnswer(t.Context(), "k", noon.Add(-time.Second)); !found || err != nil || string(answer) != `{"a":2}` {
		t.Errorf("found %v: %s, %v", found, answer, err)
	}
	for _, key := range []string{"k", "old", "none"} {
		if _, found, err := s.CachedAnswer(t.Context(), key, noon); found || err != nil {
			t.Errorf("%s: %v, %v", key, found, err)
		}
	}
}

func TestASwitchTurnsOffOneEndpointOrAll(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	off := func(endpoint string) bool { return have[bool](t)(s.SwitchedOff(t.Context(), endpoint)) }
	turn := func(endpoint string, off bool) {
		must(t, s.SwitchModel(t.Context(), casework.ModelSwitch{Endpoint: endpoint, Off: off, By: "u1", At: noon, Reason: "演练"}))
	}
	if off("primary") {
		t.Error("off without a switch")
	}
	turn("primary", true)
	if !off("primary") || off("second") {
		t.Error("the wrong one is off")
	}
	turn("primary", false)
	turn("all", true)
	if !off("primary") || !off("second") {
		t.Error("not all are off")
	}
	turn("all", false)
	if off("primary") {
		t.Error("still off")
	}
	switches := have[[]casework.ModelSwitch](t)(s.ModelSwitches(t.Context()))
	if len(switches) != 2 || switches[0].Endpoint != "all" || switches[0].Off || switches[0].Reason != "演练" || switches[0].By != "u1" {
		t.Errorf("switches %+v", switches)
	}
	kind(t, s.SwitchModel(t.Context(), casework.ModelSwitch{Endpoint: "third", By: "u1", At: noon, Reason: "x"}), casework.Invalid)
	kind(t, s.SwitchModel(t.Context(), casework.ModelSwitch{Endpoint: "all", By: "u1", At: noon}), casework.Invalid)
}

func TestOneLocalModelIsActive(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	if version := have[string](t)(s.ActiveLocalModel(t.Context())); version != "" {
		t.Errorf("%q is active", version)
	}
	publish := func(version, content string, active bool) {
		must(t, s.PublishLocalModel(t.Context(), casework.LocalModel{
			Version: version, Report: []byte(`{"f1": 0.8}`), PublishedBy: "u1", PublishedAt: noon, Active: active,
		}, []byte(content)))
	}
	publish("char@1#a", "one", true)
	publish("char@1#b", "two", false)
	if version := have[string](t)(s.ActiveLocalModel(t.Context())); version != "char@1#a" {
		t.Errorf("%q is active", version)
	}
	publish("char@1#b", "another", true) // what is on file never changes
	if content := have[[]byte](t)(s.LocalModel(t.Context(), "char@1#b")); string(content) != "two" {
		t.Errorf("content %s", content)
	}
	models := have[[]casework.LocalModel](t)(s.LocalModels(t.Context()))
	if len(models) != 2 || models[0].Active || !models[1].Active || models[1].Size != 3 || models[0].PublishedBy != "u1" {
		t.Errorf("models %+v", models)
	}
	_, err := s.LocalModel(t.Context(), "char@1#c")
	kind(t, err, casework.NotFound)
}

func TestEvaluationsStayOnRecord(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	for i := range 3 {
		must(t, s.FileEvaluation(t.Context(), casework.FiledEvaluation{
			ID: "e-" + itoa(i), Name: "试题", By: "u1", At: noon.Add(time.Duration(i) * time.Minute),
			Body: casework.Evaluation{Task: "screen", Engine: "local", Texts: 10 * i, Micro: casework.Score{F1: 0.9}},
		}))
	}
	first := have[casework.Listing[casework.FiledEvaluation]](t)(s.Evaluations(t.Context(), casework.PageRequest{Limit: 2}))
	next := have[casework.Listing[casework.FiledEvaluation]](t)(s.Evaluations(t.Context(), casework.PageRequest{Limit: 2, After: first.Next}))
	if first.Rows[0].ID != "e-00002" || first.Rows[0].Body.Texts != 20 || len(next.Rows) != 1 || next.Next != "" {
		t.Errorf("%+v then %+v", first, next)
	}
	one := have[casework.FiledEvaluation](t)(s.Evaluation(t.Context(), "e-00001"))
	if one.Body.Micro.F1 != 0.9 || one.Name != "试题" || !one.At.Equal(noon.Add(time.Minute)) {
		t.Errorf("one %+v", one)
	}
	_, err := s.Evaluation(t.Context(), "e-9")
	kind(t, err, casework.NotFound)
}

func TestAConsultationEndsOnceAndKeepsItsMapSealed(t *testing.T) {
	t.Parallel()
	s := storetest.New(t)
	tree(t, s)
	asked := casework.Consultation{ID: "k-1", Purpose: casework.ToClassify, OrgID: "ho", By: "u1", At: noon}
	document := casework.Document{Text: "客户：我叫张伟，要投诉。", Names: []string{"张伟"}, Channel: casework.ServiceCall}
	for range 2 {
		must(t, s.AddConsultation(t.Context(), asked, document))
	}
	got := have[casework.Document](t)(s.ConsultationDocument(t.Context(), "k-1"))
	if got.Text != document.Text || len(got.Names) != 1 {
		t.Errorf("document %+v", got)
	}
	if left := have[[]casework.Consultation](t)(s.LeftConsultations(t.Context(), noon.Add(time.Second))); len(left) != 1 {
		t.Errorf("left %+v", left)
	}
	ended := noon.Add(time.Minute)
	done := asked
	done.Status, done.Engine, done.Version, done.EndedAt, done.Answer = casework.ConsultationAnswered, casework.ByLLM, "m@complaint.v1", &ended, []byte(`{"a":"〔姓名1〕"}`)
	must(t, s.EndConsultation(t.Context(), done, []byte("sealed")))
	done.Status, done.Answer, done.Trouble = casework.ConsultationFailed, nil, casework.TroubleAway
	must(t, s.EndConsultation(t.Context(), done, []byte("other"))) // a late attempt
	kept := have[casework.Consultation](t)(s.Consultation(t.Context(), "k-1"))
	if kept.Status != casework.ConsultationAnswered || kept.Trouble != "" || string(kept.Answer) != `{"a": "〔姓名1〕"}` || !kept.EndedAt.Equal(ended) {
		t.Errorf("kept %+v", kept)
	}
	if sealed := have[[]byte](t)(s.PrivacyMap(t.Context(), "consultation/k-1")); string(sealed) != "sealed" {
		t.Errorf("map %s", sealed)
	}
	must(t, s.KeepPrivacyMap(t.Context(), "other", []byte("x"), noon))
	_, err := s.PrivacyMap(t.Context(), "consultation/k-2")
	kind(t, err, casework.NotFound)
	page := have[casework.Listing[casework.Consultation]](t)(s.Consultations(t.Context(), nil, casework.PageRequest{}))
	none := have[casework.Listing[casework.Consultation]](t)(s.Consultations(t.Context(), []string{"elsewhere"}, casework.PageRequest{}))
	if len(page.Rows) != 1 || len(none.Rows) != 0 {
		t.Errorf("listed %d and %d", len(page.Rows), len(none.Rows))
	}
}
