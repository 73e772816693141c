package importing

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"xiaobao/casework"
)

// previewRows is how many rows a preview has.
const previewRows = 20

// Preview gives the first rows of a file as it has them, and what each of its
// columns is read as. What it gives holds personal data: nobody may store or
// show it unmasked.
func Preview(kind, file string, mapping []byte) (rows []casework.RowSample, columns []casework.ImportColumn, err error) {
	m, err := ParseMapping(kind, mapping)
	if err != nil {
		return nil, nil, err
	}
	s, err := openSource(file)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	header := s.columns()
	m = m.titled(kind, header)
	for _, name := range header {
		if name != "" {
			columns = append(columns, casework.ImportColumn{Name: name, Field: m.field(kind, name)})
		}
	}
	for len(rows) < previewRows {
		r, err := s.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, err
		}
		rows = append(rows, sample(r))
	}
	if header == nil {
		columns = named(kind, rows)
	}
	return rows, columns, nil
}

// named are the columns of rows that came as JSON: ours first and in our
// order, then the others.
func named(kind string, rows []casework.RowSample) []casework.ImportColumn {
	found := map[string]bool{}
	var others []string
	for _, r := range rows {
		for name := range r {
			if !found[name] && !slices.Contains(Fields(kind), name) {
				others = append(others, name)
			}
			found[name] = true
		}
	}
	slices.Sort(others)
	var columns []casework.ImportColumn
	for _, name := range Fields(kind) {
		if found[name] {
			columns = append(columns, casework.ImportColumn{Name: name, Field: name})
		}
	}
	for _, name := range others {
		field := ""
		if takesAttributes(kind) && strings.HasPrefix(name, attributePrefix) {
			field = name
		}
		columns = append(columns, casework.ImportColumn{Name: name, Field: field})
	}
	return columns
}

// sample is a row as a preview shows it. A line that is no JSON object shows
// as it stands, without a name.
func sample(r row) casework.RowSample {
	shown := casework.RowSample{}
	maps.Copy(shown, r.cells)
	if r.json == nil {
		return shown
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(r.json, &fields) != nil {
		return casework.RowSample{"JSON": string(r.json)}
	}
	for name, value := range fields {
		var attributes map[string]json.RawMessage
		if name == "attributes" && json.Unmarshal(value, &attributes) == nil {
			for attribute, value := range attributes {
				shown[attributePrefix+attribute] = plain(value)
			}
			continue
		}
		shown[name] = plain(value)
	}
	return shown
}

// plain is a value of JSON as people read it: texts without quotes.
func plain(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) != nil {
		text = string(value)
	}
	return text
}
