package charmodel

import (
	"cmp"
	"encoding/json"
	"runtime"
	"slices"
	"strings"
	"sync"

	"crypto/sha256"
	"encoding/hex"

	"xiaobao/casework"
	"xiaobao/rulebook"
)

// Options say how to train. The zero value of each but Book is a default.
type Options struct {
	Book     *rulebook.Book     `json:"-"`
	Date     string             `json:"date,omitempty"` // when, as the caller says; goes into the report
	Seed     uint64             `json:"seed"`
	Bits     int                `json:"bits"`      // of the space of hashes; 0 means 20
	MinSeen  int                `json:"min_seen"`  // examples that a sequence must stand in; 0 means 1
	MinShown int                `json:"min_shown"` // examples that an indicator needs; 0 means 3
	Folds    int                `json:"folds"`     // of cross-validation; 0 means 5
	Cost     float64            `json:"cost"`      // of a wrong judgement against that of large weights; 0 means 4
	Shown    float64            `json:"shown"`     // how much more an example counts that shows the indicator; 0 means 8
	Near     float64            `json:"near"`      // how much more one counts that only sounds like it; 0 means 2
	Doubt    float64            `json:"doubt"`     // share of the clean examples that may be in doubt; 0 means 0.1
	Accept   float64            `json:"accept"`    // precision to accept at, lower bound; 0 means 0.9
	Progress func(done, of int) `json:"-"`
}

func (o Options) withDefaults() Options {
	o.Bits, o.MinSeen, o.MinShown = cmp.Or(o.Bits, 20), cmp.Or(o.MinSeen, 1), cmp.Or(o.MinShown, 3)
	o.Folds, o.Cost, o.Shown = cmp.Or(o.Folds, 5), cmp.Or(o.Cost, 4), cmp.Or(o.Shown, 8)
	o.Near, o.Doubt, o.Accept = cmp.Or(o.Near, 2), cmp.Or(o.Doubt, 0.1), cmp.Or(o.Accept, 0.9)
	return o
}

// A trainer holds what training goes by.
type trainer struct {
	Options
	examples []Example
	bags     []bag
	words    vocabulary
	labels   []label
	fold     []int // of each example
}

// Train learns a model of the indicators that enough examples show. The same
// examples and options make the same model, byte by byte.
func Train(examples []Example, o Options) (*Model, Report, error) {
	if o.Book == nil {
		return nil, Report{}, casework.Errorf(casework.Invalid, "training needs the rulebook").InChinese("训练需要规则库")
	}
	t := &trainer{Options: o.withDefaults(), examples: examples}
	t.labels = labelsOf(examples, t.Options)
	if len(t.labels) == 0 {
		return nil, Report{}, casework.Errorf(casework.Invalid,
			"no indicator is shown by %d examples or more; give more labels", t.MinShown).
			InChinese("没有指标达到 %d 条正例；请补充标注", t.MinShown)
	}
	t.bags, t.words = takeApart(examples, t.Options)
	t.fold = foldsOf(examples, t.Folds, t.Seed)
	lines, held := t.learn()
	m := assemble(t, lines)
	m.Report = t.judge(held, m.labels)
	var err error
	if m.TrainingHash, err = digest(examples); err != nil {
		return nil, Report{}, err
	}
	return m, m.Report, m.seal()
}

// labelsOf gives the indicators that can be learnt, in the rulebook's order.
func labelsOf(examples []Example, o Options) []label {
	shown, not := map[string]int{}, map[string]int{}
	for i := range examples {
		for _, id := range examples[i].Shows {
			shown[id]++
		}
		for _, id := range examples[i].Not {
			not[id]++
		}
	}
	var out []label
	for _, ind := range o.Book.Indicators {
		if len(ind.Patterns) > 0 && shown[ind.ID] >= o.MinShown {
			out = append(out, label{
				ID: ind.ID, Channels: ind.Channels, Speakers: ind.Speakers, Shown: shown[ind.ID], Not: not[ind.ID],
			})
		}
	}
	return out
}

