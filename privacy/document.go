package privacy

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// A Masker finds and masks personal data with all there is: rules, and a
// tagger where one is installed. It is safe for concurrent use.
type Masker struct{ tagger *Tagger }

// NewMasker makes a masker. Without a tagger the rules stand alone.
func NewMasker(t *Tagger) *Masker { return &Masker{tagger: t} }

// Version names what masks, for records.
func (m *Masker) Version() string {
	if m.tagger == nil {
		return "mask@1"
	}
	return "mask@1+lac"
}

// Find gives the personal data in text, in order and without overlaps: by
// rules, by the tagger, and the known names.
func (m *Masker) Find(text string, known ...string) []Span {
	var names nameTree
	for _, name := range known {
		names.add(name)
	}
	return findAll(fold(text), &names, m.tagger)
}

// Document begins a document: texts that share one numbering of tokens. Known
// are the names of its parties.
func (m *Masker) Document(known ...string) *Document {
	d := &Document{tagger: m.tagger}
	d.contents.init()
	for _, name := range known {
		d.learn(name)
	}
	return d
}

// A Document gives every value in its texts a token, in the order in which
// they first occur, and keeps which is which. It is safe for concurrent use.
type Document struct {
	tagger *Tagger

	mu       sync.Mutex
	names    nameTree // of the parties, and found so far
	contents contents
}

// contents are what a document must keep to unmask.
type contents struct {
	Names   []string          `json:"names"`   // known and found
	Values  map[string]string `json:"values"`  // by token, as first written
	Tokens  map[string]string `json:"tokens"`  // by kind and folded value
	Counts  map[Kind]int      `json:"counts"`  // tokens of each kind
	Written map[string]string `json:"written"` // by digest of a masked text: the text, where the values do not give it back
}

func (c *contents) init() {
	c.Values, c.Tokens = map[string]string{}, map[string]string{}
	c.Counts, c.Written = map[Kind]int{}, map[string]string{}
}

func (d *Document) learn(name string) {
	d.names.add(name)
	d.contents.Names = append(d.contents.Names, name)
}

// Mask replaces personal data by tokens such as 〔姓名1〕. What only looks like
// a token gets a second pair of brackets, which Unmask takes off again. A text
// that this document has masked already stays as it is, and so do its tokens
// within other texts.
func (d *Document) Mask(text string) Masked { return d.MaskAll(text)[0] }

// MaskAll masks texts that follow each other, such as the turns of a call:
// numbers told in pieces over several of them are masked, too.
func (d *Document) MaskAll(texts ...string) []Masked {
	folded := make([][]rune, len(texts))
	for i, text := range texts {
		folded[i] = fold(text)
	}
	pieces := piecewise(folded)
	d.mu.Lock()
	defer d.mu.Unlock()
	all := make([]Masked, len(texts))
	for i, text := range texts {
		all[i] = d.mask(text, folded[i], pieces[i])
	}
	return all
}

// mask masks one text, and pieces of numbers in it.
func (d *Document) mask(text string, folded []rune, pieces []Span) Masked {
	found := marks([]rune(text))
	doubled := slices.ContainsFunc(found, func(m mark) bool { return m.depth > 1 })
	if _, done := d.contents.Written[digest(text)]; done && doubled {
		return Masked{Text: text} // a third pair of brackets would not come off again
	}
	w := writer{text: text}
	kept := false
	for _, m := range found {
		if _, ours := d.contents.Values[m.token()]; ours && m.depth == 1 {
			kept = true
		} else {
			w.escape(m)
		}
		for i := m.start; i < m.end; i++ {
			folded[i] = hole
		}
	}
	apart := taking{r: folded}
	apart.take(pieces)
	spans := append(apart.found, search(folded, &d.names, d.tagger)...)
	slices.SortFunc(spans, byPlace)
	for _, s := range spans {
		w.edits = append(w.edits, edit{s.Start, s.End, s.Kind, ""})
	}
	x := w.write(d.token)
	x.Spans = spans
	back, err := d.unmask(x.Text)
	if kept || err == nil && back == text {
		text = "" // what Unmask gives anyway need not be kept
	}
	d.contents.Written[digest(x.Text)] = text
	return x
}

// token gives a value its token, the one that it had before if any.
func (d *Document) token(kind Kind, value string) string {
	if kind == Name {
		d.learn(value)
	}
	key := string(kind) + ":" + plain(kind, value)
	token, ok := d.contents.Tokens[key]
	if !ok {
		d.contents.Counts[kind]++
		token = tokenOf(kind, d.contents.Counts[kind])
		d.contents.Tokens[key] = token
		d.contents.Values[token] = value
	}
	return "〔" + token + "〕"
}

// plain is a value without what people may write differently: blanks,
// hyphens, forms of digits, the country's code.
func plain(kind Kind, value string) string {
	var b strings.Builder
	for _, r := range fold(value) {
		if v, _, ok := digit(r); ok && kind != Name && kind != Address {
			b.WriteByte(v)
		} else if !joins(r) || kind == Email || kind == WeChat && r != ' ' {
			b.WriteRune(r)
		}
	}
	folded := strings.ToUpper(b.String())
	if kind == Mobile && len(folded) > 11 {
		folded = folded[len(folded)-11:]
	}
	return folded
}

// Unmask puts the values back in place of tokens, in what Mask gave and in
// what was written with it in hand. It answers a token that the document does
// not have with an error that names it.
func (d *Document) Unmask(text string) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if original := d.contents.Written[digest(text)]; original != "" {
		return original, nil
	}
	return d.unmask(text)
}

func (d *Document) unmask(text string) (string, error) {
	w := writer{text: text}
	for _, m := range marks([]rune(text)) {
		if m.depth > 1 {
			w.edits = append(w.edits, edit{m.start, m.start + 1, "", ""}, edit{m.end - 1, m.end, "", ""})
			continue
		}
		value, ok := d.contents.Values[m.token()]
		if !ok {
			return "", fmt.Errorf("the document has no token %s", m.token())
		}
		w.edits = append(w.edits, edit{m.start, m.end, "", value})
	}
	return w.write(nil).Text, nil
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return base64.RawStdEncoding.EncodeToString(sum[:])
}
