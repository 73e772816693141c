package importing

import (
	"bytes"
	"encoding/csv"
	"maps"
	"slices"
	"strings"

	"xiaobao/casework"
)

// known is what a row of each kind may hold, in the order of a template, and
// without which columns a table is refused.
var known = map[string][]casework.ImportField{
	"touchpoints": {
		{Name: "id", Zh: "触点编号", Required: true}, {Name: "channel", Zh: "渠道", Required: true},
		{Name: "occurred_at", Zh: "发生时间", Required: true}, {Name: "text", Zh: "文本内容", Required: true},
		{Name: "customer_id", Zh: "客户编号"}, {Name: "agent_id", Zh: "员工编号"}, {Name: "org_id", Zh: "机构编号"},
		{Name: "product", Zh: "产品"}, {Name: "speaker", Zh: "说话人"}, {Name: "turns", Zh: "逐句对话"},
	},
	"customers": {
		{Name: "id", Zh: "客户编号", Required: true}, {Name: "name", Zh: "姓名"}, {Name: "phone", Zh: "电话"},
		{Name: "birth_year", Zh: "出生年份"}, {Name: "region", Zh: "地区"}, {Name: "opted_out_at", Zh: "拒绝营销时间"},
	},
	"staff": {
		{Name: "id", Zh: "员工编号", Required: true}, {Name: "org_id", Zh: "机构编号", Required: true},
		{Name: "name", Zh: "姓名", Required: true}, {Name: "position", Zh: "岗位"}, {Name: "active", Zh: "在职"},
	},
	"orgs": {
		{Name: "id", Zh: "机构编号", Required: true}, {Name: "name", Zh: "机构名称", Required: true},
		{Name: "kind", Zh: "机构类型", Required: true}, {Name: "parent_id", Zh: "上级机构编号"},
	},
}

// chineseValues are what officers call the values of fields that have few.
var chineseValues = map[string]map[string]string{
	"channel": chinese(casework.Channels(), casework.Channel.Chinese),
	"speaker": chinese(casework.Speakers(), casework.Speaker.Chinese),
	"kind": {
		"总部": "head_office", "分支机构": "branch", "部门": "department", "外包机构": "vendor", "合作方": "partner",
	},
}

func chinese[T ~string](values []T, name func(T) string) map[string]string {
	names := make(map[string]string, len(values))
	for _, value := range values {
		names[name(value)] = string(value)
	}
	return names
}

// Kinds are what can be imported.
func Kinds() []string { return []string{"touchpoints", "customers", "staff", "orgs"} }

// Columns are what a row of a kind may hold; nil if there is no such kind.
func Columns(kind string) []casework.ImportField { return slices.Clone(known[kind]) }

// Fields are the names of what a row of a kind may hold; nil if there is no
// such kind.
func Fields(kind string) []string {
	var names []string
	for _, f := range known[kind] {
		names = append(names, f.Name)
	}
	return names
}

// Template is an empty table of a kind, to be filled in: CSV with the Chinese
// names as its header, which an import knows. The mark at its beginning has
// Excel read it as UTF-8. Nil if there is no such kind.
func Template(kind string) []byte {
	var header []string
	for _, f := range known[kind] {
		if f.Name != "turns" { // a list in JSON is nothing to fill in by hand
			header = append(header, f.Zh)
		}
	}
	if header == nil {
		return nil
	}
	text := bytes.NewBuffer(slices.Clone(utf8BOM))
	w := csv.NewWriter(text)
	w.UseCRLF = true
	_ = w.Write(header) // nothing fails in memory
	w.Flush()
	return text.Bytes()
}

// titled has columns of a header that have our Chinese names read as those
// fields. A mapping that names columns is the whole truth, and stays as it is:
// what it leaves out is not wanted.
func (m Mapping) titled(kind string, header []string) Mapping {
	if len(m.Columns) > 0 || header == nil {
		return m
	}
	used := slices.Collect(maps.Values(m.Attributes))
	m.Columns = map[string]string{}
	for _, f := range known[kind] {
		if !slices.Contains(header, f.Name) && slices.Contains(header, f.Zh) && !slices.Contains(used, f.Zh) {
			m.Columns[f.Name] = f.Zh
		}
	}
	return m
}

// field is what a column of the file is read as; empty if it is left out.
func (m Mapping) field(kind, column string) string {
	for _, f := range known[kind] {
		if column != "" && m.column(f.Name) == column {
			return f.Name
		}
	}
	for _, name := range slices.Sorted(maps.Keys(m.Attributes)) {
		if m.Attributes[name] == column {
			return attributePrefix + name
		}
	}
	if takesAttributes(kind) && strings.HasPrefix(column, attributePrefix) {
		return column
	}
	return ""
}

// attributePrefix begins the names of columns that are attributes.
const attributePrefix = "attributes."

func takesAttributes(kind string) bool { return kind == "touchpoints" || kind == "customers" }

// label is a column as the file calls it, and its Chinese name if that is
// another.
func (m Mapping) label(kind, column string) string {
	field := m.field(kind, column)
	for _, f := range known[kind] {
		if f.Name == field && f.Zh != column {
			return column + "（" + f.Zh + "）"
		}
	}
	return column
}

func (m Mapping) labels(kind string, columns []string) []string {
	labels := make([]string, len(columns))
	for i, column := range columns {
		labels[i] = m.label(kind, column)
	}
	return labels
}

// named completes what is wrong with a row by the field that its column is,
// has the Chinese words name both, and says which values a field can have.
func (m Mapping) named(kind string, wrong casework.RowError) casework.RowError {
	if wrong.Field = m.field(kind, wrong.Column); wrong.Field == "" {
		return wrong
	}
	for _, called := range []string{"字段 " + wrong.Field + " ", wrong.Column + " "} {
		if rest, ok := strings.CutPrefix(wrong.WhatZh, called); ok {
			wrong.WhatZh = m.label(kind, wrong.Column) + " " + rest
			break
		}
	}
	if wrong.Class == classUnknown && len(chineseValues[wrong.Field]) > 0 {
		ours := chineseValues[wrong.Field]
		names := slices.SortedFunc(maps.Keys(ours), func(a, b string) int { return strings.Compare(ours[a], ours[b]) })
		wrong.Mend = "use one of " + strings.Join(slices.Sorted(maps.Values(ours)), ", ") + ", or translate it under values in the mapping"
		wrong.MendZh = "可用取值：" + strings.Join(names, "、")
	}
	return wrong
}
