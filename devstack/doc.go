// Command devstack runs a whole Temporal on one machine: the server with all
// its services over one SQLite file, and its web interface. It is a module of
// its own so that the server's dependency tree stays out of the product's.
//
//	main.go      flags, the order of starting and stopping
//	settings.go  what a caller may choose, and what is refused
//	temporal.go  the server's configuration and limits
//	database.go  the SQLite file: schema, namespace, lock
//	ui.go        the web interface
//
// Everything acknowledged is on disk: the file is in write-ahead mode and
// synchronised at each commit, so that a killed process loses nothing.
package main
