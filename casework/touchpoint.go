package casework

import (
	"strings"
	"time"
	"unicode/utf8"
)

// The most a touchpoint may hold. A two-hour call has some 30,000 characters.
const (
	MaxTextRunes = 200_000
	MaxTurns     = 5_000
	MaxIDBytes   = 128
)

// A Touchpoint (触点) is one contact with a consumer: a call, chat, message,
// page, complaint or post. JSON is the fixed input format of every command
// and of the API.
type Touchpoint struct {
	ID         string         `json:"id"`
	Channel    Channel        `json:"channel"`
	OccurredAt time.Time      `json:"occurred_at"`
	CustomerID string         `json:"customer_id,omitempty"`
	AgentID    string         `json:"agent_id,omitempty"`
	OrgID      string         `json:"org_id,omitempty"`
	Product    string         `json:"product,omitempty"`
	Speaker    Speaker        `json:"speaker,omitempty"` // of Text; empty means the channel's default
	Text       string         `json:"text,omitempty"`    // or Turns
	Turns      []Turn         `json:"turns,omitempty"`
	Attributes map[string]any `json:"attributes,omitempty"`
}

// A Turn is what one speaker said at one time.
type Turn struct {
	Speaker Speaker    `json:"speaker"`
	Text    string     `json:"text"`
	At      *time.Time `json:"at,omitempty"`
}

// Content is the text that evidence offsets count in: Text as it came, or
// the turns' texts joined by line feeds.
func (t *Touchpoint) Content() string {
	if len(t.Turns) == 0 {
		return t.Text
	}
	texts := make([]string, len(t.Turns))
	for i, turn := range t.Turns {
		texts[i] = turn.Text
	}
	return strings.Join(texts, "\n")
}

// Check reports the first thing wrong with the touchpoint, by field, without
// repeating its content. Now bounds the time it may have happened at; the
// zero time leaves it unchecked.
func (t *Touchpoint) Check(now time.Time) error {
	switch {
	case t.ID == "":
		return fieldError("id", "is missing", "缺失")
	case len(t.ID) > MaxIDBytes:
		return fieldError("id", "is longer than 128 bytes", "超过 128 字节")
	case strings.ContainsAny(t.ID, "\x00\n\r"):
		return fieldError("id", "contains a control character", "含有控制字符")
	case !t.Channel.Known():
		return fieldError("channel", "is not one of the known channels", "不是已知的渠道")
	case t.Text != "" && len(t.Turns) > 0:
		return fieldError("turns", "given besides text; give one of the two", "与 text 同时出现，只能给其一")
	case t.Speaker != "" && !t.Speaker.Known():
		return fieldError("speaker", "is not one of the known speakers", "不是已知的说话人")
	}
	if err := t.checkTime(now); err != nil {
		return err
	}
	return t.checkText()
}

// earliest is before any contact that an institution could still have to answer for.
var earliest = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func (t *Touchpoint) checkTime(now time.Time) error {
	switch {
	case now.IsZero():
		return nil
	case t.OccurredAt.IsZero():
		return fieldError("occurred_at", "is missing; give RFC 3339, such as 2026-03-02T09:00:00+08:00", "缺失，应如 2026-03-02T09:00:00+08:00")
	case t.OccurredAt.Before(earliest):
		return fieldError("occurred_at", "is before the year 2000", "早于 2000 年")
	case t.OccurredAt.After(now.Add(24 * time.Hour)):
		return fieldError("occurred_at", "is in the future", "晚于现在")
	}
	return nil
}

func (t *Touchpoint) checkText() error {
	if len(t.Turns) > MaxTurns {
		return fieldError("turns", "are more than 5,000", "超过 5000 条")
	}
	runes := utf8.RuneCountInString(t.Text)
	if !utf8.ValidString(t.Text) {
		return fieldError("text", "is not valid UTF-8", "不是有效的 UTF-8")
	}
	for i := range t.Turns {
		turn := &t.Turns[i]
		switch {
		case !turn.Speaker.Known():
			return fieldError("turns.speaker", "is not one of the known speakers", "不是已知的说话人")
		case !utf8.ValidString(turn.Text):
			return fieldError("turns.text", "is not valid UTF-8", "不是有效的 UTF-8")
		case strings.ContainsRune(turn.Text, 0):
			return fieldError("turns.text", "contains a NUL character", "含有空字符")
		}
		runes += utf8.RuneCountInString(turn.Text)
	}
	if runes > MaxTextRunes {
		return fieldError("text", "is longer than 200,000 characters", "超过 20 万字")
	}
	if strings.ContainsRune(t.Text, 0) {
		return fieldError("text", "contains a NUL character", "含有空字符")
	}
	return nil
}

func fieldError(field, english, chinese string) *Error {
	return Errorf(Invalid, "%s %s", field, english).InChinese("字段 %s %s", field, chinese).WithCode("field:" + field)
}
