// Package rulebook is the institution's law as data (规则库): regulations,
// deadlines, complaint codes, indicators, marketing terms, checklists and
// holidays, read from YAML packs that are embedded here and may be overlaid by
// the institution's own directory. A book is validated as a whole, and every
// pack has a version and a content hash that each conclusion carries.
//
// It imports casework only; it reads files, and nothing else.
//
//	pack.go         Pack and the text, basis and example shapes that all packs share
//	indicator.go    Indicator, Pattern, Lexicon: what screening matches
//	marketing.go    marketing categories, phrases and required disclosures
//	regulation.go   the register of regulations, deadlines, retention, complaint codes
//	checklist.go    self-inspection checklists
//	load.go         reading, overlaying, hashing
//	check.go        validation with file, line and reason
//	book.go         Book: everything, indexed
//	packs/          the built-in packs
package rulebook
