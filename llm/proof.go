package llm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"xiaobao/casework"
)

// CheckProof holds evidence (Document.Text) against what a task asks for: the
// titles of the options, or else the sentences of Document.Context. Whether
// all of it is shown is computed here, never asked.
func (m *Model) CheckProof(ctx context.Context, q DocumentQuestion) (casework.ProofAnswer, Answer, error) {
	asked := q.asked()
	if len(asked) == 0 {
		return casework.ProofAnswer{}, Answer{}, casework.Errorf(casework.Invalid, "there is nothing that the evidence has to show").
			InChinese("没有写明任务要求，无法核对佐证材料").WithCode("field:context")
	}
	type point struct {
		ID    string `json:"id"`
		Asked string `json:"asked"`
	}
	points := make([]point, len(asked))
	for i, a := range asked {
		points[i] = point{pointID(i), a}
	}
	in := matter{
		Asking: q.Asking, purpose: casework.ToCheckProof, known: q.Document.Names, longest: 6000,
		given: map[string]any{"points": points}, utterances: lines(q.Document.Text, ""),
	}
	read := func(h *hearing, raw json.RawMessage) ([]casework.ProofPoint, error) { return readPoints(h, raw, asked) }
	results, _, answer, err := consult(ctx, m, in, read)
	if err != nil {
		return casework.ProofAnswer{}, answer, err
	}
	whole := results[0]
	for _, next := range results[1:] {
		for i := range whole {
			whole[i] = weighed(whole[i], next[i])
		}
	}
	return casework.ProofAnswer{Points: whole, Shown: allShown(whole)}, answer, nil
}

func pointID(i int) string { return fmt.Sprintf("P%d", i+1) }

// numbering is how a line of a list begins.
var numbering = regexp.MustCompile(`^(?:[（(][0-9一二三四五六七八九十]{1,3}[)）]|[0-9]{1,2}[)）、]|[0-9]{1,2}[.．][^0-9]|[一二三四五六七八九十]{1,3}[)）、.．]|[①-⑳])`)

// asked are the things a task asks for, one by one.
func (q DocumentQuestion) asked() []string {
	var list []string
	for _, o := range q.Options {
		list = append(list, o.Title)
	}
	if len(list) > 0 {
		return list
	}
	parts := strings.FieldsFunc(q.Document.Context, func(r rune) bool { return strings.ContainsRune("。；;\n\r", r) })
	for _, part := range parts {
		if part = unnumbered(strings.TrimSpace(part)); part != "" {
			list = append(list, part)
		}
	}
	return list
}

// unnumbered drops what a line of a list begins with. A figure such as 3.5
// stays.
func unnumbered(line string) string {
	mark := numbering.FindString(line)
	if before, _, found := strings.Cut(mark, "."); found {
		mark = before + "."
	} else if before, _, found := strings.Cut(mark, "．"); found {
		mark = before + "．"
	}
	return strings.TrimSpace(line[len(mark):])
}

// readPoints holds the answer against what was asked: each once, none else.
func readPoints(h *hearing, raw json.RawMessage, asked []string) ([]casework.ProofPoint, error) {
	var answer struct {
		Points []struct {
			ID        string   `json:"id"`
			Evidence  []Quoted `json:"evidence"`
			Reason    string   `json:"reason"`
			Shown     string   `json:"shown"`
			Certainty string   `json:"certainty"`
		} `json:"points"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return nil, errors.New("回答不是要求的样子")
	}
	list := make([]casework.ProofPoint, len(asked))
	for _, p := range answer.Points {
		at := -1
		for i := range asked {
			if pointID(i) == p.ID {
				at = i
			}
		}
		if at < 0 || list[at].Shown != "" {
			return nil, errors.New("points 的 id 只能照抄给出的 id，每个答一条")
		}
		point := casework.ProofPoint{
			Asked: asked[at], Shown: seen[p.Shown], Reason: p.Reason, Certainty: certainties[p.Certainty], Evidence: h.locate(p.Evidence),
		}
		if point.Shown != casework.Unclear && !h.prove(point.Evidence) {
			point.Shown, point.Reason, point.Certainty = casework.Unclear, unproven, certainties["低"]
		}
		list[at] = point
	}
	for i, p := range list {
		if p.Shown == "" {
			return nil, errors.New(pointID(i) + " 没有答")
		}
	}
	return list, nil
}

// weighed is what two parts of the material come to. Where one shows it and
// the other its opposite, a person has to look.
func weighed(a, b casework.ProofPoint) casework.ProofPoint {
	switch {
	case b.Shown == casework.Unclear:
		return a
	case a.Shown == casework.Unclear:
		return b
	}
	for _, e := range b.Evidence {
		if !slices.Contains(a.Evidence, e) {
			a.Evidence = append(a.Evidence, e)
		}
	}
	if a.Shown != b.Shown {
		a.Shown, a.Certainty, a.Reason = casework.Unclear, certainties["低"], "材料前后说法不一，请人工判断"
		return a
	}
	a.Certainty = max(a.Certainty, b.Certainty)
	return a
}

// allShown is yes only if every point is, and no if any is not.
func allShown(points []casework.ProofPoint) casework.Shown {
	all := casework.Yes
	for _, p := range points {
		switch p.Shown {
		case casework.No:
			return casework.No
		case casework.Unclear:
			all = casework.Unclear
		}
	}
	return all
}
