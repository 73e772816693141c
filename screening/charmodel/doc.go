// Package charmodel is the small local model (本地模型): it ranks what no
// rule caught, so that a model or people look at the likeliest first. It runs
// on one core, needs no service, and is trained in seconds from what the
// rulebook holds and, if there are any, from decisions of officers.
//
//	utterance ─ fold as for rules ─ sentences ─ sequences of 2–4 characters, hashed
//	          ─ a weight per indicator ─ the strongest sentence ─ calibrated chance ─ doubt, accept
//
// A sequence's weight has two parts: what logistic regression learnt from
// examples, one indicator against the rest; and a hint, which is how many of
// the words that the indicator's own rules look for hold it. Rules want their
// words whole and together, the model hears parts of them. An example that
// shows an indicator teaches by the one sentence that speaks most for it; any
// other by all its sentences.
//
// Chances are calibrated on examples held out, and the words of rules that
// stand in an example are kept from it there: the model is asked where no
// rule fired. They are chances among such examples, half of which show
// something; in a real stream far fewer do.
//
// What a sentence alone cannot show is not learnt: what somebody said before,
// or did not say, and what only attributes tell.
//
//	example.go    examples, from the rulebook and from labels
//	ordinary.go   ordinary contacts, composed, in which nothing is wrong
//	windows.go    sentences and their sequences
//	bags.go       examples taken apart
//	words.go      hints from the words of rules
//	learn.go      logistic regression
//	train.go      Train: folds, what each example teaches
//	calibrate.go  scores to chances
//	judge.go      Report and thresholds
//	model.go      Model: quantised weights and their index
//	file.go       WriteTo and Read
//	rank.go       Reader.Rank
//
// The same examples and options make the same bytes on machines of the same
// architecture; floating-point may round otherwise on another.
package charmodel
