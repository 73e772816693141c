package rulebook_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"xiaobao/casework"
	"xiaobao/rulebook"
)

const heading = "pack: ours\nversion: \"2027.1\"\ntitle: {zh: 本行, en: Ours}\n"

// overlay is a directory with the given content in ours.yaml.
func overlay(content string) fs.FS {
	return rulebook.Folder{FS: fstest.MapFS{"ours.yaml": {Data: []byte(content)}}, Name: "dir"}
}

// problems are what loading complains about.
func problems(t *testing.T, layers ...fs.FS) []string {
	t.Helper()
	_, err := rulebook.Load(layers...)
	if err == nil {
		return nil
	}
	found, ok := errors.AsType[*rulebook.Problems](err)
	if !ok {
		t.Fatalf("not *Problems: %v", err)
	}
	if casework.KindOf(err) != casework.Invalid {
		t.Errorf("wrong packs are %s, not invalid", casework.KindOf(err))
	}
	return strings.Split(found.Error(), "\n")
}

func TestAnOverlayReplacesAnEntryAndKeepsTheRest(t *testing.T) {
	t.Parallel()
	plain := builtin(t)
	b, err := rulebook.Load(overlay(heading + `
deadlines:
  - id: C-24
    group: complaint
    title: {zh: 内部目标, en: Our target}
    text: {zh: 五日, en: five days}
    value: 5
    unit: calendar_day
    basis: [{ref: R00, confidence: P}]
  - id: C-90
    group: complaint
    title: {zh: 新增, en: New}
    text: {zh: 一日, en: one day}
    basis: [{ref: C-24, confidence: P}]
`))
	if err != nil {
		t.Fatal(err)
	}
	changed, _ := b.Deadline("C-24")
	if changed.Value != 5 || changed.Pack.ID != "ours" || changed.Position != (rulebook.Position{File: "dir/ours.yaml", Line: 6}) {
		t.Errorf("C-24 is %+v", changed)
	}
	if len(b.Deadlines) != len(plain.Deadlines)+1 {
		t.Errorf("%d deadlines, want one more than %d", len(b.Deadlines), len(plain.Deadlines))
	}
	if before, _ := plain.Deadline("C-24"); before.Value != 7 {
		t.Errorf("the built-in book changed with the overlay: %+v", before)
	}
	if b.Hash == plain.Hash || !strings.HasPrefix(b.Version(), "2027.1#") {
		t.Errorf("version %s, built in %s", b.Version(), plain.Version())
	}
	if stamp := changed.Pack.Stamp(); stamp != "ours@2027.1#"+changed.Pack.Hash[:8] {
		t.Errorf("stamp %s", stamp)
	}
}

func TestTheSamePacksHaveTheSameHash(t *testing.T) {
	t.Parallel()
	again, err := rulebook.Load()
	if err != nil {
		t.Fatal(err)
	}
	if again.Hash != builtin(t).Hash {
		t.Error("two loads of the same files differ")
	}
}

