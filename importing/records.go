package importing

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
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

// moment reads a date and time of a row.
func moment(m Mapping, r row, text string) (time.Time, bool) {
	if r.date != nil {
		if n, ok := serial(text); ok {
			return r.date(n)
		}
	}
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
	column, what, whatZh := "", "the line is not one JSON object with the known fields", "该行不是符合格式的 JSON 对象"
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		column, what, whatZh = e.Field, e.Field+" has a value of the wrong type", e.Field+" 的类型不正确"
	} else if name, ok := strings.CutPrefix(fmt.Sprint(err), "json: unknown field "); ok {
		column = unknownName(name)
		what, whatZh = "the line has a field that we do not know", "该行有未知的字段"
	} else if _, ok := errors.AsType[*time.ParseError](err); ok {
		return badTime(r.number, "occurred_at")
	}
	return problem(r.number, column, classBadJSON, what, whatZh, "compare the line with the format in the documentation", "请对照文档中的格式检查该行")
}

// fieldNames are what a field can be called. Anything else may be a value in
// the wrong place, and is not repeated.
var fieldNames = regexp.MustCompile(`^[A-Za-z][A-Za-z_.-]{0,39}$`)

func unknownName(quoted string) string {
	name := strings.Trim(quoted, `"`)
	if !fieldNames.MatchString(name) {
		return ""
	}
	return name
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
		return t, fromCheck(m, r.number, err)
	}
	return t, touchpointFits(m, r.number, &t, now)
}

// touchpointFits finds what the database would refuse, so that it is found
// before anything goes in.
func touchpointFits(m Mapping, number int, t *casework.Touchpoint, now time.Time) *casework.RowError {
	for _, f := range []struct{ name, value string }{
		{"id", t.ID}, {"customer_id", t.CustomerID}, {"agent_id", t.AgentID}, {"org_id", t.OrgID}, {"product", t.Product},
	} {
		if wrong := fits(m, number, f.name, f.value, casework.MaxIDBytes); wrong != nil {
			return wrong
		}
	}
	for _, turn := range t.Turns {
		if turn.At != nil && (turn.At.Year() < 2000 || turn.At.After(now.Add(24*time.Hour))) {
			return badTime(number, m.column("turns"))
		}
	}
	if wrong := attributesFit(number, t.Attributes); wrong != nil {
		return wrong
	}
	return saysSomething(m, number, t)
}

// saysSomething refuses a touchpoint in which nothing was said: nothing could
// be found in it, yet it would count as inspected. Only outbound calls may
// lack their transcript, where attributes tell of the call: its hour and how
// often it was made matter by themselves.
func saysSomething(m Mapping, number int, t *casework.Touchpoint) *casework.RowError {
	outbound := t.Channel == casework.CollectionCall || t.Channel == casework.TelemarketingCall
	said := strings.TrimSpace(t.Text) != "" || slices.ContainsFunc(t.Turns, func(turn casework.Turn) bool { return strings.TrimSpace(turn.Text) != "" })
	if said || outbound && len(t.Attributes) > 0 {
		return nil
	}
	column := m.column("text")
	return problem(number, column, classMissing, column+" is empty, and there are no turns", column+" 为空，也没有 turns",
		"fill it in; only outbound calls with attributes can do without", "请补全；只有带属性的外呼（电销、催收）可以没有文本")
}

// unitKnown refuses a unit that is not on record: nobody would be allowed to
// see what belongs to it. Empty belongs to none.
func unitKnown(m Mapping, number int, id string, known map[string]bool) *casework.RowError {
	if id == "" || known[id] {
		return nil
	}
	column := m.column("org_id")
	return problem(number, column, classUnknown, column+" is not the id of a known unit", column+" 不是已登记的机构编号",
		"import the unit first, or correct the id", "请先导入该机构，或更正编号")
}

func touchpointCells(m Mapping, r row, t *casework.Touchpoint) *casework.RowError {
	get := m.cells(r)
	t.ID, t.Channel = get("id"), casework.Channel(get("channel"))
	t.CustomerID, t.AgentID, t.OrgID, t.Product = get("customer_id"), get("agent_id"), get("org_id"), get("product")
	t.Speaker, t.Text = casework.Speaker(get("speaker")), get("text")
	when := get("occurred_at")
	if when == "" {
		return missing(r.number, m.column("occurred_at"))
	}
	var ok bool
	if t.OccurredAt, ok = moment(m, r, when); !ok {
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
		if name, ok := strings.CutPrefix(column, attributePrefix); ok && strings.TrimSpace(text) != "" {
			found[name] = scalar(m.value(name, text))
		}
	}
	if len(found) == 0 {
		return nil
	}
	return found
}

