// Package console is the officers' console: pages rendered on the server from
// html/template, with htmx where a page changes without being left. It speaks
// Chinese, and English on request. It decides nothing: what a person does here
// is asked of the Desk, which also says what they may see.
//
//	console.go    Console: what it needs, and its handler
//	routes.go     every address there is — the contents page
//	desk.go       Desk: what the console asks of the rest of the house
//	page.go       how a page is made: visit in, reply out, rendered in memory
//	base.go       what every page shows: user, menu, language, notices
//	session.go    who is logged in, and forms kept over a lost session
//	form.go       reading forms, and what was wrong with them by field
//	list.go       filters, sorting, paging, saved views
//	export.go     every list as XLSX or CSV
//	language.go   the catalogue of words in i18n/
//	templates.go  what templates may call
//	assets.go     style sheets and scripts under content-hashed addresses
//
// Everything else is one file a page, with its template beside it in
// templates/ under the same name.
package console
