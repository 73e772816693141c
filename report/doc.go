// Package report makes an inspection's report (检查报告) out of its records:
// as data for pages and JSON, and as an XLSX workbook with every finding, its
// evidence, basis and touchpoint.
//
// Personal data in quotes is masked before it gets here. Cells hold text as
// text: whatever begins like a formula stays what it is.
//
//	report.go   Report and how it is put together
//	canonical.go the form that is hashed and kept
//	xlsx.go     the workbook, streamed so that many findings need little memory
//	csv.go      lists as CSV
package report
