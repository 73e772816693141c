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
	MinShown int                `json:"min_shown"` // examples that an indicator needs; 0 means 3
	Folds    int                `json:"folds"`     // of cross-validation; 0 means 5
	Cost     float64            `json:"cost"`      // of a wrong judgement against that of large weights; 0 means 4
	Shown    float64            `json:"shown"`     // how much more an example counts that shows the indicator; 0 means 8
	Near     float64            `json:"near"`      // how much more one counts that only sounds like it; 0 means 4
	Hints    float64            `json:"hints"`     // how much the words of the rules count beside what was learnt; 0 means 0.3, below 0 not at all
	Doubt    float64            `json:"doubt"`     // most of the examples showing nothing that may be in doubt; 0 means 0.08
	Ordinary float64            `json:"ordinary"`  // most of those that do not even sound like anything; 0 means 0.03
	Accept   float64            `json:"accept"`    // precision to accept at, lower bound; 0 means 0.9
	Progress func(done, of int) `json:"-"`
}

func (o Options) withDefaults() Options {
	o.Bits, o.MinShown, o.Folds = cmp.Or(o.Bits, 20), cmp.Or(o.MinShown, 3), cmp.Or(o.Folds, 5)
	o.Cost, o.Shown, o.Near, o.Hints = cmp.Or(o.Cost, 4), cmp.Or(o.Shown, 8), cmp.Or(o.Near, 4), cmp.Or(o.Hints, 0.3)
	o.Doubt, o.Ordinary, o.Accept = cmp.Or(o.Doubt, 0.08), cmp.Or(o.Ordinary, 0.03), cmp.Or(o.Accept, 0.9)
	return o
}

// check refuses what cannot be trained with.
func (o *Options) check() error {
	switch {
	case o.Book == nil:
		return casework.Errorf(casework.Invalid, "training needs the rulebook").InChinese("训练需要规则库")
	case o.Bits < leastBits || o.Bits > mostBits:
		return casework.Errorf(casework.Invalid, "bits must be %d to %d", leastBits, mostBits).
			InChinese("bits 应为 %d 至 %d", leastBits, mostBits)
	case o.Folds < 2 || o.MinShown < 1:
		return casework.Errorf(casework.Invalid, "folds must be 2 or more, and min_shown 1 or more").
			InChinese("folds 至少为 2，min_shown 至少为 1")
	}
	return nil
}

// The space of hashes, in bits.
const (
	leastBits = 10
	mostBits  = 24
)

// A trainer holds what training goes by.
type trainer struct {
	Options
	source   string // digest of the examples as they came
	examples []Example
	bags     []bag
	words    vocabulary
	hints    []hints // by label
	labels   []label
	fold     []int       // of each example
	clean    [][]float64 // by fold, in how many clean examples outside it each sequence stands
}

// Train learns a model of the indicators that enough examples show. The same
// examples and options make the same model, byte by byte.
func Train(examples []Example, o Options) (*Model, Report, error) {
	t := &trainer{Options: o.withDefaults()}
	if err := t.check(); err != nil {
		return nil, Report{}, err
	}
	var err error
	if t.source, err = digest(examples); err != nil {
		return nil, Report{}, err
	}
	examples = byText(examples, t.Book)
	t.examples, t.labels = examples, labelsOf(examples, t.Options)
	if len(t.labels) == 0 {
		return nil, Report{}, casework.Errorf(casework.Invalid,
			"no indicator is shown by %d examples or more; give more labels", t.MinShown).
			InChinese("没有指标达到 %d 条正例；请补充标注", t.MinShown)
	}
	t.bags, t.hints, t.words = takeApart(examples, t.labels, t.Options)
	t.fold = foldsOf(examples, t.Folds, t.Seed)
	t.clean = t.cleanSeen()
	lines, held := t.learn()
	report := t.judge(held)
	m, err := t.assemble(lines, report)
	return m, report, err
}

// byText leaves open what an example may show by its attributes alone, as an
// indicator of kind both can: its words would teach something wrong.
func byText(examples []Example, b *rulebook.Book) []Example {
	out := slices.Clone(examples)
	for i := range out {
		x := &out[i]
		if len(x.Attributes) == 0 {
			continue
		}
		byFacts := func(id string) bool {
			ind, ok := b.Indicator(id)
			return ok && ind.Kind == "both"
		}
		x.Open = slices.Clone(x.Open)
		for _, id := range x.Shows {
			if byFacts(id) {
				x.Open = append(x.Open, id)
			}
		}
		x.Shows = slices.DeleteFunc(slices.Clone(x.Shows), byFacts)
	}
	return out
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
		if inOneSentence(ind) && shown[ind.ID] >= o.MinShown {
			out = append(out, label{
				ID: ind.ID, Channels: ind.Channels, Speakers: ind.Speakers, Shown: shown[ind.ID], Not: not[ind.ID],
			})
		}
	}
	return out
}

// cleanSeen counts, for each fold and for all together, the examples outside
// it that show nothing and hold a sequence.
func (t *trainer) cleanSeen() [][]float64 {
	out := make([][]float64, t.Folds+1)
	for fold := range out {
		out[fold] = make([]float64, len(t.words.hashes))
	}
	for i := range t.bags {
		if !t.examples[i].clean() {
			continue
		}
		own := map[int32]bool{}
		for _, w := range t.bags[i].windows {
			for _, f := range w.features {
				own[f] = true
			}
		}
		for fold := range out {
			if fold == t.fold[i] {
				continue
			}
			for f := range own {
				out[fold][f]++
			}
		}
	}
	return out
}

// inOneSentence reports whether an indicator may show in a single sentence:
// some pattern of it asks neither what was said before nor what is missing.
func inOneSentence(ind *rulebook.Indicator) bool {
	return slices.ContainsFunc(ind.Patterns, func(p rulebook.Pattern) bool {
		return p.After == nil && len(p.Absent) == 0 && p.Opening == 0
	})
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
const reconsiderations = 2

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
		var without map[int32]int
		if slices.Contains(t.examples[i].Shows, l.ID) {
			without = t.hints[number].standing(t.bags[i].folded)
		}
		for j := range t.bags[i].windows {
			w := &t.bags[i].windows[j]
			if !l.hears(w.speaker) {
				continue
			}
			if s := learnt.score(w, &t.words) + max(0, t.Hints)*t.hints[number].score(w, without, t.clean[fold]); !into[i].heard || s > into[i].score {
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
