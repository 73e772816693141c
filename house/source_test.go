package house_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A file is one Go file of the repository.
type file struct {
	path   string // from the root, with slashes
	dir    string
	test   bool
	made   bool // by a generator
	syntax *ast.File
	set    *token.FileSet
}

// source reads all Go files of the repository, without those of nested
// modules, tool folders and test data.
func source(t *testing.T) []file {
	t.Helper()
	var files []file
	set := token.NewFileSet()
	root := ".."
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return skip(root, path, d.Name())
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		syntax, err := parser.ParseFile(set, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		name = filepath.ToSlash(name)
		files = append(files, file{
			path: name, dir: filepath.ToSlash(filepath.Dir(name)), test: strings.HasSuffix(name, "_test.go"),
			made: ast.IsGenerated(syntax), syntax: syntax, set: set,
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 30 {
		t.Fatalf("found %d Go files; is this the repository?", len(files))
	}
	return files
}

// skip leaves out folders that are not ours to judge.
func skip(root, path, name string) error {
	if path == root {
		return nil
	}
	if strings.HasPrefix(name, ".") || slices.Contains([]string{"testdata", "node_modules", "var", "vendor"}, name) {
		return filepath.SkipDir
	}
	if _, err := os.Stat(filepath.Join(path, "go.mod")); err == nil {
		return filepath.SkipDir
	}
	return nil
}

// imports are the paths the file imports.
func (f file) imports() []string {
	var paths []string
	for _, spec := range f.syntax.Imports {
		if path, err := strconv.Unquote(spec.Path.Value); err == nil {
			paths = append(paths, path)
		}
	}
	return paths
}

// calls are the places where the file uses one of some names of a package.
func (f file) calls(pkg string, names ...string) []string {
	var found []string
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		if use, ok := n.(*ast.SelectorExpr); ok {
			if of, ok := use.X.(*ast.Ident); ok && of.Name == pkg && slices.Contains(names, use.Sel.Name) {
				found = append(found, f.set.Position(use.Pos()).String()+" "+pkg+"."+use.Sel.Name)
			}
		}
		return true
	})
	return found
}

// lines is how many lines the file has.
func (f file) lines() int { return f.set.File(f.syntax.FileStart).LineCount() }

// span is how many lines a node has.
func (f file) span(n ast.Node) int {
	return f.set.Position(n.End()).Line - f.set.Position(n.Pos()).Line + 1
}
