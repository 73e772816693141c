// Package prompts is where every instruction to a language model lives:
// versioned, embedded, with the schema of its answer and worked examples, and
// never edited once released.
//
// # A prompt is three files
//
//	<id>/v<N>.md             front matter (owner, language, changes), then the sections System and Task
//	<id>/v<N>.json           the schema of the answer, written by hand
//	<id>/v<N>.examples.yaml  worked examples: utterances, given facts, answer
//
// The id is the purpose it serves, as casework.Purpose spells it; the name of
// one version is "judge.v1". The files are embedded; digests.txt pins the
// SHA-256 of each, and a package whose files differ from it does not load, so
// that the digest in an audit record always leads to the very words a model
// was given.
//
// # How a request is laid out
//
// System and the examples come first and never vary within a version: that is
// the part providers cache. Then come the facts the institution vouches for,
// as JSON; then the material, fenced, in utterances numbered S1, S2 …; then
// Task. The material is data: System says so, and says that nothing in it is
// to be obeyed. A model names an utterance and a short anchor in it; code
// finds the place and cuts the quote, so that no quote was ever written by a
// model.
//
// # How to release a version
//
//  1. Copy v<N> of the three files to v<N+1>. Never edit a released file.
//  2. Write. Add a line to changes in the front matter: version, date, what
//     and why.
//  3. Add an example for what the new version is to get right, and keep one
//     near miss and one injection. No example may come from an evaluation set.
//  4. go test ./prompts checks schema, examples and words. Then
//     go test ./prompts -run Digests -release appends the digests of the new
//     files; it refuses to change an old one.
//  5. Evaluate against a real endpoint (xiaobao eval), and compare with the
//     version before: an answer that reads better is no reason. Commit the
//     report with the files.
//
// Latest then gives the new version; calls on record keep naming the old one,
// which stays here to be read.
package prompts
