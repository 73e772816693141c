package charmodel

import "crypto/sha256"

// Sealed gives a body the beginning and the checksum of a model's file, so
// that what is read of it is tried, too.
func Sealed(body []byte) []byte {
	out := append([]byte(magic), body...)
	sum := sha256.Sum256(out)
	return append(out, sum[:]...)
}

// Doubting gives a copy of a model with other thresholds, to see what lies
// below its own.
func (m *Model) Doubting(doubt, accept float64) *Model {
	out := *m
	out.labels = append([]label(nil), m.labels...)
	for i := range out.labels {
		out.labels[i].Doubt, out.labels[i].Accept = doubt, accept
	}
	return &out
}
