package screening

import (
	"cmp"
	"iter"
	"slices"

	"xiaobao/casework"
)

// owned gives the marks by owner, each in the order of the text, without
// those found by sound if the owner has any found by spelling.
func (m *matcher) owned() iter.Seq2[int32, []mark] {
	slices.SortStableFunc(m.marks, func(a, b mark) int {
		return cmp.Or(cmp.Compare(m.rules[a.rule].owner, m.rules[b.rule].owner),
			cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end))
	})
	return func(yield func(int32, []mark) bool) {
		for rest := m.marks; len(rest) > 0; {
			number, n := m.rules[rest[0].rule].owner, 1
			for n < len(rest) && m.rules[rest[n].rule].owner == number {
				n++
			}
			if !yield(number, bySpelling(rest[:n])) {
				return
			}
			rest = rest[n:]
		}
	}
}

// bySpelling leaves out what was found by sound if anything was found by
// spelling.
func bySpelling(marks []mark) []mark {
	sound := func(k mark) bool { return k.bySound }
	if !slices.ContainsFunc(marks, sound) {
		return marks
	}
	spelt := slices.DeleteFunc(slices.Clone(marks), sound)
	if len(spelt) == 0 {
		return marks
	}
	return spelt
}

// evidence turns marks, in the order of the text, into quotes; those that
// overlap become one.
func (m *matcher) evidence(marks []mark) []casework.Evidence {
	out := []casework.Evidence{}
	for i := 0; i < len(marks); {
		k := marks[i]
		for i++; i < len(marks) && marks[i].start < k.end; i++ {
			k.end = max(k.end, marks[i].end)
		}
		e := casework.Evidence{Start: int(k.start), End: int(k.end), Quote: string(m.runes[k.start:k.end])}
		if who := m.said[k.said].who; who < len(allSpeakers) {
			e.Speaker = allSpeakers[who]
		}
		out = append(out, e)
	}
	return out
}