// numbers are what reads as a number. What begins with zeros, or has an
// exponent, is rather a code.
var numbers = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,10})(\.[0-9]{1,6})?$`)

// scalar reads a cell as what it looks like. Long digits are codes and stay text.
func scalar(text string) any {
	if yes, ok := yesOrNo(text); ok && !numbers.MatchString(text) {
		return yes
	}
	if numbers.MatchString(text) {
		if f, err := strconv.ParseFloat(text, 64); err == nil {
			return f
		}
	}
	return text
}

// yesOrNo reads the ways in which files say yes and no.
func yesOrNo(text string) (yes, ok bool) {
	switch strings.ToLower(text) {
	case "true", "是", "1":
		return true, true
	case "false", "否", "0":
		return false, true
	}
	return false, false
}

// customer reads a row as a customer.
func customer(m Mapping, r row, now time.Time) (casework.Customer, *casework.RowError) {
	var c casework.Customer
	if r.json != nil {
		if wrong := decode(r, &c); wrong != nil {
			return c, wrong
		}
	} else if wrong := customerCells(m, r, &c); wrong != nil {
		return c, wrong
	}
	switch {
	case c.BirthYear != 0 && (c.BirthYear < 1900 || c.BirthYear > now.Year()):
		return c, badYear(r.number, m.column("birth_year"))
	case c.OptedOutAt != nil && c.OptedOutAt.Year() < 2000:
		return c, badTime(r.number, m.column("opted_out_at"))
	case c.OptedOutAt != nil && c.OptedOutAt.After(now.Add(24*time.Hour)):
		column := m.column("opted_out_at")
		return c, problem(r.number, column, classFuture, column+" is in the future", column+" 晚于现在", remedy(classFuture), remedyZh(classFuture))
	}
	for _, f := range []struct{ name, value string }{{"name", c.Name}, {"phone", c.Phone}, {"region", c.Region}} {
		if wrong := fits(m, r.number, f.name, f.value, maxNameBytes); wrong != nil {
			return c, wrong
		}
	}
	if wrong := attributesFit(r.number, c.Attributes); wrong != nil {
		return c, wrong
	}
	return c, required(m, r.number, "id", c.ID)
}

func customerCells(m Mapping, r row, c *casework.Customer) *casework.RowError {
	get := m.cells(r)
	c.ID, c.Name, c.Phone, c.Region = get("id"), get("name"), get("phone"), get("region")
	if year := get("birth_year"); year != "" {
		n, err := strconv.Atoi(year)
		if err != nil {
			return badYear(r.number, m.column("birth_year"))
		}
		c.BirthYear = n
	}
	if when := get("opted_out_at"); when != "" {
		t, ok := moment(m, r, when)
		if !ok {
			return badTime(r.number, m.column("opted_out_at"))
		}
		c.OptedOutAt = &t
	}
	c.Attributes = attributes(m, r)
	return nil
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
		get := m.cells(r)
		s.ID, s.OrgID, s.Name, s.Position = get("id"), get("org_id"), get("name"), get("position")
		if active := get("active"); active != "" {
			var ok bool
			if s.Active, ok = yesOrNo(active); !ok {
				column := m.column("active")
				return s, problem(r.number, column, classUnknown, column+" is neither true nor false", column+" 不是“是”或“否”",
					"write true or false, or translate the value under values in the mapping", "请写“是”或“否”，或在列对应文件的 values 中对应")
			}
		}
	}
	if wrong := fits(m, r.number, "position", s.Position, maxNameBytes); wrong != nil {
		return s, wrong
	}
	return s, required(m, r.number, "id", s.ID, "org_id", s.OrgID, "name", s.Name)
}

// unit reads a row as a unit of the institution.
func unit(m Mapping, r row, _ time.Time) (casework.Org, *casework.RowError) {
	var o casework.Org
	if r.json != nil {
		if wrong := decode(r, &o); wrong != nil {
			return o, wrong
		}
	} else {
		get := m.cells(r)
		o = casework.Org{ID: get("id"), ParentID: get("parent_id"), Name: get("name"), Kind: get("kind")}
	}
	if !slices.Contains(casework.OrgKinds(), o.Kind) {
		column := m.column("kind")
		return o, problem(r.number, column, classUnknown, column+" is not one of the known kinds of units", column+" 不是规定的机构类型",
			"use "+strings.Join(casework.OrgKinds(), ", "), "可用取值："+strings.Join(casework.OrgKinds(), "、"))
	}
	if wrong := fits(m, r.number, "parent_id", o.ParentID, casework.MaxIDBytes); wrong != nil {
		return o, wrong
	}
	return o, required(m, r.number, "id", o.ID, "name", o.Name)
}

// maxNameBytes bounds names and the like.
const maxNameBytes = 4 * casework.MaxIDBytes

// required gives the first of field, value pairs that is empty or does not fit.
func required(m Mapping, number int, pairs ...string) *casework.RowError {
	for i := 0; i < len(pairs); i += 2 {
		most := casework.MaxIDBytes
		if pairs[i] == "name" {
			most = maxNameBytes
		}
		if pairs[i+1] == "" {
			return missing(number, m.column(pairs[i]))
		}
		if wrong := fits(m, number, pairs[i], pairs[i+1], most); wrong != nil {
			return wrong
		}
	}
	return nil
}
