package prompts

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
)

// copied copies the embedded files, so that a test may spoil them.
func copied(t *testing.T) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := fs.ReadFile(files, name)
		out[name] = &fstest.MapFile{Data: raw}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAPackageWhoseFilesWereChangedDoesNotLoad(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(fstest.MapFS){
		"was changed after its release": func(f fstest.MapFS) { f["judge/v1.md"].Data = append(f["judge/v1.md"].Data, ' ') },
		"judge/v1.json":                 func(f fstest.MapFS) { delete(f, "judge/v1.json") },
		"is not released":               func(f fstest.MapFS) { f["judge/v2.md"] = f["judge/v1.md"] },
		"not <id>/v<N>.md":              func(f fstest.MapFS) { f["judge/v0.md"] = f["judge/v1.md"] },
		"two blanks":                    func(f fstest.MapFS) { f[digestsFile].Data = []byte("x\n") },
	} {
		f := copied(t)
		spoil(f)
		if _, err := read(f); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("want an error that says %q, got %v", name, err)
		}
	}
}

func TestATextWithoutItsPartsIsRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"# System\na\n# Task\nb",
		"---\nowner: x\nlanguge: typo\n---\n# System\na\n# Task\nb",
		"---\nowner: x\n---\n# System\na",
		"---\nowner: x\n---\n# Task\nb",
	} {
		if err := new(Prompt).takeText(text); err == nil {
			t.Errorf("%q is taken", text)
		}
	}
}
