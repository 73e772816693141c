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
func Turns(t *casework.Touchpoint) []Utterance {
	var out []Utterance
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
	start, arrows := 0, strings.Contains(text, arrow)
	for at := 0; at < len(text); {
		who, skip := prefix(text[at:])
		if who != "" {
			head := withoutTail(text[start:at])
			if head != "" {
				yield(piece{head, speaker, true})
			}
			start += len(head)
			if start < at+skip {
				yield(piece{text: text[start : at+skip]})
			}
			speaker, start, at = who, at+skip, at+skip
		}
		next := nextLine(text[at:], arrows)
		if next < 0 {
			break
		}
		at += next
	}
	if start < len(text) {
		yield(piece{text[start:], speaker, true})
	}
}

// arrow stands between turns on one line.
const arrow = "→"

// withoutTail leaves out what stands between turns.
func withoutTail(text string) string {
	for {
		switch length := len(text); {
		case length > 0 && strings.IndexByte(" \t>\r\n", text[length-1]) >= 0:
			text = text[:length-1]
		case strings.HasSuffix(text, arrow):
			text = text[:length-len(arrow)]
		default:
			return text
		}
	}
}

// nextLine gives where the next line begins, or the next part after an arrow
// if there are any.
func nextLine(text string, arrows bool) int {
	line := strings.IndexByte(text, '\n')
	within := text
	if line >= 0 {
		within = text[:line]
	}
	if arrows {
		if at := strings.Index(within, arrow); at >= 0 {
			return at + len(arrow)
		}
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
	who := speakerNamed(line[:colon])
	if who == "" && colon < longestPrefix/2 {
		who = speakerNamed(strings.Trim(line[:colon], " \t　【】[]*"))
	}
	if who == "" {
		return "", 0
	}
	_, size := utf8.DecodeRuneInString(line[colon:])
	end := colon + size
	for end < len(line) && (line[end] == ' ' || line[end] == '\t') {
		end++
	}
	return who, end
}

// speakerNamed tells who it is that a transcript names so; "" if it is nobody
// that is known.
func speakerNamed(name string) casework.Speaker {
	switch name {
	case "坐席", "座席", "客服", "客服代表", "人工客服", "专员", "催收", "催收员", "销售", "顾问", "经理", "客户经理", "业务员", "员工":
		return casework.Agent
	case "客户", "用户", "消费者", "借款人", "债务人", "投诉人":
		return casework.Consumer
	case "机器人", "AI", "智能客服", "语音助手", "智能助手":
		return casework.Bot
	case "第三人", "家属", "同事", "联系人":
		return casework.ThirdParty
	case "短信", "推送":
		return casework.Message
	case "页面":
		return casework.Page
	case "帖子", "博主", "网友":
		return casework.Post
	case "答复", "决定":
		return casework.Decision
	}
	return ""
}
