package prompts_test

import (
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// release appends the digests of new files. It never changes an old one.
var release = flag.Bool("release", false, "append the digests of files that digests.txt does not name yet")

// The loader refuses changed files too; this test says which, all at once,
// and sees files that are pinned but gone.
func TestDigestsPinEveryReleasedFile(t *testing.T) {
	raw, err := os.ReadFile("digests.txt")
	if err != nil {
		t.Fatal(err)
	}
	pinned := map[string]string{}
	for line := range strings.Lines(string(raw)) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		if pinned[name] != "" {
			t.Errorf("digests.txt names %s twice", name)
		}
		pinned[name] = sum
	}
	var fresh []string
	for _, name := range promptFiles(t) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(text)
		switch want := pinned[name]; {
		case want == "" && *release:
			fresh = append(fresh, hex.EncodeToString(sum[:])+"  "+name)
		case want == "":
			t.Errorf("%s is not pinned; see how to release a version in doc.go", name)
		case want != hex.EncodeToString(sum[:]):
			t.Errorf("%s was changed after its release: copy it to a new version instead", name)
		}
		delete(pinned, name)
	}
	for name := range pinned {
		t.Errorf("%s was released and is gone; calls on record name it", name)
	}
	if len(fresh) > 0 && !t.Failed() {
		if err := os.WriteFile("digests.txt", []byte(string(raw)+strings.Join(fresh, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// promptFiles are the files of all versions.
func promptFiles(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, pattern := range []string{"*/v*.md", "*/v*.json", "*/v*.yaml"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found...)
	}
	slices.Sort(all)
	return all
}
