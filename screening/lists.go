package screening

import mathbits "math/bits"

// bits is a set of numbers as a field of bits.
type bits []uint64

func newBits(upto int) bits { return make(bits, (upto+63)/64) }

func (b bits) add(n int32) { b[n/64] |= 1 << (n % 64) }

func (b bits) has(n int32) bool { return b[n>>6]&(1<<(n&63)) != 0 }

// one is 1 if the set has n, 0 otherwise.
func (b bits) one(n int32) int { return int(b[n>>6] >> (n & 63) & 1) }

// lists are lists of numbers, by a number of their own, in one stretch of
// memory.
type lists struct {
	all  []int32
	ends []int32
}

// add appends the next list.
func (l *lists) add(list []int32) {
	l.all = append(l.all, list...)
	l.ends = append(l.ends, int32(len(l.all)))
}

// of gives a list; nothing beyond the last.
func (l *lists) of(number int32) []int32 {
	from := int32(0)
	if number > 0 {
		from = l.ends[number-1]
	}
	return l.all[from:l.ends[number]]
}

// utterances is a set of a touchpoint's utterances. Those whose numbers are
// sharing apart share a place, so it may hold too many, never too few.
type utterances uint64

const sharing = 64

func (u utterances) has(number int32) bool { return u&only(number) != 0 }

// first gives the least number in the set, which is not empty.
func (u utterances) first() int32 { return int32(mathbits.TrailingZeros64(uint64(u))) }

func only(number int32) utterances { return 1 << (number & (sharing - 1)) }
