// Package house keeps the house in order. It has no code, only tests over the
// source of the whole repository: imports run one way, files and functions
// stay readable, what is exported is documented, and the domain neither does
// I/O nor reads the clock.
//
// A new package needs a line in the table of arrows (house_test.go) that says
// which of our packages it may import.
package house
