// Package fakellm is an honest fake of an OpenAI-compatible model endpoint,
// for tests and for trying the system without a model.
//
// It is honest in two ways. It is a real HTTP server that refuses what the
// real vendors refuse, so that a client which pleases it is not merely shaped
// to its bugs; the same suite is run by the official client as a referee. And
// it never pretends to be a model: whatever it answers, it answers as
// fake-rules-v1, by a few plain keywords, so that no record of a call can be
// mistaken for one of a model. Nothing measured against it says anything about
// how well a model judges.
//
// It is also a judge. It keeps a journal of every request and finds fault with
// the client: personal data or keys in a request, attempts that ignore
// Retry-After or a refusal, answers accepted that were never given in full.
// AssertResilient fails a test for each of them.
//
//	server.go     New, Start, Close, the routes
//	request.go    what a request asks: prompt, utterances, facts, format
//	dialect.go    how the vendors differ
//	refuse.go     what each of them refuses; strict.go: schemas they refuse
//	reply.go      a reply, in one piece or streamed
//	step.go       scripts: what to do with the next requests
//	faults.go     every fault by name: of HTTP (faults_http.go), of
//	              streams (faults_stream.go), of answers (faults_answer.go)
//	honest.go     plausible answers by keywords; purposes.go: one for each prompt
//	adversary.go  seeded wrong answers
//	journal.go    what came and what was answered
//	judge.go      what the client did wrong
//	schema.go     the public chat schema, as far as it is used here
package fakellm
