package importing

import (
	"bytes"
	"io"
	"maps"
	"slices"
	"strings"

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
			InChinese("映射文件超过 1 MiB").WithCode("field:mapping")
	}
	in := yaml.NewDecoder(bytes.NewReader(text))
	in.KnownFields(true)
	if err := in.Decode(&m); err != nil && err != io.EOF {
		return m, casework.Errorf(casework.Invalid, "the mapping cannot be read: %s", err).
			InChinese("映射文件无法读取：%s", err).WithCode("field:mapping")
	}
	fields := Fields(kind)
	for _, named := range []map[string]string{m.Columns, m.Defaults} {
		for _, field := range slices.Sorted(maps.Keys(named)) {
			if !slices.Contains(fields, field) {
				return m, casework.Errorf(casework.Invalid, "the mapping names %q, which is no field of %s; fields are %s", field, kind, strings.Join(fields, ", ")).
					InChinese("映射文件中的“%s”不是可导入的字段；可用字段：%s", field, strings.Join(fields, "、")).WithCode("field:mapping")
			}
		}
	}
	return m, nil
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
