// Package workflows holds the procedures of consumer protection as durable
// Temporal workflows, together with the contracts by which the rest of the
// house does their work and speaks with them. It knows the domain and the
// Temporal SDK, and nothing else of ours: no database, no model, no rulebook.
// Histories hold ids, codes and counts; what people said and wrote stays in
// the database.
//
//	contract.go    Activity, Update, Query: typed ways to speak with a workflow
//	await.go       waiting for people, with a deadline that may move
//	search.go      search attributes and what the Temporal UI shows
//	errors.go      the domain's errors on their way through Temporal and back
//	changes.go     the rule for changing a procedure that has runs under way
//	inspection.go  the contract of Inspect: order, results, updates, activities
//	inspect.go     Inspect (检查), the procedure, and its phases
//	examine.go     testing chunks and queries, and what the Temporal UI shows
//	adjudicate.go  what officers and respondents may do meanwhile
//	cascade.go     the contract of asking models: queues, orders, activities, patience
//	judge.go       asking models about what is undecided
//	consult.go     Consult (辅助研判), one question about one document
//	carry.go       the state of an inspection, and handing it to a new run
package workflows
