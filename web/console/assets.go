package console

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"os"
	"path"
	"strings"
)

//go:embed assets
var assetFiles embed.FS

// required are the vendor files without which pages are plain.
var required = []string{"vendor/tabler.min.css", "vendor/htmx.min.js", "vendor/echarts.simple.min.js", "vendor/icons.svg"}

// assets are the style sheets, scripts and icons, each under an address that
// holds a hash of its content, so that browsers may keep it for ever.
type assets struct {
	byAddress map[string]asset  // "console.1a2b3c4d.css"
	byName    map[string]string // "console.css" → its address
	complete  bool              // all vendor files are there
	versions  []vendorVersion
}

type asset struct {
	kind    string
	content []byte
}

// A vendorVersion is one npm package that pages use.
type vendorVersion struct {
	Name, Version, License string
}

// openAssets reads the embedded files and, for vendor files that were not
// built in, those under dir.
func openAssets(dir string) (*assets, error) {
	a := &assets{byAddress: map[string]asset{}, byName: map[string]string{}}
	embedded, err := fs.Sub(assetFiles, "assets")
	if err != nil {
		return nil, err
	}
	if err := a.add(embedded); err != nil {
		return nil, err
	}
	if dir != "" && !a.has(required) {
		if info, err := os.Stat(dir); err == nil && info.IsDir() {
			if err := a.add(os.DirFS(dir)); err != nil {
				return nil, err
			}
		}
	}
	a.complete = a.has(required)
	return a, a.readVersions()
}

func (a *assets) add(files fs.FS) error {
	return fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || a.byName[name] != "" {
			return err
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(content)
		extension := path.Ext(name)
		address := strings.TrimSuffix(name, extension) + "." + hex.EncodeToString(sum[:4]) + extension
		a.byName[name] = address
		a.byAddress[address] = asset{kind: mime.TypeByExtension(extension), content: content}
		return nil
	})
}

func (a *assets) has(names []string) bool {
	for _, name := range names {
		if a.byName[name] == "" {
			return false
		}
	}
	return true
}

// address is where a file is served; empty if it is not there.
func (a *assets) address(name string) string {
	if a.byName[name] == "" {
		return ""
	}
	return "/assets/" + a.byName[name]
}

func (a *assets) readVersions() error {
	file, ok := a.byAddress[a.byName["vendor/versions.json"]]
	if !ok {
		return nil
	}
	var packages map[string]struct{ Version, License string }
	if err := json.Unmarshal(file.content, &packages); err != nil {
		return fmt.Errorf("console: assets/vendor/versions.json: %w", err)
	}
	for name, p := range packages {
		a.versions = append(a.versions, vendorVersion{Name: name, Version: p.Version, License: p.License})
	}
	return nil
}

// ServeHTTP serves a file by its hashed address.
func (a *assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	file, ok := a.byAddress[strings.TrimPrefix(r.URL.Path, "/assets/")]
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", file.kind)
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	_, _ = w.Write(file.content)
}
