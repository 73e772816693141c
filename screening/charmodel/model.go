package charmodel

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"math/bits"
	"slices"

	"xiaobao/casework"
)

// A Model is what was learnt: immutable, safe for concurrent use.
type Model struct {
	Report       Report
	Options      Options
	TrainingHash string // of the examples
	RulebookHash string

	labels  []label
	hashes  []uint32 // of the sequences, sorted
	first   []uint32 // of each sequence, where its weights begin; one more at the end
	weights []weight
	index   []block
	version string
	content []byte // as it is written
}

// A weight is what a sequence says of a label, in units of the label's own.
type weight struct {
	label uint16
	value int8
}

// A label is one indicator as the model knows it.
type label struct {
	ID       string             `json:"id"`
	Channels []casework.Channel `json:"channels"`
	Speakers []casework.Speaker `json:"speakers"`
	Shown    int                `json:"shown"`
	Not      int                `json:"not"`
	Unit     float64            `json:"unit"` // what a weight of 1 stands for
	Bias     float64            `json:"bias"`
	level
	Curve  curve   `json:"curve"`
	Doubt  float64 `json:"doubt"`  // from which probability on it is in doubt
	Accept float64 `json:"accept"` // from which on it is sure enough

	own bool
}

func (l *label) listens(c casework.Channel) bool {
	return len(l.Channels) == 0 || slices.Contains(l.Channels, c)
}

func (l *label) hears(s casework.Speaker) bool {
	return len(l.Speakers) == 0 || slices.Contains(l.Speakers, s)
}

// chance is the calibrated probability of a score.
func (l *label) chance(score float64) float64 { return l.Curve.at(l.even(score)) }

// Version names the model by its content: "char@1#1a2b3c4d".
func (m *Model) Version() string { return m.version }

// Indicators lists what the model knows.
func (m *Model) Indicators() []string {
	ids := make([]string, len(m.labels))
	for i := range m.labels {
		ids[i] = m.labels[i].ID
	}
	return ids
}

// finest is the largest weight of a label, in its units.
const finest = 127

// assemble makes the model of what was learnt, as fine as its file has room.
func (t *trainer) assemble(lines []line, r Report) (*Model, error) {
	m := &Model{Report: r, Options: t.Options, TrainingHash: t.source, RulebookHash: t.Book.Hash, labels: t.labels}
	for least := 2.0; ; least++ {
		t.quantise(m, lines, least)
		if err := m.seal(); err != nil {
			return nil, err
		}
		if len(m.content) <= MaxBytes {
			return m, nil
		}
		if least >= finest {
			return nil, casework.Errorf(casework.Invalid, "the model does not fit into %d MiB; train with fewer indicators", MaxBytes>>20).
				InChinese("模型超过 %d MiB；请减少指标", MaxBytes>>20)
		}
	}
}

// quantise writes the weights, the hints with them, in units of their label.
// Those below the least go, and sequences that have none left.
func (t *trainer) quantise(m *Model, lines []line, least float64) {
	m.hashes, m.first, m.weights = nil, nil, nil
	for i := range m.labels {
		most := 0.0
		for f := range t.words.hashes {
			most = max(most, math.Abs(t.weight(i, int32(f), &lines[i])))
		}
		m.labels[i].Unit, m.labels[i].Bias = max(most, math.SmallestNonzeroFloat32)/finest, lines[i].bias
	}
	for f, hash := range t.words.hashes {
		before := len(m.weights)
		for i := range lines {
			q := math.Round(t.weight(i, int32(f), &lines[i]) / m.labels[i].Unit)
			if math.Abs(q) >= least {
				m.weights = append(m.weights, weight{uint16(i), int8(q)})
			}
		}
		if len(m.weights) > before {
			m.hashes = append(m.hashes, hash)
			m.first = append(m.first, uint32(before))
		}
	}
	m.first = append(m.first, uint32(len(m.weights)))
}

// weight is what a sequence weighs for a label, learnt and hinted.
func (t *trainer) weight(label int, f int32, learnt *line) float64 {
	w := float64(learnt.weights[f] * t.words.weight[f])
	if n := t.hints[label].count[f]; n > 0 && t.Hints > 0 {
		w += float64(t.Hints * t.hints[label].weight(f, n, t.clean[t.Folds][f]))
	}
	return w
}

// A block tells for 64 hashes which are known, and how many are before them.
type block struct {
	known  uint64
	before uint32
}

// build makes the index.
func (m *Model) build() {
	m.index = make([]block, 1<<(m.Options.Bits-6))
	for _, h := range m.hashes {
		m.index[h>>6].known |= 1 << (h & 63)
	}
	count := uint32(0)
	for i := range m.index {
		m.index[i].before = count
		count += uint32(bits.OnesCount64(m.index[i].known))
	}
}

// of gives the weights of a hash.
func (m *Model) of(h uint32) []weight {
	b := &m.index[h>>6]
	bit := uint64(1) << (h & 63)
	if b.known&bit == 0 {
		return nil
	}
	n := b.before + uint32(bits.OnesCount64(b.known&(bit-1)))
	return m.weights[m.first[n]:m.first[n+1]]
}

// seal makes the model's file and its version, and readies it for use.
func (m *Model) seal() error {
	m.build()
	var b bytes.Buffer
	if err := m.encode(&b); err != nil {
		return err
	}
	sum := sha256.Sum256(b.Bytes())
	m.content = append(b.Bytes(), sum[:]...)
	m.version = "char@1#" + hex.EncodeToString(sum[:4])
	return nil
}
