package console

import (
	"embed"
	"fmt"
	"io/fs"
	"path"

	"go.yaml.in/yaml/v3"
)

//go:embed i18n
var catalogueFiles embed.FS

// languages are the languages of the console, by the name of their folder.
var languages = []string{"zh", "en"}

// A catalogue is the console's words by language and key.
type catalogue struct {
	words map[string]map[string]string
}

// readCatalogue reads i18n/<language>/*.yaml: in each file groups of keys, so
// that "home" → "title" is the key "home.title".
func readCatalogue() (*catalogue, error) {
	c := &catalogue{words: map[string]map[string]string{}}
	for _, language := range languages {
		c.words[language] = map[string]string{}
		names, err := fs.Glob(catalogueFiles, path.Join("i18n", language, "*.yaml"))
		if err != nil || len(names) == 0 {
			return nil, fmt.Errorf("console: no words in i18n/%s: %w", language, err)
		}
		for _, name := range names {
			if err := c.read(language, name); err != nil {
				return nil, err
			}
		}
	}
	return c, nil
}

func (c *catalogue) read(language, name string) error {
	text, err := catalogueFiles.ReadFile(name)
	if err != nil {
		return err
	}
	var groups map[string]map[string]string
	if err := yaml.Unmarshal(text, &groups); err != nil {
		return fmt.Errorf("console: %s: %w", name, err)
	}
	for group, words := range groups {
		for key, value := range words {
			full := group + "." + key
			if _, ok := c.words[language][full]; ok {
				return fmt.Errorf("console: %s: %s is there twice", name, full)
			}
			c.words[language][full] = value
		}
	}
	return nil
}

// say gives the words of a key. A key that is missing shows itself, in
// brackets that a test looks for.
func (c *catalogue) say(language, key string, args ...any) string {
	words, ok := c.words[language][key]
	switch {
	case !ok:
		return "⟦" + key + "⟧"
	case len(args) == 0:
		return words
	}
	return fmt.Sprintf(words, args...)
}

// knows reports whether there are words for a key.
func (c *catalogue) knows(language, key string) bool {
	_, ok := c.words[language][key]
	return ok
}

// t gives words in the visitor's language.
func (v *visit) t(key string, args ...any) string { return v.console.words.say(v.Lang, key, args...) }
