package rulebook_test

import (
	"strings"
	"testing"

	"xiaobao/rulebook"
)

func TestTheBuiltInBookLoadsAndSaysWhichItIs(t *testing.T) {
	t.Parallel()
	b, err := rulebook.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	if v := b.Version(); !strings.HasPrefix(v, "2026.11.1#") || !strings.HasSuffix(v, b.Hash[:8]) {
		t.Errorf("version %q does not name the packs and their hash %q", v, b.Hash)
	}
	if a, ok := b.Attribute("opted_out"); !ok || a.Type != rulebook.BoolAttribute {
		t.Errorf("attribute opted_out: %+v, %v", a, ok)
	}
}
