package charmodel

import (
	"cmp"
	"math"
	"slices"
)

// A Report says what a model was made of, and how well it judged examples
// that it had not seen (cross-validation).
type Report struct {
	Date         string        `json:"date,omitempty"`
	Examples     int           `json:"examples"`
	Clean        int           `json:"clean"` // of those, showing nothing
	Sequences    int           `json:"sequences"`
	Folds        int           `json:"folds"`
	Labels       []LabelReport `json:"labels"`
	InDoubt      Tally         `json:"in_doubt"`       // all indicators together, at the threshold of doubt
	Accepted     Tally         `json:"accepted"`       // at that of acceptance
	Doubt        float64       `json:"doubt"`          // the thresholds, as calibrated probability
	Accept       float64       `json:"accept"`         // above 1: never
	CleanInDoubt float64       `json:"clean_in_doubt"` // share of the clean examples
	Reliability  []Bin         `json:"reliability"`
	ECE          float64       `json:"ece"`   // expected calibration error
	Slope        float64       `json:"slope"` // of the calibration shared by the indicators
	Offset       float64       `json:"offset"`
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

// A case is one held-out judgement of one indicator.
type trial struct {
	label, example int
	score, chance  float64
	shown          bool
}

// never is a threshold that no probability reaches.
const never = 2

// judge calibrates the labels, sets their thresholds and reports.
func (t *trainer) judge(scores [][]held, labels []label) Report {
	trials := t.trials(scores)
	r := Report{
		Date: t.Date, Examples: len(t.examples), Sequences: len(t.words.hashes), Folds: t.Folds,
	}
	for i := range t.examples {
		if len(t.examples[i].Shows) == 0 {
			r.Clean++
		}
	}
	r.Slope, r.Offset = platt(trials)
	own := ownTrials(trials, len(labels))
	for i := range labels {
		labels[i].Slope, labels[i].Offset = r.Slope, r.Offset
		if labels[i].Shown >= enoughToCalibrate {
			labels[i].Slope, labels[i].Offset = platt(own[i])
			labels[i].own = true
		}
	}
	for i := range trials {
		l := &labels[trials[i].label]
		trials[i].chance = l.chance(trials[i].score)
	}
	r.Doubt = t.doubtFrom(trials, r.Clean)
	r.Accept = acceptFrom(trials, t.Accept)
	for i := range labels {
		labels[i].Doubt, labels[i].Accept = r.Doubt, max(r.Accept, r.Doubt)
	}
	t.fill(&r, trials, labels)
	return r
}

// enoughToCalibrate is how many examples must show an indicator before its
// own calibration is better than that of all together.
const enoughToCalibrate = 40

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

func ownTrials(trials []trial, labels int) [][]trial {
	own := make([][]trial, labels)
	for _, x := range trials {
		own[x.label] = append(own[x.label], x)
	}
	return own
}

// platt fits the slope and offset of a logistic curve to held-out scores
// (Platt 1999, with his targets, by Newton's method).
func platt(trials []trial) (slope, offset float64) {
	shown := 0
	for _, x := range trials {
		if x.shown {
			shown++
		}
	}
	high := (float64(shown) + 1) / (float64(shown) + 2)
	low := 1 / (float64(len(trials)-shown) + 2)
	slope, offset = 1, math.Log((float64(shown)+1)/(float64(len(trials)-shown)+1))
	for range 100 {
		var ga, gb, haa, hab, hbb float64
		for _, x := range trials {
			target := low
			if x.shown {
				target = high
			}
			p := logistic(slope*x.score + offset)
			d, h := p-target, p*(1-p)
			ga += d * x.score
			gb += d
			haa += h * x.score * x.score
			hab += h * x.score
			hbb += h
		}
		haa, hbb = haa+1e-6, hbb+1e-6
		det := haa*hbb - hab*hab
		da, db := (hbb*ga-hab*gb)/det, (haa*gb-hab*ga)/det
		step := 1 / max(1, math.Abs(da), math.Abs(db)/2)
		slope, offset = max(0.01, slope-step*da), offset-step*db
		if math.Abs(da)+math.Abs(db) < 1e-9 {
			break
		}
	}
	return slope, offset
}

// doubtFrom gives the lowest threshold at which no more than the wanted share
// of the clean examples is in doubt.
func (t *trainer) doubtFrom(trials []trial, clean int) float64 {
	most := map[int]float64{}
	for _, x := range trials {
		if len(t.examples[x.example].Shows) == 0 {
			most[x.example] = max(most[x.example], x.chance)
		}
	}
	chances := make([]float64, 0, len(most))
	for _, c := range most {
		chances = append(chances, c)
	}
	slices.SortFunc(chances, func(a, b float64) int { return -cmp.Compare(a, b) })
	allowed := int(t.Doubt * float64(clean))
	if allowed >= len(chances) {
		return 0.001
	}
	return math.Nextafter(chances[allowed], 1)
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
func (t *trainer) fill(r *Report, trials []trial, labels []label) {
	reports := make([]LabelReport, len(labels))
	for i := range labels {
		l := &labels[i]
		reports[i] = LabelReport{Indicator: l.ID, Shown: l.Shown, Not: l.Not, Own: l.own, Doubt: l.Doubt, Accept: l.Accept}
	}
	table := make([]Bin, bins)
	doubted := map[int]bool{}
	for _, x := range trials {
		l, own := &labels[x.label], &reports[x.label]
		inDoubt, accepted := x.chance >= l.Doubt, x.chance >= l.Accept
		own.InDoubt.count(inDoubt, x.shown)
		own.Accepted.count(accepted, x.shown)
		r.InDoubt.count(inDoubt, x.shown)
		r.Accepted.count(accepted, x.shown)
		if inDoubt && len(t.examples[x.example].Shows) == 0 {
			doubted[x.example] = true
		}
		b := &table[min(bins-1, int(x.chance*bins))]
		b.Count++
		b.Predicted += x.chance
		if x.shown {
			b.Shown++
		}
	}
	for i := range table {
		b := &table[i]
		b.From, b.To = float64(i)/bins, float64(i+1)/bins
		if b.Count > 0 {
			b.Predicted, b.Shown = b.Predicted/float64(b.Count), b.Shown/float64(b.Count)
			r.ECE += math.Abs(b.Predicted-b.Shown) * float64(b.Count) / float64(len(trials))
		}
	}
	r.Labels, r.Reliability, r.CleanInDoubt = reports, table, share(len(doubted), r.Clean)
}
