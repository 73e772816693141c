package sample_test

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"xiaobao/casework"
	"xiaobao/rulebook"
)

// A labelled line is one of either task; fields of the other are empty.
type labelled struct {
	casework.Touchpoint
	Expected   []string `json:"expected"`
	Labels     []string `json:"labels"`
	Acceptable []string `json:"acceptable"`
	Level      string   `json:"level"`
	About      string   `json:"about"` // what a line that has no label only sounds like
}

func labelledLines(t *testing.T, name string) []labelled {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "testdata", "eval", name+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}()
	var all []labelled
	for s := bufio.NewScanner(f); s.Scan(); {
		var line labelled
		if err := json.Unmarshal(s.Bytes(), &line); err != nil {
			t.Fatalf("%s, line %d: %v", name, len(all)+1, err)
		}
		all = append(all, line)
	}
	return all
}

func TestTheHalvesOfLabelledDataAreTheWholeAndShareNothing(t *testing.T) {
	t.Parallel()
	for _, task := range []string{"screen", "review"} {
		whole, dev, held := labelledLines(t, task), labelledLines(t, task+"_dev"), labelledLines(t, task+"_held")
		if len(dev)+len(held) != len(whole) || len(held) < len(whole)/2-1 {
			t.Errorf("%s: %d and %d of %d", task, len(dev), len(held), len(whole))
		}
		ids, texts := map[string]bool{}, map[string]bool{}
		for _, line := range dev {
			texts[line.Text] = true
		}
		for _, line := range held {
			if texts[line.Text] && len(line.Attributes) == 0 {
				t.Errorf("%s: %s repeats a text of the other half", task, line.ID)
			}
		}
		for _, line := range whole {
			if ids[line.ID] {
				t.Errorf("%s: %s is there twice", task, line.ID)
			}
			ids[line.ID] = true
		}
	}
}

func TestLabelledContactsCoverEveryIndicatorThatIsRead(t *testing.T) {
	t.Parallel()
	book, err := rulebook.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	lines, clean, positives := labelledLines(t, "screen"), 0, map[string]int{}
	for _, line := range lines {
		if err := line.Check(time.Date(2026, 12, 1, 0, 0, 0, 0, casework.Beijing)); err != nil {
			t.Errorf("%s: %v", line.ID, err)
		}
		if len(line.Expected) == 0 {
			clean++
		}
		for _, id := range line.Expected {
			positives[id]++
		}
		for _, id := range slices.Concat(line.Expected, line.Acceptable) {
			if _, ok := book.Indicator(id); !ok {
				t.Errorf("%s: there is no indicator %q", line.ID, id)
			}
		}
	}
	if len(lines) < 900 || clean*2 < len(lines) {
		t.Errorf("%d contacts, %d of them clean", len(lines), clean)
	}
	for _, i := range book.Indicators {
		if i.Kind == "text" && positives[i.ID] < 6 {
			t.Errorf("%s has %d contacts", i.ID, positives[i.ID])
		}
	}
}

func TestLabelledMaterialsCoverEveryCategory(t *testing.T) {
	t.Parallel()
	lines, honest, positives := labelledLines(t, "review"), 0, map[string]int{}
	for _, line := range lines {
		if len(line.Labels) == 0 {
			honest++
		}
		if (len(line.Labels) == 0) != (line.Level == "NONE") {
			t.Errorf("%s has the labels %v and the level %s", line.ID, line.Labels, line.Level)
		}
		for _, id := range line.Labels {
			positives[id]++
		}
	}
	if len(lines) < 250 || honest*2 < len(lines) || len(positives) != 27 {
		t.Errorf("%d materials, %d of them honest, %d categories", len(lines), honest, len(positives))
	}
	for id, n := range positives {
		if n < 6 {
			t.Errorf("%s has %d materials", id, n)
		}
	}
}
