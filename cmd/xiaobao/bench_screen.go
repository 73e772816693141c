package main

import (
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"xiaobao/casework"
	"xiaobao/screening"
)

// benchScreenCommand measures screening against its own automaton.
func benchScreenCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "screen",
		Short: "Measure screening on one core, and the bare automaton beside it",
		Long: "Measure screening on one core, and the bare automaton beside it, on ordinary service talk\n" +
			"composed for the purpose. The two take turns, so that both see the same machine.",
		Example: "  xiaobao bench screen\n  xiaobao bench screen --json --seconds 10",
		Args:    noArgs,
	}
	rules := rulesFlag(cmd)
	asJSON := cmd.Flags().Bool("json", false, "print JSON")
	seconds := cmd.Flags().Float64("seconds", 4, "how long to measure")
	seed := cmd.Flags().Uint64("seed", 1, "what the talk is composed from")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if *seconds <= 0 || *seconds > 3600 {
			return casework.Errorf(casework.Invalid, "--seconds %g: give more than 0, at most 3600", *seconds)
		}
		engine, err := openEngine(*rules)
		if err != nil {
			return err
		}
		result := measureScreening(engine, ordinaryTalk(*seed, 1000), time.Duration(*seconds*float64(time.Second)))
		if *asJSON {
			return printJSON(cmd.OutOrStdout(), result)
		}
		_, err = fmt.Fprintf(cmd.OutOrStdout(),
			"screening   %7.1f MB/s of Chinese text on one core, %.2f allocations a text\n"+
				"automaton   %7.1f MB/s alone (ratio %.2f)\n"+
				"rulebook    %d indicators, %d words; %d texts, %.1f MB; signals on %.1f of 1,000 texts\n",
			result.MBPerSecond, result.AllocsPerText, result.AutomatonMBPerSecond, result.MBPerSecond/result.AutomatonMBPerSecond,
			result.Indicators, result.Words, result.Texts, result.TextMB, 1000*result.TextsWithSignals)
		return err
	}
	return cmd
}

// screenFigures are what the benchmark finds.
type screenFigures struct {
	MBPerSecond          float64 `json:"mb_per_s"`
	AutomatonMBPerSecond float64 `json:"automaton_mb_per_s"`
	AllocsPerText        float64 `json:"allocs_per_text"`
	Indicators           int     `json:"indicators"`
	Words                int     `json:"words"`
	Texts                int     `json:"texts"`
	TextMB               float64 `json:"text_mb"`
	TextsWithSignals     float64 `json:"texts_with_signals"` // as a fraction
}

// How many texts a side takes in its turn: so few that both sides see the
// same machine, and as much longer for the faster side that both turns take
// about the same time. Otherwise other programs would interrupt the turns of
// the slower side only, and its median would be theirs.
const (
	turnTexts  = 20
	countTexts = 4 * turnTexts
)

// measureScreening lets both sides take turns over the same texts until the
// time is up, after a first turn that does not count. The median of the turns
// stands for each side, since other work on the machine only ever slows some.
func measureScreening(engine *screening.Engine, talk []casework.Touchpoint, length time.Duration) screenFigures {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	screener := engine.NewScreener()
	signals := screenAll(screener, talk)
	clean := cleanOf(screener, talk)
	countAll(engine, talk)
	var screened, counted []float64 // MB/s of each turn
	for begin, at := time.Now(), 0; time.Since(begin) < length || len(screened) < len(talk)/turnTexts; at++ {
		screened = append(screened, speed(turn(talk, at, turnTexts), func(texts []casework.Touchpoint) { screenAll(screener, texts) }))
		counted = append(counted, speed(turn(talk, at, countTexts), func(texts []casework.Touchpoint) { countAll(engine, texts) }))
	}
	allocs := allocations(func() { screenAll(screener, clean) })
	return screenFigures{
		MBPerSecond: median(screened), AutomatonMBPerSecond: median(counted),
		AllocsPerText: float64(allocs) / float64(max(1, len(clean))),
		Indicators:    len(engine.Book().Indicators), Words: engine.Words(),
		Texts: len(talk), TextMB: float64(sizeOf(talk)) / 1e6, TextsWithSignals: float64(signals) / float64(len(talk)),
	}
}

// turn gives the texts of a turn, going round.
func turn(talk []casework.Touchpoint, number, texts int) []casework.Touchpoint {
	return talk[number*texts%(len(talk)/texts*texts):][:texts]
}

// speed is how many MB/s f takes.
func speed(texts []casework.Touchpoint, f func([]casework.Touchpoint)) float64 {
	megabytes, start := float64(sizeOf(texts))/1e6, time.Now()
	f(texts)
	return megabytes / time.Since(start).Seconds()
}

func sizeOf(talk []casework.Touchpoint) (bytes int) {
	for i := range talk {
		bytes += len(talk[i].Text)
	}
	return bytes
}

func median(of []float64) float64 {
	slices.Sort(of)
	return of[len(of)/2]
}

// screenAll screens all texts and tells how many have signals.
func screenAll(screener *screening.Screener, talk []casework.Touchpoint) int {
	flagged := 0
	for i := range talk {
		if screener.Screen(&talk[i]) != nil {
			flagged++
		}
	}
	return flagged
}

// cleanOf gives the texts without signals.
func cleanOf(screener *screening.Screener, talk []casework.Touchpoint) []casework.Touchpoint {
	var clean []casework.Touchpoint
	for i := range talk {
		if screener.Screen(&talk[i]) == nil {
			clean = append(clean, talk[i])
		}
	}
	return clean
}

func countAll(engine *screening.Engine, talk []casework.Touchpoint) int {
	words := 0
	for i := range talk {
		words += engine.CountWords(talk[i].Text)
	}
	return words
}

// allocations counts the heap objects that f makes.
func allocations(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.Mallocs - before.Mallocs
}
