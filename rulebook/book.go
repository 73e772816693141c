package rulebook

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"xiaobao/casework"
)

// A Book is all packs together, indexed. It is immutable and safe for
// concurrent use; what it hands out must not be changed.
type Book struct {
	Packs       []*Pack
	Regulations []*Regulation
	Deadlines   []*Deadline
	Codes       []*ComplaintCode
	Holidays    []*HolidayYear
	Attributes  []*Attribute
	Lexicons    map[string]*Lexicon
	Indicators  []*Indicator // composites too, of kind "composite"
	Categories  []*Category
	Disclosures []*Disclosure
	Contexts    []*ContextRule
	Clues       []*Clue
	Checklists  []*Checklist
	Hash        string // SHA-256 over the hashes of all packs, hex

	regulation map[string]*Regulation
	deadline   map[string]*Deadline
	code       map[string]*ComplaintCode
	attribute  map[string]*Attribute
	indicator  map[string]*Indicator
	category   map[string]*Category
	phrase     map[string]*Phrase
	disclosure map[string]*Disclosure
	clue       map[string]*Clue
	checklist  map[string]*Checklist
	calendar   casework.Calendar
}

// Version names the book: the highest version among its packs and the first
// digits of its hash, "2026.11.1#1a2b3c4d".
func (b *Book) Version() string {
	highest := ""
	for _, pack := range b.Packs {
		if compareVersions(pack.Version, highest) > 0 {
			highest = pack.Version
		}
	}
	return highest + "#" + b.Hash[:8]
}

// compareVersions orders dotted numbers, so that 2026.11.10 follows 2026.11.9.
func compareVersions(a, b string) int {
	return slices.CompareFunc(strings.Split(a, "."), strings.Split(b, "."), func(x, y string) int {
		m, errX := strconv.Atoi(x)
		n, errY := strconv.Atoi(y)
		if errX != nil || errY != nil {
			return strings.Compare(x, y)
		}
		return cmp.Compare(m, n)
	})
}

// Indicator finds an indicator by its id.
func (b *Book) Indicator(id string) (*Indicator, bool) { return find(b.indicator, id) }

// Regulation finds a regulation of the register by its id.
func (b *Book) Regulation(id string) (*Regulation, bool) { return find(b.regulation, id) }

// Deadline finds a deadline, limit, retention period or frequency by its id.
func (b *Book) Deadline(id string) (*Deadline, bool) { return find(b.deadline, id) }

// Code finds a complaint code by our own id.
func (b *Book) Code(id string) (*ComplaintCode, bool) { return find(b.code, id) }

// Attribute finds a declared attribute by its name.
func (b *Book) Attribute(name string) (*Attribute, bool) { return find(b.attribute, name) }

// Category finds a marketing category by its id.
func (b *Book) Category(id string) (*Category, bool) { return find(b.category, id) }

// Phrase finds a marketing phrase by its id.
func (b *Book) Phrase(id string) (*Phrase, bool) { return find(b.phrase, id) }

// Disclosure finds what a material for the product must show.
func (b *Book) Disclosure(product string) (*Disclosure, bool) { return find(b.disclosure, product) }

// Clue finds a black- or grey-industry clue by its id.
func (b *Book) Clue(id string) (*Clue, bool) { return find(b.clue, id) }

// Checklist finds a checklist by its id.
func (b *Book) Checklist(id string) (*Checklist, bool) { return find(b.checklist, id) }

// Item finds an item of a checklist.
func (b *Book) Item(checklist, id string) (*ChecklistItem, bool) {
	list, ok := b.checklist[checklist]
	if !ok {
		return nil, false
	}
	for i := range list.Items {
		if list.Items[i].ID == id {
			return &list.Items[i], true
		}
	}
	return nil, false
}

func find[T any](index map[string]*T, id string) (*T, bool) {
	entry, ok := index[id]
	return entry, ok
}

func (b *Book) lexiconNames() []string { return slices.Sorted(maps.Keys(b.Lexicons)) }

// Calendar tells working days by the holiday table.
func (b *Book) Calendar() casework.Calendar { return b.calendar }

// calendarOf unfolds the runs of days of the holiday table. Weekends inside a
// holiday are off in the table as well as by the week.
func calendarOf(years []*HolidayYear) casework.Calendar {
	days, covered := map[casework.Day]bool{}, map[int]bool{}
	for _, year := range years {
		covered[year.Year] = true
		for _, rest := range year.Off {
			for day := range rest.days() {
				days[day] = true
			}
		}
		for _, rest := range year.Worked {
			for day := range rest.days() {
				days[day] = false
			}
		}
	}
	return casework.NewCalendar(days, slices.Sorted(maps.Keys(covered)))
}

// longestRest bounds a run of days, so that a mistyped year does not unfold
// into centuries; check refuses it in words.
const longestRest = 31

// days are the days of the run; none if it is not well formed.
func (r Rest) days() func(yield func(casework.Day) bool) {
	return func(yield func(casework.Day) bool) {
		first, last := r.From.Midnight(), cmp.Or(r.To, r.From).Midnight()
		if first.IsZero() || last.IsZero() || last.Sub(first) > longestRest*24*time.Hour {
			return
		}
		for day := first; !day.After(last); day = day.AddDate(0, 0, 1) {
			if !yield(casework.DayOf(day)) {
				return
			}
		}
	}
}
