package unaided

import (
	"strings"
	"unicode/utf8"

	"xiaobao/casework"
	"xiaobao/rulebook"
	"xiaobao/screening"
)

// Version names the way of concluding; it changes when answers do.
const Version = "unaided@1"

// A Reader answers what a model would be asked, by words and figures alone.
// It is safe for concurrent use.
type Reader struct {
	book   *rulebook.Book
	engine *screening.Engine
	facets map[string][]code // by facet, in the order of the rulebook
}

// New makes a reader that goes by a rulebook and its engine.
func New(b *rulebook.Book, e *screening.Engine) *Reader {
	return &Reader{book: b, engine: e, facets: codesByFacet(b)}
}

// Answer gives the answer for a purpose, of the type that casework has for
// it, and the engine it came by.
func (r *Reader) Answer(p casework.Purpose, d casework.Document) (any, casework.Engine, error) {
	if err := check(p, d); err != nil {
		return nil, "", err
	}
	switch p {
	case casework.ToJudge:
		answer, err := r.Judge(d)
		return answer, casework.ByRule, err
	case casework.ToReview:
		return r.Review(d), casework.ByRule, nil
	case casework.ToClassify:
		return r.Classify(d), casework.ByRule, nil
	case casework.ToHearAnswer:
		return r.HearAnswer(d), casework.ByRule, nil
	case casework.ToCheckProof:
		return CheckProof(d), casework.ByRule, nil
	case casework.ToReadDuties:
		return ReadDuties(d), casework.ByRule, nil
	case casework.ToSummarise:
		return Summarise(d), casework.ByRule, nil
	case casework.ToExplainBill:
		return ExplainBill(d), casework.ByRule, nil
	case casework.ToLookBack:
		answer, err := LookBack(d)
		return answer, casework.ByRule, err
	}
	return nil, "", casework.Errorf(casework.Invalid, "there is no purpose %q", p).
		InChinese("没有“%s”这种研判用途", p).WithCode("field:purpose")
}

// check refuses what cannot be read at all.
func check(p casework.Purpose, d casework.Document) error {
	switch {
	case p != casework.ToLookBack && strings.TrimSpace(d.Text) == "":
		return casework.Errorf(casework.Invalid, "the document has no text").InChinese("材料没有文字内容，请补充后再试").WithCode("field:text")
	case !utf8.ValidString(d.Text):
		return casework.Errorf(casework.Invalid, "the text is not valid UTF-8").InChinese("文字编码有误，请以 UTF-8 保存后再试").WithCode("field:text")
	case utf8.RuneCountInString(d.Text) > casework.MaxTextRunes:
		return casework.Errorf(casework.Invalid, "the text has more than %d characters", casework.MaxTextRunes).
			InChinese("文字超过 %d 字，请分成几份", casework.MaxTextRunes).WithCode("field:text")
	}
	return nil
}
