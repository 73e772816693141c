package screening

import (
	"strings"
	"unicode/utf8"

	"xiaobao/casework"
)

// An Utterance is what one speaker said in one go: Content[Start:End] in
// characters, without the speaker's prefix.
type Utterance struct {
	Speaker    casework.Speaker
	Start, End int
	Text       string
}

// Turns splits a touchpoint into utterances: its turns or, in a text, the
// lines that begin with a speaker's prefix (坐席：…), also after an arrow
// between turns on one line (客户：… → 坐席：…). What has no prefix goes on
// with the speaker before, at first the touchpoint's or the channel's own.
func Turns(t *casework.Touchpoint) []Utterance { return AppendTurns(nil, t) }

// AppendTurns appends what Turns gives, for those who reuse the room.
func AppendTurns(out []Utterance, t *casework.Touchpoint) []Utterance {
	at := 0
	split(t, func(p piece) {
		length := utf8.RuneCountInString(p.text)
		if p.spoken {
			out = append(out, Utterance{p.speaker, at, at + length, p.text})
		}
		at += length
	})
	return out
}

// A piece is a stretch of a touchpoint's content: something spoken, or what
// stands between, such as prefixes and arrows.
type piece struct {
	text    string
	speaker casework.Speaker
	spoken  bool
}

// split cuts the content into pieces that together are the whole of it.
func split(t *casework.Touchpoint, yield func(piece)) {
	fallback := t.Speaker
	if fallback == "" {
		fallback = t.Channel.DefaultSpeaker()
	}
	if len(t.Turns) == 0 {
		splitText(t.Text, fallback, yield)
		return
	}
	for i := range t.Turns {
		if i > 0 {
			yield(piece{text: "\n"})
		}
		speaker := t.Turns[i].Speaker
		if speaker == "" {
			speaker = fallback
		}
		yield(piece{t.Turns[i].Text, speaker, true})
	}
}

// splitText cuts a text where a line, or what follows an arrow, begins with
// a prefix.
func splitText(text string, speaker casework.Speaker, yield func(piece)) {
	start := 0
	for at := 0; at < len(text); {
		who, skip := prefix(text[at:])
		if who != "" {
			head := strings.TrimRight(text[start:at], " \t→>\r\n")
			if head != "" {
				yield(piece{head, speaker, true})
			}
			start += len(head)
			if start < at+skip {
				yield(piece{text: text[start : at+skip]})
			}
			speaker, start, at = who, at+skip, at+skip
		}
		next := nextLine(text[at:])
		if next < 0 {
			break
		}
		at += next
	}
	if start < len(text) {
		yield(piece{text[start:], speaker, true})
	}
}

// nextLine gives where the next line begins, or the next part after an arrow.
func nextLine(text string) int {
	line := strings.IndexByte(text, '\n')
	within := text
	if line >= 0 {
		within = text[:line]
	}
	if arrow := strings.Index(within, "→"); arrow >= 0 {
		return arrow + len("→")
	}
	if line >= 0 {
		return line + 1
	}
	return -1
}

// longestPrefix bounds a prefix with the blanks around it, in bytes.
const longestPrefix = 40

// prefix reads a speaker's prefix at the beginning of a line and gives how
// many bytes it takes, blanks included.
func prefix(line string) (casework.Speaker, int) {
	colon := 0
	for ; colon < len(line) && colon < longestPrefix; colon++ {
		if line[colon] == ':' || line[colon] == '\n' || line[colon] == "："[0] && strings.HasPrefix(line[colon:], "：") {
			break
		}
	}
	if colon == len(line) || colon == longestPrefix || line[colon] == '\n' {
		return "", 0
	}
	who, known := prefixes[line[:colon]]
	if !known && colon < longestPrefix/2 {
		who, known = prefixes[strings.Trim(line[:colon], " \t　【】[]*")]
	}
	if !known {
		return "", 0
	}
	_, size := utf8.DecodeRuneInString(line[colon:])
	end := colon + size
	for end < len(line) && (line[end] == ' ' || line[end] == '\t') {
		end++
	}
	return who, end
}

// prefixes are how transcripts name the speakers.
var prefixes = map[string]casework.Speaker{
	"坐席": casework.Agent, "客服": casework.Agent, "客服代表": casework.Agent, "人工客服": casework.Agent,
	"专员": casework.Agent, "催收": casework.Agent, "催收员": casework.Agent, "销售": casework.Agent,
	"顾问": casework.Agent, "经理": casework.Agent, "业务员": casework.Agent, "客户经理": casework.Agent,
	"座席": casework.Agent, "员工": casework.Agent,
	"客户": casework.Consumer, "用户": casework.Consumer, "消费者": casework.Consumer,
	"借款人": casework.Consumer, "债务人": casework.Consumer, "投诉人": casework.Consumer,
	"机器人": casework.Bot, "AI": casework.Bot, "智能客服": casework.Bot,
	"语音助手": casework.Bot, "智能助手": casework.Bot,
	"第三人": casework.ThirdParty, "家属": casework.ThirdParty, "同事": casework.ThirdParty, "联系人": casework.ThirdParty,
	"短信": casework.Message, "推送": casework.Message,
	"页面": casework.Page,
	"帖子": casework.Post, "博主": casework.Post, "网友": casework.Post,
	"答复": casework.Decision, "决定": casework.Decision,
}
