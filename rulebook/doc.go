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
//	query.go        the named queries that checklist items may use
//	load.go         reading and hashing packs and overlays
//	decode.go       one file to a Pack, with every problem and its line
//	assemble.go     layers laid over each other, by id
//	book.go         Book: everything, indexed
//	entry.go        Entry: anything in the book, for lists and look-ups
//	check*.go       validation with file, line and reason, by subject
//	condition.go    Condition: a compiled `when`, over Facts
//	reading.go      what a condition asks for, checked while it compiles
//	grain.go        how finely a condition looks at the time
//	attribute.go    attribute values in their declared types
//	near.go         what a mistyped word may have meant
//	packs/          the built-in packs
package rulebook
