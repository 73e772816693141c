package desk_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"xiaobao/casework"
	"xiaobao/desk"
	"xiaobao/importing"
)

// An act is one thing a user may ask of the desk, with the permission it needs.
type act struct {
	name  string
	needs casework.Action
	do    func(ctx context.Context, o *office, u casework.User) error
}

func acts() []act {
	page := casework.PageRequest{}
	return []act{
		{"StartInspection", casework.StartInspection, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.StartInspection(ctx, u, desk.InspectionRequest{})
			return err
		}},
		{"SetRespondent", casework.ManageUsers, func(ctx context.Context, o *office, u casework.User) error {
			return o.SetRespondent(ctx, u, "HQ", "marketing", "")
		}},
		{"Respondents", casework.ViewOrganisations, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.Respondents(ctx, u, "HQ")
			return err
		}},
		{"PreviewScope", casework.StartInspection, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.PreviewScope(ctx, u, casework.Scope{})
			return err
		}},
		{"SubmitReport", casework.SubmitReport, func(ctx context.Context, o *office, u casework.User) error {
			return o.SubmitReport(ctx, u, "i-none", "")
		}},
		{"ConfirmReport", casework.ConfirmReport, func(ctx context.Context, o *office, u casework.User) error {
			return o.ConfirmReport(ctx, u, "i-none", "", false, "")
		}},
		{"CancelInspection", casework.CancelInspection, func(ctx context.Context, o *office, u casework.User) error {
			return o.CancelInspection(ctx, u, "i-none", "", "")
		}},
		{"Decide", casework.DecideFindings, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.Decide(ctx, u, "i-none", desk.VerdictRequest{})
			return err
		}},
		{"Answer", casework.AnswerQuestions, func(ctx context.Context, o *office, u casework.User) error {
			return o.Answer(ctx, u, desk.AnswerRequest{})
		}},
		{"Inspections", casework.ViewInspections, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.Inspections(ctx, u, casework.InspectionFilter{}, page)
			return err
		}},
		{"Inspection", casework.ViewInspections, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.Inspection(ctx, u, "i-none")
			return err
		}},
		{"InspectionItems", casework.ViewInspections, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.InspectionItems(ctx, u, "i-none")
			return err
		}},
		{"Timeline", casework.ViewInspections, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.Timeline(ctx, u, "i-none")
			return err
		}},
		{"Findings", casework.ViewInspections, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.Findings(ctx, u, casework.FindingFilter{}, page)
			return err
		}},
		{"Finding", casework.ViewInspections, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.Finding(ctx, u, "f-none")
			return err
		}},
		{"Neighbours", casework.ViewInspections, func(ctx context.Context, o *office, u casework.User) error {
			_, _, err := o.Neighbours(ctx, u, "f-none")
			return err
		}},
		{"CountFindings", casework.ViewInspections, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.CountFindings(ctx, u, casework.FindingFilter{})
			return err
		}},
		{"Questions", casework.ViewInspections, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.Questions(ctx, u, casework.QuestionFilter{}, page)
			return err
		}},
		{"Question", casework.ViewInspections, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.Question(ctx, u, "q-none")
			return err
		}},
		{"Report", casework.ViewInspections, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.Report(ctx, u, "i-none")
			return err
		}},
		{"ReportXLSX", casework.ExportData, func(ctx context.Context, o *office, u casework.User) error {
			return o.ReportXLSX(ctx, u, "i-none", io.Discard)
		}},
		{"Exported", casework.ExportData, func(ctx context.Context, o *office, u casework.User) error {
			return o.Exported(ctx, u, "findings")
		}},
		{"Touchpoints", casework.ViewTouchpoints, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.Touchpoints(ctx, u, casework.TouchpointFilter{}, page)
			return err
		}},
		{"Touchpoint", casework.ViewTouchpoints, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.Touchpoint(ctx, u, "none")
			return err
		}},
		{"RevealTouchpoint", casework.RevealPersonal, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.RevealTouchpoint(ctx, u, "none")
			return err
		}},
		{"Products", casework.ViewTouchpoints, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.Products(ctx, u)
			return err
		}},
		{"AddSchedule", casework.ManageSchedules, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.AddSchedule(ctx, u, casework.Schedule{})
			return err
		}},
		{"ChangeSchedule", casework.ManageSchedules, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.ChangeSchedule(ctx, u, casework.Schedule{ID: "s-none"})
			return err
		}},
		{"Schedules", casework.ViewInspections, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.Schedules(ctx, u)
			return err
		}},
		{"PauseSchedule", casework.ManageSchedules, func(ctx context.Context, o *office, u casework.User) error {
			return o.PauseSchedule(ctx, u, "s-none", true)
		}},
		{"TriggerSchedule", casework.ManageSchedules, func(ctx context.Context, o *office, u casework.User) error {
			return o.TriggerSchedule(ctx, u, "s-none")
		}},
		{"DeleteSchedule", casework.ManageSchedules, func(ctx context.Context, o *office, u casework.User) error {
			return o.DeleteSchedule(ctx, u, "s-none")
		}},
		{"Imports", casework.ImportData, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.Imports(ctx, u, page)
			return err
		}},
		{"Import", casework.ImportData, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.Import(ctx, u, "imp-none")
			return err
		}},
		{"DryRunImport", casework.ImportData, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.DryRunImport(ctx, u, desk.ImportRequest{Kind: "customers", File: "x.csv", Content: strings.NewReader("")})
			return err
		}},
		{"DryRunImport of units", casework.ManageUsers, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.DryRunImport(ctx, u, desk.ImportRequest{Kind: "orgs", File: "x.csv", Content: strings.NewReader("")})
			return err
		}},
		{"ImportFile", casework.ImportData, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.ImportFile(ctx, u, importing.Request{Kind: "customers", File: "/nowhere"})
			return err
		}},
		{"RunImport", casework.ImportData, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.RunImport(ctx, u, "imp-none", false)
			return err
		}},
		{"Users", casework.ManageUsers, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.Users(ctx, u)
			return err
		}},
		{"AddUser", casework.ManageUsers, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.AddUser(ctx, u, casework.User{}, "")
			return err
		}},
		{"SetActive", casework.ManageUsers, func(ctx context.Context, o *office, u casework.User) error {
			return o.SetActive(ctx, u, "u-none", false)
		}},
		{"ResetPassword", casework.ManageUsers, func(ctx context.Context, o *office, u casework.User) error {
			return o.ResetPassword(ctx, u, "u-none", "long enough")
		}},
		{"AddOrg", casework.ManageUsers, func(ctx context.Context, o *office, u casework.User) error {
			return o.AddOrg(ctx, u, casework.Org{})
		}},
		{"Audit", casework.ViewAudit, func(ctx context.Context, o *office, u casework.User) error {
			_, err := o.Audit(ctx, u, casework.AuditFilter{}, page)
			return err
		}},
		{"VerifyAudit", casework.ViewAudit, func(ctx context.Context, o *office, u casework.User) error {
			_, _, err := o.VerifyAudit(ctx, u)
			return err
		}},
	}
}

func TestEveryRoleMayDoWhatTheTableSaysAndNothingElse(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	for _, a := range append(acts(), modelActs()...) {
		for _, role := range casework.Roles() {
			u := o.user("HQ", role)
			err := a.do(t.Context(), o, u)
			denied := casework.KindOf(err) == casework.Denied
			if want := !u.May(a.needs); denied != want {
				t.Errorf("%s as %s: denied %t, want %t: %v", a.name, role, denied, want, err)
			}
			u.Active = false
			if err := a.do(t.Context(), o, u); casework.KindOf(err) != casework.Denied {
				t.Errorf("%s as a disabled %s: %v", a.name, role, err)
			}
		}
	}
	if len(o.temporal.updates)+len(o.temporal.started)+len(o.temporal.schedules)+len(o.temporal.steps) != 0 {
		t.Errorf("something reached the procedures: %+v", o.temporal)
	}
}
