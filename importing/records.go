package importing

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"xiaobao/casework"
)

// layouts are the ways in which dates are written where the mapping names no
// other. Without a zone they are Beijing time.
var layouts = []string{
	time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006/01/02 15:04:05",
	"2006/1/2 15:04:05", "2006/1/2 15:04", "20060102150405", "2006-01-02", "2006/1/2",
}

// moment reads a date and time.
func moment(m Mapping, text string) (time.Time, bool) {
	if m.TimeLayout != "" {
		t, err := time.ParseInLocation(m.TimeLayout, text, casework.Beijing)
		return t, err == nil
	}
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, text, casework.Beijing); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// badTime is the problem of a time that cannot be read.
func badTime(number int, column string) *casework.RowError {
	return problem(number, column, classBadTime, column+" is no date and time", column+" 不是有效的日期时间",
		remedy(classBadTime), remedyZh(classBadTime))
}

// decode reads a row that came as JSON. Fields that we do not know are
// refused: a misspelt name would lose data in silence.
func decode(r row, into any) *casework.RowError {
	in := json.NewDecoder(bytes.NewReader(r.json))
	in.DisallowUnknownFields()
	err := in.Decode(into)
	if err == nil {
		_, err = in.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
	}
	column, what, whatZh := "", "is not one JSON object with the known fields", "不是符合格式的 JSON 对象"
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		column, what, whatZh = e.Field, "has a value of another type than "+e.Type.String(), "的类型不正确"
	} else if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		column, what, whatZh = strings.Trim(name, `"`), "is no field that we know", "不是已知的字段"
		if len(column) > 64 {
			column = column[:64]
		}
	}
	if _, ok := errors.AsType[*time.ParseError](err); ok {
		return badTime(r.number, "occurred_at")
	}
	return problem(r.number, column, classBadJSON, what, whatZh, "compare the line with the format in the documentation", "请对照文档中的格式检查该行")
}

// touchpoint reads a row as a touchpoint.
func touchpoint(m Mapping, r row, now time.Time) (casework.Touchpoint, *casework.RowError) {
	var t casework.Touchpoint
	if r.json != nil {
		if wrong := decode(r, &t); wrong != nil {
			return t, wrong
		}
	} else if wrong := touchpointCells(m, r, &t); wrong != nil {
		return t, wrong
	}
	if err := t.Check(now); err != nil {
		return t, fromCheck(r.number, err)
	}
	return t, nil
}

func touchpointCells(m Mapping, r row, t *casework.Touchpoint) *casework.RowError {
	get := func(field string) string { return m.value(field, r.cells[m.column(field)]) }
	t.ID, t.Channel = get("id"), casework.Channel(get("channel"))
	t.CustomerID, t.AgentID, t.OrgID, t.Product = get("customer_id"), get("agent_id"), get("org_id"), get("product")
	t.Speaker, t.Text = casework.Speaker(get("speaker")), get("text")
	when := get("occurred_at")
	if when == "" {
		return missing(r.number, m.column("occurred_at"))
	}
	var ok bool
	if t.OccurredAt, ok = moment(m, when); !ok {
		return badTime(r.number, m.column("occurred_at"))
	}
	if turns := get("turns"); turns != "" {
		if json.Unmarshal([]byte(turns), &t.Turns) != nil {
			return problem(r.number, m.column("turns"), classBadJSON, "turns is no JSON list of turns", "turns 不是 JSON 数组",
				`write [{"speaker":"agent","text":"…"}]`, `请写成 [{"speaker":"agent","text":"…"}]`)
		}
	}
	t.Attributes = attributes(m, r)
	return nil
}

// attributes collects the mapped attributes, and columns named "attributes.x".
func attributes(m Mapping, r row) map[string]any {
	found := map[string]any{}
	for name, column := range m.Attributes {
		if text := strings.TrimSpace(r.cells[column]); text != "" {
			found[name] = scalar(m.value(name, text))
		}
	}
	for column, text := range r.cells {
		if name, ok := strings.CutPrefix(column, "attributes."); ok && strings.TrimSpace(text) != "" {
			found[name] = scalar(m.value(name, text))
		}
	}
	if len(found) == 0 {
		return nil
	}
	return found
}

