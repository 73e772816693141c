package screening

// A Folder folds texts the way rules read them, for whoever learns from the
// same texts: width, script, written digits, disguises. Its buffers are
// reused; it serves one goroutine.
type Folder struct{ n normaliser }

// NewFolder gives a folder of its own to a goroutine.
func NewFolder() *Folder { return &Folder{normaliser{table: folding()}} }

// Fold gives the folded characters of a text, 0 for those that fold to
// nothing. They hold until the next call.
func (f *Folder) Fold(text string) []uint16 {
	f.n.reset()
	f.n.add(text)
	return f.n.units
}

// Span gives the characters of the text that a folded one stands for.
func (f *Folder) Span(unit int) (start, end int) {
	s := f.n.spans[unit]
	return int(s.start), int(s.end)
}