func TestAPackThatIsNoPackIsRefusedInWords(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ content, want string }{
		"empty":        {"", "dir/ours.yaml:1: is empty"},
		"a comment":    {"# nothing\n", "is empty"},
		"a list":       {"- a\n", "must be a mapping"},
		"a word":       {"hello\n", "must be a mapping"},
		"not UTF-8":    {"pack: ours\ntitle: \xff\xfe\n", "dir/ours.yaml:2: is not UTF-8"},
		"bad YAML":     {"pack: ours\ntitle: {zh: 甲\nversion: x\n", "is not YAML"},
		"a tab":        {"pack: ours\n\tversion: x\n", "is not YAML"},
		"two packs":    {heading + "---\n" + heading, "dir/ours.yaml:4: a second document begins here"},
		"aliases":      {heading + "lexicons:\n  - &a {name: x, doc: d, words: [w]}\n  - *a\n", "dir/ours.yaml:6: aliases (*a)"},
		"a bomb":       {"a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n", "aliases (*a)"},
		"too large":    {heading + "# " + strings.Repeat("x", rulebook.MaxPackBytes), "is larger than 8 MiB"},
		"no id":        {"version: \"1.0\"\ntitle: {zh: 甲, en: A}\n", "pack has no id"},
		"bad id":       {"pack: Our Rules\nversion: \"1.0\"\ntitle: {zh: 甲, en: A}\n", "lower-case"},
		"bad version":  {"pack: ours\nversion: new\ntitle: {zh: 甲, en: A}\n", "numbers with dots"},
		"no English":   {"pack: ours\nversion: \"1.0\"\ntitle: {zh: 甲}\n", "title has no en"},
		"taken id":     {"pack: deadlines\nversion: \"1.0\"\ntitle: {zh: 甲, en: A}\n", "another pack has this id, at rulebook/packs/deadlines.yaml:1"},
		"typed wrong":  {heading + "holidays:\n  - year: soon\n    source: x\n", "dir/ours.yaml:5: soon: cannot unmarshal"},
		"unknown part": {heading + "indicatorz: []\n", `dir/ours.yaml:4: unknown field "indicatorz"; did you mean "indicators"?`},
		"a comma":      {heading + "lexicons:\n  - {name: x, doc: one, two, words: [w]}\n", `unknown field "two"; text with a comma needs quotes`},
		"twice":        {heading + "pack: theirs\n", `dir/ours.yaml:4: field "pack" stands twice`},
		"no list":      {heading + "lexicons: {name: x}\n", "want a list, found fields"},
		"no fields":    {heading + "lexicons: [x]\n", `want fields such as "name:"`},
		"no word":      {heading + "indicators:\n  - id: x_y\n    patterns:\n      - words: {a: b}\n", "dir/ours.yaml:7: x_y: want a word or a list of words"},
	} {
		got := strings.Join(problems(t, overlay(c.content)), "\n")
		if !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestEveryProblemIsToldAtOnce(t *testing.T) {
	t.Parallel()
	got := problems(t, overlay(heading+`
lexicons:
  - name: bad
    words: []
    wordz: [a]
  - name: BAD
    doc: d
    words: [" padded"]
deadlines:
  - id: Z-1
    group: nowhere
`))
	want := []string{
		`dir/ours.yaml:8: bad: unknown field "wordz"; did you mean "words"?`,
		`dir/ours.yaml:9: BAD: the lexicon's name is not lower-case letters, digits and _`,
		`dir/ours.yaml:9: BAD: the word " padded" is empty or has space around it`,
		`dir/ours.yaml:13: Z-1: has no basis, so it is policy: mark it settable`,
		`dir/ours.yaml:13: Z-1: text has no en`,
		`dir/ours.yaml:13: Z-1: text has no zh`,
		`dir/ours.yaml:13: Z-1: title has no en`,
		`dir/ours.yaml:13: Z-1: title has no zh`,
		`dir/ours.yaml:13: Z-1: unknown group "nowhere"; use one of complaint, contact, retention, governance, supervision`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestOverlaysThatCannotBeReadSayWhich(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "nowhere")
	if got := problems(t, rulebook.OpenFolder(missing)); len(got) != 1 || !strings.HasPrefix(got[0], missing+": cannot be read") {
		t.Errorf("a missing directory: %q", got)
	}
	empty := t.TempDir()
	if got := problems(t, rulebook.OpenFolder(empty)); len(got) != 1 || !strings.HasPrefix(got[0], empty+": holds no pack") {
		t.Errorf("an empty directory: %q", got)
	}
	if err := os.Symlink("nothing", filepath.Join(empty, "a.yaml")); err != nil {
		t.Fatal(err)
	}
	if got := problems(t, rulebook.OpenFolder(empty)); len(got) != 1 || !strings.Contains(got[0], "a.yaml: cannot be read") {
		t.Errorf("a dangling link: %q", got)
	}
	if got := problems(t, rulebook.Folder{Name: "nil"}); len(got) != 1 || !strings.HasPrefix(got[0], "nil: is no directory") {
		t.Errorf("no directory: %q", got)
	}
}

func TestTwoEntriesOfOneIDInOneLayerContradict(t *testing.T) {
	t.Parallel()
	lexicon := "lexicons:\n  - {name: words_of, doc: d, words: [w]}\n"
	dir := fstest.MapFS{
		"a.yaml": {Data: []byte(heading + lexicon)},
		"b.yml":  {Data: []byte(strings.Replace(heading, "ours", "theirs", 1) + lexicon)},
	}
	got := problems(t, dir)
	if len(got) != 1 || got[0] != "b.yml:5: words_of: another lexicon has this id, at a.yaml:5" {
		t.Errorf("got %q", got)
	}
	first, second := fstest.MapFS{"a.yaml": dir["a.yaml"]}, fstest.MapFS{"b.yml": dir["b.yml"]}
	if got := problems(t, first, second); got != nil {
		t.Errorf("in two layers the later one replaces: %q", got)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(heading))
	f.Add([]byte(heading + "indicators:\n  - id: x_y\n    patterns: [{seq: [[a], b], gap: 3}]\n    when: num(\"views\") > 3\n"))
	f.Add([]byte(heading + "holidays:\n  - {year: 2027, source: s, off: [{name: n, from: 2027-01-01, to: 9999-01-01}]}\n"))
	f.Add([]byte("a: &a [*a]\n"))
	f.Add([]byte("? {a: b}\n: [c]\n"))
	f.Add([]byte("!!binary x\n"))
	f.Add([]byte(heading + "indicators:\n  - {id: x_y, level: !!binary gIGC, kind: text, patterns: [{regex: \"(a{1000}){1000}\", with: a}]}\n"))
	f.Add([]byte(strings.Repeat("[", 2000)))
	f.Fuzz(func(t *testing.T, data []byte) {
		book, err := rulebook.LoadOnly([]fs.FS{overlay(string(data))})
		if (book == nil) == (err == nil) {
			t.Errorf("a book or an error, not %v and %v", book, err)
		}
	})
}
