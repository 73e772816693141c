// Package privacy finds personal data in free text and masks it. It is pure.
//
// This is its first part: numbers that prove themselves by their form or
// checksum (identity cards, mobile numbers, bank cards, e-mail addresses) and
// names that the case file already knows. It is what the console masks texts
// with and what the tests search histories and logs with.
//
//	find.go   Find: where personal data stands
//	mask.go   Mask: the text without it
package privacy
