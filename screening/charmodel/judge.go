package charmodel

import (
	"cmp"
	"math"
	"slices"
)

// A Report says what a model was made of, and how well it judged examples
// that it had not seen (cross-validation). The words of the rules that stand
// in an example were kept from it: where it is asked, no rule fired.
type Report struct {
	Date            string        `json:"date,omitempty"`
	Examples        int           `json:"examples"`
	Clean           int           `json:"clean"`    // of those, showing nothing
	Ordinary        int           `json:"ordinary"` // of those, not even sounding like anything
	Sequences       int           `json:"sequences"`
	Folds           int           `json:"folds"`
	Labels          []LabelReport `json:"labels"`
	InDoubt         Tally         `json:"in_doubt"`          // all indicators together, at the threshold of doubt
	Accepted        Tally         `json:"accepted"`          // at that of acceptance
	Doubt           float64       `json:"doubt"`             // the thresholds, as calibrated probability
	Accept          float64       `json:"accept"`            // above 1: never
	CleanInDoubt    float64       `json:"clean_in_doubt"`    // share of the clean examples
	OrdinaryInDoubt float64       `json:"ordinary_in_doubt"` // share of the ordinary ones
	Reliability     []Bin         `json:"reliability"`
	ECE             float64       `json:"ece"` // expected calibration error, by curves fitted to the other folds
}

// A LabelReport is what is known of one indicator.
type LabelReport struct {
	Indicator string  `json:"indicator"`
	Shown     int     `json:"shown"` // examples
	Not       int     `json:"not"`
	Own       bool    `json:"own_calibration"` // or the shared one
	Doubt     float64 `json:"doubt"`
	Accept    float64 `json:"accept"`
	InDoubt   Tally   `json:"in_doubt"`
	Accepted  Tally   `json:"accepted"`
}

