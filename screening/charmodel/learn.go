package charmodel

import "math"

// An instance is a window with what it is to be judged as.
type instance struct {
	*window
	shown bool
	cost  float64 // the most that judging it wrongly may weigh
}

// A line is what was learnt of one indicator: a weight for each sequence of
// the vocabulary, and a bias.
type line struct {
	weights []float64
	bias    float64
}

// score weighs a window.
func (l *line) score(w *window, v *vocabulary) float64 {
	sum := 0.0
	for _, f := range w.features {
		sum += float64(l.weights[f] * v.weight[f])
	}
	return sum*scale(w.length) + l.bias
}

// scale makes windows of any length comparable.
func scale(length int) float64 { return 1 / math.Sqrt(float64(max(length, shortest))) }

// shortest keeps the few sequences of a very short window from weighing much.
const shortest = 48

// rounds and steps bound the solving; both are ample for some thousand
// instances, and fixed, so that the outcome is.
const (
	rounds = 6
	steps  = 4
)

// solve finds the weights of L2-regularised logistic regression by descent
// along the dual coordinates (Yu, Huang and Lin 2011), each solved by
// Newton's method in the log-odds. The order of the instances is drawn from
// the seed.
func solve(instances []instance, v *vocabulary, seed uint64) line {
	l := line{weights: make([]float64, len(v.hashes))}
	duals := make([]float64, len(instances)) // log-odds of the share of its cost that each uses
	norms := make([]float64, len(instances))
	order := make([]int, len(instances))
	for i := range instances {
		in := &instances[i]
		duals[i] = -3
		norms[i] = in.norm(v) + 1
		l.move(in, v, in.cost*logistic(duals[i]))
		order[i] = i
	}
	draw := shuffler(seed)
	for range rounds {
		draw.shuffle(order)
		for _, i := range order {
			in := &instances[i]
			margin := l.score(in.window, v)
			if !in.shown {
				margin = -margin
			}
			u := newton(duals[i], in.cost, norms[i], margin)
			l.move(in, v, in.cost*(logistic(u)-logistic(duals[i])))
			duals[i] = u
		}
	}
	return l
}

// newton solves u + a(C·σ(u) − C·σ(u₀)) + margin = 0.
func newton(u0, cost, a, margin float64) float64 {
	u, used := u0, cost*logistic(u0)
	for range steps {
		s := logistic(u)
		value := u + a*(cost*s-used) + margin
		u -= value / (1 + a*cost*s*(1-s))
	}
	return max(-30, min(30, u))
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// norm is the squared length of an instance's features, taken as distinct.
func (in *instance) norm(v *vocabulary) float64 {
	sum := 0.0
	for _, f := range in.features {
		sum += float64(v.weight[f] * v.weight[f])
	}
	s := scale(in.length)
	return sum * s * s
}

// move adds an instance to the weights, so often.
func (l *line) move(in *instance, v *vocabulary, by float64) {
	if !in.shown {
		by = -by
	}
	l.bias += by
	by *= scale(in.length)
	for _, f := range in.features {
		l.weights[f] += float64(by * v.weight[f])
	}
}

// A shuffler draws the same numbers from the same seed, on every machine and
// in every release (SplitMix64).
type shuffler uint64

func (s *shuffler) next() uint64 {
	*s += 0x9E3779B97F4A7C15
	z := uint64(*s)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

func (s *shuffler) shuffle(order []int) {
	for i := len(order) - 1; i > 0; i-- {
		j := int(s.next() % uint64(i+1))
		order[i], order[j] = order[j], order[i]
	}
}
