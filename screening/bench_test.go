package screening_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"xiaobao/casework"
	"xiaobao/rulebook"
	"xiaobao/screening"
)

func BenchmarkScreen(b *testing.B) {
	book, err := rulebook.Builtin()
	if err != nil {
		b.Fatal(err)
	}
	engine, err := screening.Compile(book)
	if err != nil {
		b.Fatal(err)
	}
	corpus := screening.Talk(1, 200)
	bytes := 0
	for i := range corpus {
		bytes += len(corpus[i].Content())
	}
	_ = fmt.Sprint(rand.N(2), strings.ToLower(""))
	var _ casework.Touchpoint
	b.Run("screen", func(b *testing.B) {
		s := engine.NewScreener()
		b.SetBytes(int64(bytes))
		b.ReportAllocs()
		n := 0
		for b.Loop() {
			for i := range corpus {
				n += len(s.Screen(&corpus[i]))
			}
		}
		b.ReportMetric(float64(n)/float64(b.N*len(corpus)), "signals/text")
	})
	b.Run("automaton", func(b *testing.B) {
		s := engine.NewScreener()
		b.SetBytes(int64(bytes))
		for b.Loop() {
			for i := range corpus {
				s.CountWords(corpus[i].Text)
			}
		}
	})
}
