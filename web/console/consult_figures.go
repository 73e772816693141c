package console

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"xiaobao/casework"
)

// A figure is one figure of a period, as a consultation takes them.
type figure struct {
	Name   string   `json:"name"`
	Value  float64  `json:"value"`
	Before *float64 `json:"before,omitempty"`
	Target *float64 `json:"target,omitempty"`
	Unit   string   `json:"unit,omitempty"`
	Better string   `json:"better,omitempty"`
}

var (
	figureLine   = regexp.MustCompile(`^([^：:]+)[：:]\s*(-?[0-9][0-9,]*(?:\.[0-9]+)?)\s*([^\s0-9，,；;]*)`)
	figureBefore = regexp.MustCompile(`上期\s*[为：:]?\s*(-?[0-9][0-9,]*(?:\.[0-9]+)?)`)
	figureTarget = regexp.MustCompile(`目标\s*[为：:]?\s*(-?[0-9][0-9,]*(?:\.[0-9]+)?)`)
)

// figures reads a period's figures as people write them, one a line:
// 投诉量：412 件，上期 374，目标 400，越低越好. A JSON list stays what it is.
func figures(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", badField("context", "give the period's figures, one a line", "请填写期间指标，每行一项，例如“投诉量：412 件，上期 374，目标 400，越低越好”")
	}
	if strings.HasPrefix(text, "[") && json.Valid([]byte(text)) {
		return text, nil
	}
	var all []figure
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		m := figureLine.FindStringSubmatch(line)
		if m == nil {
			return "", badField("context", "a line is not a figure: name, colon, number, unit", "有一行不是指标，请写成“名称：数值 单位”，例如“投诉量：412 件，上期 374，目标 400，越低越好”")
		}
		f := figure{Name: strings.TrimSpace(m[1]), Unit: m[3], Before: numberIn(figureBefore, line), Target: numberIn(figureTarget, line)}
		if value := numberIn(figureLine, line); value != nil {
			f.Value = *value
		}
		switch {
		case strings.Contains(line, "越高越好"):
			f.Better = "more"
		case strings.Contains(line, "越低越好"):
			f.Better = "less"
		}
		all = append(all, f)
	}
	data, err := json.Marshal(all)
	if err != nil {
		return "", casework.Errorf(casework.Internal, "figures cannot be written").Because(err)
	}
	return string(data), nil
}

// numberIn is the number that a pattern finds in a line; nil if none.
func numberIn(pattern *regexp.Regexp, line string) *float64 {
	m := pattern.FindStringSubmatch(line)
	if m == nil {
		return nil
	}
	written := m[1]
	if pattern == figureLine {
		written = m[2]
	}
	value, err := strconv.ParseFloat(strings.ReplaceAll(written, ",", ""), 64)
	if err != nil {
		return nil
	}
	return &value
}
