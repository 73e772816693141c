package house_test

import (
	"path"
	"slices"
	"strings"
	"testing"
)

// module is what our import paths begin with.
const module = "xiaobao/"

// arrows says, for every package, which of ours it may import. Everything
// rests on casework; nothing knows who uses it. Tests of a package may import
// more. A folder speaks for those below it unless they have a line of their
// own.
var arrows = map[string][]string{
	"casework":   {},
	"privacy":    {},
	"rulebook":   {"casework"},
	"screening":  {"casework", "rulebook"},
	"prompts":    {},
	"llm":        {"casework", "privacy", "prompts"},
	"importing":  {"casework"},
	"sample":     {"casework"},
	"report":     {"casework", "rulebook"},
	"unaided":    {"casework", "rulebook", "screening"},
	"workflows":  {"casework"},
	"activities": {"casework", "rulebook", "screening", "llm", "privacy", "prompts", "unaided", "workflows"},
	"store":      {"casework"},
	"desk":       {"casework", "rulebook", "privacy", "workflows", "report", "importing"},
	"web":        {"casework", "rulebook", "desk", "report", "web"},
	"worker":     {"workflows", "activities"},

	// What the console is looked at with screens texts for real.
	"web/console/consoletest": {"casework", "rulebook", "desk", "report", "web", "screening", "privacy", "unaided"},

	"localstack": {"casework"},
	"house":      {},
	"cmd":        {"*"},
}

// onlyHere says which packages alone may import something: SQL stays in the
// store, HTML in the web, models in llm.
var onlyHere = map[string][]string{
	"database/sql":                      {"store", "localstack", "cmd"},
	"github.com/jmoiron/sqlx":           {"store"},
	"github.com/lib/pq":                 {"store", "localstack"},
	"github.com/pressly/goose":          {"store"},
	"html/template":                     {"web"},
	"github.com/sashabaranov/go-openai": {"llm"},
	"go.temporal.io/sdk/client":         {"workflows", "worker", "desk", "cmd"},
	"go.temporal.io/sdk/workflow":       {"workflows", "worker"},
	"go.temporal.io/sdk/activity":       {"workflows", "activities"},
	"github.com/expr-lang/expr":         {"rulebook", "screening"},
	"github.com/xuri/excelize":          {"importing", "report", "sample", "web"},
	"math/rand":                         {"sample", "cmd"},
}

func TestImportsRunOneWay(t *testing.T) {
	t.Parallel()
	for _, f := range source(t) {
		if f.test {
			continue
		}
		allowed, ok := arrowsOf(f.dir)
		if !ok {
			t.Errorf("%s: package %s has no line in the table of arrows", f.path, f.dir)
			continue
		}
		for _, imported := range f.imports() {
			ours, isOurs := strings.CutPrefix(imported, module)
			if isOurs && !mayImport(f.dir, ours, allowed) {
				t.Errorf("%s imports %s, which package %s may not", f.path, ours, f.dir)
			}
		}
	}
}

// arrowsOf is the line of a package, or of the folder above it.
func arrowsOf(dir string) ([]string, bool) {
	for at := dir; at != "."; at = path.Dir(at) {
		if allowed, ok := arrows[at]; ok {
			return allowed, true
		}
	}
	return nil, false
}

// mayImport reports whether a package in dir may import ours. What lies below
// a package belongs to it.
func mayImport(dir, ours string, allowed []string) bool {
	top, _, _ := strings.Cut(ours, "/")
	own, _, _ := strings.Cut(dir, "/")
	return slices.Contains(allowed, "*") || slices.Contains(allowed, top) || top == own
}

func TestToolsStayWhereTheyBelong(t *testing.T) {
	t.Parallel()
	for _, f := range source(t) {
		if f.test {
			continue
		}
		top, _, _ := strings.Cut(f.dir, "/")
		for _, imported := range f.imports() {
			for tool, homes := range onlyHere {
				if (imported == tool || strings.HasPrefix(imported, tool+"/")) && !slices.Contains(homes, top) {
					t.Errorf("%s imports %s, which belongs in %s", f.path, imported, strings.Join(homes, " and "))
				}
			}
		}
	}
}

// outsideWorld is what the domain must not know: its answers come from facts
// alone.
var outsideWorld = []string{"net", "os", "io/fs", "database/sql", "math/rand", "crypto/rand", "log", "log/slog", "context"}

func TestTheDomainKnowsTheStandardLibraryOnlyAndNoOutsideWorld(t *testing.T) {
	t.Parallel()
	for _, f := range source(t) {
		if f.dir != "casework" || f.test {
			continue
		}
		for _, imported := range f.imports() {
			if strings.Contains(imported, ".") {
				t.Errorf("%s imports %s, which is not of the standard library", f.path, imported)
			}
			for _, banned := range outsideWorld {
				if imported == banned || strings.HasPrefix(imported, banned+"/") {
					t.Errorf("%s imports %s", f.path, imported)
				}
			}
		}
		for _, call := range f.calls("time", "Now", "Since", "Until", "LoadLocation", "Sleep", "After", "Tick") {
			t.Errorf("%s reads the clock or the machine: %s", f.path, call)
		}
	}
}

func TestPackagesHaveNamesThatSayWhatTheyHold(t *testing.T) {
	t.Parallel()
	vague := []string{"util", "utils", "common", "shared", "helper", "helpers", "model", "models", "types", "interfaces", "base", "misc", "pkg"}
	for _, f := range source(t) {
		for _, name := range append(strings.Split(f.dir, "/"), strings.TrimSuffix(f.syntax.Name.Name, "_test")) {
			if slices.Contains(vague, name) {
				t.Errorf("%s: %q says nothing about what is in there", f.path, name)
			}
		}
	}
}
