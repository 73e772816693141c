// Package store holds all SQL of the product. A method does one thing of the
// domain in one transaction: the change and its record together, or neither.
// SQL is written out as it runs, columns named, values as parameters only.
//
// The store decides nothing. A workflow is the only writer of its case's
// status and calls the methods that record it; people read lists. Whoever
// reads a list says which units they may see (Within); the store adds the
// condition to the query, so that paging and counts agree with it.
//
//	store.go            Open, transactions, and what database errors mean
//	migrate.go          Migrate, CheckSchema
//	page.go             conditions, sort orders and cursors of all lists
//	partition.go        the monthly partitions of touchpoints
//	touchpoint.go       adding and reading touchpoints
//	touchpoint_turns.go how a text divides into turns
//	touchpoint_list.go  lists and counts of touchpoints
//	organisation.go     units and staff
//	customer.go         customers
//	importrun.go        imports of files
//	inspection.go       inspections and the steps of their lives
//	inspection_list.go  lists of inspections
//	inspection_item.go  checklist items of an inspection
//	draw.go             an inspection's population, drawn once
//	chunk.go            reading a draw and recording what was found in it
//	query.go            running a named check over records
//	query_checks.go     the named checks
//	finding.go          one finding, verdicts, labels
//	finding_list.go     lists and counts of findings
//	question.go         questions to people
//	respondent.go       who answers for a kind of work
//	report.go           scores and reports
//	note.go             free text, apart from what procedures carry
//	occurrence.go       the timeline of a case
//	user.go             users, tokens of the command line, the login throttle
//	session.go          browser sessions
//	audit.go            the audit trail and its proof
//	view.go             saved views
//	todo.go             what waits for a user
//	schedule.go         inspections that start by themselves
package store
