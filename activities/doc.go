// Package activities does the work that the procedures of package workflows
// ask for: it draws scopes, tests touchpoints, asks people, writes down
// decisions and files reports. What it needs of the database it says itself,
// in small interfaces; every activity may be repeated and changes nothing
// twice.
//
//	activities.go what the activities work with, and the one list of them
//	store.go      Inspections and Reports: what is needed of the database
//	plan.go       how each item of a checklist is tested
//	draw.go       DrawScope
//	examine.go    TestTouchpoints: page by page, from where it stopped
//	screen.go     screening one page on all cores, and what signals mean for items
//	query.go      TestByQuery
//	people.go     AskPeople, RecordVerdict, RecordAnswer
//	report.go     RecordInspection, ScoreInspection, FileReport
package activities
