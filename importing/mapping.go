package importing

import (
	"bytes"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"xiaobao/casework"
)

// A Mapping says how a file's columns and values are to be read. In YAML:
//
//	columns: {id: 通话流水号, channel: 渠道, occurred_at: 通话时间, text: 转写文本}
//	attributes: {direction: 呼叫方向, connected: 是否接通}
//	values: {channel: {电销: telemarketing_call, 催收: collection_call}}
//	defaults: {channel: service_call}
//	time_layout: "2006/1/2 15:04"
type Mapping struct {
	Columns    map[string]string            `yaml:"columns"`     // our field → their column
	Attributes map[string]string            `yaml:"attributes"`  // our attribute → their column
	Values     map[string]map[string]string `yaml:"values"`      // field → their value → ours
	Defaults   map[string]string            `yaml:"defaults"`    // field → value where the file has none
	TimeLayout string                       `yaml:"time_layout"` // Go layout, read in Beijing time
}

// maxMapping bounds a mapping file, in bytes.
const maxMapping = 1 << 20

// ParseMapping reads a mapping for a kind of file. Nothing at all is the
// mapping of columns that have our names.
func ParseMapping(kind string, text []byte) (Mapping, error) {
	var m Mapping
	if len(text) > maxMapping {
		return m, casework.Errorf(casework.Invalid, "the mapping is larger than 1 MiB").
			InChinese("列对应文件超过 1 MiB").WithCode("field:mapping")
	}
	in := yaml.NewDecoder(bytes.NewReader(text))
	in.KnownFields(true)
	if err := in.Decode(&m); err != nil && err != io.EOF {
		return m, casework.Errorf(casework.Invalid, "the mapping cannot be read: %s", err).
			InChinese("列对应文件无法读取：%s", err).WithCode("field:mapping")
	}
	return m, m.check(kind)
}

// check refuses a mapping that could not mean what it says.
func (m Mapping) check(kind string) error {
	fields := Fields(kind)
	for _, named := range []map[string]string{m.Columns, m.Defaults} {
		for _, field := range slices.Sorted(maps.Keys(named)) {
			if !slices.Contains(fields, field) {
				return casework.Errorf(casework.Invalid, "the mapping names %q, which is no field of %s; fields are %s", field, kind, strings.Join(fields, ", ")).
					InChinese("列对应文件中的“%s”不是可导入的字段；可用字段：%s", field, strings.Join(fields, "、")).WithCode("field:mapping")
			}
		}
	}
	return m.checkLayout()
}

// checkLayout refuses a layout that loses the date, such as "yyyy-MM-dd",
// which is no layout of Go.
func (m Mapping) checkLayout() error {
	if m.TimeLayout == "" {
		return nil
	}
	day := time.Date(2021, 11, 23, 0, 0, 0, 0, casework.Beijing)
	if t, err := time.ParseInLocation(m.TimeLayout, day.Format(m.TimeLayout), casework.Beijing); err != nil || !t.Equal(day) {
		return casework.Errorf(casework.Invalid, "time_layout %q does not write a date; write how it would show 2 January 2006, 15:04:05, such as \"2006/1/2 15:04\"", m.TimeLayout).
			InChinese("time_layout “%s”不是有效的时间格式，请写出 2006 年 1 月 2 日 15:04:05 的样子，如 \"2006/1/2 15:04\"", m.TimeLayout).WithCode("field:mapping")
	}
	return nil
}

// empty reports whether the mapping maps nothing.
func (m Mapping) empty() bool {
	return len(m.Columns)+len(m.Attributes)+len(m.Values)+len(m.Defaults) == 0 && m.TimeLayout == ""
}

// absent are the columns that the mapping names and a header lacks. Values
// are translated of fields, and of attributes that are mapped or are columns.
func (m Mapping) absent(kind string, header []string) []string {
	var absent []string
	for _, name := range slices.Sorted(maps.Keys(m.Values)) {
		if _, mapped := m.Attributes[name]; !mapped && !slices.Contains(Fields(kind), name) && !slices.Contains(header, "attributes."+name) {
			absent = append(absent, "attributes."+name)
		}
	}
	for _, named := range []map[string]string{m.Columns, m.Attributes} {
		for _, field := range slices.Sorted(maps.Keys(named)) {
			if !slices.Contains(header, named[field]) {
				absent = append(absent, named[field])
			}
		}
	}
	return absent
}

// column is the header under which a field is looked for.
func (m Mapping) column(field string) string {
	if column, ok := m.Columns[field]; ok {
		return column
	}
	return field
}

// value turns a file's value of a field into ours.
func (m Mapping) value(field, value string) string {
	value = strings.TrimSpace(value)
	if value == "" {
		value = m.Defaults[field]
	}
	if ours, ok := m.Values[field][value]; ok {
		return ours
	}
	return value
}

// cells reads the fields of a row of a table. Values may also be the names
// that officers know them by.
func (m Mapping) cells(r row) func(field string) string {
	return func(field string) string {
		value := m.value(field, r.cells[m.column(field)])
		if ours, ok := chineseValues[field][value]; ok {
			return ours
		}
		return value
	}
}
