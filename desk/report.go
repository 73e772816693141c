package desk

import (
	"context"
	"io"
	"iter"

	"xiaobao/casework"
	"xiaobao/privacy"
	"xiaobao/report"
)

// Report is an inspection's report as it stands.
func (d *Desk) Report(ctx context.Context, u casework.User, id string) (report.Report, error) {
	if _, err := d.Inspection(ctx, u, id); err != nil {
		return report.Report{}, err
	}
	r, err := report.Make(ctx, d.Records, d.Book, id)
	for i := range r.Questions {
		r.Questions[i].Note = privacy.Mask(r.Questions[i].Note)
	}
	for i := range r.Timeline {
		r.Timeline[i].Detail = privacy.Mask(r.Timeline[i].Detail)
	}
	return r, err
}

// ReportXLSX writes an inspection's report as a workbook.
func (d *Desk) ReportXLSX(ctx context.Context, u casework.User, id string, w io.Writer) error {
	if err := u.Permit(casework.ExportData); err != nil {
		return err
	}
	r, err := d.Report(ctx, u, id)
	if err != nil {
		return err
	}
	if err := d.audit(ctx, u, "report.export", "inspection/"+id, map[string]any{"findings": r.Inspection.Counts.Total()}); err != nil {
		return err
	}
	names := report.Names{Book: d.Book, Orgs: map[string]string{}}
	if names.Users, err = d.Names(ctx); err != nil {
		return err
	}
	orgs, err := d.Records.Orgs(ctx)
	if err != nil {
		return err
	}
	for _, org := range orgs {
		names.Orgs[org.ID] = org.Name
	}
	return report.WriteXLSX(w, r, names, d.AllFindings(ctx, u, casework.FindingFilter{Inspection: id}))
}

// pageSize is how many rows an export reads at a time.
const pageSize = 500

// AllFindings reads a list of findings page by page, to its end.
func (d *Desk) AllFindings(ctx context.Context, u casework.User, f casework.FindingFilter) iter.Seq2[casework.Finding, error] {
	return paged(func(p casework.PageRequest) (casework.Listing[casework.Finding], error) {
		return d.Findings(ctx, u, f, p)
	})
}

// AllTouchpoints reads a list of touchpoints page by page, to its end.
func (d *Desk) AllTouchpoints(ctx context.Context, u casework.User, f casework.TouchpointFilter) iter.Seq2[casework.Touchpoint, error] {
	return paged(func(p casework.PageRequest) (casework.Listing[casework.Touchpoint], error) {
		return d.Touchpoints(ctx, u, f, p)
	})
}

// AllInspections reads a list of inspections page by page, to its end.
func (d *Desk) AllInspections(ctx context.Context, u casework.User, f casework.InspectionFilter) iter.Seq2[casework.Inspection, error] {
	return paged(func(p casework.PageRequest) (casework.Listing[casework.Inspection], error) {
		return d.Inspections(ctx, u, f, p)
	})
}

// Exported puts on the audit trail that a list leaves the house.
func (d *Desk) Exported(ctx context.Context, u casework.User, list string) error {
	if err := u.Permit(casework.ExportData); err != nil {
		return err
	}
	return d.audit(ctx, u, "list.export", "list/"+list, nil)
}

// paged turns a list that pages by key into one sequence.
func paged[T any](read func(casework.PageRequest) (casework.Listing[T], error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		request := casework.PageRequest{Limit: pageSize}
		for {
			page, err := read(request)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, row := range page.Rows {
				if !yield(row, nil) {
					return
				}
			}
			if page.Next == "" {
				return
			}
			request.After = page.Next
		}
	}
}
