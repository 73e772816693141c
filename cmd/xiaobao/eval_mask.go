package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"xiaobao/casework"
	"xiaobao/privacy"
)

// otherEvals are evaluations that count something else than labels of texts.
var otherEvals = map[string]func(cmd *cobra.Command, args []string, asJSON bool) error{"mask": evalMasking}

// A maskScore counts one kind of personal data: spans that are exactly right,
// and characters.
type maskScore struct {
	casework.Score
	GoldCharacters  int     `json:"gold_characters"`
	GivenCharacters int     `json:"given_characters"`
	RightCharacters int     `json:"right_characters"`
	CharPrecision   float64 `json:"char_precision"`
	CharRecall      float64 `json:"char_recall"`
	CharF1          float64 `json:"char_f1"`
}

// A maskEvaluation is what gold spans say of masking. A character leaks that
// is gold and stays, whatever its kind was taken for.
type maskEvaluation struct {
	Task           string                `json:"task"`
	Masking        string                `json:"masking"`
	Texts          int                   `json:"texts"`
	Characters     int                   `json:"characters"`
	Kinds          map[string]*maskScore `json:"kinds"`
	Micro          maskScore             `json:"micro"`
	Leaked         int                   `json:"leaked_characters"`
	LeakRate       float64               `json:"leak_rate"`
	OverMasked     int                   `json:"over_masked_characters"`
	OverPer1000    float64               `json:"over_masked_per_1000"`
	NoLeak         int                   `json:"texts_without_leak"`
	NoLeakShare    float64               `json:"texts_without_leak_share"`
	NoLeakInterval [2]float64            `json:"texts_without_leak_interval"`
	Leaks          map[string]float64    `json:"leak_rates"` // by kind

	leaked map[string]int
}

// evalMasking measures masking against gold spans.
func evalMasking(cmd *cobra.Command, args []string, asJSON bool) error {
	masker, err := openMasker(cmd.ErrOrStderr())
	if err != nil {
		return err
	}
	in, size, err := openInput(args, cmd.InOrStdin())
	if err != nil {
		return err
	}
	e := &maskEvaluation{Task: "mask", Masking: masker.Version(), Kinds: map[string]*maskScore{}, Leaks: map[string]float64{}, leaked: map[string]int{}}
	err = e.judgeAll(cmd.Context(), newJSONLines(withProgress(in, size, "evaluating")), masker)
	if err = errors.Join(err, in.Close()); err != nil {
		return err
	}
	e.finish()
	if asJSON {
		return printJSON(cmd.OutOrStdout(), e)
	}
	return e.print(cmd.OutOrStdout())
}

func (e *maskEvaluation) judgeAll(ctx context.Context, lines *jsonLines, masker *privacy.Masker) error {
	for ctx.Err() == nil {
		line, err := lines.next()
		if errors.Is(err, io.EOF) {
			if e.Texts == 0 {
				return casework.Errorf(casework.Invalid, "the data has no lines")
			}
			return nil
		}
		if err != nil {
			return err
		}
		var gold struct {
			casework.Touchpoint
			Spans *[]valuedSpan `json:"spans"`
		}
		if err := line.decode(&gold); err != nil {
			return err
		}
		if gold.Spans == nil {
			return casework.Errorf(casework.Invalid, "line %d has no list spans; give [] if nothing is personal", line.number)
		}
		text := []rune(gold.Content())
		if err := checkGold(text, *gold.Spans); err != nil {
			return line.at(err)
		}
		e.count(text, *gold.Spans, masker.Find(string(text)))
	}
	return ctx.Err()
}

// checkGold refuses spans that are not in the text or do not say what stands
// there: figures from such data would be wrong.
func checkGold(text []rune, spans []valuedSpan) error {
	for n, s := range spans {
		switch {
		case s.Start < 0 || s.End <= s.Start || s.End > len(text):
			return casework.Errorf(casework.Invalid, "span %d (%d to %d) is not within the text of %d characters", n+1, s.Start, s.End, len(text))
		case !slices.Contains(privacy.Kinds(), s.Kind):
			return casework.Errorf(casework.Invalid, "span %d has the unknown type %q; give one of %v", n+1, s.Kind, privacy.Kinds())
		case s.Value != "" && s.Value != string(text[s.Start:s.End]):
			return casework.Errorf(casework.Invalid, "span %d (%d to %d) does not hold its value; offsets count code points", n+1, s.Start, s.End)
		}
	}
	return nil
}

