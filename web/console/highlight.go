package console

import (
	"slices"
	"strings"
	"unicode/utf8"

	"xiaobao/casework"
)

// A line is what one speaker said, with the evidence in it marked.
type line struct {
	Speaker casework.Speaker
	At      string
	Parts   []part
}

// A part is a run of text of one kind.
type part struct {
	Text string
	Mark bool
	Tone string // of the most serious evidence here: red, orange, …
	Note string // which indicators
}

// A mark is one stretch of evidence to show.
type mark struct {
	start, end int
	level      casework.Level
	note       string
}

// marksOf are the stretches that signals stand on.
func marksOf(signals []casework.Signal) []mark {
	var marks []mark
	for _, s := range signals {
		for _, e := range s.Evidence {
			marks = append(marks, mark{e.Start, e.End, s.Level, s.Title})
		}
	}
	return marks
}

// conversation lays a touchpoint out by turns, or by lines where it has none.
func conversation(t *casework.Touchpoint, marks []mark) []line {
	if len(t.Turns) == 0 {
		return linesOf(t, marks)
	}
	lines, offset := make([]line, 0, len(t.Turns)), 0
	for _, turn := range t.Turns {
		said := line{Speaker: turn.Speaker, Parts: split(turn.Text, offset, marks)}
		if turn.At != nil {
			said.At = turn.At.In(casework.Beijing).Format("15:04:05")
		}
		lines = append(lines, said)
		offset += utf8.RuneCountInString(turn.Text) + 1 // the line feed between turns
	}
	return lines
}

// linesOf lays a text out by its lines. A line that begins with who speaks
// gets that speaker, who is then shown beside the words and not among them.
func linesOf(t *casework.Touchpoint, marks []mark) []line {
	speaker := t.Speaker
	if speaker == "" {
		speaker = t.Channel.DefaultSpeaker()
	}
	var lines []line
	offset := 0
	for text := range strings.SplitSeq(t.Text, "\n") {
		said, skipped := text, 0
		if named, rest := speakerOf(text); named != "" {
			speaker, said = named, rest
			skipped = utf8.RuneCountInString(text) - utf8.RuneCountInString(rest)
		}
		if strings.TrimSpace(said) != "" {
			lines = append(lines, line{Speaker: speaker, Parts: split(said, offset+skipped, marks)})
		}
		offset += utf8.RuneCountInString(text) + 1
	}
	return lines
}

// prefixes are how transcripts name who speaks at the start of a line.
var prefixes = map[string]casework.Speaker{
	"坐席": casework.Agent, "客服": casework.Agent, "专员": casework.Agent, "催收员": casework.Agent, "催收": casework.Agent,
	"客户": casework.Consumer, "用户": casework.Consumer, "投诉人": casework.Consumer, "消费者": casework.Consumer,
	"机器人": casework.Bot, "智能客服": casework.Bot, "第三人": casework.ThirdParty, "家属": casework.ThirdParty,
}

// speakerOf finds who a line says is speaking, and what they say.
func speakerOf(text string) (speaker casework.Speaker, said string) {
	at := strings.IndexAny(text, "：:")
	if at < 0 {
		return "", text
	}
	_, colon := utf8.DecodeRuneInString(text[at:])
	return prefixes[strings.TrimSpace(text[:at])], text[at+colon:]
}

// split cuts a text that begins at offset into runs inside and outside the
// evidence. Where evidence overlaps, the most serious colour shows.
func split(text string, offset int, marks []mark) []part {
	runes := []rune(text)
	cuts := []int{0, len(runes)}
	var here []mark
	for _, m := range marks {
		start, end := max(m.start-offset, 0), min(m.end-offset, len(runes))
		if start < end {
			here = append(here, mark{start, end, m.level, m.note})
			cuts = append(cuts, start, end)
		}
	}
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var parts []part
	for i := 0; i+1 < len(cuts); i++ {
		parts = append(parts, partOf(string(runes[cuts[i]:cuts[i+1]]), cuts[i], here))
	}
	return parts
}

func partOf(text string, start int, marks []mark) part {
	p := part{Text: text}
	worst := casework.NoLevel
	var notes []string
	for _, m := range marks {
		if m.start > start || m.end <= start {
			continue
		}
		p.Mark = true
		worst = max(worst, m.level)
		if !slices.Contains(notes, m.note) {
			notes = append(notes, m.note)
		}
	}
	if p.Mark {
		p.Tone, p.Note = worst.String(), strings.Join(notes, " · ")
	}
	return p
}
