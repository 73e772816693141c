package llm

import "xiaobao/privacy"

// What package privacy will give, until it does. The names move there as they
// are.

// A Masker stands for privacy.Masker.
type Masker struct{}

// Version names the masking.
func (m *Masker) Version() string { return "mask@0" }

// Document begins a document.
func (m *Masker) Document(_ ...string) *Document { return &Document{} }

// A Document stands for privacy.Document.
type Document struct{}

// Mask hides nothing yet.
func (d *Document) Mask(text string) Masked { return Masked{Text: text} }

// Unmask has nothing to turn back yet.
func (d *Document) Unmask(text string) (string, error) { return text, nil }

// A Masked stands for privacy.Masked.
type Masked struct{ Text string }

// Original is where the original has it.
func (x Masked) Original(start, end int) (int, int) { return start, end }

// leakSpans stands for privacy.Leaks.
func leakSpans(body string) []privacy.Span { return privacy.Find(body) }
