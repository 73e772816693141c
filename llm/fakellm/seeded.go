package fakellm

// seeded is a small generator of numbers: the same seed gives the same wrong
// answers on every machine (splitmix64).
type seeded uint64

func (s *seeded) next() uint64 {
	*s += 0x9e3779b97f4a7c15
	z := uint64(*s)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below is a number from 0 to n-1; 0 if there is none.
func (s *seeded) below(n int) int {
	if n <= 0 {
		return 0
	}
	return int(s.next() % uint64(n)) // n is small: the bias does not matter
}

// of is one of a list; the zero value if it is empty.
func of[T any](s *seeded, list []T) T {
	var none T
	if len(list) == 0 {
		return none
	}
	return list[s.below(len(list))]
}
