package llm

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"xiaobao/casework"
)

// longestUtterance is where an utterance is cut, in code points. Models name
// places by utterance, so shorter ones are better evidence.
const longestUtterance = 300

// Utterances splits what was said into numbered pieces: the turns, if there
// are any, or the lines of a text that begin with a speaker (坐席：…), also
// after an arrow between turns on one line. What no prefix marks is said by
// unmarked at first, then by whoever spoke before. Pieces longer than 300
// characters are cut at the ends of sentences. Offsets count in the turns'
// texts joined by line feeds, as in Touchpoint.Content, or in the text.
func Utterances(text string, unmarked casework.Speaker, turns ...casework.Turn) []Utterance {
	var out []Utterance
	if len(turns) == 0 {
		spoken(text, unmarked, func(u Utterance) { out = append(out, cut(u)...) })
		return out
	}
	at := 0
	for _, turn := range turns {
		speaker := turn.Speaker
		if speaker == "" {
			speaker = unmarked
		}
		out = append(out, cut(Utterance{speaker, turn.Text, at})...)
		at += utf8.RuneCountInString(turn.Text) + 1
	}
	return out
}

// Split cuts utterances into parts of at most so many characters, for texts
// that are longer than a model takes. The last utterance of a part is the
// first of the next, so that nothing is torn from what it answers. A single
// utterance that is longer makes a part of its own.
func Split(utterances []Utterance, most int) [][]Utterance {
	var parts [][]Utterance
	start, size := 0, 0
	for i, u := range utterances {
		length := utf8.RuneCountInString(u.Text)
		if i > start && size+length > most {
			parts = append(parts, utterances[start:i])
			start, size = i, 0
			before := utf8.RuneCountInString(utterances[i-1].Text)
			if before+length <= most {
				start, size = i-1, before
			}
		}
		size += length
	}
	if start < len(utterances) {
		parts = append(parts, utterances[start:])
	}
	return parts
}

// spoken gives what each prefix of a text is followed by.
func spoken(text string, speaker casework.Speaker, yield func(Utterance)) {
	start, runes := 0, 0 // where the current speaker began, in bytes and characters
	end := func(at int) {
		yield(Utterance{speaker, strings.TrimRight(text[start:at], " \t→>\r\n"), runes})
		runes += utf8.RuneCountInString(text[start:at])
		start = at
	}
	for at := 0; at < len(text); {
		if who, skip := speakerPrefix(text[at:]); who != "" {
			end(at)
			runes += utf8.RuneCountInString(text[at : at+skip])
			start, at, speaker = at+skip, at+skip, who
		}
		next := lineOrArrow(text[at:])
		if next < 0 {
			break
		}
		at += next
	}
	if start < len(text) {
		end(len(text))
	}
}

// lineOrArrow is where the next line begins, or what follows an arrow.
func lineOrArrow(text string) int {
	i := strings.IndexAny(text, "\n→")
	if i < 0 {
		return -1
	}
	_, size := utf8.DecodeRuneInString(text[i:])
	return i + size
}

// longestPrefix bounds a prefix, in bytes.
const longestPrefix = 40

// speakerPrefix reads who a line says that speaks, and how many bytes that
// takes with the blanks behind it.
func speakerPrefix(line string) (casework.Speaker, int) {
	colon := strings.IndexAny(line[:min(len(line), longestPrefix)], ":：\n")
	if colon < 0 || line[colon] == '\n' {
		return "", 0
	}
	who, known := speakerNames[strings.Trim(line[:colon], " \t　【】[]*")]
	if !known {
		return "", 0
	}
	_, size := utf8.DecodeRuneInString(line[colon:])
	rest := strings.TrimLeft(line[colon+size:], " \t")
	return who, len(line) - len(rest)
}

// speakerNames are how transcripts name who speaks. A test holds them equal
// to those that rules go by.
var speakerNames = map[string]casework.Speaker{
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

// cut trims an utterance and cuts it where it is too long: at the end of a
// sentence, else of a clause, else where it must. Nothing comes of blanks.
func cut(u Utterance) []Utterance {
	var out []Utterance
	runes, at := []rune(u.Text), u.Start
	for len(runes) > 0 {
		n := cutAt(runes)
		piece := runes[:n]
		lead := 0
		for lead < len(piece) && unicode.IsSpace(piece[lead]) {
			lead++
		}
		if text := strings.TrimRightFunc(string(piece[lead:]), unicode.IsSpace); text != "" {
			out = append(out, Utterance{u.Speaker, text, at + lead})
		}
		runes, at = runes[n:], at+n
	}
	return out
}

// cutAt is how many characters the next piece has.
func cutAt(runes []rune) int {
	if len(runes) <= longestUtterance {
		return len(runes)
	}
	clause := 0
	for i := longestUtterance; i > longestUtterance/3; i-- {
		switch {
		case strings.ContainsRune("。！!？?…；;\n", runes[i-1]):
			return i
		case clause == 0 && strings.ContainsRune("，,、 　", runes[i-1]):
			clause = i
		}
	}
	if clause > 0 {
		return clause
	}
	return longestUtterance
}
