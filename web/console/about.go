package console

import (
	"cmp"
	"runtime"
	"slices"

	"xiaobao/rulebook"
)

type aboutPage struct {
	Base
	Version  string
	Go       string
	Book     string
	BookHash string
	Packs    []*rulebook.Pack
	Vendor   []vendorVersion
}

// about says which versions of everything are at work.
func (c *Console) about(v *visit) (reply, error) {
	vendor := slices.Clone(c.assets.versions)
	slices.SortFunc(vendor, func(a, b vendorVersion) int { return cmp.Compare(a.Name, b.Name) })
	return show("about", aboutPage{
		Base: v.base("about.title"), Version: c.Version, Go: runtime.Version(), Book: c.Book.Version(), BookHash: c.Book.Hash,
		Packs: c.Book.Packs, Vendor: vendor,
	})
}
