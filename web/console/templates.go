package console

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"time"

	"xiaobao/casework"
	"xiaobao/rulebook"
)

//go:embed templates
var templateFiles embed.FS

// A pageSet is all pages in one language.
type pageSet struct {
	pages map[string]*template.Template
}

// readPages parses every page once for each language, with the frame and the
// parts that pages share.
func readPages(words *catalogue, files *assets) (map[string]*pageSet, error) {
	sets := map[string]*pageSet{}
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		return nil, err
	}
	for _, language := range languages {
		shared, err := template.New("").Funcs(vocabulary(language, words, files)).ParseFS(templateFiles, "templates/frame/*.html")
		if err != nil {
			return nil, fmt.Errorf("console: %w", err)
		}
		set := &pageSet{pages: map[string]*template.Template{}}
		for _, name := range names {
			own, err := shared.Clone()
			if err != nil {
				return nil, err
			}
			if own, err = own.ParseFS(templateFiles, name); err != nil {
				return nil, fmt.Errorf("console: %w", err)
			}
			set.pages[strings.TrimSuffix(path.Base(name), ".html")] = own
		}
		sets[language] = set
	}
	return sets, nil
}

// render writes a page in its frame, or one part of it alone.
func (s *pageSet) render(w io.Writer, r reply) error {
	page, ok := s.pages[r.template]
	if !ok {
		return fmt.Errorf("console: there is no page %q", r.template)
	}
	if r.fragment != "" {
		return page.ExecuteTemplate(w, r.fragment, r.data)
	}
	return page.ExecuteTemplate(w, "frame", r.data)
}

// minuteOf is a moment as pages show it; nothing for none.
func minuteOf(at any) string {
	switch at := at.(type) {
	case time.Time:
		return minute(at)
	case *time.Time:
		if at != nil {
			return minute(*at)
		}
	}
	return ""
}

// vocabulary is what templates may call.
func vocabulary(language string, words *catalogue, files *assets) template.FuncMap {
	say := func(key string, args ...any) string { return words.say(language, key, args...) }
	return template.FuncMap{
		"t":       say,
		"title":   func(key string) string { return titleIn(words, language, key) },
		"word":    func(group string, value any) string { return wordIn(words, language, group, textOf(value)) },
		"why":     func(code string) string { return whyIn(words, language, code) },
		"hint":    func(key string) string { return say("import_hint." + key) },
		"name":    func(value any) string { return nameIn(language, value) },
		"text":    func(t rulebook.Text) string { return t.In(language) },
		"asset":   files.address,
		"icon":    func(name string) template.HTML { return icon(files, name) },
		"minute":  minuteOf,
		"day":     func(at time.Time) string { return string(casework.DayOf(at)) },
		"lastday": func(at time.Time) string { return string(casework.DayOf(at.Add(-time.Second))) },
		"num":     grouped,
		"points":  func(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) },
		"percent": func(f float64) string { return strconv.FormatFloat(100*f, 'f', 0, 64) + "%" },
		"join":    func(list any) string { return strings.Join(textsOf(list), say("list.comma")) },
		"dict":    dict,
		"list":    func(values ...any) []any { return values },
		"short":   short,
		"tone":    tone,
		"fresh":   newID,
	}
}

// titleIn is a page's title: words of the catalogue, or the name of a case.
func titleIn(words *catalogue, language, key string) string {
	if words.knows(language, key) {
		return words.say(language, key)
	}
	return key
}

// wordIn names a value out of a known group; what the group does not know
// shows as it is, because data may be newer than this build.
func wordIn(words *catalogue, language, group, value string) string {
	if key := group + "." + value; words.knows(language, key) {
		return words.say(language, key)
	}
	return value
}

// whyIn says why a case took a course: for a reason of its own, or because of
// what kept a model from it.
func whyIn(words *catalogue, language, code string) string {
	if reason := wordIn(words, language, "why", code); reason != code {
		return reason
	}
	return wordIn(words, language, "trouble", code)
}

// nameIn is the name that the domain itself has for a value.
func nameIn(language string, value any) string {
	type both interface {
		Chinese() string
		English() string
	}
	switch value := value.(type) {
	case both:
		if language == "en" {
			return value.English()
		}
		return value.Chinese()
	case casework.Level:
		if language == "en" {
			return value.String()
		}
		return value.Chinese()
	}
	return textOf(value)
}

// icon draws an icon of the sprite; nothing where it is not installed.
func icon(files *assets, name string) template.HTML {
	address := files.address("vendor/icons.svg")
	if address == "" {
		return ""
	}
	return template.HTML(`<svg class="icon" aria-hidden="true" focusable="false"><use href="` + //nolint:gosec // both parts are ours
		template.HTMLEscapeString(address+"#"+name) + `"></use></svg>`)
}

// minute is a moment as officers read it, in Beijing.
func minute(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.In(casework.Beijing).Format("2006-01-02 15:04")
}

// grouped writes a whole number with its thousands apart; -1 is a number that
// nobody counted.
func grouped(n any) string {
	s := textOf(n)
	if s == "-1" {
		return "—"
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func textOf(value any) string { return fmt.Sprint(value) }

func textsOf(list any) []string {
	switch list := list.(type) {
	case []string:
		return list
	case []casework.Basis:
		texts := make([]string, len(list))
		for i, b := range list {
			texts[i] = b.String()
		}
		return texts
	}
	return []string{textOf(list)}
}

// dict gathers named values for a part of a page.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict: names and values must come in pairs")
	}
	values := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		values[textOf(pairs[i])] = pairs[i+1]
	}
	return values, nil
}

// short cuts an id or hash to what a person can compare.
func short(s string) string {
	if runes := []rune(s); len(runes) > 12 {
		return string(runes[:12]) + "…"
	}
	return s
}

// tone is the colour of a badge. Every badge has words too.
func tone(value any) string {
	switch textOf(value) {
	case "red", "failed", "refused", "cancelled", "BLOCK", "false":
		return "bg-red-lt"
	case "orange", "unanswered", "not_run", "interrupted", "adjudicating", "FIX":
		return "bg-orange-lt"
	case "yellow", "candidate", "waiting", "confirming", "REVIEW":
		return "bg-yellow-lt"
	case "blue", "testing", "drawing", "ordered", "running":
		return "bg-blue-lt"
	case "confirmed", "passed", "reported", "done", "true", "in_force":
		return "bg-green-lt"
	}
	return "bg-secondary-lt"
}
