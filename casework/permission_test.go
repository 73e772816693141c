package casework_test

import (
	"slices"
	"testing"

	"xiaobao/casework"
)

// mayDo is the whole table, written down a second time on purpose: a right
// given or taken by accident shows here.
var mayDo = map[casework.Role][]casework.Action{
	casework.Officer: {casework.AnswerQuestions, casework.CancelInspection, casework.Consult, casework.DecideFindings, casework.ExportData,
		casework.ImportData, casework.ManageSchedules, casework.RevealPersonal, casework.StartInspection, casework.SubmitReport,
		casework.ViewInspections, casework.ViewModels, casework.ViewOrganisations, casework.ViewRulebook, casework.ViewTouchpoints},
	casework.Reviewer: {casework.AnswerQuestions, casework.CancelInspection, casework.ConfirmReport, casework.Consult, casework.DecideFindings,
		casework.ExportData, casework.ManageSchedules, casework.RevealPersonal, casework.StartInspection, casework.SubmitReport,
		casework.SwitchModels, casework.ViewAudit, casework.ViewInspections, casework.ViewModels, casework.ViewOrganisations, casework.ViewRulebook, casework.ViewTouchpoints},
	casework.Business: {casework.AnswerQuestions, casework.ViewInspections, casework.ViewRulebook},
	casework.Auditor: {casework.ExportData, casework.ViewAudit, casework.ViewInspections, casework.ViewModels, casework.ViewOrganisations,
		casework.ViewRulebook, casework.ViewTouchpoints},
	casework.Admin: {casework.ImportData, casework.ManageUsers, casework.SwitchModels, casework.ViewAudit, casework.ViewModels,
		casework.ViewOrganisations, casework.ViewRulebook},
}

func TestThePermissionTableIsCompleteAndAsWrittenDown(t *testing.T) {
	t.Parallel()
	given := map[casework.Action]bool{}
	for _, role := range casework.Roles() {
		user := casework.User{ID: "u-1", Role: role, Active: true}
		for _, action := range casework.Actions() {
			want := slices.Contains(mayDo[role], action)
			if user.May(action) != want {
				t.Errorf("%s %s: %v, want %v", role, action, user.May(action), want)
			}
			given[action] = given[action] || want
		}
		if !role.Known() {
			t.Errorf("%s is not known", role)
		}
	}
	for _, action := range casework.Actions() {
		if !given[action] {
			t.Errorf("nobody may %s", action)
		}
	}
	if n := len(casework.Actions()); n != 19 || !slices.IsSorted(casework.Actions()) {
		t.Errorf("%d actions %v", n, casework.Actions())
	}
}

func TestAnInactiveOrUnknownUserMayNothing(t *testing.T) {
	t.Parallel()
	for _, user := range []casework.User{{}, {Role: casework.Reviewer}, {Role: "owner", Active: true}} {
		for _, action := range casework.Actions() {
			if err := user.Permit(action); casework.KindOf(err) != casework.Denied {
				t.Errorf("%+v may %s: %v", user, action, err)
			}
		}
	}
	if (casework.User{Role: casework.Admin, Active: true}).May("fly") {
		t.Error("an action without a row is permitted")
	}
}

func TestTheAuditorChangesNothing(t *testing.T) {
	t.Parallel()
	auditor := casework.User{Role: casework.Auditor, Active: true}
	for _, action := range []casework.Action{casework.StartInspection, casework.DecideFindings, casework.ImportData, casework.ManageUsers, casework.RevealPersonal} {
		if auditor.May(action) {
			t.Errorf("the auditor may %s", action)
		}
	}
}

func TestTheSecondPersonIsNeverTheFirst(t *testing.T) {
	t.Parallel()
	if err := casework.FourEyes("u-1", "u-2"); err != nil {
		t.Errorf("two people: %v", err)
	}
	if err := casework.FourEyes("u-1", "u-1"); casework.KindOf(err) != casework.Denied {
		t.Errorf("one person: %v", err)
	}
}
