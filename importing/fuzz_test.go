package importing_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"xiaobao/casework"
	"xiaobao/importing"
)

func FuzzMapping(f *testing.F) {
	for _, seed := range []string{mapping, "", "{}", "columns: {id: a}\n---\nx", "columns: [a]", "&a [*a]", "time_layout: \"2006\"", "values: {channel: {a: b}}", "\x00", "columns: {id: &x a, text: *x}"} {
		f.Add("touchpoints", seed)
	}
	f.Fuzz(func(t *testing.T, kind, text string) {
		m, err := importing.ParseMapping(kind, []byte(text))
		if err != nil {
			if casework.KindOf(err) != casework.Invalid {
				t.Errorf("not called invalid: %v", err)
			}
			return
		}
		for field := range m.Columns {
			if !strings.Contains(" "+strings.Join(importing.Fields(kind), " ")+" ", " "+field+" ") {
				t.Errorf("%q is no field of %q", field, kind)
			}
		}
	})
}

func FuzzTable(f *testing.F) {
	f.Add(chinese)
	for _, seed := range []string{"\"", "\ufeffid", "id,id\n", "id\n\"", "\xff\xfei\x00d\x00", "\xfe\xff", "id;channel;occurred_at;text\n1;2;3;4;5", "\n\n\n", "id,channel,occurred_at,text\n\xc4\xe3,x,2026-01-01,y"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) { soundly(t, "x.csv", text) })
}

func FuzzLines(f *testing.F) {
	for _, seed := range []string{
		`{"id":"a","channel":"service_chat","occurred_at":"2026-03-01T09:00:00Z","text":"x"}`, "{}", "[]", "null", "\n{}", "{\"id\":\"\\u0000\"}", "\xff", `{"attributes":{"a":{"b":[1,{"c":null}]}}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) { soundly(t, "x.jsonl", text) })
}

// soundly imports a text and fails the test if what goes in could not be
// stored, or counts do not add up.
func soundly(t *testing.T, name, text string) {
	t.Helper()
	m, result, err := run(t, name, text, importing.Request{SkipInvalid: true})
	if err != nil {
		if kind := casework.KindOf(err); kind != casework.Invalid {
			t.Fatalf("of kind %s: %v", kind, err)
		}
		return
	}
	if len(m.touchpoints)+result.Invalid != result.Rows {
		t.Errorf("%d rows, %d taken, %d invalid", result.Rows, len(m.touchpoints), result.Invalid)
	}
	for _, r := range m.touchpoints {
		if err := r.Check(noon); err != nil {
			t.Errorf("went in although %v", err)
		}
		for _, s := range []string{r.ID, r.CustomerID, r.AgentID, r.OrgID, r.Product, r.Content()} {
			if !utf8.ValidString(s) || strings.ContainsRune(s, 0) {
				t.Errorf("went in although it cannot be stored")
			}
		}
	}
}
