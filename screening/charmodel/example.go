package charmodel

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"time"
	"unicode/utf8"

	"xiaobao/casework"
	"xiaobao/rulebook"
	"xiaobao/screening"
)

// An Example is a touchpoint with what is true of it.
type Example struct {
	casework.Touchpoint
	Shows  []string // indicators that it shows
	Not    []string // indicators that it only sounds like
	Open   []string // indicators that may be held against it or not: nothing is learnt of them
	Source string   // "book", "ordinary", "labels"
}

// clean reports an example that shows nothing.
func (x *Example) clean() bool { return len(x.Shows)+len(x.Open) == 0 }

// ordinary reports one that does not even sound like anything.
func (x *Example) ordinary() bool { return x.clean() && len(x.Not) == 0 }

// FromBook gives the rulebook's examples of every indicator that reads text.
func FromBook(b *rulebook.Book) []Example {
	var out []Example
	for _, ind := range b.Indicators {
		if len(ind.Patterns) == 0 {
			continue
		}
		take := func(from []rulebook.Example, shows, not []string) {
			for _, x := range from {
				t, err := screening.TouchpointOf(x, ind)
				if err != nil {
					continue // its time is no time, which the rulebook's own check reports
				}
				out = append(out, Example{Touchpoint: t, Shows: shows, Not: not, Source: "book"})
			}
		}
		take(ind.Fires, []string{ind.ID}, nil)
		take(ind.Not, nil, []string{ind.ID})
	}
	return out
}

// maxLabelLine bounds a line of labels, in bytes.
const maxLabelLine = 4 << 20

// FromLabels reads JSON Lines: touchpoints, each with a list "shows" (or
// "expected") of the indicators it shows, a list "not" of those that it was
// suspected of and does not show, or both; "acceptable" are those of which
// nothing is to be learnt.
func FromLabels(in io.Reader) ([]Example, error) {
	var out []Example
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 1<<16), maxLabelLine)
	for number := 1; lines.Scan(); number++ {
		text := bytes.TrimSpace(bytes.TrimPrefix(lines.Bytes(), []byte("\xEF\xBB\xBF")))
		if len(text) == 0 {
			continue
		}
		x, err := labelled(text)
		if err != nil {
			return nil, casework.Errorf(casework.Invalid, "line %d: %s", number, casework.Words(err)).
				InChinese("第 %d 行：%s", number, casework.Words(err))
		}
		out = append(out, x)
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return nil, casework.Errorf(casework.Invalid, "a line is longer than 4 MiB; is it one JSON object a line?").
			InChinese("有一行超过 4 MiB；请确认每行一个 JSON 对象")
	}
	return out, lines.Err()
}

// labelled reads one line of labels.
func labelled(text []byte) (Example, error) {
	var line struct {
		casework.Touchpoint
		Shows      *[]string `json:"shows"`
		Expected   *[]string `json:"expected"`
		Not        []string  `json:"not"`
		Acceptable []string  `json:"acceptable"`
	}
	if !utf8.Valid(text) {
		return Example{}, casework.Errorf(casework.Invalid, "is not UTF-8; convert the file, for example with: iconv -f GB18030 -t UTF-8")
	}
	if err := json.Unmarshal(text, &line); err != nil {
		return Example{}, casework.Errorf(casework.Invalid, "is no JSON object as expected (%s); give a touchpoint with \"shows\" or \"not\"", err)
	}
	if err := line.Check(time.Time{}); err != nil {
		return Example{}, err
	}
	shows := cmp.Or(line.Shows, line.Expected)
	if shows == nil && line.Not == nil {
		return Example{}, casework.Errorf(casework.Invalid, "has neither \"shows\" nor \"not\"; give \"shows\": [] if nothing is wrong with it")
	}
	x := Example{Touchpoint: line.Touchpoint, Not: line.Not, Open: line.Acceptable, Source: "labels"}
	if shows != nil {
		x.Shows = *shows
	}
	for _, id := range x.Shows {
		if slices.Contains(x.Not, id) {
			return Example{}, casework.Errorf(casework.Invalid, "says both that it shows %s and that it does not", id)
		}
	}
	return x, nil
}
