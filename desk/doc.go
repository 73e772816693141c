// Package desk is everything a person or system may have the procedures do,
// with who may do it. It is the only holder of the Temporal client: the
// console, the API and the command line ask here, so that they cannot differ.
//
// Every method takes the user who asks. It refuses what their role may not do
// and what lies outside their part of the institution, writes what they ask
// for into the audit trail, and then does it. Free text goes to the database;
// only its id travels into procedures.
//
//	desk.go        Desk, what it works with, scope and audit
//	records.go     Records: what the desk asks of the database
//	access.go      logging in, throttling, tokens of the command line
//	password.go    argon2id
//	inspection.go  ordering, submitting, confirming and cancelling inspections
//	finding.go     deciding findings, answering questions
//	reading.go     lists and pages
//	touchpoint.go  touchpoints, masked unless revealed
//	report.go      reports and exports
//	schedule.go    inspections that start by themselves
//	people.go      users and organisations
//	respondent.go  who answers questions
//	imports.go     files that are handed in
//	models.go      engines beyond the rules: standing, switches, calls, evaluations
//	consult.go     one question about one document
package desk
