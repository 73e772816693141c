package privacy

import (
	"fmt"
	"math"
)

// A matrix holds the weights of each output side by side, so that an output
// is the product of two runs of memory.
type matrix struct {
	in, out int
	rows    []float32
}

// transposed makes one from weights that stand by input.
func transposed(weights []float32, in, out int) matrix {
	m := matrix{in, out, make([]float32, len(weights))}
	for i := range in {
		for o := range out {
			m.rows[o*in+i] = weights[i*out+o]
		}
	}
	return m
}

// times computes the outputs for an input, added to what is there. To fetch
// the weights once for several inputs or outputs was tried and is no faster.
func (m matrix) times(input, sum []float32) {
	for o := range m.out {
		sum[o] += dot(m.rows[o*m.in:(o+1)*m.in], input)
	}
}

func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s0, s1, s2, s3, s4, s5, s6, s7 float32
	for len(a) >= 8 && len(b) >= 8 {
		s0 += a[0] * b[0]
		s1 += a[1] * b[1]
		s2 += a[2] * b[2]
		s3 += a[3] * b[3]
		s4 += a[4] * b[4]
		s5 += a[5] * b[5]
		s6 += a[6] * b[6]
		s7 += a[7] * b[7]
		a, b = a[8:], b[8:]
	}
	return (s0 + s1) + (s2 + s3) + (s4 + s5) + (s6 + s7)
}

// A direction is one reading of a layer: from the left or from the right.
type direction struct {
	input matrix    // to update, reset and candidate
	bias  []float32 // of the three
	gates matrix    // from the state to update and reset
	state matrix    // from the reset state to the candidate
}

// A layer reads in both directions.
type layer struct{ forth, back direction }

// readLayer reads the layer whose parameters begin with number n.
func readLayer(dir string, n, in int) (layer, error) {
	forth, err := readDirection(dir, n, in)
	if err != nil {
		return layer{}, err
	}
	back, err := readDirection(dir, n+1, in)
	return layer{forth, back}, err
}

func readDirection(dir string, n, in int) (direction, error) {
	weights, err := readParameters(dir, fmt.Sprintf("fc_%d.w_0", n), in, gates)
	if err != nil {
		return direction{}, err
	}
	bias, err := readParameters(dir, fmt.Sprintf("fc_%d.b_0", n), gates)
	if err != nil {
		return direction{}, err
	}
	second, err := readParameters(dir, fmt.Sprintf("gru_%d.b_0", n), 1, gates)
	if err != nil {
		return direction{}, err
	}
	for i := range bias {
		bias[i] += second[i]
	}
	recurrent, err := readParameters(dir, fmt.Sprintf("gru_%d.w_0", n), units, gates)
	if err != nil {
		return direction{}, err
	}
	const split = units * both // the weights of update and reset come first
	return direction{
		input: transposed(weights, in, gates), bias: bias,
		gates: transposed(recurrent[:split], units, both), state: transposed(recurrent[split:], units, units),
	}, nil
}

// A pass is the memory of one reading; it is used again.
type pass struct {
	ids       []int32
	projected []float32 // input of a layer's units, for one direction
	first     []float32 // output of the first layer, both directions
	second    []float32
	emissions []float32
	best      []float32
	from      []byte
	path      []byte
	state     [units]float32
	reset     [units]float32
	sums      [gates]float32
}

func sized(s []float32, n int) []float32 {
	if cap(s) < n {
		return make([]float32, n)
	}
	return s[:n]
}

