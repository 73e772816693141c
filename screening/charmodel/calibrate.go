package charmodel

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// A level is where an indicator's scores lie on examples that do not show
// it: indicators differ in that, and share a calibration once it is evened out.
type level struct {
	Mean      float64 `json:"mean"`
	Deviation float64 `json:"deviation"`
}

func levelOf(trials []trial) level {
	var n, sum, squares float64
	for _, x := range trials {
		if !x.shown {
			n, sum, squares = n+1, sum+x.score, squares+float64(x.score*x.score)
		}
	}
	if n < 2 {
		return level{0, 1}
	}
	mean := sum / n
	return level{mean, math.Sqrt(max(1e-6, squares/n-float64(mean*mean)))}
}

func (l level) even(score float64) float64 { return (score - l.Mean) / l.Deviation }

// A curve tells how likely an even score is to be right: it rises from knot
// to knot.
type curve []knot

type knot struct {
	Score  float64 `json:"score"`
	Chance float64 `json:"chance"`
}

// stepOf is how many trials make a step of the curve, at the least.
const stepOf = 25

// curveOf fits a curve by isotonic regression (pool adjacent violators) over
// steps of held-out trials. Shares are drawn a little towards one in two, so
// that no step is certain.
func curveOf(trials []trial) curve {
	sorted := slices.Clone(trials)
	slices.SortStableFunc(sorted, func(a, b trial) int { return -cmp.Compare(a.score, b.score) })
	type step struct{ n, shown, score float64 }
	var steps []step // the highest scores first
	for len(sorted) > 0 {
		n := min(stepOf, len(sorted))
		if len(sorted) < 2*stepOf {
			n = len(sorted)
		}
		s := step{n: float64(n)}
		for _, x := range sorted[:n] {
			s.score += x.score
			s.shown += float64(count(x.shown))
		}
		sorted = sorted[n:]
		steps = append(steps, s)
		for k := len(steps) - 1; k > 0 && steps[k].shown/steps[k].n >= steps[k-1].shown/steps[k-1].n; k-- {
			steps[k-1] = step{steps[k-1].n + steps[k].n, steps[k-1].shown + steps[k].shown, steps[k-1].score + steps[k].score}
			steps = steps[:k]
		}
	}
	out := make(curve, 0, len(steps))
	for _, s := range slices.Backward(steps) {
		out = append(out, knot{s.score / s.n, (s.shown + 0.5) / (s.n + 1)})
	}
	for i := len(out) - 2; i >= 0; i-- { // drawn towards one in two, a short step may stand out
		out[i].Chance = min(out[i].Chance, out[i+1].Chance)
	}
	return out
}

// at reads the curve.
func (c curve) at(score float64) float64 {
	i := sort.Search(len(c), func(i int) bool { return c[i].Score > score })
	switch {
	case len(c) == 0:
		return 0
	case i == 0:
		return c[0].Chance
	case i == len(c):
		return c[i-1].Chance
	}
	a, b := c[i-1], c[i]
	part := (score - a.Score) / (b.Score - a.Score)
	return a.Chance + float64(part*(b.Chance-a.Chance))
}

// enoughToCalibrate is how many examples must show an indicator before a
// curve of its own is better than that of all together.
const enoughToCalibrate = 40

// calibrate evens the trials' scores out and fits the curves.
func (t *trainer) calibrate(trials []trial) {
	own := make([][]trial, len(t.labels))
	for _, x := range trials {
		own[x.label] = append(own[x.label], x)
	}
	for i := range t.labels {
		t.labels[i].level = levelOf(own[i])
	}
	for i := range trials {
		trials[i].score = t.labels[trials[i].label].even(trials[i].score)
	}
	t.curves(trials, func(trial) bool { return true })
}

// curves fits the curves to those trials that are wanted.
func (t *trainer) curves(trials []trial, wanted func(trial) bool) {
	own := make([][]trial, len(t.labels))
	var all []trial
	for _, x := range trials {
		if wanted(x) {
			own[x.label] = append(own[x.label], x)
			all = append(all, x)
		}
	}
	shared := curveOf(all)
	for i := range t.labels {
		l := &t.labels[i]
		if l.own = l.Shown >= enoughToCalibrate; l.own {
			l.Curve = curveOf(own[i])
		} else {
			l.Curve = shared
		}
	}
}

// honestChances gives each trial the chance by curves fitted without its fold.
func (t *trainer) honestChances(trials []trial) {
	for fold := range t.Folds {
		t.curves(trials, func(x trial) bool { return t.fold[x.example] != fold })
		for i := range trials {
			if x := &trials[i]; t.fold[x.example] == fold {
				x.chance = t.labels[x.label].Curve.at(x.score)
			}
		}
	}
}
