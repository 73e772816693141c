package activities_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/rulebook"
	"xiaobao/screening/charmodel"
	"xiaobao/workflows"
)

// trained is a local model that has learnt one way of being rude, which no
// rule knows.
func trained(t *testing.T) *charmodel.Model {
	t.Helper()
	book, err := rulebook.Builtin()
	check(t, err)
	var examples []charmodel.Example
	for n := range 60 {
		text, shows := fmt.Sprintf("坐席：您好，第%d号业务这就为您办理，请稍等。", n), []string(nil)
		if n%4 == 0 {
			text, shows = fmt.Sprintf("坐席：第%d号业务，你这悟性还不如我家门口的石墩子。", n), []string{rude}
		}
		examples = append(examples, charmodel.Example{Touchpoint: casework.Touchpoint{ID: fmt.Sprint(n), Channel: casework.ServiceCall, Text: text}, Shows: shows})
	}
	model, _, err := charmodel.Train(examples, charmodel.Options{Book: book})
	check(t, err)
	return model
}

func TestWhatNoRuleCaughtIsRankedAndSavedWithItsPage(t *testing.T) {
	t.Parallel()
	c := newCourt(t, false)
	model := trained(t)
	var file bytes.Buffer
	_, err := model.WriteTo(&file)
	check(t, err)
	check(t, c.store.PublishLocalModel(t.Context(), casework.LocalModel{
		Version: model.Version(), Report: []byte(`{}`), PublishedBy: "u-li", PublishedAt: monday, Active: true,
	}, file.Bytes()))
	var batch []casework.Touchpoint
	for n := range 40 {
		text := fmt.Sprintf("坐席：您好，第%d号业务这就为您办理，请稍等。", 100+n)
		if n%10 == 0 {
			text = fmt.Sprintf("坐席：第%d号业务，你这悟性还不如我家门口的石墩子。", 100+n)
		}
		batch = append(batch, casework.Touchpoint{ID: fmt.Sprintf("t-%02d", n), Channel: casework.ServiceCall, OccurredAt: monday.Add(time.Duration(n) * time.Minute), Text: text})
	}
	_, err = c.store.AddTouchpoints(t.Context(), "", batch)
	check(t, err)
	c.acts.Rules = annual{c.acts.Rules}
	order := workflows.InspectionOrder{ID: "i-1", Checklist: "annual", RulebookHash: hash, Scope: scope, OrderedBy: "u-li", OrgID: "HQ"}

	draw := done(c, workflows.DrawScope, order)
	if draw.Cascade == nil || draw.Cascade.Local != model.Version() || draw.Cascade.Model != "m1" || draw.Cascade.Second != "" || draw.Cascade.Share != 0.05 {
		t.Fatalf("drawn with %+v", draw.Cascade)
	}
	test := workflows.ChunkTest{Inspection: "i-1", RulebookHash: hash, Scope: scope, Chunk: draw.Chunks[0], Local: draw.Cascade.Local}
	for range 2 { // the second finds it done
		if result := done(c, workflows.TestTouchpoints, test); result.Tested != 40 {
			t.Errorf("tested %+v", result)
		}
	}
	count := c.count()
	// Four are rude; the model may suspect a few more, but not most of them.
	if seen := count.Undecided + count.Local; seen < 4 || seen > 8 || count.Rules != 0 {
		t.Errorf("counted %+v", count)
	}
	c.acts.Models.First = nil // a later worker has no endpoint: the plan stays
	if again := done(c, workflows.DrawScope, order); again.Cascade == nil || again.Cascade.Model != "m1" {
		t.Errorf("drawn again with %+v", again.Cascade)
	}
}

// annual is a rulebook with a checklist of one item.
type annual struct {
	rules interface {
		Indicator(id string) (*rulebook.Indicator, bool)
		Checklist(id string) (*rulebook.Checklist, bool)
		Version() string
	}
}

func (a annual) Indicator(id string) (*rulebook.Indicator, bool) { return a.rules.Indicator(id) }
func (a annual) Version() string                                 { return a.rules.Version() }
func (a annual) Checklist(id string) (*rulebook.Checklist, bool) {
	return &rulebook.Checklist{
		ID: "annual", Pack: &rulebook.Pack{ID: "checklist", Version: "1"}, Elements: []rulebook.EvalElement{{ID: "CO", Weight: 1}},
		Items: []rulebook.ChecklistItem{{ID: "I-1", Element: "CO", Method: casework.ByIndicators, Indicators: []string{rude}, Weight: 1}},
	}, id == "annual"
}

func TestWithoutModelsAnInspectionIsDrawnAsBefore(t *testing.T) {
	t.Parallel()
	c := newCourt(t, false)
	c.acts.Rules, c.acts.Models.First = annual{c.acts.Rules}, nil
	draw := done(c, workflows.DrawScope, workflows.InspectionOrder{ID: "i-1", Checklist: "annual", RulebookHash: hash, Scope: scope})
	if draw.Cascade != nil {
		t.Errorf("drawn with %+v", draw.Cascade)
	}
	count, err := c.store.Cascade(t.Context(), "i-1")
	if err != nil || count != nil {
		t.Errorf("counted %+v, %v", count, err)
	}
}