// A Tally counts right and wrong.
type Tally struct {
	Hit       int     `json:"hit"`
	False     int     `json:"false"`
	Missed    int     `json:"missed"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
}

func (t *Tally) count(given, shown bool) {
	switch {
	case given && shown:
		t.Hit++
	case given:
		t.False++
	case shown:
		t.Missed++
	}
	t.Precision = share(t.Hit, t.Hit+t.False)
	t.Recall = share(t.Hit, t.Hit+t.Missed)
	t.F1 = share(2*t.Hit, 2*t.Hit+t.False+t.Missed)
}

func share(part, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(part) / float64(of)
}

// A Bin compares what was predicted with what was.
type Bin struct {
	From      float64 `json:"from"`
	To        float64 `json:"to"`
	Count     int     `json:"count"`
	Predicted float64 `json:"predicted"` // mean
	Shown     float64 `json:"shown"`     // share
}

// A trial is one held-out judgement of one indicator.
type trial struct {
	label, example int
	score, chance  float64
	shown          bool
}

// never is a threshold that no probability reaches.
const never = 2

// judge calibrates the labels, sets their thresholds and reports.
func (t *trainer) judge(scores [][]held) Report {
	trials := t.trials(scores)
	r := Report{Date: t.Date, Examples: len(t.examples), Sequences: len(t.words.hashes), Folds: t.Folds}
	for i := range t.examples {
		r.Clean += count(t.examples[i].clean())
		r.Ordinary += count(t.examples[i].ordinary())
	}
	t.calibrate(trials)
	t.honestChances(trials)
	r.Reliability, r.ECE = reliability(trials)
	t.curves(trials, func(trial) bool { return true })
	for i := range trials {
		trials[i].chance = t.labels[trials[i].label].Curve.at(trials[i].score)
	}
	r.Doubt = max(t.doubtFrom(trials, (*Example).clean, t.Doubt*float64(r.Clean)),
		t.doubtFrom(trials, (*Example).ordinary, t.Ordinary*float64(r.Ordinary)))
	r.Accept = acceptFrom(trials, t.Accept)
	for i := range t.labels {
		t.labels[i].Doubt, t.labels[i].Accept = r.Doubt, max(r.Accept, r.Doubt)
	}
	t.fill(&r, trials)
	return r
}

func count(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// trials lists the held-out judgements, open ones left out.
func (t *trainer) trials(scores [][]held) []trial {
	var out []trial
	for number := range scores {
		for i, h := range scores[number] {
			x := &t.examples[i]
			if h.heard && !slices.Contains(x.Open, t.labels[number].ID) {
				out = append(out, trial{label: number, example: i, score: h.score, shown: slices.Contains(x.Shows, t.labels[number].ID)})
			}
		}
	}
	return out
}

// doubtFrom gives the lowest threshold at which no more than so many of the
// examples of a sort are in doubt.
func (t *trainer) doubtFrom(trials []trial, sort func(*Example) bool, allowed float64) float64 {
	most := make([]float64, len(t.examples))
	for _, x := range trials {
		if sort(&t.examples[x.example]) {
			most[x.example] = max(most[x.example], x.chance)
		}
	}
	slices.Sort(most)
	return math.Nextafter(most[max(0, len(most)-1-int(allowed))], 1)
}

// acceptFrom gives the lowest threshold from which on the precision, at the
// lower end of its 95 % interval, is as wanted at every higher one too with
// enough cases; never, if there is none.
func acceptFrom(trials []trial, wanted float64) float64 {
	sorted := slices.Clone(trials)
	slices.SortStableFunc(sorted, func(a, b trial) int { return -cmp.Compare(a.chance, b.chance) })
	threshold, hit := float64(never), 0
	for i, x := range sorted {
		if x.shown {
			hit++
		}
		if i+1 < len(sorted) && sorted[i+1].chance == x.chance {
			continue
		}
		if wilsonLow(hit, i+1) >= wanted {
			threshold = x.chance
		}
	}
	return threshold
}

// wilsonLow is the lower end of the 95 % score interval of a share.
func wilsonLow(part, of int) float64 {
	const z = 1.959964
	n, p := float64(of), float64(part)/float64(of)
	return (p + z*z/(2*n) - z*math.Sqrt(p*(1-p)/n+z*z/(4*n*n))) / (1 + z*z/n)
}

// bins are how many the table of reliability has.
const bins = 10

// fill counts the trials into the report.
func (t *trainer) fill(r *Report, trials []trial) {
	r.Labels = make([]LabelReport, len(t.labels))
	for i := range t.labels {
		l := &t.labels[i]
		r.Labels[i] = LabelReport{Indicator: l.ID, Shown: l.Shown, Not: l.Not, Own: l.own, Doubt: l.Doubt, Accept: l.Accept}
	}
	doubted := make([]bool, len(t.examples))
	for _, x := range trials {
		l, own := &t.labels[x.label], &r.Labels[x.label]
		inDoubt, accepted := x.chance >= l.Doubt, x.chance >= l.Accept
		for _, tally := range []*Tally{&own.InDoubt, &r.InDoubt} {
			tally.count(inDoubt, x.shown)
		}
		for _, tally := range []*Tally{&own.Accepted, &r.Accepted} {
			tally.count(accepted, x.shown)
		}
		doubted[x.example] = doubted[x.example] || inDoubt
	}
	clean, usual := 0, 0
	for i, yes := range doubted {
		clean += count(yes && t.examples[i].clean())
		usual += count(yes && t.examples[i].ordinary())
	}
	r.CleanInDoubt, r.OrdinaryInDoubt = share(clean, r.Clean), share(usual, r.Ordinary)
}

// reliability compares chances with what was, in bins, and gives the mean
// difference.
func reliability(trials []trial) (table []Bin, ece float64) {
	table = make([]Bin, bins)
	for _, x := range trials {
		b := &table[min(bins-1, int(x.chance*bins))]
		b.Count++
		b.Predicted += x.chance
		b.Shown += float64(count(x.shown))
	}
	for i := range table {
		b := &table[i]
		b.From, b.To = float64(i)/bins, float64(i+1)/bins
		if b.Count > 0 {
			b.Predicted, b.Shown = b.Predicted/float64(b.Count), b.Shown/float64(b.Count)
			ece += math.Abs(b.Predicted-b.Shown) * float64(b.Count) / float64(len(trials))
		}
	}
	return table, ece
}
