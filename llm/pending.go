package llm

// What package privacy will give, until it does. The names move there as they
// are.

// A Masker stands for privacy.Masker.
type Masker struct{}

// A Document stands for privacy.Document.
type Document struct{}