// run gives the likeliest tag of each character.
func (t *Tagger) run(p *pass, r []rune) []byte {
	n := len(r)
	p.ids = p.ids[:0]
	for _, c := range r {
		id, ok := t.characters[c]
		if !ok {
			id = t.unknown
		}
		p.ids = append(p.ids, id)
	}
	p.projected = sized(p.projected, n*gates)
	p.first, p.second = sized(p.first, n*both), sized(p.second, n*both)
	for side, d := range [2]*direction{&t.first.forth, &t.first.back} {
		for i, id := range p.ids {
			copy(p.projected[i*gates:(i+1)*gates], t.project(id)[side*gates:(side+1)*gates])
		}
		p.read(d, n, side, p.first)
	}
	for side, d := range [2]*direction{&t.second.forth, &t.second.back} {
		p.feed(d, n)
		p.read(d, n, side, p.second)
	}
	p.emissions = sized(p.emissions, n*tags)
	for i := range n {
		e := p.emissions[i*tags : (i+1)*tags]
		copy(e, t.outBias)
		t.out.times(p.second[i*both:(i+1)*both], e)
	}
	return t.decode(p, n)
}

// project gives the first layer's input for a character, both directions.
// People use few characters: what was computed once is kept.
func (t *Tagger) project(id int32) *[2 * gates]float32 {
	if known := t.projected[id].Load(); known != nil {
		return known
	}
	sums := new([2 * gates]float32)
	copy(sums[:gates], t.first.forth.bias)
	copy(sums[gates:], t.first.back.bias)
	embedding := t.embeddings[int(id)*units : (int(id)+1)*units]
	t.first.forth.input.times(embedding, sums[:gates])
	t.first.back.input.times(embedding, sums[gates:])
	t.projected[id].Store(sums)
	return sums
}

// feed computes the second layer's input from the first one's output.
func (p *pass) feed(d *direction, n int) {
	for i := range n {
		copy(p.projected[i*gates:(i+1)*gates], d.bias)
		d.input.times(p.first[i*both:(i+1)*both], p.projected[i*gates:(i+1)*gates])
	}
}

// read runs the gated units of one direction over the text.
func (p *pass) read(d *direction, n, side int, out []float32) {
	p.state = [units]float32{}
	for step := range n {
		i := step
		if side == 1 {
			i = n - 1 - step
		}
		copy(p.sums[:], p.projected[i*gates:(i+1)*gates])
		d.gates.times(p.state[:], p.sums[:both])
		for u := range units {
			p.reset[u] = sigmoid(p.sums[units+u]) * p.state[u]
		}
		d.state.times(p.reset[:], p.sums[both:])
		for u := range units {
			update := sigmoid(p.sums[u])
			p.state[u] += update * (tanh(p.sums[both+u]) - p.state[u])
		}
		copy(out[i*both+side*units:], p.state[:])
	}
}

func sigmoid(x float32) float32 { return float32(1 / (1 + math.Exp(-float64(x)))) }

func tanh(x float32) float32 { return 2*sigmoid(2*x) - 1 }

// decode finds the best chain of tags (Viterbi).
func (t *Tagger) decode(p *pass, n int) []byte {
	start, end, step := t.chain[:tags], t.chain[tags:2*tags], t.chain[2*tags:]
	p.best = sized(p.best, 2*tags)
	if cap(p.from) < n*tags {
		p.from = make([]byte, n*tags)
	}
	before, now := p.best[:tags], p.best[tags:]
	for j := range tags {
		before[j] = start[j] + p.emissions[j]
	}
	for i := 1; i < n; i++ {
		for j := range tags {
			best, from := float32(math.Inf(-1)), 0
			for k := range tags {
				if score := before[k] + step[k*tags+j]; score > best {
					best, from = score, k
				}
			}
			now[j] = best + p.emissions[i*tags+j]
			p.from[i*tags+j] = byte(from)
		}
		before, now = now, before
	}
	last := 0
	for j := range tags {
		if before[j]+end[j] > before[last]+end[last] {
			last = j
		}
	}
	if cap(p.path) < n {
		p.path = make([]byte, n)
	}
	p.path = p.path[:n]
	for i := n - 1; i >= 0; i-- {
		p.path[i] = byte(last)
		last = int(p.from[i*tags+last])
	}
	return p.path
}
