package console

import (
	"net/url"
	"slices"
	"strings"

	"xiaobao/casework"
)

// A list is the frame of a list page: its address and filter, the order, and
// where the next page is.
type list struct {
	Path   string
	Name   string // of its saved views: touchpoints, findings, inspections
	Query  url.Values
	Words  map[string]string // what was looked for; never in an address
	Total  int
	Next   string
	Rows   int
	Sort   string
	Desc   bool
	Views  []casework.SavedView
	Export string // address of the export; empty: the user may not
}

const pageSize = 50

// list reads the query of a list page.
func (v *visit) list(path string) list {
	query := v.URL.Query()
	l := list{Path: path, Query: query, Words: v.recall(query.Get("s"))}
	l.Sort, l.Desc = query.Get("sort"), query.Get("order") == "desc"
	return l
}

// page is what the list asks of the desk.
func (l list) page() casework.PageRequest {
	return casework.PageRequest{After: l.Query.Get("after"), Limit: pageSize, Sort: l.Sort, Desc: l.Desc}
}

// filled notes what a page of rows came to.
func (l *list) filled(rows, total int, next string) { l.Rows, l.Total, l.Next = rows, total, next }

// with is the list's address with some of its query changed; the page within
// the list starts over unless "after" is given.
func (l list) with(pairs ...string) string {
	query := url.Values{}
	for name, values := range l.Query {
		if name != "after" {
			query[name] = values
		}
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		query.Del(pairs[i])
		if pairs[i+1] != "" {
			query.Set(pairs[i], pairs[i+1])
		}
	}
	if len(query) == 0 {
		return l.Path
	}
	return l.Path + "?" + query.Encode()
}

// With changes one filter.
func (l list) With(name, value string) string { return l.with(name, value) }

// SortBy orders by a column, or turns the order round if it is that column already.
func (l list) SortBy(key string) string {
	if l.Sort == key && !l.Desc {
		return l.with("sort", key, "order", "desc")
	}
	return l.with("sort", key, "order", "")
}

// Order is what aria-sort says of a column.
func (l list) Order(key string) string {
	switch {
	case l.Sort != key:
		return "none"
	case l.Desc:
		return "descending"
	}
	return "ascending"
}

// NextPage is the address of the next page.
func (l list) NextPage() string { return l.with("after", l.Next) }

// FirstPage is the address of the first page.
func (l list) FirstPage() string { return l.with() }

// Later reports whether this is not the first page.
func (l list) Later() bool { return l.Query.Get("after") != "" }

// Filtered reports whether anything narrows the list.
func (l list) Filtered() bool {
	for name := range l.Query {
		if name != "after" && name != "sort" && name != "order" {
			return true
		}
	}
	return false
}

// Has reports whether the filter has this value.
func (l list) Has(name string, value any) bool {
	return slices.Contains(l.Query[name], textOf(value))
}

// Get is one value of the filter.
func (l list) Get(name string) string {
	if words, ok := l.Words[name]; ok {
		return words
	}
	return l.Query.Get(name)
}

// ExportAs is the address of the whole list as a file.
func (l list) ExportAs(format string) string {
	query, _ := strings.CutPrefix(l.with("format", format), l.Path)
	return l.Export + query
}

// private are the filters that may hold personal data or consumers' words:
// they stay in the session, and addresses carry a token for them.
var private = []string{"search", "customer"}

// filter turns a filter form into the address of the filtered list.
func (v *visit) filter(path string, names ...string) (reply, error) {
	query, words := url.Values{}, map[string]string{}
	for _, name := range names {
		for _, value := range v.texts(name) {
			if slices.Contains(private, name) {
				words[name] = strings.TrimSpace(value)
			} else {
				query.Add(name, value)
			}
		}
	}
	if len(words) > 0 {
		query.Set("s", v.remember(words))
	}
	if len(query) == 0 {
		return goTo(path)
	}
	return goTo(path + "?" + query.Encode())
}

// maxSearches bounds how many searches a session remembers.
const maxSearches = 20

// remember keeps words in the session and gives the token for them.
func (v *visit) remember(words map[string]string) string {
	sessions := v.console.Sessions
	kept, ok := sessions.Get(v.Context(), sessionSearch).(searches)
	if !ok {
		kept = searches{Words: map[string]map[string]string{}}
	}
	token := newID()[:12]
	kept.Words[token] = words
	kept.Order = append(kept.Order, token)
	if len(kept.Order) > maxSearches {
		delete(kept.Words, kept.Order[0])
		kept.Order = kept.Order[1:]
	}
	sessions.Put(v.Context(), sessionSearch, kept)
	return token
}

// recall gives the words of a token; nil once they are forgotten.
func (v *visit) recall(token string) map[string]string {
	kept, _ := v.console.Sessions.Get(v.Context(), sessionSearch).(searches)
	return kept.Words[token]
}

// Empty reports whether there is no row to show.
func (l list) Empty() bool { return l.Rows == 0 }