// foldsOf deals examples to folds, those about the same indicators in turn,
// and equal texts to the same fold.
func foldsOf(examples []Example, folds int, seed uint64) []int {
	order := make([]int, len(examples))
	for i := range order {
		order[i] = i
	}
	draw := shuffler(seed)
	draw.shuffle(order)
	next, same := map[string]int{}, map[string]int{}
	out := make([]int, len(examples))
	for _, i := range order {
		x := &examples[i]
		about := strings.Join(x.Shows, " ") + "|" + strings.Join(x.Not, " ")
		text := x.Content()
		at, again := same[text]
		if !again {
			at = next[about] % folds
			next[about]++
			same[text] = at
		}
		out[i] = at
	}
	return out
}

// A held score is what an example got from a model that had not seen it.
type held struct {
	score float64
	heard bool // the indicator listens there at all
}

// learn solves every indicator once for each fold, to judge the examples held
// out, and once on all of them.
func (t *trainer) learn() ([]line, [][]held) {
	lines := make([]line, len(t.labels))
	scores := make([][]held, len(t.labels))
	for i := range scores {
		scores[i] = make([]held, len(t.bags))
	}
	jobs := make(chan int)
	var workers sync.WaitGroup
	var reporting sync.Mutex
	done, of := 0, len(t.labels)*(t.Folds+1)
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for job := range jobs {
				number, fold := job/(t.Folds+1), job%(t.Folds+1)
				learnt := t.line(number, fold)
				if fold == t.Folds {
					lines[number] = learnt
				} else {
					t.scoreFold(number, fold, &learnt, scores[number])
				}
				reporting.Lock()
				done++
				if t.Progress != nil {
					t.Progress(done, of)
				}
				reporting.Unlock()
			}
		})
	}
	for job := range of {
		jobs <- job
	}
	close(jobs)
	workers.Wait()
	return lines, scores
}

// reconsiderations are how often is asked anew in which window of an example
// its indicator shows.
const reconsiderations = 3

// line learns an indicator from all examples but those of a fold.
func (t *trainer) line(number, fold int) line {
	var learnt line
	for again := range reconsiderations {
		learnt = solve(t.instances(number, fold, &learnt, again == 0), &t.words, t.Seed+uint64(number))
	}
	return learnt
}

// instances are the windows to learn an indicator from: of an example that
// shows it, the window that speaks most for it (at first the longest); of any
// other, all.
func (t *trainer) instances(number, fold int, before *line, first bool) []instance {
	var out []instance
	l := &t.labels[number]
	for i := range t.bags {
		if t.fold[i] == fold {
			continue
		}
		shown, cost := t.role(l, &t.examples[i])
		if cost == 0 {
			continue
		}
		best, most := -1, 0.0
		for j := range t.bags[i].windows {
			w := &t.bags[i].windows[j]
			if !l.hears(w.speaker) {
				continue
			}
			if !shown {
				out = append(out, instance{w, false, cost})
				continue
			}
			value := float64(w.length)
			if !first {
				value = before.score(w, &t.words)
			}
			if best < 0 || value > most {
				best, most = j, value
			}
		}
		if best >= 0 {
			out = append(out, instance{&t.bags[i].windows[best], true, cost})
		}
	}
	return out
}

// role says what an example teaches of an indicator, and how much it counts.
func (t *trainer) role(l *label, x *Example) (shown bool, cost float64) {
	switch {
	case slices.Contains(x.Shows, l.ID):
		return true, t.Cost * t.Shown
	case slices.Contains(x.Open, l.ID):
		return false, 0
	case slices.Contains(x.Not, l.ID):
		return false, t.Cost * t.Near
	}
	return false, t.Cost
}

// scoreFold scores the examples of a fold.
func (t *trainer) scoreFold(number, fold int, learnt *line, into []held) {
	l := &t.labels[number]
	for i := range t.bags {
		if t.fold[i] != fold || !l.listens(t.bags[i].channel) {
			continue
		}
		for j := range t.bags[i].windows {
			w := &t.bags[i].windows[j]
			if !l.hears(w.speaker) {
				continue
			}
			if s := learnt.score(w, &t.words); !into[i].heard || s > into[i].score {
				into[i] = held{s, true}
			}
		}
	}
}

// digest names the training data by content.
func digest(examples []Example) (string, error) {
	sum := sha256.New()
	enc := json.NewEncoder(sum)
	for i := range examples {
		x := &examples[i]
		if err := enc.Encode([]any{x.Channel, x.Speaker, x.Text, x.Turns, x.Shows, x.Not, x.Open}); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
