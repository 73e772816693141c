package prompts

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed */v*.md */v*.json */v*.yaml digests.txt
var files embed.FS

// digestsFile pins what was released: a line "<sha256>  <file>" each.
const digestsFile = "digests.txt"

var fileName = regexp.MustCompile(`^([a-z]+)/v([1-9][0-9]*)\.md$`)

// read reads every prompt of a file system, after it has checked each file
// against the pinned digests.
func read(from fs.FS) ([]*Prompt, error) {
	pinned, err := pins(from)
	if err != nil {
		return nil, err
	}
	texts, err := fs.Glob(from, "*/v*.md")
	if err != nil {
		return nil, err
	}
	var all []*Prompt
	for _, text := range texts {
		p, err := readOne(from, text, pinned)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", text, err)
		}
		all = append(all, p)
	}
	return all, nil
}

// readOne reads the three files of one version.
func readOne(from fs.FS, text string, pinned map[string]string) (*Prompt, error) {
	m := fileName.FindStringSubmatch(text)
	if m == nil {
		return nil, fmt.Errorf("the name is not <id>/v<N>.md")
	}
	version, err := strconv.Atoi(m[2])
	if err != nil {
		return nil, err
	}
	stem := strings.TrimSuffix(text, ".md")
	var raw [3][]byte
	whole := sha256.New()
	for i, name := range []string{text, stem + ".json", stem + ".examples.yaml"} {
		if raw[i], err = pinnedFile(from, name, pinned); err != nil {
			return nil, err
		}
		fmt.Fprintf(whole, "%s %d\n", path.Ext(name), len(raw[i]))
		whole.Write(raw[i])
	}
	p := &Prompt{ID: m[1], Version: version, Hash: hex.EncodeToString(whole.Sum(nil))}
	if err := p.takeText(string(raw[0])); err != nil {
		return nil, err
	}
	if p.Schema, err = compact(raw[1]); err != nil {
		return nil, fmt.Errorf("schema: %w", err)
	}
	p.SchemaHash = digest(p.Schema)
	return p, p.takeExamples(raw[2])
}

// pinnedFile reads a file and holds it against its digest.
func pinnedFile(from fs.FS, name string, pinned map[string]string) ([]byte, error) {
	raw, err := fs.ReadFile(from, name)
	if err != nil {
		return nil, err
	}
	switch want, ok := pinned[name]; {
	case !ok:
		return nil, fmt.Errorf("%s is not released: %s does not name it", name, digestsFile)
	case want != digest(raw):
		return nil, fmt.Errorf("%s was changed after its release: copy it to a new version instead", name)
	}
	return raw, nil
}

// pins reads the digests of released files.
func pins(from fs.FS) (map[string]string, error) {
	raw, err := fs.ReadFile(from, digestsFile)
	if err != nil {
		return nil, err
	}
	pinned := map[string]string{}
	for n, line := range strings.Split(strings.TrimSpace(string(raw)), "\n") {
		sum, name, ok := strings.Cut(strings.TrimSpace(line), "  ")
		if !ok || len(sum) != hex.EncodedLen(sha256.Size) {
			return nil, fmt.Errorf("%s:%d: a line is a SHA-256, two blanks and a file", digestsFile, n+1)
		}
		pinned[name] = sum
	}
	return pinned, nil
}

// takeText takes front matter and sections.
func (p *Prompt) takeText(text string) error {
	front, body, ok := strings.Cut(strings.TrimPrefix(text, "---\n"), "\n---\n")
	if !ok || !strings.HasPrefix(text, "---\n") {
		return fmt.Errorf("the front matter between two lines of --- is missing")
	}
	var head struct {
		Owner    string   `yaml:"owner"`
		Language string   `yaml:"language"`
		Changes  []Change `yaml:"changes"`
	}
	if err := strict([]byte(front), &head); err != nil {
		return fmt.Errorf("front matter: %w", err)
	}
	system, task, ok := strings.Cut(body, "\n# Task\n")
	system, named := strings.CutPrefix(strings.TrimSpace(system), "# System\n")
	if !ok || !named {
		return fmt.Errorf("the sections # System and # Task are missing")
	}
	p.Owner, p.Language, p.Changes = head.Owner, head.Language, head.Changes
	p.System, p.Task = strings.TrimSpace(system), strings.TrimSpace(task)
	return nil
}

// takeExamples takes the worked examples. Given and answer are JSON in the
// YAML, so that properties keep the order in which a model is to write them.
func (p *Prompt) takeExamples(raw []byte) error {
	var list []struct {
		Note       string   `yaml:"note"`
		Given      string   `yaml:"given"`
		Utterances []string `yaml:"utterances"`
		Answer     string   `yaml:"answer"`
	}
	if err := strict(raw, &list); err != nil {
		return fmt.Errorf("examples: %w", err)
	}
	for i, e := range list {
		taken := Example{Utterances: e.Utterances, Note: e.Note}
		var err error
		if taken.Answer, err = compact([]byte(e.Answer)); err != nil {
			return fmt.Errorf("example %d: answer: %w", i+1, err)
		}
		if e.Given != "" {
			if taken.Given, err = compact([]byte(e.Given)); err != nil {
				return fmt.Errorf("example %d: given: %w", i+1, err)
			}
		}
		p.Examples = append(p.Examples, taken)
	}
	return nil
}

// strict reads YAML and refuses keys that nobody reads.
func strict(raw []byte, into any) error {
	d := yaml.NewDecoder(bytes.NewReader(raw))
	d.KnownFields(true)
	return d.Decode(into)
}

// compact checks JSON and takes the blanks out; the order of properties stays.
func compact(raw []byte) (json.RawMessage, error) {
	var out bytes.Buffer
	if err := json.Compact(&out, raw); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func digest(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}
