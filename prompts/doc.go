// Package prompts is where every instruction to a language model lives:
// versioned, embedded, with the schema of its answer and worked examples, and
// never edited once released.
//
// No instruction has been released yet. Everything this release concludes, it
// concludes by rules and by people; package llm, which would ask a model, does
// not exist yet either.
package prompts
