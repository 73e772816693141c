package charmodel_test

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"testing"

	"xiaobao/casework"
	"xiaobao/rulebook"
	"xiaobao/screening/charmodel"
)

// few are the indicators of the model that tests share: enough to have
// siblings, few enough to be learnt in a moment.
var few = []string{
	"col_threat_violence", "col_abuse_insult", "col_private_collection", "cs_poor_attitude", "cs_obstruct_complaint",
	"cs_repeat_contact", "cs_escalation_intent", "tm_guaranteed_approval", "tm_zero_interest_misleading", "soc_illegal_course",
}

// someExamples are those of the few, and ordinary contacts.
func someExamples(b *rulebook.Book) []charmodel.Example {
	about := func(x charmodel.Example) bool {
		return slices.ContainsFunc(slices.Concat(x.Shows, x.Not), func(id string) bool { return slices.Contains(few, id) })
	}
	var out []charmodel.Example
	for _, x := range charmodel.FromBook(b) {
		if about(x) {
			out = append(out, x)
		}
	}
	return append(out, charmodel.Ordinary()...)
}

func book(t testing.TB) *rulebook.Book {
	t.Helper()
	b, err := rulebook.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func train(b *rulebook.Book) (*charmodel.Model, error) {
	m, _, err := charmodel.Train(someExamples(b), charmodel.Options{Book: b, Date: "2026-11-23", Folds: 3})
	return m, err
}

var trained = sync.OnceValues(func() (*charmodel.Model, error) {
	b, err := rulebook.Builtin()
	if err != nil {
		return nil, err
	}
	return train(b)
})

// model is one of the few indicators, trained once.
func model(t testing.TB) *charmodel.Model {
	t.Helper()
	m, err := trained()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func written(t testing.TB, m *charmodel.Model) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestTheSameExamplesMakeTheSameBytes(t *testing.T) {
	t.Parallel()
	again, err := train(book(t))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(written(t, model(t)), written(t, again)) {
		t.Errorf("%s and %s differ", model(t).Version(), again.Version())
	}
}

func TestAModelComesBackFromItsFileAsItWas(t *testing.T) {
	t.Parallel()
	m := model(t)
	content := written(t, m)
	back, err := charmodel.Read(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	if back.Version() != m.Version() || !strings.HasPrefix(m.Version(), "char@1#") {
		t.Errorf("version %q came back as %q", m.Version(), back.Version())
	}
	if !bytes.Equal(written(t, back), content) {
		t.Error("written again, the bytes differ")
	}
	if back.TrainingHash != m.TrainingHash || back.RulebookHash != book(t).Hash || back.Report.Date != "2026-11-23" {
		t.Errorf("came back with %q, %q, %q", back.TrainingHash, back.RulebookHash, back.Report.Date)
	}
	if len(content) > charmodel.MaxBytes {
		t.Errorf("%d bytes", len(content))
	}
	for _, x := range someExamples(book(t)) {
		before, after := m.NewReader().Rank(&x.Touchpoint, nil), back.NewReader().Rank(&x.Touchpoint, nil)
		if !slices.EqualFunc(before, after, func(a, b charmodel.Guess) bool {
			return a.Indicator == b.Indicator && a.Certainty == b.Certainty && a.Accept == b.Accept
		}) {
			t.Errorf("%s: %v, read back %v", x.Text, before, after)
		}
	}
}

func TestAFileThatIsNotWholeIsRefusedInWords(t *testing.T) {
	t.Parallel()
	content := written(t, model(t))
	flipped := slices.Clone(content)
	flipped[len(flipped)/2] ^= 1
	for name, broken := range map[string][]byte{
		"empty": nil, "other": []byte("a picture of a cat, which is longer than the heading"), "cut": content[:len(content)-100],
		"flipped": flipped, "longer": append(slices.Clone(content), 0), "heading": content[:20],
	} {
		_, err := charmodel.Read(bytes.NewReader(broken))
		if err == nil || casework.KindOf(err) != casework.Invalid || !strings.Contains(err.Error(), "no local model") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheReportCountsWhatItWasMadeOf(t *testing.T) {
	t.Parallel()
	r := model(t).Report
	if len(r.Labels) != len(few) || r.Examples != len(someExamples(book(t))) || r.Folds != 3 {
		t.Errorf("%d labels, %d examples, %d folds", len(r.Labels), r.Examples, r.Folds)
	}
	if r.CleanInDoubt > 0.081 || r.OrdinaryInDoubt > 0.031 {
		t.Errorf("%.3f of the clean and %.3f of the ordinary examples are in doubt", r.CleanInDoubt, r.OrdinaryInDoubt)
	}
	trials, shown := 0, 0.0
	for _, b := range r.Reliability {
		trials += b.Count
		shown += b.Shown * float64(b.Count)
	}
	if tally := r.InDoubt; trials == 0 || int(shown+0.5) != tally.Hit+tally.Missed {
		t.Errorf("the table of reliability holds %d cases, %.1f shown; the tally %+v", trials, shown, tally)
	}
	if r.InDoubt.Hit == 0 || r.ECE > 0.1 {
		t.Errorf("in doubt %+v, calibration error %.3f", r.InDoubt, r.ECE)
	}
}

func TestTrainingThatCannotBeSaysWhy(t *testing.T) {
	t.Parallel()
	b := book(t)
	for want, try := range map[string]func() error{
		"needs the rulebook": func() error { _, _, err := charmodel.Train(nil, charmodel.Options{}); return err },
		"give more labels":   func() error { _, _, err := charmodel.Train(nil, charmodel.Options{Book: b}); return err },
		"bits must be":       func() error { _, _, err := charmodel.Train(nil, charmodel.Options{Book: b, Bits: 60}); return err },
		"folds must be 2":    func() error { _, _, err := charmodel.Train(nil, charmodel.Options{Book: b, Folds: 1}); return err },
	} {
		if err := try(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

func TestLabelsAreReadOrRefusedByLine(t *testing.T) {
	t.Parallel()
	good := `{"id":"1","channel":"service_call","text":"坐席：好","shows":["cs_poor_attitude"],"not":["cs_repeat_contact"]}` + "\n\n" +
		`{"id":"2","channel":"service_call","text":"坐席：好","expected":[],"acceptable":["cs_poor_attitude"]}`
	examples, err := charmodel.FromLabels(strings.NewReader(good))
	if err != nil || len(examples) != 2 {
		t.Fatalf("%d examples, %v", len(examples), err)
	}
	if x := examples[0]; !slices.Equal(x.Shows, []string{"cs_poor_attitude"}) || !slices.Equal(x.Not, []string{"cs_repeat_contact"}) {
		t.Errorf("read as %+v", x)
	}
	if x := examples[1]; len(x.Shows) > 0 || !slices.Equal(x.Open, []string{"cs_poor_attitude"}) {
		t.Errorf("read as %+v", x)
	}
	for line, want := range map[string]string{
		`{"id":"1"`: "line 1: is no JSON object", `{"id":"1","channel":"service_call","text":"好"}`: "neither",
		`{"id":"1","channel":"tv","text":"好","shows":[]}`:                          "channel",
		`{"id":"1","channel":"service_call","text":"好","shows":["a"],"not":["a"]}`: "both",
		"{\"id\":\"\xff\"}": "not UTF-8",
	} {
		if _, err := charmodel.FromLabels(strings.NewReader(line)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: want %q, got %v", line, want, err)
		}
	}
}

func TestWhatAttributesShowTeachesNoWords(t *testing.T) {
	t.Parallel()
	b := book(t)
	labels := func(attributes map[string]any) []charmodel.Example {
		var out []charmodel.Example
		for _, end := range []string{"", "了", "啊", "吧", "呢", "哦"} {
			out = append(out, charmodel.Example{
				Touchpoint: casework.Touchpoint{ID: "x", Channel: casework.CollectionCall, Attributes: attributes, Text: "坐席：您的账单到期了" + end},
				Shows:      []string{"col_harass_tools"}, Source: "labels",
			})
		}
		return out
	}
	for _, try := range []struct {
		attributes map[string]any
		learnt     bool
	}{{nil, true}, {map[string]any{"dials_last_hour": 12}, false}} {
		m, _, err := charmodel.Train(append(someExamples(b), labels(try.attributes)...), charmodel.Options{Book: b, Folds: 2})
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.Contains(m.Indicators(), "col_harass_tools"); got != try.learnt {
			t.Errorf("with attributes %v, learnt: %t", try.attributes, got)
		}
	}
}

func TestLabelsTeachWhatTheBookDoesNot(t *testing.T) {
	t.Parallel()
	b := book(t)
	var labels []charmodel.Example
	for _, end := range []string{"", "了", "啊", "吧", "呢", "哦"} {
		labels = append(labels, charmodel.Example{
			Touchpoint: casework.Touchpoint{ID: "x", Channel: casework.ServiceCall, Text: "坐席：梧桐叶落满了西边的旧操场" + end},
			Shows:      []string{"cs_poor_attitude"}, Source: "labels",
		})
	}
	m, _, err := charmodel.Train(append(someExamples(b), labels...), charmodel.Options{Book: b, Folds: 2})
	if err != nil {
		t.Fatal(err)
	}
	probe := casework.Touchpoint{ID: "p", Channel: casework.ServiceCall, Text: "坐席：昨天梧桐叶落满了旧操场"}
	has := func(g []charmodel.Guess) bool {
		return slices.ContainsFunc(g, func(g charmodel.Guess) bool { return g.Indicator == "cs_poor_attitude" })
	}
	if has(model(t).NewReader().Rank(&probe, nil)) || !has(m.NewReader().Rank(&probe, nil)) {
		t.Error("what was labelled is not heard, or was heard before")
	}
}

func FuzzReadNeverPanics(f *testing.F) {
	content := written(f, model(f))
	f.Add(content[:200])
	f.Add([]byte("xiaobao char 1\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, file := range [][]byte{data, charmodel.Sealed(data)} {
			m, err := charmodel.Read(bytes.NewReader(file))
			if err != nil {
				continue
			}
			m.NewReader().Rank(&casework.Touchpoint{Channel: casework.ServiceCall, Text: "坐席：你爱怎样怎样"}, nil)
		}
	})
}
