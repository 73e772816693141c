package report

import (
	"cmp"
	"context"
	"slices"

	"xiaobao/casework"
	"xiaobao/rulebook"
)

// Records is where a report's parts come from.
type Records interface {
	Inspection(ctx context.Context, id string) (casework.Inspection, error)
	InspectionItems(ctx context.Context, inspection string) ([]casework.InspectionItem, error)
	Occurrences(ctx context.Context, about string) ([]casework.Occurrence, error)
	Cascade(ctx context.Context, inspection string) (*casework.CascadeCount, error) // nil: by rules alone
	Questions(ctx context.Context, f casework.QuestionFilter, p casework.PageRequest) (casework.Listing[casework.Question], error)
}

// A Report is what an inspection came to, without its findings, which may be
// too many to hold: they are read page by page.
type Report struct {
	Inspection casework.Inspection       `json:"inspection"`
	Title      string                    `json:"title"` // of the checklist
	Elements   []Element                 `json:"elements"`
	Items      []casework.InspectionItem `json:"items"`
	Questions  []casework.Question       `json:"questions"`
	Timeline   []casework.Occurrence     `json:"timeline"`
	Cascade    *casework.CascadeCount    `json:"cascade,omitempty"` // which engines decided; nil: rules alone
	Untested   int                       `json:"untested"`          // items neither passed nor failed: silence is not a pass
	Signatures Signatures                `json:"signatures"`
}

// An Element is one element of the supervisory evaluation in this report.
type Element struct {
	ID     string         `json:"id"`
	Title  rulebook.Text  `json:"title"`
	Weight float64        `json:"weight"`
	Points float64        `json:"points"` // of 100, if any item was tested
	Tested int            `json:"tested"`
	Total  int            `json:"total"`
	Failed int            `json:"failed"`
	Worst  casework.Level `json:"worst"`
}

// Signatures say who stands for the report.
type Signatures struct {
	Ordered   casework.Actor `json:"ordered"`
	Submitted casework.Actor `json:"submitted,omitempty"`
	Confirmed casework.Actor `json:"confirmed,omitempty"`
	Hash      string         `json:"hash,omitempty"` // SHA-256 of the report as confirmed
}

// Make puts the report of one inspection together.
func Make(ctx context.Context, r Records, book *rulebook.Book, id string) (Report, error) {
	i, err := r.Inspection(ctx, id)
	if err != nil {
		return Report{}, err
	}
	items, err := r.InspectionItems(ctx, id)
	if err != nil {
		return Report{}, err
	}
	questions, err := r.Questions(ctx, casework.QuestionFilter{Inspection: id}, casework.PageRequest{Limit: 500})
	if err != nil {
		return Report{}, err
	}
	timeline, err := r.Occurrences(ctx, id)
	if err != nil {
		return Report{}, err
	}
	cascade, err := r.Cascade(ctx, id)
	if err != nil {
		return Report{}, err
	}
	report := Report{
		Inspection: i, Items: items, Questions: questions.Rows, Timeline: timeline, Cascade: cascade,
		Signatures: Signatures{Ordered: i.OrderedBy, Submitted: i.SubmittedBy, Confirmed: i.ConfirmedBy, Hash: i.ReportHash},
	}
	if list, ok := book.Checklist(i.Checklist); ok {
		report.Title = list.Title.Zh
		report.Elements = elementsOf(list, report)
	}
	for _, item := range items {
		if item.Outcome != casework.ItemPassed && item.Outcome != casework.ItemFailed && item.Outcome != casework.ItemNotApplicable {
			report.Untested++
		}
	}
	return report, nil
}

// elementsOf sums the items up by element, in the checklist's order. Elements
// without an item in this inspection are left out.
func elementsOf(list *rulebook.Checklist, report Report) []Element {
	var elements []Element
	for _, e := range list.Elements {
		element := Element{ID: e.ID, Title: e.Title, Weight: e.Weight}
		for _, item := range report.Items {
			if item.Element == e.ID {
				element.count(item)
			}
		}
		if score := report.Inspection.Score; score != nil {
			element.Points = score.Elements[e.ID]
		}
		if element.Total > 0 {
			elements = append(elements, element)
		}
	}
	return elements
}

func (e *Element) count(item casework.InspectionItem) {
	e.Total++
	switch item.Outcome {
	case casework.ItemPassed:
		e.Tested++
	case casework.ItemFailed:
		e.Tested++
		e.Failed++
	}
	e.Worst = max(e.Worst, item.Worst)
}

// Worst gives the failed items, the gravest first.
func (r Report) Worst() []casework.InspectionItem {
	var failed []casework.InspectionItem
	for _, item := range r.Items {
		if item.Outcome == casework.ItemFailed {
			failed = append(failed, item)
		}
	}
	slices.SortStableFunc(failed, func(a, b casework.InspectionItem) int {
		return cmp.Or(cmp.Compare(b.Worst, a.Worst), cmp.Compare(b.Weight, a.Weight))
	})
	return failed
}
