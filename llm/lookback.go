package llm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"

	"xiaobao/casework"
)

// A PeriodFigure is one figure of a period, as Document.Context lists them in
// JSON.
type PeriodFigure struct {
	Name   string       `json:"name"`             // as officers call it: 预警准确率
	Value  json.Number  `json:"value"`            // this period
	Before *json.Number `json:"before,omitempty"` // the period before
	Target *json.Number `json:"target,omitempty"` // what was aimed for
	Unit   string       `json:"unit,omitempty"`   // "%", 件, 天
	Better string       `json:"better,omitempty"` // "more" or "less"; empty: neither
}

// narrated is a paragraph or proposal as a model writes it.
type narrated struct {
	Uses []string `json:"uses"` // names of the figures it is about
	Text string   `json:"text"`
}

// LookBack tells a period's figures (Document.Context: a JSON list of
// PeriodFigure; Document.Text may say for whom) as a narrative with
// proposals. A paragraph names the figures it uses and states no others;
// numbers of the text are never taken for figures.
func (m *Model) LookBack(ctx context.Context, q DocumentQuestion) (casework.RetrospectAnswer, Answer, error) {
	given, err := readFigures(q.Document.Context)
	if err != nil {
		return casework.RetrospectAnswer{}, Answer{}, err
	}
	text := q.Document.Text
	if strings.TrimSpace(text) == "" {
		text = "没有别的说明。"
	}
	in := matter{
		Asking: q.Asking, purpose: casework.ToLookBack, known: q.Document.Names, longest: 20_000,
		utterances: lines(text, ""), given: map[string]any{"figures": given},
	}
	read := func(h *hearing, raw json.RawMessage) (casework.RetrospectAnswer, error) {
		return readNarrative(h, raw, given)
	}
	results, _, answer, err := consult(ctx, m, in, read)
	if err != nil {
		return casework.RetrospectAnswer{}, answer, err
	}
	if whole := results[0]; len(whole.Paragraphs) > 0 {
		return whole, answer, nil
	}
	return casework.RetrospectAnswer{}, answer, Failure(casework.TroubleUngrounded, errors.New("no paragraph is left whose figures were given"))
}

func readFigures(context string) ([]PeriodFigure, error) {
	var given []PeriodFigure
	if err := json.Unmarshal([]byte(context), &given); err != nil || len(given) == 0 {
		return nil, casework.Errorf(casework.Invalid, `the period's figures are not a JSON list such as [{"name":"…","value":1}]`).
			InChinese("期间数据格式有误，应为指标列表").WithCode("field:context")
	}
	for _, f := range given {
		if f.Name == "" || f.Value == "" {
			return nil, casework.Errorf(casework.Invalid, "a figure has no name or no value").
				InChinese("有一项指标没有名称或数值").WithCode("field:context")
		}
	}
	return given, nil
}

func readNarrative(h *hearing, raw json.RawMessage, given []PeriodFigure) (casework.RetrospectAnswer, error) {
	var answer struct {
		Paragraphs []narrated `json:"paragraphs"`
		Proposals  []narrated `json:"proposals"`
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return casework.RetrospectAnswer{}, errors.New("回答不是要求的样子")
	}
	if len(answer.Paragraphs) == 0 {
		return casework.RetrospectAnswer{}, errors.New("paragraphs 是空的，至少写一段")
	}
	keep := func(list []narrated, name string) []string {
		kept := []string{}
		for i, n := range list {
			h.stated++
			if wrong := n.wrong(given); wrong != "" {
				h.fault(fmt.Sprintf("%s 第 %d 条：%s", name, i+1, wrong))
				continue
			}
			h.grounded++
			kept = append(kept, n.Text)
		}
		return kept
	}
	return casework.RetrospectAnswer{Paragraphs: keep(answer.Paragraphs, "paragraphs"), Proposals: keep(answer.Proposals, "proposals")}, nil
}

var (
	reckoned = regexp.MustCompile(`[一二两三四五六七八九十百千万几近半多]+成(?:[以多左，。；、]|$)|翻[一两了]?[倍番]|[一二两三四五六七八九十百千几数]+倍|百分之|千分之|[一二三四五六七八九十百千]+分之|过半|近半|[一大小]半`)
	rising   = regexp.MustCompile(`上升|增加|增长|升高|变多|提高到|升至|增至`)
	falling  = regexp.MustCompile(`下降|减少|降低|变少|降至|减至|回落`)
)

// wrong says what keeps a text from being borne out by the figures it names.
func (n narrated) wrong(given []PeriodFigure) string {
	allowed := map[string]bool{}
	var used []PeriodFigure
	for _, name := range n.Uses {
		at := slices.IndexFunc(given, func(f PeriodFigure) bool { return f.Name == name })
		if at < 0 {
			return "uses 里有没有给出的名称"
		}
		used = append(used, given[at])
		given[at].allows(allowed)
	}
	for _, stated := range figures(n.Text) {
		if !allowed[stated.value] {
			return "text 里有 uses 所列数据没有的数字"
		}
	}
	if reckoned.MatchString(n.Text) {
		return "text 里有算出来的比例或倍数，只能照抄给出的数字"
	}
	if len(used) == 1 && used[0].contradicted(n.Text) {
		return "text 说的升降与数据相反"
	}
	return ""
}

// allows notes all that a figure lets a text state.
func (f PeriodFigure) allows(there map[string]bool) {
	note(there, f.Name)
	for _, n := range []*json.Number{&f.Value, f.Before, f.Target} {
		if n != nil {
			note(there, n.String()+f.Unit)
		}
	}
}

// contradicted reports whether a text about this figure alone tells the
// opposite of how it moved.
func (f PeriodFigure) contradicted(text string) bool {
	if f.Before == nil {
		return false
	}
	now, ok := new(big.Rat).SetString(f.Value.String())
	before, ok2 := new(big.Rat).SetString(f.Before.String())
	if !ok || !ok2 {
		return false
	}
	up, down := rising.MatchString(text), falling.MatchString(text)
	return up && !down && now.Cmp(before) < 0 || down && !up && now.Cmp(before) > 0
}