// scalar reads a cell as what it looks like. Long digits are codes and stay text.
func scalar(text string) any {
	switch strings.ToLower(text) {
	case "true", "是":
		return true
	case "false", "否":
		return false
	}
	if len(text) < 12 {
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			return f
		}
	}
	return text
}

// customer reads a row as a customer.
func customer(m Mapping, r row, now time.Time) (casework.Customer, *casework.RowError) {
	var c casework.Customer
	if r.json != nil {
		if wrong := decode(r, &c); wrong != nil {
			return c, wrong
		}
	} else {
		get := func(field string) string { return m.value(field, r.cells[m.column(field)]) }
		c.ID, c.Name, c.Phone, c.Region = get("id"), get("name"), get("phone"), get("region")
		if year := get("birth_year"); year != "" {
			n, err := strconv.Atoi(year)
			if err != nil {
				return c, badYear(r.number, m.column("birth_year"))
			}
			c.BirthYear = n
		}
		if when := get("opted_out_at"); when != "" {
			t, ok := moment(m, when)
			if !ok {
				return c, badTime(r.number, m.column("opted_out_at"))
			}
			c.OptedOutAt = &t
		}
		c.Attributes = attributes(m, r)
	}
	switch {
	case c.BirthYear != 0 && (c.BirthYear < 1900 || c.BirthYear > now.Year()):
		return c, badYear(r.number, "birth_year")
	case c.OptedOutAt != nil && c.OptedOutAt.After(now.Add(24*time.Hour)):
		return c, problem(r.number, "opted_out_at", classFuture, "opted_out_at is in the future", "opted_out_at 晚于现在", remedy(classFuture), remedyZh(classFuture))
	}
	return c, required(r.number, "id", c.ID)
}

func badYear(number int, column string) *casework.RowError {
	return problem(number, column, classBadTime, column+" is no year of birth", column+" 不是有效的出生年份", "write four digits", "请写四位数字")
}

// staff reads a row as a member of staff.
func staff(m Mapping, r row, _ time.Time) (casework.Staff, *casework.RowError) {
	s := casework.Staff{Active: true}
	if r.json != nil {
		if wrong := decode(r, &s); wrong != nil {
			return s, wrong
		}
	} else {
		get := func(field string) string { return m.value(field, r.cells[m.column(field)]) }
		s.ID, s.OrgID, s.Name, s.Position = get("id"), get("org_id"), get("name"), get("position")
		s.Active = scalar(get("active")) != false
	}
	return s, required(r.number, "id", s.ID, "org_id", s.OrgID, "name", s.Name)
}

// unit reads a row as a unit of the institution.
func unit(m Mapping, r row, _ time.Time) (casework.Org, *casework.RowError) {
	var o casework.Org
	if r.json != nil {
		if wrong := decode(r, &o); wrong != nil {
			return o, wrong
		}
	} else {
		get := func(field string) string { return m.value(field, r.cells[m.column(field)]) }
		o = casework.Org{ID: get("id"), ParentID: get("parent_id"), Name: get("name"), Kind: get("kind")}
	}
	for _, kind := range casework.OrgKinds() {
		if o.Kind == kind {
			return o, required(r.number, "id", o.ID, "name", o.Name)
		}
	}
	return o, problem(r.number, "kind", classUnknown, "kind is not one of the known kinds of units", "kind 不是规定的机构类型",
		"use "+strings.Join(casework.OrgKinds(), ", "), "可用取值："+strings.Join(casework.OrgKinds(), "、"))
}

// required gives the first of field, value pairs that is empty or too long.
func required(number int, pairs ...string) *casework.RowError {
	for i := 0; i < len(pairs); i += 2 {
		switch {
		case pairs[i+1] == "":
			return missing(number, pairs[i])
		case len(pairs[i+1]) > 4*casework.MaxIDBytes:
			return problem(number, pairs[i], classTooLong, pairs[i]+" is too long", pairs[i]+" 过长", "shorten it", "请缩短")
		}
	}
	return nil
}
