// Package sample composes an institution that does not exist: its units,
// staff and customers, and three months of contacts with them. A few contacts
// hold a planted violation, more hold something that only sounds like one.
// All words are our own, in texts/; the code puts them together, and from the
// same anchor day it always puts together the same.
//
//	texts.go        what texts/ holds
//	value.go        words, ranges and choices that fill the slots of a text
//	people.go       units, staff, customers
//	institution.go  all of it, and what is true of it
//	scene.go        which contacts hold what
//	talk.go         calls, chats and single texts
//	write.go        the files that an import reads
package sample
