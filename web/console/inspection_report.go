package console

import (
	"io"
	"strings"
	"unicode"

	"xiaobao/casework"
)

type reportPage struct {
	Base
	Inspection casework.Inspection
	Checklist  string
	Items      []casework.InspectionItem
	Findings   []findingView
	Elements   []elementScore
	Levels     []levelCount
	Cascade    *casework.CascadeCount // nil where rules alone decided
	Book       string
	Draft      bool // not confirmed yet
}

type elementScore struct {
	Name   string
	Points float64
}

// A findingView is a finding with the texts it stands on.
type findingView struct {
	casework.Finding
	Name  string
	Cites []citation
	Seen  []attributeView // the facts it rests on
}

// report shows the report of an inspection, made for paper too.
func (c *Console) report(v *visit) (reply, error) {
	ctx, id := v.Context(), v.PathValue("id")
	page := reportPage{Book: c.Book.Version()}
	var err error
	if page.Inspection, err = c.Desk.Inspection(ctx, v.User, id); err != nil {
		return reply{}, err
	}
	if page.Items, err = c.Desk.InspectionItems(ctx, v.User, id); err != nil {
		return reply{}, err
	}
	if page.Cascade, err = c.Desk.Cascade(ctx, v.User, id); err != nil {
		return reply{}, err
	}
	confirmed := casework.FindingFilter{Inspection: id, Status: []casework.FindingStatus{casework.FindingConfirmed}}
	rows, err := fetchAll(func(p casework.PageRequest) (casework.Listing[casework.Finding], error) {
		return c.Desk.Findings(ctx, v.User, confirmed, p)
	}, casework.PageRequest{Limit: 500})
	if err != nil {
		return reply{}, err
	}
	for _, f := range rows {
		page.Findings = append(page.Findings, c.findingView(f, v.Lang))
	}
	counts, err := c.Desk.CountFindings(ctx, v.User, casework.FindingFilter{Inspection: id})
	if err != nil {
		return reply{}, err
	}
	for _, level := range casework.Levels() {
		page.Levels = append(page.Levels, levelCount{Inspection: id, Level: level, Counts: counts[level]})
	}
	page.Draft = page.Inspection.Status != casework.InspectionReported
	page.Checklist, page.Elements = c.elementScores(page.Inspection, v.Lang)
	page.Base = v.base(v.t("report.title", page.Inspection.Name))
	return show("inspection_report", page)
}

// elementScores names the elements and their points in the order of the checklist.
func (c *Console) elementScores(i casework.Inspection, language string) (title string, scores []elementScore) {
	list, ok := c.Book.Checklist(i.Checklist)
	if !ok {
		return i.Checklist, nil
	}
	if i.Score != nil {
		for _, e := range list.Elements {
			if points, ok := i.Score.Elements[e.ID]; ok {
				scores = append(scores, elementScore{Name: e.Title.In(language), Points: points})
			}
		}
	}
	return list.Title.In(language), scores
}

func (c *Console) findingView(f casework.Finding, language string) findingView {
	return findingView{Finding: f, Name: c.indicator(f.Indicator, f.Title, language), Cites: c.citations(f.Basis, language), Seen: c.attributes(f.Facts, language)}
}

// reportFile is the report as a workbook.
func (c *Console) reportFile(v *visit) (reply, error) {
	id := v.PathValue("id")
	if err := v.User.Permit(casework.ViewInspections); err != nil {
		return reply{}, err
	}
	i, err := c.Desk.Inspection(v.Context(), v.User, id)
	if err != nil {
		return reply{}, err
	}
	return download(fileName(i.Name)+"-"+string(casework.DayOf(c.Now()))+".xlsx", xlsxKind, func(w io.Writer) error {
		return c.Desk.ReportXLSX(v.Context(), v.User, id, w)
	})
}

// fileName keeps of a name what every system takes in the name of a file.
func fileName(name string) string {
	safe := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return '_'
	}, name)
	if runes := []rune(safe); len(runes) > 60 {
		safe = string(runes[:60])
	}
	if strings.Trim(safe, "_") == "" {
		return "report"
	}
	return safe
}
