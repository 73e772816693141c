// Package screening finds, in what institutions and consumers say to each
// other, the words that the rulebook warns of (风险筛查). Text and attributes
// go in, signals with evidence come out; there is no I/O, no clock and no
// model. The same text under the same rulebook always gives the same signals.
//
//	text ─ turns by speaker ─ fold to units, offsets kept ─ one pass of the automaton
//	     ─ rules whose words all came up ─ scope, speaker, guards ─ signals
//
//	engine.go       Engine and Compile: a rulebook made ready
//	screener.go     Screener: one goroutine's hands on an engine; signals
//	memory.go       conditions that need not be asked twice
//	evidence.go     marks to quotes
//	facts.go        what conditions saw, where there is nothing to quote
//	clues.go        Clues: signs of the black and grey industry
//	material.go     Review: marketing material, categories and disclosures
//	examples.go     RunExamples: the rulebook's own examples, tried
//	utterance.go    Turns: who said what
//	fold.go         what one character folds to
//	aliases.go      characters and sequences that stand for others
//	numerals.go     percentages written out
//	normalise.go    texts to units, with the way back
//	alphabet.go     the characters of the rulebook, numbered densely
//	automaton.go    all words in one pass (Aho and Corasick)
//	ruleset.go      patterns compiled to rules over sets of words
//	rarity.go       which sets of words come up least
//	view.go         what of the rules concerns a channel
//	gate.go         what of a rule is asked before its words are looked at
//	matcher.go      hits of words in one text, and which rules they concern
//	expression.go   regular expressions, and what they need to match
//	lists.go        bits, lists and sets of utterances
//	sounds.go       words found by how they are read
//	spelt.go        short words with one character spelt out
//	apply.go        what each form of pattern means
//	scope.go        clauses, sentences, turns, and what narrows a hit
//	guards.go       readings that excuse a hit
//	guard_words.go  the words that guards go by
//	tables_gen.go   traditional characters and readings, made by gen
package screening
