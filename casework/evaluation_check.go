package casework

import (
	"math"
	"regexp"
	"slices"
	"unicode/utf8"
)

// What an evaluation on file may hold: people hand it in as a file.
const (
	mostLabels  = 2000
	mostVersion = 300 // characters of the names and versions of what was measured
)

// labelID is what labels are called: ids of the rulebook.
var labelID = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,80}$`)

// Check refuses an evaluation that no evaluation comes to: it would be shown
// to those who decide by it.
func (e *Evaluation) Check() error {
	wrong := ""
	switch {
	case e.Task != "screen" && e.Task != "review":
		wrong = "task"
	case !slices.Contains([]string{"", "rules", "local", "rules+local", "llm", "cascade"}, e.Engine):
		wrong = "engine"
	case e.Texts < 1 || e.CleanTexts < 0 || e.CleanTexts > e.Texts || e.CleanAlerted < 0 || e.CleanAlerted > e.CleanTexts:
		wrong = "texts"
	case len(e.Labels) > mostLabels:
		wrong = "labels"
	case len(e.Outcomes) > MostOutcomes:
		wrong = "outcomes"
	case !e.Micro.possible() || !shares(e.Macro.Precision, e.Macro.Recall, e.Macro.F1, e.CleanInterval[0], e.CleanInterval[1], e.AlertsPer1000/1000):
		wrong = "figures"
	case e.LevelAccuracy != nil && !shares(*e.LevelAccuracy):
		wrong = "level_accuracy"
	case len(e.Flips) > 100:
		wrong = "flips"
	}
	for id, score := range e.Labels {
		if !labelID.MatchString(id) || score == nil || !score.possible() {
			wrong = "labels"
		}
	}
	for _, name := range []string{e.DataHash, e.Rulebook, e.Local, e.Model, e.Prompt, e.Masking} {
		if utf8.RuneCountInString(name) > mostVersion {
			wrong = "versions"
		}
	}
	if wrong == "" {
		return nil
	}
	return Errorf(Invalid, "this is no evaluation: its %s cannot be", wrong).
		InChinese("评测结果的“%s”一项不可能成立，请用 xiaobao eval --out 生成的文件", wrong).WithCode("field:" + wrong)
}

// possible reports whether a score can come of counting.
func (s *Score) possible() bool {
	return min(s.Expected, s.Hit, s.False, s.Missed) >= 0 &&
		shares(s.BaseRate, s.Precision, s.Recall, s.F1, s.PrecisionInterval[0], s.PrecisionInterval[1], s.RecallInterval[0], s.RecallInterval[1])
}

// shares reports whether all are between 0 and 1, but for rounding.
func shares(all ...float64) bool {
	for _, v := range all {
		if math.IsNaN(v) || v < -1e-9 || v > 1+1e-9 {
			return false
		}
	}
	return true
}
