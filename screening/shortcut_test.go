package screening

import (
	"cmp"
	"slices"
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
	found := 0
	for i, ind := range book.Indicators {
		for j, example := range slices.Concat(ind.Fires, ind.Not) {
			channel := (i + j) % len(allChannels)
			text := casework.Touchpoint{Channel: allChannels[channel], Speaker: example.Speaker, Text: example.Text}
			if j%3 == 0 { // others speak, too
				text.Text += "\n坐席：" + ind.Fires[j%len(ind.Fires)].Text + "\n客户：" + text.Text
			}
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
				t.Errorf("%s %s: %q: %+v, without shortcuts %+v", ind.ID, text.Channel, text.Text, fast.marks, plain.marks)
			}
			found += len(fast.marks)
		}
	}
	if found < len(book.Indicators) {
		t.Errorf("only %d marks in all: the texts try too little", found)
	}
}
