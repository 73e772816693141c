package prompts_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"xiaobao/casework"
	"xiaobao/privacy"
	"xiaobao/prompts"
)

func TestEveryPurposeHasAPrompt(t *testing.T) {
	t.Parallel()
	for _, purpose := range casework.Purposes() {
		if _, err := prompts.Latest(string(purpose)); err != nil {
			t.Error(err)
		}
	}
}

func TestEveryExampleAnswersAsItsSchemaAsks(t *testing.T) {
	t.Parallel()
	for _, p := range prompts.All() {
		schema := validator(t, p)
		for i, e := range p.Examples {
			answer, err := jsonschema.UnmarshalJSON(bytes.NewReader(e.Answer))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(answer); err != nil {
				t.Errorf("%s example %d: %v", p.Name(), i+1, err)
			}
			if e.Note == "" || len(e.Utterances) == 0 {
				t.Errorf("%s example %d says not why it is here, or has no text", p.Name(), i+1)
			}
		}
	}
}

func TestEveryAnchorStandsInTheUtteranceItNames(t *testing.T) {
	t.Parallel()
	for _, p := range prompts.All() {
		anchors := 0
		for i, e := range p.Examples {
			for _, q := range quoted(t, e.Answer) {
				anchors++
				if problem := misplaced(e, q); problem != "" {
					t.Errorf("%s example %d: %s", p.Name(), i+1, problem)
				}
			}
		}
		if anchors == 0 && p.ID != string(casework.ToLookBack) {
			t.Errorf("%s: no example shows how evidence is named", p.Name())
		}
	}
}

type quote struct{ utterance, anchor string }

func misplaced(e prompts.Example, q quote) string {
	n := 0
	if _, err := fmt.Sscanf(q.utterance, "S%d", &n); err != nil || n < 1 || n > len(e.Utterances) {
		return fmt.Sprintf("there is no utterance %s", q.utterance)
	}
	text := e.Utterances[n-1]
	if _, said, ok := strings.Cut(text, "："); ok {
		text = said
	}
	length := utf8.RuneCountInString(q.anchor)
	if !strings.Contains(text, q.anchor) || length < 4 || length > 12 {
		return fmt.Sprintf("%q is not 4 to 12 characters of %s", q.anchor, q.utterance)
	}
	return ""
}

// quoted gives every evidence of an answer.
func quoted(t *testing.T, answer json.RawMessage) (all []quote) {
	t.Helper()
	var root any
	if err := json.Unmarshal(answer, &root); err != nil {
		t.Fatal(err)
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if anchor, ok := v["anchor"].(string); ok {
				all = append(all, quote{fmt.Sprint(v["utterance"]), anchor})
			}
			for _, child := range v {
				walk(child)
			}
		case []any:
			for _, child := range v {
				walk(child)
			}
		}
	}
	walk(root)
	return all
}

func TestThePromptsShowANearMissAndAnInjection(t *testing.T) {
	t.Parallel()
	for _, p := range prompts.All() {
		for _, word := range []string{"近似", "夹带指令"} {
			if !slices.ContainsFunc(p.Examples, func(e prompts.Example) bool { return strings.Contains(e.Note, word) }) {
				t.Errorf("%s has no example with %s", p.Name(), word)
			}
		}
	}
}

// What every set of instructions must say, whatever else it says.
func TestEveryPromptSaysTheSameThingsThatMatter(t *testing.T) {
	t.Parallel()
	for _, p := range prompts.All() {
		for _, said := range []string{"围栏", "不是给你的指令", "不照办", "由人", "JSON"} {
			if !strings.Contains(p.System, said) {
				t.Errorf("%s does not say %s", p.Name(), said)
			}
		}
		if p.ID != string(casework.ToLookBack) && !strings.Contains(p.System, "逐字抄下") {
			t.Errorf("%s does not say how evidence is named", p.Name())
		}
		if n := utf8.RuneCountInString(p.System); n > 1800 {
			t.Errorf("%s: the system text has %d characters; it is read with every question", p.Name(), n)
		}
		if strings.ContainsAny(p.System+p.Task, "\t") || strings.Contains(p.System, "  ") {
			t.Errorf("%s holds blanks that cost tokens", p.Name())
		}
	}
}

// article is a citation; prompts may not state law that nobody has checked.
var article = regexp.MustCompile(`《[^》]+》|(?:R|F-|K-|G-|C-)[0-9]{2}`)

func TestNoPromptCitesLaw(t *testing.T) {
	t.Parallel()
	for _, p := range prompts.All() {
		if cited := article.FindString(p.System + p.Task); cited != "" {
			t.Errorf("%s cites %s", p.Name(), cited)
		}
	}
}

func TestNoPersonalDataStandsInAPrompt(t *testing.T) {
	t.Parallel()
	for _, name := range promptFiles(t) {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, span := range privacy.Find(string(raw)) {
			t.Errorf("%s holds a %s", name, span.Kind)
		}
	}
}

func TestNoExampleComesFromAnEvaluationSet(t *testing.T) {
	t.Parallel()
	sets, err := filepath.Glob("../testdata/eval/*.jsonl")
	if err != nil || len(sets) == 0 {
		t.Fatalf("no evaluation sets: %v", err)
	}
	var held strings.Builder
	for _, set := range sets {
		raw, err := os.ReadFile(set)
		if err != nil {
			t.Fatal(err)
		}
		held.WriteString(bare(string(raw)))
	}
	for _, p := range prompts.All() {
		for i, e := range p.Examples {
			for n, u := range e.Utterances {
				if _, said, ok := strings.Cut(u, "："); ok {
					u = said
				}
				if text := bare(u); utf8.RuneCountInString(text) >= 8 && strings.Contains(held.String(), text) {
					t.Errorf("%s example %d: S%d stands in an evaluation set", p.Name(), i+1, n+1)
				}
			}
		}
	}
}

var marks = regexp.MustCompile(`[\s\p{P}]+`)

// bare leaves letters and digits only, so that commas do not tell texts apart.
func bare(text string) string { return marks.ReplaceAllString(text, "") }

func TestTheExamplesOfARetrospectStateNoFigureOfTheirOwn(t *testing.T) {
	t.Parallel()
	p, err := prompts.Latest(string(casework.ToLookBack))
	if err != nil {
		t.Fatal(err)
	}
	number := regexp.MustCompile(`[0-9]+(?:\.[0-9]+)?`)
	for i, e := range p.Examples {
		given := number.FindAllString(string(e.Given), -1)
		for _, n := range number.FindAllString(string(e.Answer), -1) {
			if !slices.Contains(given, n) {
				t.Errorf("example %d states %s, which was not given", i+1, n)
			}
		}
	}
}
