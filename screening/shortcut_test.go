package screening

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"xiaobao/casework"
	"xiaobao/rulebook"
)

// withoutShortcuts is the ruleset with everything that only saves time taken
// out: every place may begin a sound, every expression is run.
func withoutShortcuts(rs *ruleset) *ruleset {
	plain := *rs
	plain.begins.filter = newBits(1 << filterBits)
	for i := range plain.begins.filter {
		plain.begins.filter[i] = ^uint64(0)
	}
	plain.rules = slices.Clone(rs.rules)
	for i := range plain.rules {
		if r := &plain.rules[i]; r.regex != nil {
			r.regex = &expression{Regexp: r.regex.Regexp}
		}
	}
	return &plain
}

// judgePlainly tries every rule of the chosen owners everywhere.
func (m *matcher) judgePlainly(chosen func(owner int32) bool) {
	for i := range m.rules {
		if r := &m.rules[i]; chosen(r.owner) {
			m.apply(int32(i), r, &m.owners[r.owner], ^utterances(0))
		}
	}
}

func TestShortcutsChangeNoResult(t *testing.T) {
	t.Parallel()
	book, err := rulebook.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	e, err := Compile(book)
	if err != nil {
		t.Fatal(err)
	}
	fast, plain := newMatcher(e.texts()), newMatcher(withoutShortcuts(e.texts()))
	everything := *e.texts().everything()
	everything.watched = newBits(len(plain.sets)) // so that hits are looked for in all utterances
	found, longest := 0, 0
	try := func(channel int, text casework.Touchpoint) {
		t.Helper()
		text.Channel = allChannels[channel]
		fast.read(&text, e.views[channel]())
		fast.judge("", nil)
		plain.read(&text, &everything)
		plain.judgePlainly(func(owner int32) bool {
			return maskOf(e.indicators[owner].Channels, allChannels).admits(channel)
		})
		byPlace := func(a, b mark) int {
			return cmp.Or(cmp.Compare(a.rule, b.rule), cmp.Compare(a.start, b.start), cmp.Compare(a.end, b.end))
		}
		slices.SortStableFunc(fast.marks, byPlace)
		slices.SortStableFunc(plain.marks, byPlace)
		if !slices.Equal(fast.marks, plain.marks) {
			t.Errorf("%s: %.400q: %+v, without shortcuts %+v", text.Channel, text.Text, fast.marks, plain.marks)
		}
		found += len(fast.marks)
	}
	for i, ind := range book.Indicators {
		var long strings.Builder // more utterances than have bits of their own
		for j, example := range slices.Concat(ind.Fires, ind.Not) {
			text := casework.Touchpoint{Speaker: example.Speaker, Text: example.Text}
			if j%3 == 0 { // others speak, too
				text.Text += "\n坐席：" + ind.Fires[j%len(ind.Fires)].Text + "\n客户：" + text.Text
			}
			try((i+j)%len(allChannels), text)
			for _, other := range book.Indicators[(i+j)%len(book.Indicators)].Fires {
				long.WriteString([]string{"\n坐席：", "\n客户：", "\n机器人："}[long.Len()%3] + example.Text + "\n客户：" + other.Text)
			}
		}
		if i%9 == 0 {
			try(channelIndex(ind.Channels[0]), casework.Touchpoint{Text: long.String()})
			longest = max(longest, len(fast.ends))
		}
	}
	if longest <= manyEndings {
		t.Errorf("no text is long: %d endings at most", longest)
	}
	if found < len(book.Indicators) {
		t.Errorf("only %d marks in all: the texts try too little", found)
	}
}

func TestBeginningsLeadWhereTheAutomatonGoes(t *testing.T) {
	t.Parallel()
	words := [][]uint16{{1, 2, 3, 4}, {1, 2, 3, 4, 5}, {4, 3, 2, 1, 1, 2, 3, 4}, {9, 9, 9, 9}, {1, 2, 3, 5}}
	a := newAutomaton(words, 9)
	b := beginningsOf(words, a)
	four := func(word []uint16) (packed uint64) {
		for _, sound := range word[:minSyllables] {
			packed = packed<<syllableBits | uint64(sound)
		}
		return packed
	}
	for _, word := range words {
		state := int32(0)
		for _, sound := range word[:minSyllables] {
			state = a.next(state, sound)
		}
		if got := b.state(four(word)); !b.may(four(word)) || got != state || got == 0 {
			t.Errorf("%v leads to %d, want %d", word[:minSyllables], got, state)
		}
	}
	for _, other := range [][]uint16{{0, 0, 0, 0}, {0, 1, 2, 3}, {2, 3, 4, 5}, {1, 2, 3, 6}, {5, 4, 3, 2}} {
		if got := b.state(four(other)); got != 0 {
			t.Errorf("%v leads to %d, and no word begins so", other, got)
		}
	}
}