// count adds one text.
func (e *maskEvaluation) count(text []rune, gold []valuedSpan, given []privacy.Span) {
	e.Texts++
	e.Characters += len(text)
	should, is := make([]privacy.Kind, len(text)), make([]privacy.Kind, len(text))
	for _, s := range given {
		score := e.kind(s.Kind)
		if slices.ContainsFunc(gold, func(g valuedSpan) bool { return g.Span == s }) {
			score.Hit++
		} else {
			score.False++
		}
		for i := s.Start; i < s.End; i++ {
			is[i] = s.Kind
		}
	}
	for _, s := range gold {
		score := e.kind(s.Kind)
		score.Expected++
		if !slices.Contains(given, s.Span) {
			score.Missed++
		}
		for i := s.Start; i < s.End; i++ {
			should[i] = s.Kind
		}
	}
	if e.compare(should, is) == 0 {
		e.NoLeak++
	}
}

// compare counts characters, and gives how many leaked.
func (e *maskEvaluation) compare(should, is []privacy.Kind) (leaked int) {
	for i := range should {
		if should[i] != "" {
			e.kind(should[i]).GoldCharacters++
		}
		if is[i] != "" {
			e.kind(is[i]).GivenCharacters++
		}
		switch {
		case should[i] == is[i] && is[i] != "":
			e.kind(is[i]).RightCharacters++
		case should[i] != "" && is[i] == "":
			e.leaked[string(should[i])]++
			leaked++
		case should[i] == "" && is[i] != "":
			e.OverMasked++
		}
	}
	e.Leaked += leaked
	return leaked
}

func (e *maskEvaluation) kind(k privacy.Kind) *maskScore {
	s := e.Kinds[string(k)]
	if s == nil {
		s = &maskScore{}
		e.Kinds[string(k)] = s
	}
	return s
}

// finish works the rates out.
func (e *maskEvaluation) finish() {
	for name, s := range e.Kinds {
		s.rate(e.Texts)
		m := &e.Micro
		m.Expected, m.Hit, m.False, m.Missed = m.Expected+s.Expected, m.Hit+s.Hit, m.False+s.False, m.Missed+s.Missed
		m.GoldCharacters, m.GivenCharacters = m.GoldCharacters+s.GoldCharacters, m.GivenCharacters+s.GivenCharacters
		m.RightCharacters += s.RightCharacters
		e.Leaks[name] = share(e.leaked[name], s.GoldCharacters)
	}
	e.Micro.rate(e.Texts)
	e.LeakRate = share(e.Leaked, e.Micro.GoldCharacters)
	e.OverPer1000 = 1000 * share(e.OverMasked, e.Characters-e.Micro.GoldCharacters)
	e.NoLeakShare, e.NoLeakInterval = share(e.NoLeak, e.Texts), casework.Wilson(e.NoLeak, e.Texts)
}

func (s *maskScore) rate(texts int) {
	s.BaseRate = share(s.Expected, texts)
	s.Precision, s.PrecisionInterval = share(s.Hit, s.Hit+s.False), casework.Wilson(s.Hit, s.Hit+s.False)
	s.Recall, s.RecallInterval = share(s.Hit, s.Expected), casework.Wilson(s.Hit, s.Expected)
	s.F1 = share(2*s.Hit, 2*s.Hit+s.False+s.Missed)
	s.CharPrecision, s.CharRecall = share(s.RightCharacters, s.GivenCharacters), share(s.RightCharacters, s.GoldCharacters)
	s.CharF1 = share(2*s.RightCharacters, s.GivenCharacters+s.GoldCharacters)
}

// share is 0 where there is nothing to divide by.
func share(part, of int) float64 { return float64(part) / float64(cmp.Or(of, 1)) }

func (e *maskEvaluation) print(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "type\tspans\thit\tfalse\tmissed\tprecision\trecall\tF1\tchar. precision\tchar. recall\tchar. F1\tleak %\t")
	row := func(name string, s *maskScore, leak float64) {
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.3f\t%.2f\t\n", name, s.Expected, s.Hit, s.False, s.Missed,
			s.Precision, s.Recall, s.F1, s.CharPrecision, s.CharRecall, s.CharF1, 100*leak)
	}
	for _, name := range slices.Sorted(maps.Keys(e.Kinds)) {
		row(name, e.Kinds[name], e.Leaks[name])
	}
	row("all", &e.Micro, e.LeakRate)
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\n%s; texts: %d, without a leak: %d (%.1f %%; 95 %%: %.1f %% to %.1f %%)\n"+
		"characters left: %d of %d (%.2f %%); masked without need: %d, per 1,000 that should stay: %.2f\n",
		e.Masking, e.Texts, e.NoLeak, 100*e.NoLeakShare, 100*e.NoLeakInterval[0], 100*e.NoLeakInterval[1],
		e.Leaked, e.Micro.GoldCharacters, 100*e.LeakRate, e.OverMasked, e.OverPer1000)
	return err
}
