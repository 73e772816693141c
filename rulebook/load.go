package rulebook

import (
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"

	"xiaobao/casework"
)

//go:embed packs/*.yaml
var embedded embed.FS

// MaxPackBytes bounds one pack file. The largest built-in one is a tenth of it.
const MaxPackBytes = 8 << 20

// A Folder is an overlay that knows its name, so that problems name its files
// as a person can open them. Load takes any fs.FS, but only of a Folder can it
// say where it lies.
type Folder struct {
	fs.FS
	Name string
}

// OpenFolder is the directory at name as an overlay.
func OpenFolder(name string) Folder { return Folder{FS: os.DirFS(name), Name: name} }

// Problems are all that is wrong with the packs, by file and line.
type Problems struct{ List []Problem }

// Error gives one line per problem.
func (p *Problems) Error() string {
	lines := make([]string, len(p.List))
	for i, problem := range p.List {
		lines[i] = problem.String()
	}
	return strings.Join(lines, "\n")
}

// Unwrap tells callers that the packs are the wrong thing, not the program.
func (p *Problems) Unwrap() error {
	return casework.Errorf(casework.Invalid, "the rulebook has %d problems; run xiaobao rules check", len(p.List)).
		InChinese("规则库有 %d 处问题，请运行 xiaobao rules check 查看", len(p.List)).WithCode("rulebook")
}

// String is "file:line: entry: reason".
func (p Problem) String() string {
	if p.Entry == "" {
		return p.Position.String() + ": " + p.Reason
	}
	return p.Position.String() + ": " + p.Entry + ": " + p.Reason
}

// String is "file:line", or the file alone if the line is not known.
func (p Position) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// Builtin is the book of the embedded packs alone. It is read once.
func Builtin() (*Book, error) { return builtin() }

var builtin = sync.OnceValues(func() (*Book, error) { return Load() })

// Load reads the embedded packs and lays the overlays over them in their
// order: an entry replaces the one of the same id that an earlier layer has.
// If anything is wrong the error is *Problems with all of it, and no book.
func Load(overlays ...fs.FS) (*Book, error) {
	own := embeddedLayer()
	l := loading{layers: slices.Clone(own.layers), problems: slices.Clone(own.problems), gaps: own.gaps}
	return l.load(overlays)
}

// embeddedLayer decodes the embedded packs, once: they are never changed
// afterwards, so every book may share them.
var embeddedLayer = sync.OnceValue(func() *loading {
	l := new(loading)
	packs, err := fs.Sub(embedded, "packs")
	if err != nil {
		l.fault("rulebook/packs", "cannot be read: %s", err)
		return l
	}
	l.layer(Folder{packs, "rulebook/packs"})
	return l
})

// load makes a book of these layers and no others.
func load(layers []fs.FS) (*Book, error) {
	return new(loading).load(layers)
}

// load adds layers and makes the book of all.
func (l *loading) load(layers []fs.FS) (*Book, error) {
	for _, layer := range layers {
		l.layer(layer)
	}
	book := l.assemble()
	l.check(book)
	if len(l.problems) > 0 {
		return nil, &Problems{sorted(l.problems)}
	}
	return book, nil
}

// sorted orders problems by place.
func sorted(problems []Problem) []Problem {
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), strings.Compare(a.Reason, b.Reason))
	})
	return problems
}

// loading is a load under way: the packs of each layer, and what is wrong.
type loading struct {
	layers   [][]*Pack
	problems []Problem
	gaps     bool // a file could not be read, so that references into it would look wrong
}

// check adds what only the whole book shows, leaving out entries that did not
// even decode: they would only repeat themselves.
func (l *loading) check(book *Book) {
	if l.gaps {
		return
	}
	type place struct{ file, entry string }
	told := map[place]bool{}
	for _, p := range l.problems {
		told[place{p.File, p.Entry}] = true
	}
	for _, p := range check(book) {
		if !told[place{p.File, p.Entry}] {
			l.problems = append(l.problems, p)
		}
	}
}

// fault notes that a file or directory cannot be used at all.
func (l *loading) fault(file, format string, args ...any) {
	l.gaps = true
	l.problems = append(l.problems, Problem{Position{File: file}, "", fmt.Sprintf(format, args...)})
}

// layer reads all packs of one directory.
func (l *loading) layer(dir fs.FS) {
	folder, ok := dir.(Folder)
	if !ok {
		folder = Folder{FS: dir}
	}
	if folder.FS == nil {
		l.fault(cmp.Or(folder.Name, "overlay"), "is no directory")
		return
	}
	entries, err := fs.ReadDir(folder.FS, ".")
	if err != nil {
		l.fault(cmp.Or(folder.Name, "overlay"), "cannot be read: %s", err)
		return
	}
	var packs []*Pack
	found := false
	for _, entry := range entries { // ReadDir sorts by name
		if ext := path.Ext(entry.Name()); !entry.IsDir() && (ext == ".yaml" || ext == ".yml") {
			found = true
			if pack := l.pack(folder, entry.Name()); pack != nil {
				packs = append(packs, pack)
			}
		}
	}
	if !found {
		l.fault(cmp.Or(folder.Name, "overlay"), "holds no pack; packs are files named *.yaml")
	}
	l.layers = append(l.layers, packs)
}

// pack reads one file; nil if it holds nothing that could be checked.
func (l *loading) pack(folder Folder, name string) *Pack {
	file := path.Join(folder.Name, name)
	data, err := read(folder.FS, name)
	switch {
	case err != nil:
		l.fault(file, "cannot be read: %s", err)
		return nil
	case len(data) > MaxPackBytes:
		l.fault(file, "is larger than %d MiB; split it", MaxPackBytes>>20)
		return nil
	}
	pack, problems := decodePack(file, data)
	l.problems = append(l.problems, problems...)
	if pack == nil {
		l.gaps = true
		return nil
	}
	sum := sha256.Sum256(data)
	pack.Hash = hex.EncodeToString(sum[:])
	pack.own()
	return pack
}

// read gives the content of a file, one byte more than allowed at most.
func read(dir fs.FS, name string) (data []byte, err error) {
	f, err := dir.Open(name)
	if err != nil {
		return nil, err
	}
	data, err = io.ReadAll(io.LimitReader(f, MaxPackBytes+1))
	if closing := f.Close(); err == nil {
		err = closing
	}
	return data, err
}
