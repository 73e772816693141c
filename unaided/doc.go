// Package unaided concludes without a model (无模型研判): what a consultation
// falls back on where no endpoint is configured, switched off or out of
// budget. It knows words and figures only, says so by its engine and modest
// certainties, and quotes nothing that does not stand in the text. It is pure.
//
//	reader.go      Reader: one answer for each purpose
//	text.go        sentences, folding, words and where they stand
//	contact.go     touchpoints and materials, by the rulebook's own engine
//	complaint.go   facets, flags, demands and clues of a complaint
//	callback.go    what a consumer said in a callback
//	proof.go       whether evidence speaks of what a task asks for
//	duties.go      the duties in a regulation text
//	summary.go     the sentences that say most
//	bill.go        the amounts of a bill, and whether they add up
//	lookback.go    a period's figures, put into sentences
package unaided
