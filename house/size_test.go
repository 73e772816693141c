package house_test

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// What a reader takes in at one sitting.
const (
	mostLines     = 400
	mostFuncLines = 60
)

func TestFilesAndFunctionsStayReadable(t *testing.T) {
	t.Parallel()
	for _, f := range source(t) {
		if f.made {
			continue
		}
		if n := f.lines(); n > mostLines {
			t.Errorf("%s has %d lines, more than %d", f.path, n, mostLines)
		}
		for _, decl := range f.syntax.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if ok && !f.test && f.span(fn) > mostFuncLines {
				t.Errorf("%s: func %s has %d lines, more than %d", f.path, fn.Name.Name, f.span(fn), mostFuncLines)
			}
		}
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	t.Parallel()
	documented := map[string]bool{}
	for _, f := range source(t) {
		if !f.test {
			documented[f.dir] = documented[f.dir] || f.syntax.Doc != nil
		}
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("package %s has no package comment", dir)
		}
	}
}

func TestEveryExportedNameIsDocumented(t *testing.T) {
	t.Parallel()
	for _, f := range source(t) {
		if f.test || f.made {
			continue
		}
		for _, decl := range f.syntax.Decls {
			for _, name := range undocumented(decl) {
				t.Errorf("%s: %s has no comment", f.path, name)
			}
		}
	}
}

// undocumented are the exported names a declaration leaves unexplained. In a
// block, a comment on the block or on the line explains a name.
func undocumented(decl ast.Decl) []string {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Doc == nil && d.Name.IsExported() && exportedReceiver(d) && !idiomatic(d.Name.Name) {
			return []string{d.Name.Name}
		}
	case *ast.GenDecl:
		if d.Tok == token.IMPORT || d.Doc != nil && d.Tok != token.TYPE {
			return nil
		}
		var names []string
		for _, spec := range d.Specs {
			names = append(names, unexplained(d, spec)...)
		}
		return names
	}
	return nil
}

func unexplained(d *ast.GenDecl, spec ast.Spec) []string {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		if s.Name.IsExported() && s.Doc == nil && s.Comment == nil && (d.Doc == nil || d.Lparen.IsValid()) {
			return []string{s.Name.Name}
		}
	case *ast.ValueSpec:
		if s.Names[0].IsExported() && s.Doc == nil && s.Comment == nil {
			return []string{s.Names[0].Name}
		}
	}
	return nil
}

// exportedReceiver reports whether a function is one that others can call:
// none with a receiver nobody else can name.
func exportedReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil {
		return true
	}
	kind := d.Recv.List[0].Type
	if star, ok := kind.(*ast.StarExpr); ok {
		kind = star.X
	}
	if generic, ok := kind.(*ast.IndexExpr); ok {
		kind = generic.X
	}
	name, ok := kind.(*ast.Ident)
	return !ok || name.IsExported()
}

// idiomatic are methods whose name says all there is to say.
func idiomatic(name string) bool {
	return strings.Contains(" String Error Unwrap Len Less Swap ", " "+name+" ")
}

func TestCommentsHoldNoLeftovers(t *testing.T) {
	t.Parallel()
	marks := []string{"TODO", "FIXME", "XXX", "HACK"}
	for _, f := range source(t) {
		if filepath.Base(f.path) == "size_test.go" {
			continue
		}
		for _, group := range f.syntax.Comments {
			for _, mark := range marks {
				if strings.Contains(group.Text(), mark) {
					t.Errorf("%s: a comment says %s; open an issue instead", f.set.Position(group.Pos()), mark)
				}
			}
		}
	}
}
