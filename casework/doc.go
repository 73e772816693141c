// Package casework is the domain of financial consumer protection (消保): its
// nouns, the states they pass through, the steps that are allowed, the clocks
// the law sets, and the one vocabulary of errors. It knows the standard
// library only, does no I/O and never reads the clock, so that the same facts
// always give the same answer.
//
//	errors.go       Error, its kinds, and the words people are told
//	level.go        Level, from blue to red
//	channel.go      Channel and Speaker: where words were exchanged, and who said them
//	touchpoint.go   Touchpoint (触点), Turn, and their validation
//	signal.go       Signal (风险信号), Evidence, Basis
//	organisation.go Org, Staff, Customer
//	permission.go   Role, Action, and the one table of who may do what
//	inspection.go   Inspection (检查), Scope, Finding (问题) and their life stories
//	scoring.go      how an inspection is scored
//	calendar.go     Calendar: working days, holidays and make-up days
//	drawing.go      what an inspection draws: Chunk, PlannedItem, and how far testing is
//	course.go       the steps of an inspection as they are written down
//	outcome.go      PassRule, and what came of an item
//	window.go       the periods that schedules inspect
//	lists.go        what lists, pages and filters show of all this
//	records.go      what is written down and counted: batches, labels, notes
package casework
