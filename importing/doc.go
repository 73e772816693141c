// Package importing brings files in (数据导入): JSON Lines, CSV and XLSX, with
// a mapping where the columns have other names. A file is read twice: first
// to find everything wrong with it, then to take its rows in. Unless the user
// asks to skip invalid rows, a file with one invalid row is refused whole.
//
// Rows go in by batches, each with its place in the file in one transaction,
// so that an import that was killed goes on where it stopped, and the same
// file again changes nothing. Only one import of a file runs at a time.
//
//	run.go      Run: the two passes, batches, resuming
//	kind.go     what can be imported, and how each batch is saved
//	repeats.go ids that a file says two things of
//	row.go      a row's fields, and what may be wrong with them
//	records.go  rows into touchpoints, customers, staff and units
//	mapping.go  Mapping: which column is which field
//	table.go    headers and rows of tables
//	source.go   opening a file: its format and its encoding
//	jsonl.go    JSON Lines
//	csv.go      CSV
//	xlsx.go     XLSX
package importing
