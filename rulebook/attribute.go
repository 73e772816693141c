package rulebook

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// The types of attributes.
const (
	NumberAttribute = "number"
	BoolAttribute   = "bool"
	TextAttribute   = "text"
	TimeAttribute   = "time"
)

// AttributeTypes are the types that an attribute may be declared with.
func AttributeTypes() []string {
	return []string{NumberAttribute, BoolAttribute, TextAttribute, TimeAttribute}
}

// Read gives an attribute's value in its declared type: float64, bool, string
// or time.Time. Files give numbers, switches and times as text too. It
// reports whether the value is of that type.
func (a *Attribute) Read(value any) (any, bool) { return typed(a.Type, value) }

func typed(kind string, value any) (any, bool) {
	switch kind {
	case NumberAttribute:
		return number(value)
	case BoolAttribute:
		return truth(value)
	case TimeAttribute:
		return moment(value)
	case TextAttribute:
		text, ok := value.(string)
		return text, ok
	}
	return nil, false
}

func number(value any) (any, bool) {
	switch v := value.(type) {
	case float64:
		return v, true
	case int:
		return float64(v), true
	case int64:
		return float64(v), true
	case uint64:
		return float64(v), true
	case json.Number:
		f, err := v.Float64()
		return f, err == nil
	case string:
		f, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
		return f, err == nil
	}
	return nil, false
}

func truth(value any) (any, bool) {
	switch v := value.(type) {
	case bool:
		return v, true
	case string:
		b, err := strconv.ParseBool(strings.ToLower(strings.TrimSpace(v)))
		return b, err == nil
	}
	return nil, false
}

func moment(value any) (any, bool) {
	switch v := value.(type) {
	case time.Time:
		return v, !v.IsZero()
	case string:
		t, err := time.Parse(time.RFC3339, v)
		return t, err == nil
	}
	return nil, false
}
