package console_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// words reads the catalogue of one language.
func words(t *testing.T, language string) map[string]string {
	t.Helper()
	files, err := filepath.Glob("i18n/" + language + "/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no words in %s: %v", language, err)
	}
	all := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var groups map[string]map[string]string
		if err := yaml.Unmarshal(text, &groups); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for group, entries := range groups {
			for key, value := range entries {
				all[group+"."+key] = value
			}
		}
	}
	return all
}

var verb = regexp.MustCompile(`%[a-z%]`)

func TestBothLanguagesHaveTheSameWords(t *testing.T) {
	t.Parallel()
	zh, en := words(t, "zh"), words(t, "en")
	for key, chinese := range zh {
		english, ok := en[key]
		switch {
		case !ok:
			t.Errorf("%s has no English", key)
		case strings.Join(verb.FindAllString(chinese, -1), "") != strings.Join(verb.FindAllString(english, -1), ""):
			t.Errorf("%s takes other values in English", key)
		case chinese == "":
			t.Errorf("%s is empty in Chinese", key)
		}
	}
	for key := range en {
		if _, ok := zh[key]; !ok {
			t.Errorf("%s has no Chinese", key)
		}
	}
}

var (
	inTemplate = regexp.MustCompile(`[({]t "([^"]+)"`)
	inCode     = regexp.MustCompile(`(?:v\.t|v\.say|v\.base)\("([a-z_]+\.[a-z_]+)"|\{"(column\.[a-z_0-9]+)"|Name: "(menu\.[a-z]+)"`)
)

func TestPagesUseOnlyKnownWords(t *testing.T) {
	t.Parallel()
	zh := words(t, "zh")
	used := 0
	for pattern, key := range map[string]*regexp.Regexp{"templates/*.html": inTemplate, "templates/frame/*.html": inTemplate, "*.go": inCode} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, match := range key.FindAllStringSubmatch(string(text), -1) {
				used++
				if _, ok := zh[strings.Join(match[1:], "")]; !ok {
					t.Errorf("%s uses %q, which has no words", file, strings.Join(match[1:], ""))
				}
			}
		}
	}
	if used < 400 {
		t.Errorf("found only %d uses of words: the search is wrong", used)
	}
}
