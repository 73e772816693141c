// Package e2e tests the whole house as people use it: the real program
// brought up by "xiaobao up" with its own PostgreSQL, Temporal Server and UI,
// driven by the command line and by Chromium. It is a module of its own, so
// that the product does not depend on what drives a browser.
//
//	system_test.go    bringing a system up, running commands, killing parts
//	cli_test.go       an officer's journey by command line
//	browser_test.go   the same journey in Chromium, and every page at 1440 and 390 pixels
//	kill_test.go      kill -9 of every part in the middle of an inspection
//	privacy_test.go   histories and logs hold no personal data
//	models_test.go    work without a model; judged_test.go: with one; both on
//	                  touchpoints that are in doubt (doubts_test.go) and a fake
//	                  endpoint that is a program of its own (endpoint_test.go)
//	faults_test.go    a model that fails, is turned off, or is out of budget
//	midjudge_test.go  kill -9 of the worker while it asks a model
package e2e
