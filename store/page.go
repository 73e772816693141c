package store

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"

	"xiaobao/casework"
)

// conditions gathers the WHERE clause of a list with its parameters.
type conditions struct {
	clauses []string
	args    []any
}

// and adds a condition in which each ? stands for the next argument.
func (c *conditions) and(clause string, args ...any) {
	c.clauses = append(c.clauses, c.numbered(clause, args...))
}

// numbered writes clause with the numbers of its arguments, which it adds.
func (c *conditions) numbered(clause string, args ...any) string {
	var b strings.Builder
	for _, r := range clause {
		if r != '?' {
			b.WriteRune(r)
			continue
		}
		c.args = append(c.args, args[0])
		args = args[1:]
		b.WriteString("$" + strconv.Itoa(len(c.args)))
	}
	return b.String()
}

// anyOf narrows column to the values, where there are any.
func anyOf[T ~string](c *conditions, column string, values []T) {
	if len(values) > 0 {
		c.and(column+" = ANY(?)", textArray(values))
	}
}

// below narrows column to the units and all below them. A unit that is not
// registered still stands for itself.
func (c *conditions) below(column string, units []string) {
	if len(units) > 0 {
		c.and(column+" = ANY(ARRAY(SELECT o.id FROM orgs o WHERE o.path && ?) || ?)", pq.StringArray(units), pq.StringArray(units))
	}
}

// containing narrows columns to those in one of which the words occur, as
// they are: % and _ mean themselves.
func (c *conditions) containing(words string, columns ...string) {
	words = strings.TrimSpace(words)
	if words == "" {
		return
	}
	pattern := "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`, "\x00", "").Replace(strings.ToValidUTF8(words, "")) + "%"
	var either []string
	for _, column := range columns {
		either = append(either, c.numbered(column+" ILIKE ?", pattern))
	}
	c.clauses = append(c.clauses, "("+strings.Join(either, " OR ")+")")
}

// where is the whole clause.
func (c *conditions) where() string {
	if len(c.clauses) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(c.clauses, " AND ")
}

func textArray[T ~string](values []T) pq.StringArray {
	texts := make(pq.StringArray, len(values))
	for i, v := range values {
		texts[i] = string(v)
	}
	return texts
}

// A key is one column that a list is ordered by, and its type in SQL.
type key struct{ column, kind string }

// reads reports whether a cursor's value can be of the key's type, so that a
// damaged cursor is refused here and is no error of the database.
func (k key) reads(value string) bool {
	var err error
	switch k.kind {
	case "bigint":
		_, err = strconv.ParseInt(value, 10, 64)
	case "double precision":
		_, err = strconv.ParseFloat(value, 64)
	case "timestamptz":
		_, err = time.Parse("2006-01-02 15:04:05.999999Z07", value)
	case "level":
		_, err = casework.ParseLevel(value)
	}
	return err == nil
}

// An order is how one list can be sorted: by columns that together are
// unique, all in one direction, so that a row comparison finds the next page.
type order struct {
	keys []key
	desc bool // the natural direction
}

// A pager cuts a list into pages by key.
type pager struct {
	order
	limit int
}

const (
	usualRows = 50
	mostRows  = 500
)

// paged reads a request against the orders a list knows, and adds to c what
// the cursor says.
func paged(c *conditions, request casework.PageRequest, orders map[string]order) (pager, error) {
	o, ok := orders[request.Sort]
	if !ok {
		return pager{}, casework.Errorf(casework.Invalid, "this list cannot be sorted by %q", request.Sort).
			InChinese("此列表不能按“%s”排序", request.Sort).WithCode("field:sort")
	}
	if request.Sort != "" {
		o.desc = request.Desc
	}
	p := pager{order: o, limit: request.Limit}
	if p.limit <= 0 {
		p.limit = usualRows
	}
	p.limit = min(p.limit, mostRows)
	if request.After == "" {
		return p, nil
	}
	values, err := p.open(request)
	if err != nil {
		return pager{}, err
	}
	var columns, marks []string
	for _, k := range o.keys {
		columns = append(columns, k.column)
		marks = append(marks, "?::"+k.kind)
	}
	sign := map[bool]string{false: ">", true: "<"}[o.desc]
	// The comparison of the first column alone repeats what the row comparison
	// says, in a form that leaves out partitions.
	c.and(columns[0]+" "+sign+"= "+marks[0], values[0])
	c.and("("+strings.Join(columns, ", ")+") "+sign+" ("+strings.Join(marks, ", ")+")", values...)
	return p, nil
}

// orderLimit is the end of the query. It asks for one row more than a page
// has, which tells whether there is another page.
func (p pager) orderLimit() string {
	var columns []string
	for _, k := range p.keys {
		if p.desc {
			columns = append(columns, k.column+" DESC")
		} else {
			columns = append(columns, k.column)
		}
	}
	return fmt.Sprintf(" ORDER BY %s LIMIT %d", strings.Join(columns, ", "), p.limit+1)
}

// cursorColumn selects the keys of a row as one text, which becomes the
// cursor of the page that ends with it.
func (p pager) cursorColumn() string {
	var texts []string
	for _, k := range p.keys {
		texts = append(texts, k.column+"::text")
	}
	return "json_build_array(" + strings.Join(texts, ", ") + ")::text AS cursor"
}

// A cursor holds the order it belongs to, so that it cannot be used with
// another.
type cursor struct {
	Sort string   `json:"s"`
	Desc bool     `json:"d"`
	Keys []string `json:"k"`
}

func (p pager) seal(request casework.PageRequest, keys string) (string, error) {
	c := cursor{Sort: request.Sort, Desc: p.desc}
	if err := json.Unmarshal([]byte(keys), &c.Keys); err != nil {
		return "", fmt.Errorf("cursor: %w", err)
	}
	data, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("cursor: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(data), nil
}

func (p pager) open(request casework.PageRequest) ([]any, error) {
	refused := casework.Errorf(casework.Invalid, "this page's address is damaged; open the list again").
		InChinese("分页地址已损坏，请重新打开列表").WithCode("field:after")
	data, err := base64.RawURLEncoding.DecodeString(request.After)
	if err != nil {
		return nil, refused
	}
	var c cursor
	if err := json.Unmarshal(data, &c); err != nil {
		return nil, refused
	}
	if c.Sort != request.Sort || c.Desc != p.desc || len(c.Keys) != len(p.keys) {
		return nil, refused
	}
	values := make([]any, len(c.Keys))
	for i, k := range c.Keys {
		if strings.ContainsRune(k, 0) || !p.keys[i].reads(k) {
			return nil, refused
		}
		values[i] = k
	}
	return values, nil
}

// listing makes a page of rows that were read with orderLimit.
func listing[R, T any](p pager, request casework.PageRequest, rows []R, keys func(*R) string, shape func(*R) (T, error)) (casework.Listing[T], error) {
	page := casework.Listing[T]{Rows: []T{}, Total: -1}
	if len(rows) > p.limit {
		rows = rows[:p.limit]
		next, err := p.seal(request, keys(&rows[p.limit-1]))
		if err != nil {
			return page, err
		}
		page.Next = next
	}
	for i := range rows {
		row, err := shape(&rows[i])
		if err != nil {
			return page, err
		}
		page.Rows = append(page.Rows, row)
	}
	return page, nil
}
